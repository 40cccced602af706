"""What a call of Keras 1's ``merge`` or ``Merge`` asks for, and the call that does the same now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import libcst as cst

from ...findings import Level
from ...transform import File, Use
from ..edits.argument_edits import Changes, always
from ..edits.argument_layout import appended, keyword
from ..tables import Entry, load

_LAYERS = "tensorflow.keras.layers"
_FUNCTION = ("inputs", "mode", "concat_axis", "dot_axes", "output_shape", "output_mask", "arguments", "name")
_LAYER = (
    "layers",
    "mode",
    "concat_axis",
    "dot_axes",
    "output_shape",
    "output_mask",
    "arguments",
    "node_indices",
    "tensor_indices",
    "name",
)
_SLOTS = {"keras.layers.merge": _FUNCTION, "keras.layers.Merge": _LAYER}
_BODY = "function"
_OF_LAMBDA = {"output_shape": "output_shape", "arguments": "arguments", "name": "name"}


@dataclass(frozen=True, slots=True)
class Merging:
    """One call of ``merge`` or ``Merge`` of which it is known what it does.

    Attributes:
        call: the call.
        given: the positions of its arguments by their names.
        inputs: the name of the argument that gives what is merged.
        mode: the entry of its mode; empty where the mode is a function.
        word: the mode as messages show it.
    """

    call: cst.Call
    given: Mapping[str, int]
    inputs: str
    mode: Entry = field(default_factory=dict)
    word: str = "function"

    @property
    def level(self) -> Level:
        """How much the new call asks of a person."""
        return Level(self.mode.get("level", "rewritten"))

    @property
    def note(self) -> str:
        """What is to be added to a message about it."""
        return f". {self.mode['note']}" if "note" in self.mode else ""

    @property
    def merged(self) -> cst.BaseExpression | None:
        """What is merged, where the call says it."""
        value = self.value(self.inputs)
        return None if isinstance(value, cst.Name) and value.value == "None" else value

    @property
    def has_odd_axes(self) -> bool:
        """Whether it has axes that meant something in Keras 1 that they do not mean in ``Dot``."""
        return "dot_axes" in self.mode.get("axis", ()) and _is_odd(self.value("dot_axes"))

    def value(self, name: str) -> cst.BaseExpression | None:
        """The value of one of its arguments."""
        return self.call.args[self.given[name]].value if name in self.given else None

    def leaf(self, kind: str) -> str:
        """What takes its place: the name of a function or layer of ``tf.keras.layers``.

        Args:
            kind: ``function`` or ``layer``.
        """
        return str(self.mode[kind]) if self.mode else "Lambda"

    def path(self, kind: str) -> str:
        """The qualified name of that."""
        return f"{_LAYERS}.{self.leaf(kind)}"

    def written(self, current: cst.Call, name: str, inputs: cst.BaseExpression | None = None) -> cst.Call:
        """The new call, which gives the merged tensor, or the layer where ``Merge`` had no layers.

        Args:
            current: the current form of the call.
            name: how the code reaches what takes its place.
            inputs: what is merged, where that is not what the call says.
        """
        if not self.mode:
            return self._by_lambda(current, name, inputs)
        changes = Changes()
        axis = self.mode.get("axis", {})
        for old, position in self.given.items():
            if old in axis:
                changes.names[position] = axis[old]
                plain = _plain_axes(current.args[position].value)
                if plain is not None:
                    changes.values[position] = always(plain)
            elif old == "name":
                changes.names[position] = old
            elif old != self.inputs or self.merged is None:
                changes.drops.add(position)
            else:
                if current.args[position].keyword is not None:
                    changes.names[position] = "inputs"
                if inputs is not None:
                    changes.values[position] = always(inputs)
        added = [
            keyword(new, cst.parse_expression(value))
            for new, value in self.mode.get("needed", {}).items()
            if new not in {axis.get(old) for old in self.given}
        ]
        made = changes.apply(current).with_changes(func=cst.parse_expression(name))
        if not added:
            return made
        named = next((at for at, arg in enumerate(made.args) if _is_named(arg)), None)
        made = appended(made, added)
        return made if named is None else _moved_last(made, named)

    def _by_lambda(self, current: cst.Call, name: str, inputs: cst.BaseExpression | None) -> cst.Call:
        """``Lambda(f, …)([a, b])`` for a mode that is a function."""
        changes = Changes()
        merged = inputs
        for old, position in self.given.items():
            value = current.args[position].value
            if old in _OF_LAMBDA:
                changes.names[position] = _OF_LAMBDA[old]
                if old == "output_shape" and isinstance(value, cst.List):
                    changes.values[position] = always(_as_tuple(value))
            elif old == "mode":
                changes.names[position] = _BODY
            else:
                changes.drops.add(position)
                if old == self.inputs and self.merged is not None:
                    merged = merged or value
        made = changes.apply(current).with_changes(func=cst.parse_expression(name))
        made = _body_first(made)
        return made if merged is None else cst.Call(made, [cst.Arg(merged)])


def merging_of(file: File, use: Use) -> Merging | None:
    """What a call of ``merge`` or ``Merge`` does; ``None`` where it is not a call or that is not known."""
    call = use.call
    given = arguments_of(use)
    if call is None or given is None:
        return None
    inputs = _SLOTS[use.symbol][0]
    if "mode" not in given:
        found = Merging(call, given, inputs, load("names/merge_modes.toml")["sum"], "sum")
    else:
        mode = call.args[given["mode"]].value
        if file.values.kinds(mode) == {"function"}:
            return None if "output_mask" in given else Merging(call, given, inputs)
        word = mode.raw_value if isinstance(mode, cst.SimpleString) else ""
        if word not in load("names/merge_modes.toml"):
            return None
        found = Merging(call, given, inputs, load("names/merge_modes.toml")[word], word)
    return found


def arguments_of(use: Use) -> dict[str, int] | None:
    """The positions of the arguments of a call by their names; ``None`` where they are not all seen."""
    if use.call is None:
        return None
    found: dict[str, int] = {}
    slots = _SLOTS[use.symbol]
    for index, arg in enumerate(use.call.args):
        name = arg.keyword.value if arg.keyword is not None else slots[index] if index < len(slots) else ""
        if arg.star or name not in slots:
            return None
        found[name] = index
    return found


def _is_odd(axes: cst.BaseExpression | None) -> bool:
    """Whether axes meant something in Keras 1 that they do not mean in ``Dot``.

    In a list, axes below zero were all taken for the last but one. Batches of more than matrices were
    multiplied matrix by matrix.
    """
    if isinstance(axes, (cst.List, cst.Tuple)):
        return any(
            isinstance(each.value, cst.UnaryOperation) or _is_odd(each.value) for each in axes.elements
        )
    return isinstance(axes, cst.Integer) and int(axes.value, 0) > 2


def _plain_axes(axes: cst.BaseExpression) -> cst.BaseExpression | None:
    """``[1, 2]`` for ``[[1], [2]]``, as Keras 0 had it; ``None`` for axes that can stay."""
    if not isinstance(axes, (cst.List, cst.Tuple)) or not axes.elements:
        return None
    inner = [each.value for each in axes.elements]
    if not all(isinstance(each, (cst.List, cst.Tuple)) and len(each.elements) == 1 for each in inner):
        return None
    return axes.with_changes(
        elements=[
            outer.with_changes(value=each.elements[0].value)
            for outer, each in zip(axes.elements, inner, strict=True)
            if isinstance(each, (cst.List, cst.Tuple))
        ]
    )


def _as_tuple(shape: cst.List) -> cst.Tuple:
    """A list as a tuple."""
    elements = list(shape.elements)
    if len(elements) == 1 and not isinstance(elements[0].comma, cst.Comma):
        elements[0] = elements[0].with_changes(comma=cst.Comma())
    return cst.Tuple(elements, lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _body_first(call: cst.Call) -> cst.Call:
    """A call of ``Lambda`` with its function before the other arguments and without its name."""
    body, *others = sorted(call.args, key=lambda arg: arg.keyword is not None and arg.keyword.value != _BODY)
    return _reordered(call, [body.with_changes(keyword=None, equal=cst.MaybeSentinel.DEFAULT), *others])


def _moved_last(call: cst.Call, index: int) -> cst.Call:
    """A call with one of its arguments behind the others."""
    return _reordered(call, [*call.args[:index], *call.args[index + 1 :], call.args[index]])


def _reordered(call: cst.Call, args: Sequence[cst.Arg]) -> cst.Call:
    """A call with its arguments in another order; the space between them stays."""
    return call.with_changes(
        args=[
            arg.with_changes(comma=place.comma, whitespace_after_arg=place.whitespace_after_arg)
            for arg, place in zip(args, call.args, strict=True)
        ]
    )


def _is_named(arg: cst.Arg) -> bool:
    return arg.keyword is not None and arg.keyword.value == "name"
