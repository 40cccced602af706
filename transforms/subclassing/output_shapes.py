"""``get_output_shape_for``, which Keras 2 calls ``compute_output_shape``."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ...transform import AttributeUse, ClassUse, File, Transform

OUTPUT_SHAPE_METHOD = Rule(
    "KM504",
    "output-shape-method",
    "Call `get_output_shape_for` by its new name `compute_output_shape`.",
    "Keras 1 asks a layer for the shape of its output by `get_output_shape_for`, Keras 2 and tf.keras by "
    "`compute_output_shape`. A method of the old name is never called.",
    before=(
        "from keras.layers import Layer\n\n\nclass Scale(Layer):\n"
        "    def get_output_shape_for(self, input_shape):\n        return (input_shape[0], 3)\n"
    ),
    after=(
        "from tensorflow.keras.layers import Layer\n\n\nclass Scale(Layer):\n"
        "    def compute_output_shape(self, input_shape):\n        return (input_shape[0], 3)\n"
    ),
)

TRANSFORM = Transform("output shapes", OUTPUT_SHAPE_METHOD)

_OLD, _NEW = "get_output_shape_for", "compute_output_shape"
_SYMBOL = f"keras.layers.Layer.{_OLD}"
_MESSAGE = f"`{_OLD}` is `{_NEW}` since Keras 2"


@TRANSFORM.subclass("keras.layers.Layer")
def rename_method(file: File, use: ClassUse) -> None:
    """Gives the method of one class its new name, unless the class has both."""
    method = use.methods.get(_OLD)
    if method is None or _NEW in use.methods:
        return
    if file.report(OUTPUT_SHAPE_METHOD, Level.REWRITTEN, method, _MESSAGE, _SYMBOL):
        inside = (use.node.body, (use.node, use.frame))
        file.edit(method, inside, lambda node: node.with_changes(name=cst.Name(_NEW)))


@TRANSFORM.attribute(_OLD)
def rename_call(file: File, attribute: AttributeUse) -> None:
    """Calls the method by its new name, unless a class of the file keeps the old one."""
    if attribute.frame is None:
        return
    call = attribute.frame[0]
    if type(call) is not cst.Call or call.func is not attribute.node or _keeps_old_name(file):
        return
    known = file.values.can_be(attribute.node.value, "layer", "model")
    own = isinstance(attribute.node.value, cst.Call)  # super()
    level = Level.REWRITTEN if known or own else Level.REVIEW
    if file.report(OUTPUT_SHAPE_METHOD, level, attribute.node, _MESSAGE, _SYMBOL):
        file.edit(attribute.node, attribute.frame, lambda node: node.with_changes(attr=cst.Name(_NEW)))


def _keeps_old_name(file: File) -> bool:
    """Whether some class of the file has both methods, or is none of Keras and has the old one."""
    for node, _, _ in file.names.classes:
        methods = file.values.methods(node)
        if _OLD in methods and (_NEW in methods or not file.values.lineage(node).lineage):
            return True
    return False
