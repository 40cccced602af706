"""Calls of ``add_weight``: every argument by keyword, because each generation has another order."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from ...findings import Level, Rule
from ...transform import AttributeUse, File, Transform
from ...walk import dotted
from ..edits.argument_edits import Changes, Value, always
from ..reading.keras_calls import class_around

ADD_WEIGHT = Rule(
    "KM501",
    "add-weight",
    "Give the arguments of `add_weight` by keyword.",
    "Keras 1 has `add_weight(shape, initializer, name)`, Keras 2 `add_weight(name, shape, dtype, "
    "initializer, …)`, and Keras 3 `add_weight(shape, initializer, dtype, …)`. With keywords a call means "
    "the same on all of them. From TensorFlow 2.16 on a shape has to be a tuple, the string `'constant'` "
    "is no initializer any more, and the name of a weight must not contain a slash.",
    before=(
        "from keras.layers import Layer\n\n\nclass Scale(Layer):\n    def build(self, input_shape):\n"
        "        self.W = self.add_weight((5, 3), initializer='zeros', name='W')\n"
    ),
    after=(
        "from tensorflow.keras.layers import Layer\n\n\nclass Scale(Layer):\n"
        "    def build(self, input_shape):\n"
        "        self.W = self.add_weight(shape=(5, 3), initializer='zeros', name='W')\n"
    ),
)

TRANSFORM = Transform("weights", ADD_WEIGHT)

_KERAS_1 = ("shape", "initializer", "name", "trainable", "regularizer", "constraint")
_KERAS_2 = ("name", "shape", "dtype", "initializer", "regularizer", "trainable", "constraint")
_METRIC = ("name", "shape", "initializer", "dtype")

_WRAPPED = "self.layer"
"""What a wrapper calls the layer in it."""

OWNERS = ("layer", "metric", "model")
"""The kinds of values that have weights."""


@TRANSFORM.attribute("add_weight")
def name_arguments(file: File, attribute: AttributeUse) -> None:
    """Gives the arguments of one call by keyword, in the forms that the target takes."""
    if attribute.frame is None:
        return
    call, frame = attribute.frame
    if type(call) is not cst.Call or call.func is not attribute.node or not _has_weights(file, attribute):
        return
    given = {arg.keyword.value: arg for arg in call.args if arg.keyword is not None}
    positional = [arg for arg in call.args if arg.keyword is None and not arg.star]
    says: list[str] = []
    changes = Changes()
    level = Level.REWRITTEN
    if positional and not any(arg.star == "*" for arg in call.args):
        slots, guessed = _order(file, attribute, positional, given)
        if len(positional) > len(slots):
            return
        for index, (arg, name) in enumerate(zip(positional, slots, strict=False)):
            changes.names[index] = name
            given[name] = arg
        says.append("the order of its arguments differs between releases, so they are given by keyword")
        level = file.level_if_guessed(level) if guessed else level
        says[0] += file.guess_note if guessed else ""
    if file.target.keras3:
        for index, value, reason in _other_values(call, given):
            changes.values[index] = value
            says.append(reason)
    if file.target.keras3 and dotted(attribute.node.value) == _WRAPPED:
        _by_wrapper(file, attribute)
    if changes and file.report(
        ADD_WEIGHT, level, attribute.node, f"`add_weight`: {'; '.join(says)}", "keras.layers.Layer.add_weight"
    ):
        file.edit(call, frame, changes.apply)


def _by_wrapper(file: File, attribute: AttributeUse) -> None:
    """Lets a wrapper itself have the weight that it adds to the layer in it."""
    message = (
        "a layer that is built takes no more weights from TensorFlow 2.16 on, so the wrapper itself has this "
        "one; `get_weights()` of both changes"
    )
    symbol = "keras.layers.Layer.add_weight"
    if file.report(ADD_WEIGHT, Level.REVIEW, attribute.node, message, symbol):
        file.edit(attribute.node, attribute.frame, lambda node: node.with_changes(value=cst.Name("self")))


def _has_weights(file: File, attribute: AttributeUse) -> bool:
    """Whether a receiver is a layer or metric: ``self`` in a class of one, ``super()`` there, or a value."""
    receiver = attribute.node.value
    if isinstance(receiver, cst.Call) and dotted(receiver.func) == "super":
        owner = class_around(attribute.frame)
        return owner is not None and bool(file.values.lineage(owner).lineage)
    return file.values.can_be(receiver, *OWNERS) or dotted(receiver) == _WRAPPED


def _order(
    file: File, attribute: AttributeUse, positional: list[cst.Arg], given: dict[str, cst.Arg]
) -> tuple[tuple[str, ...], bool]:
    """The meaning of the positional arguments of a call, and whether that hangs on the source release."""
    if any(value.kind == "metric" for value in file.values.of(attribute.node.value)):
        return _METRIC, False
    if _is_text(positional[0].value) or "shape" in given:
        return _KERAS_2, False
    if "name" in given or _is_shape(positional[0].value):
        return _KERAS_1, False
    if len(positional) > 1 and _is_shape(positional[1].value):
        return _KERAS_2, False
    return (_KERAS_1 if file.source.version < (2, 0) else _KERAS_2), True


def _is_text(node: cst.BaseExpression) -> bool:
    """Whether an expression is certainly a string."""
    if isinstance(node, cst.BinaryOperation):
        return _is_text(node.left) or _is_text(node.right)
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        return _is_text(node.func.value)
    if isinstance(node, cst.Attribute):
        return node.attr.value == "name"
    return isinstance(node, cst.BaseString)


def _is_shape(node: cst.BaseExpression) -> bool:
    """Whether an expression is certainly a shape."""
    if isinstance(node, cst.BinaryOperation):
        return _is_shape(node.left) or _is_shape(node.right)
    if isinstance(node, cst.Call):
        return dotted(node.func) in ("tuple", "list")
    name = (dotted(node) or "").rpartition(".")[2]
    return isinstance(node, (cst.Tuple, cst.List)) or name.endswith("shape")


def _other_values(call: cst.Call, given: dict[str, cst.Arg]) -> Iterator[tuple[int, Value, str]]:
    """The arguments that Keras 3 wants in another form, with their new values and the reasons."""
    shape, initializer, name = (given.get(each) for each in ("shape", "initializer", "name"))
    if shape is not None and _is_number(shape.value):
        index = call.args.index(shape)
        yield index, _in_tuple(index), "a shape is a tuple"
    if initializer is not None and _literal(initializer.value) == "constant":
        index = call.args.index(initializer)
        yield index, always(cst.SimpleString("'zeros'")), "`'constant'` without a value is `'zeros'`"
    if name is not None and (plain := without_slash(name.value)) is not name.value:
        yield call.args.index(name), always(plain), "the name of a weight has no slash"


def without_slash(name: cst.BaseExpression) -> cst.BaseExpression:
    """The name of a weight with its slashes written as ``_``; the same object where there are none."""
    changed = name.visit(_Slashes())
    assert isinstance(changed, cst.BaseExpression)
    return changed if not changed.deep_equals(name) else name


class _Slashes(cst.CSTTransformer):
    """Writes slashes in strings as ``_``."""

    def leave_SimpleString(
        self, original_node: cst.SimpleString, updated_node: cst.SimpleString
    ) -> cst.SimpleString:
        return updated_node.with_changes(value=updated_node.value.replace("/", "_"))

    def leave_FormattedStringText(
        self, original_node: cst.FormattedStringText, updated_node: cst.FormattedStringText
    ) -> cst.FormattedStringText:
        return updated_node.with_changes(value=updated_node.value.replace("/", "_"))


def _literal(node: cst.BaseExpression) -> str | None:
    return str(node.raw_value) if isinstance(node, cst.SimpleString) else None


def _is_number(node: cst.BaseExpression) -> bool:
    """Whether a shape is one dimension, in parentheses or not, where a tuple is meant."""
    if isinstance(node, cst.Integer):
        return True
    if isinstance(node, cst.Call):
        return dotted(node.func) in ("int", "len")
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, (cst.Multiply, cst.FloorDivide)):
        return _is_number(node.left) or _is_number(node.right)
    if isinstance(node, cst.Subscript) and len(node.slice) == 1:
        chosen = node.slice[0].slice
        return isinstance(chosen, cst.Index) and _is_position(chosen.value) and _is_shape(node.value)
    return False


def _is_position(node: cst.BaseExpression) -> bool:
    return isinstance(node.expression if isinstance(node, cst.UnaryOperation) else node, cst.Integer)


def _in_tuple(index: int) -> Value:
    """A tuple of the one value of an argument."""

    def make(given: object) -> cst.BaseExpression:
        assert isinstance(given, list)
        value = given[index].with_changes(lpar=(), rpar=())
        return cst.Tuple([cst.Element(value, comma=cst.Comma())])

    return make
