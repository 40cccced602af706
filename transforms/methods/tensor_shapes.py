"""Shapes of what layers give: a plain tuple from TensorFlow 2.16 on, and no ``Dimension`` in any target."""

from __future__ import annotations

import libcst as cst

from ...findings import Rule
from ...scopes import Frame
from ...transform import AttributeUse, File, Transform
from ..reading.receivers import level_of

TENSOR_SHAPE = Rule(
    "KM410",
    "tensor-shape",
    "Read the shape of what a layer gives from its `shape`.",
    "From TensorFlow 2.16 on the outputs of layers have no `get_shape`, and their `shape` is a plain tuple "
    "without `as_list`. The sizes in it are numbers in every target; TensorFlow 1 had a `Dimension` with "
    "a `value`.",
    before="from keras.layers import Input\n\ninputs = Input((4,))\n"
    "size = inputs.get_shape().as_list()[-1]\n",
    after="from tensorflow.keras.layers import Input\n\ninputs = Input((4,))\n"
    "size = list(inputs.shape)[-1]\n",
)

TRANSFORM = Transform("tensor shapes", TENSOR_SHAPE)


@TRANSFORM.attribute("get_shape", "shape")
def read_shape(file: File, use: AttributeUse) -> None:
    """Reads the shape, its list or one of its sizes as the target has it."""
    level = level_of(file, use, "tensor")
    shape = _shape(use)
    if level is None or shape is None:
        return
    node, frame = shape
    listed = _called(frame, node, "as_list")
    size = _size(frame, node)
    gone = use.node.attr.value == "get_shape"
    if listed is not None and file.target.keras3:
        message = "the shape of what a layer gives is a tuple now, without `as_list`"
        if file.report(TENSOR_SHAPE, level, use.node, message, "keras.layers.Input.shape"):
            if gone:
                file.edit(node, frame, _plain)
            file.edit(*listed, _as_list)
        return
    messages = []
    if gone and file.target.keras3:
        messages.append("what a layer gives has no `get_shape` any more, but a `shape`")
    if size is not None:
        messages.append("the sizes in a shape are numbers now, without `value`")
    if messages and file.report(
        TENSOR_SHAPE, level, use.node, "; ".join(messages), "keras.layers.Input.shape"
    ):
        if gone and file.target.keras3:
            file.edit(node, frame, _plain)
        if size is not None:
            file.edit(*size, lambda current: current.value)


def _shape(use: AttributeUse) -> tuple[cst.CSTNode, Frame] | None:
    """The expression that is the shape, with the nodes around it: the attribute, or the call of it."""
    if use.node.attr.value == "shape":
        return use.node, use.frame
    if use.frame is None or not isinstance(use.frame[0], cst.Call) or use.frame[0].func is not use.node:
        return None
    return use.frame


def _called(frame: Frame, node: cst.CSTNode, name: str) -> tuple[cst.CSTNode, Frame] | None:
    """The call of a method of a node, with the nodes around it."""
    if frame is None or not isinstance(frame[0], cst.Attribute) or frame[0].attr.value != name:
        return None
    outer = frame[1]
    if outer is None or not isinstance(outer[0], cst.Call) or outer[0].func is not frame[0]:
        return None
    return outer


def _size(frame: Frame, node: cst.CSTNode) -> tuple[cst.CSTNode, Frame] | None:
    """``….value`` of a subscript of a node, with the nodes around it."""
    if frame is None or not isinstance(frame[0], cst.Subscript) or frame[0].value is not node:
        return None
    outer = frame[1]
    if outer is None or not isinstance(outer[0], cst.Attribute) or outer[0].attr.value != "value":
        return None
    return outer


def _plain(call: cst.Call) -> cst.Attribute:
    """``x.shape`` for ``x.get_shape()``."""
    assert isinstance(call.func, cst.Attribute)
    return call.func.with_changes(attr=cst.Name("shape"))


def _as_list(call: cst.Call) -> cst.Call:
    """``list(x.shape)`` for ``x.shape.as_list()``."""
    assert isinstance(call.func, cst.Attribute)
    return call.with_changes(func=cst.Name("list"), args=[cst.Arg(call.func.value)])
