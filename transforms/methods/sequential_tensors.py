"""The input and output of a ``Sequential`` model, which Keras 3 has in lists alone."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ...transform import AttributeUse, File, Transform
from ..reading.receivers import is_target

SEQUENTIAL_TENSOR = Rule(
    "KM420",
    "sequential-tensor",
    "Take the input and output of a `Sequential` model from its lists.",
    "From TensorFlow 2.16 on `model.input` and `model.output` of a `Sequential` model raise: `The layer "
    "sequential has never been called and thus has no defined input`. `model.inputs` and `model.outputs` "
    "have the same tensors.",
    before="from keras.layers import Dense\nfrom keras.models import Model, Sequential\n\n"
    "model = Sequential([Dense(2, input_shape=(3,))])\n"
    "probe = Model(model.input, model.layers[0].output)\n",
    after="from tensorflow.keras.layers import Dense\n"
    "from tensorflow.keras.models import Model, Sequential\n\n"
    "model = Sequential([Dense(2, input_shape=(3,))])\n"
    "probe = Model(model.inputs[0], model.layers[0].output)\n",
    targets=">=2.16",
)

TRANSFORM = Transform("tensors of Sequential models", SEQUENTIAL_TENSOR)


@TRANSFORM.attribute("input", "output")
def take_first(file: File, use: AttributeUse) -> None:
    """Writes ``model.inputs[0]`` for ``model.input`` of what is surely a ``Sequential`` model."""
    values = file.values.of(use.node.value)
    if not file.target.keras3 or is_target(use):
        return
    if any(value.symbol != "keras.models.Sequential" or value.owner or not value.sure for value in values):
        return
    if any(value.kind != "model" for value in values):
        return
    name = use.node.attr.value
    message = f"`{name}` of a `Sequential` model raises now: `{name}s` has the tensor"
    symbol = f"keras.models.Sequential.{name}"
    if file.report(SEQUENTIAL_TENSOR, Level.REWRITTEN, use.node, message, symbol):
        file.edit(use.node, use.frame, _first)


def _first(node: cst.BaseExpression) -> cst.BaseExpression:
    """``x.inputs[0]`` for ``x.input``."""
    if not isinstance(node, cst.Attribute):
        return node
    every = node.with_changes(attr=cst.Name(f"{node.attr.value}s"), lpar=(), rpar=())
    first = cst.SubscriptElement(cst.Index(cst.Integer("0")))
    return cst.Subscript(every, [first], lpar=node.lpar, rpar=node.rpar)
