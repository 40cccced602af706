"""Variables that a layer keeps without registering them: ``self.c = K.variable(0.)``."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ...statements import name_node
from ...transform import ClassUse, File, Transform
from ..edits.argument_layout import TIGHT, keyword
from ..reading.class_bodies import SelfUse, body_of
from .weight_creations import Creation, creation

UNREGISTERED_VARIABLE = Rule(
    "KM503",
    "unregistered-variable",
    "Keep variables out of training that a layer only stores.",
    "Standalone Keras trained the weights that a layer registered, and no variable that it merely kept as an "
    "attribute. tf.keras of TensorFlow 2.15 registers every variable that is assigned to an attribute of a "
    "layer, as a trainable weight, without a word. So it is made with `trainable=False`. It still counts "
    "among the weights that `get_weights` gives and that files hold. From TensorFlow 2.16 on such a variable "
    "is left alone again.",
    before=(
        "from keras import backend as K\nfrom keras.layers import Layer\n\n\nclass Count(Layer):\n"
        "    def build(self, input_shape):\n        self.count = K.variable(0.)\n"
        "        super(Count, self).build(input_shape)\n"
    ),
    after=(
        "import tensorflow as tf\nfrom tensorflow.keras import backend as K\n"
        "from tensorflow.keras.layers import Layer\n\n\nclass Count(Layer):\n"
        "    def build(self, input_shape):\n"
        "        self.count = tf.Variable(0., dtype=K.floatx(), trainable=False)\n"
        "        super(Count, self).build(input_shape)\n"
    ),
    targets="<2.16",
)

TRANSFORM = Transform("unregistered variables", UNREGISTERED_VARIABLE)


@TRANSFORM.subclass("keras.layers.Layer")
def leave_untrained(file: File, use: ClassUse) -> None:
    """Makes the variables of one class that it does not register untrainable."""
    if file.target.keras3 or not use.standalone or use.derives("keras.metrics.Metric"):
        return
    if use.node in file.handled or "trainable_weights" in use.methods:
        return
    body = body_of(file.names, use.node)
    for stores in body.uses.values():
        for store in stores:
            assigned = store.assigned
            found = creation(file, assigned[0].value) if assigned is not None else None
            if found is not None and found.backend is not None and found.node not in file.handled:
                _make_untrainable(file, store, found)


def _make_untrainable(file: File, store: SelfUse, found: Creation) -> None:
    """Makes one variable with ``trainable=False``."""
    assert store.assigned is not None
    assert found.backend is not None
    assign, frame = store.assigned
    message = (
        f"TensorFlow 2.15 would train `{store.node.attr.value}`, a variable that Keras left alone; it is "
        "made with `trainable=False`. It counts among the layer's weights now (`get_weights`, saved files)"
    )
    symbol = "keras.backend.variable"
    if not file.report(UNREGISTERED_VARIABLE, Level.REVIEW, found.backend.node, message, symbol):
        return
    file.handled.add(found.node)
    variable = name_node(file.imports.name_for("tensorflow.Variable", found.backend))
    floatx = file.imports.name_for("tensorflow.keras.backend.floatx", found.backend)
    direct = file.values.of(found.node.func)[0].symbol == "keras.backend.variable"

    def make(current: cst.Call) -> cst.Call:
        untrained = keyword("trainable", cst.Name("False"))
        if not direct:
            return cst.Call(variable, [cst.Arg(current), untrained])
        args = [arg.with_changes(comma=cst.MaybeSentinel.DEFAULT) for arg in current.args]
        if found.dtype is None:
            args.insert(1, keyword("dtype", cst.parse_expression(f"{floatx}()")))
            if len(args) > 2 and args[2].keyword is None:
                args[2] = args[2].with_changes(keyword=cst.Name("name"), equal=TIGHT)
        elif args[1].keyword is None:
            args = [
                arg if arg.keyword is not None else arg.with_changes(keyword=cst.Name(name), equal=TIGHT)
                for arg, name in zip(args, ("initial_value", "dtype", "name"), strict=False)
            ]
        else:
            args = list(args)
        value = args[0].with_changes(keyword=None, equal=cst.MaybeSentinel.DEFAULT)
        return current.with_changes(func=variable, args=[value, *args[1:], untrained])

    file.edit(found.node, (assign, frame), make)
