"""Layers and regularizers of the first Keras, up to 1.1: what Keras told them before it used them."""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst

from ...findings import Level, Rule
from ...transform import ClassUse, File, Transform
from ..reading.class_bodies import body_of

EARLY_LAYER = Rule(
    "KM525",
    "early-layer",
    "Report layers of Keras 0.x.",
    "Up to Keras 0.3 a layer was connected to the one before it, asked that for its input, and gave its "
    "output by `get_output(train)`. Since Keras 1.0 a layer is called with its input, and nothing calls "
    "`get_output`.",
    before=(
        "from keras.layers.core import Layer\n\n\nclass Scale(Layer):\n    def build(self):\n"
        "        self.W = self.init((self.input_shape[1],))\n        self.params = [self.W]\n\n"
        "    def get_output(self, train=False):\n        return self.get_input(train) * self.W\n"
    ),
)

TOLD_REGULARIZER = Rule(
    "KM526",
    "told-regularizer",
    "Report regularizers that are told their weight by `set_param`.",
    "Up to Keras 1.1 a regularizer was told its weight by `set_param`, or its layer by `set_layer`, and "
    "called with the loss, to which it added its penalty. Since 1.2 it is called with the weight or the "
    "output and gives its penalty.",
    before=(
        "from keras import backend as K\nfrom keras.regularizers import Regularizer\n\n\n"
        "class Sparse(Regularizer):\n    def set_param(self, p):\n        self.p = p\n\n"
        "    def __call__(self, loss):\n        return loss + .1 * K.sum(K.abs(self.p))\n"
    ),
)

TRANSFORM = Transform("early layers", EARLY_LAYER, TOLD_REGULARIZER)

_SHAPES = ("input_shape", "output_shape")


def is_early(methods: Mapping[str, cst.FunctionDef]) -> bool:
    """Whether a layer with some methods is one of Keras 0.x."""
    return "get_output" in methods and "call" not in methods


@TRANSFORM.file
def keep_shapes(file: File) -> None:
    """Keeps other rules from what such a layer says of shapes, which has to be written anew with the rest."""
    for node, _, _ in file.names.classes:
        if is_early(file.values.methods(node)) and "keras.layers.Layer" in file.values.lineage(node).lineage:
            body = body_of(file.names, node)
            file.handled.update(use.node for name in _SHAPES for use in body.uses.get(name, ()))


@TRANSFORM.subclass("keras.layers.Layer")
def report_layer(file: File, use: ClassUse) -> None:
    """Says what a layer of Keras 0.x has to become."""
    if not is_early(use.methods) or use.derives("keras.models.Model"):
        return
    parts = ["`call(self, inputs, training=None)`, with `inputs` for `self.get_input(train)`"]
    if "build" in use.methods:
        parts.append(
            "`build(self, input_shape)`, which makes each weight of `self.params` by `self.add_weight(…)`"
        )
    if "output_shape" in file.names.scopes[use.node].bindings:
        parts.append("`compute_output_shape(self, input_shape)` for the property `output_shape`")
    message = (
        f"`get_output` of `{use.node.name.value}` is never called, as layers are called with their inputs "
        f"since Keras 1. Write {'; '.join(parts)}"
    )
    file.report(EARLY_LAYER, Level.MANUAL, use.node, message, "keras.layers.Layer.get_output")


@TRANSFORM.subclass("keras.regularizers.Regularizer")
def report_regularizer(file: File, use: ClassUse) -> None:
    """Says what a regularizer has to become that waits for its weight."""
    told = next((name for name in ("set_param", "set_layer") if name in use.methods), None)
    if told is None:
        return
    given = "the weight" if told == "set_param" else "the output of the layer"
    message = (
        f"`{told}` of `{use.node.name.value}` is never called. Write `__call__(self, x)`, which is called "
        f"with {given} and returns the penalty alone, not the sum of it and the loss"
    )
    file.report(TOLD_REGULARIZER, Level.MANUAL, use.node, message, f"keras.regularizers.Regularizer.{told}")
