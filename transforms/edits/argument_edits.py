"""What happens to the arguments of one call, as one edit of it: names, values, and what is dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import libcst as cst

from .argument_layout import TIGHT

Value: TypeAlias = "Callable[[Sequence[cst.BaseExpression]], cst.BaseExpression]"
"""Makes the new value of an argument from the values of all arguments of its call, their own edits made."""


@dataclass(slots=True)
class Changes:
    """What happens to the arguments of one call, by their position in it."""

    names: dict[int, str] = field(default_factory=dict)
    values: dict[int, Value] = field(default_factory=dict)
    drops: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.names or self.values or self.drops)

    def __contains__(self, index: int) -> bool:
        return index in self.names or index in self.values or index in self.drops

    def apply(self, call: cst.Call) -> cst.Call:
        """Makes the changes."""
        given = [arg.value for arg in call.args]
        args: list[cst.Arg] = []
        for index, arg in enumerate(call.args):
            if index in self.values:
                arg = arg.with_changes(value=self.values[index](given))
            if index in self.names:
                arg = _renamed(arg, self.names[index])
            args.append(arg)
        before = call.whitespace_before_args
        for index in sorted(self.drops, reverse=True):
            before = _drop(args, index, before)
        return call.with_changes(args=args, whitespace_before_args=before)


def _renamed(arg: cst.Arg, name: str) -> cst.Arg:
    """An argument under another name; signs of equality that stand in a column stay in it."""
    if arg.keyword is None or not isinstance(arg.equal, cst.AssignEqual):
        return arg.with_changes(keyword=cst.Name(name), equal=TIGHT)
    equal, space = arg.equal, arg.equal.whitespace_before
    if isinstance(space, cst.SimpleWhitespace) and len(space.value) > 1:
        width = max(1, len(space.value) + len(arg.keyword.value) - len(name))
        equal = equal.with_changes(whitespace_before=cst.SimpleWhitespace(" " * width))
    return arg.with_changes(keyword=cst.Name(name), equal=equal)


def _drop(
    args: list[cst.Arg], index: int, before: cst.BaseParenthesizableWhitespace
) -> cst.BaseParenthesizableWhitespace:
    """Takes one argument out of a call.

    A comment at the end of the argument's line goes with it; those on lines of their own stay.

    Args:
        args: the call's arguments, which are changed.
        index: the argument's position.
        before: the space before the first argument.

    Returns:
        The new space before the first argument.
    """
    gone = args.pop(index)
    comma = gone.comma if isinstance(gone.comma, cst.Comma) else None
    after = comma.whitespace_after if comma is not None else gone.whitespace_after_arg
    if not args and not _commented(before) and not _commented(after, line=False):
        return cst.SimpleWhitespace("")
    if index == 0:
        return _joined(before, after) if not args or _commented(after, line=False) else before
    last = args[index - 1]
    kept = last.comma if isinstance(last.comma, cst.Comma) else cst.Comma()
    between = kept.whitespace_after
    if index < len(args) or _commented(between):
        kept = kept.with_changes(whitespace_after=_joined(between, after))
        args[index - 1] = last.with_changes(comma=kept)
    elif comma is not None:
        closing = _joined(between, after) if isinstance(after, cst.ParenthesizedWhitespace) else after
        args[index - 1] = last.with_changes(comma=kept.with_changes(whitespace_after=closing))
    else:
        args[index - 1] = last.with_changes(comma=gone.comma, whitespace_after_arg=gone.whitespace_after_arg)
    return before


def _commented(space: cst.BaseParenthesizableWhitespace, *, line: bool = True) -> bool:
    """Whether there is a comment in some space, with ``line`` also at the end of its first line."""
    if not isinstance(space, cst.ParenthesizedWhitespace):
        return False
    own = any(each.comment is not None for each in space.empty_lines)
    return own or (line and space.first_line.comment is not None)


def _joined(
    before: cst.BaseParenthesizableWhitespace, after: cst.BaseParenthesizableWhitespace
) -> cst.BaseParenthesizableWhitespace:
    """The space that is left where what stood between two spaces is gone."""
    if not isinstance(after, cst.ParenthesizedWhitespace):
        return before
    if not isinstance(before, cst.ParenthesizedWhitespace):
        return after
    lines = [*before.empty_lines, *after.empty_lines]
    return before.with_changes(empty_lines=lines, indent=after.indent, last_line=after.last_line)


def always(value: cst.BaseExpression) -> Value:
    """The value whatever the arguments are."""
    return lambda _: value


def tuple_of(indexes: Sequence[int | None]) -> Value:
    """A tuple of the values of some arguments, ``None`` for what is not given."""

    def make(given: Sequence[cst.BaseExpression]) -> cst.BaseExpression:
        values = [cst.Name("None") if index is None else given[index] for index in indexes]
        return cst.Tuple(
            [cst.Element(value) for value in values], lpar=[cst.LeftParen()], rpar=[cst.RightParen()]
        )

    return make


def written_as(template: str, index: int) -> Value:
    """The value of an argument by a template in which ``_`` is the old one."""

    def make(given: Sequence[cst.BaseExpression]) -> cst.BaseExpression:
        value = given[index]
        if template == "_[1:]":
            assert isinstance(value, (cst.Tuple, cst.List))
            rest = list(value.elements[1:])
            if len(rest) == 1 and isinstance(value, cst.Tuple):
                rest[0] = rest[0].with_changes(comma=cst.Comma())
            return value.with_changes(elements=rest)
        filled = cst.parse_expression(template).visit(_Fill(value))
        assert isinstance(filled, cst.BaseExpression)
        return filled

    return make


class _Fill(cst.CSTTransformer):
    """Puts an expression in the place of ``_``."""

    def __init__(self, value: cst.BaseExpression) -> None:
        super().__init__()
        self._value = value

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        return self._value if original_node.value == "_" else updated_node
