"""Breaks lines that an edit made too long, in the way that people break them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import libcst as cst

from ...printing import Printed
from ...scopes import Frame
from ...transform import File
from ...walk import nodes_of

_LIMITS = (79, 99, 119)
"""The line lengths that people keep to; a line that is longer already shows which."""

_TOLERATED = 20
"""How much longer a line may be that comes of breaking one."""

_ROUNDS = 12
"""How many lines of a statement are looked at."""

_INDENT = 4

_BELOW = 3
"""How many characters a line may rather be too long than have its arguments below it."""

_CLOSES = re.compile(r"[)\],]*(\(\w*\))?[)\],]*")
"""What may follow a call whose arguments stand in the lines below it."""

_Part: TypeAlias = "cst.Arg | cst.BaseElement"


def keep_short(file: File, node: cst.CSTNode, frame: Frame) -> None:
    """Asks for the statement around an edited node to be broken where a line of it became too long.

    Args:
        file: the file.
        node: the node; its edits may still come.
        frame: the nodes around it.
    """
    indent = 0
    statement: tuple[cst.SimpleStatementLine, Frame] | None = None
    while frame is not None:
        around, frame = frame
        if statement is None and isinstance(around, cst.SimpleStatementLine):
            statement = around, frame
        elif statement is None and isinstance(around, cst.BaseSuite):
            return  # a part of a compound statement's head
        elif isinstance(around, cst.IndentedBlock):
            indent += len(file.module.default_indent if around.indent is None else around.indent)
    if statement is None or any(isinstance(edit, _Breaks) for edit in file.edits.get(statement[0], ())):
        return
    lines = _lines(statement[0])
    limit = max(_limit([len(line) + indent for line in lines], 1), _usual(file.code))
    file.edit(*statement, _Breaks(limit - indent, frozenset(lines)))


def _limit(lengths: Sequence[int], count: int) -> int:
    """The line length that some lines keep to, but for fewer than a number of them."""
    return next((each for each in _LIMITS if sum(length > each for length in lengths) < count), _LIMITS[-1])


@lru_cache(maxsize=1)
def _usual(code: str) -> int:
    """The line length that a module keeps to, but for a few lines."""
    lines = code.splitlines()
    return _limit([len(line) for line in lines], max(3, len(lines) // 25))


@dataclass(frozen=True, slots=True)
class _Breaks:
    """The edit of a statement that breaks its lines.

    Attributes:
        limit: where a line should end, counted from the statement's indentation.
        lines: the lines that it had; these stay as they are.
    """

    limit: int
    lines: frozenset[str]

    def __call__(self, current: Any) -> Any:
        """Makes the edit."""
        if isinstance(current, cst.FlattenSentinel):
            *others, last = list(current)
            return cst.FlattenSentinel([*others, self(last)])
        if not isinstance(current, cst.SimpleStatementLine):
            return current
        bare = _bare(current)
        left: set[str] = set()
        made: set[str] = set()
        for _ in range(_ROUNDS):
            limits = ((line, self.limit + _TOLERATED * (line in made)) for line in _lines(bare))
            longer = (line for line, limit in limits if len(line) > limit and line not in self.lines | left)
            line = next(longer, None)
            if line is None:
                break
            best = min(self._broken(bare, line), key=self._cost, default=bare)
            if self._excess(best) < self._excess(bare):
                made.update(set(_lines(best)) - set(_lines(bare)))
                bare = best
            else:
                left.add(line)
        return bare.with_changes(
            leading_lines=current.leading_lines, trailing_whitespace=current.trailing_whitespace
        )

    def _excess(self, statement: cst.SimpleStatementLine) -> int:
        """By how many characters the new lines of a statement are too long."""
        new = (line for line in _lines(statement) if line not in self.lines)
        return sum(max(0, len(line) - self.limit) for line in new)

    def _cost(self, statement: cst.SimpleStatementLine) -> int:
        """How bad a broken statement looks: people rather have arguments beside the bracket than below it."""
        below = sum(line.endswith("(") for line in _lines(statement) if line not in self.lines)
        return self._excess(statement) + _BELOW * below

    def _broken(self, statement: cst.SimpleStatementLine, line: str) -> Iterator[cst.SimpleStatementLine]:
        """The statement with one bracket on a line broken, in every way, outer ones first."""
        brackets = [node for node in nodes_of(statement) if _is_breakable(node)]
        parts = [part for bracket in brackets for part in _parts(bracket)]
        printed = _printed(statement, [*brackets, *parts])
        number = printed.text.splitlines().index(line) + 1
        for bracket in brackets:
            begin, end = printed.span(bracket)
            at, column = printed.place(begin)
            if printed.place(end)[0] != at:
                ways = _broken_further(
                    bracket, [printed.position(part)[0] == number for part in _parts(bracket)]
                )
            elif at == number:
                indent = len(line) - len(line.lstrip())
                ways = self._ways(bracket, column, indent, line[column - 1 + end - begin :])
            else:
                continue
            for changed in ways:
                new = statement.deep_replace(bracket, changed)
                assert isinstance(new, cst.SimpleStatementLine)
                yield new

    def _ways(self, bracket: cst.CSTNode, column: int, indent: int, tail: str) -> Iterator[cst.CSTNode]:
        """A call, list or tuple that stands on one line, broken in every way.

        Args:
            bracket: the call, list or tuple.
            column: where it begins.
            indent: the indentation of its line.
            tail: what follows it on its line.
        """
        parts = _parts(bracket)
        if not isinstance(bracket, cst.Call):
            yield _with_parts(bracket, self._filled(parts, column, len(tail)))
            return
        yield _with_parts(bracket, self._filled(parts, column + len(_code(bracket.func)), len(tail)))
        if _CLOSES.fullmatch(tail):
            hanging = _with_parts(bracket, self._filled(parts, indent + _INDENT, len(tail)))
            yield hanging.with_changes(whitespace_before_args=_new_line(indent + _INDENT))

    def _filled(self, parts: Sequence[_Part], start: int, tail: int) -> list[_Part]:
        """Arguments or elements, below each other where they do not fit.

        Args:
            parts: the arguments or elements.
            start: the column of the first one.
            tail: the length of what follows the bracket on its line.
        """
        at = start
        filled: list[_Part] = []
        for index, part in enumerate(parts):
            width = len(_code(part.with_changes(comma=cst.MaybeSentinel.DEFAULT)))
            after = 1 if index + 1 < len(parts) else 1 + tail
            if filled and at + width + after > self.limit:
                filled[-1] = filled[-1].with_changes(comma=cst.Comma(whitespace_after=_new_line(start)))
                at = start
            filled.append(part)
            at += width + 2
        return filled


def _parts(bracket: cst.CSTNode) -> Sequence[_Part]:
    """The arguments of a call, or the elements of a list or tuple."""
    if isinstance(bracket, cst.Call):
        return bracket.args
    assert isinstance(bracket, (cst.List, cst.Tuple))
    return bracket.elements


def _with_parts(bracket: cst.CSTNode, parts: Sequence[_Part]) -> cst.CSTNode:
    """A call, list or tuple with other arguments or elements."""
    if isinstance(bracket, cst.Call):
        return bracket.with_changes(args=parts)
    return bracket.with_changes(elements=parts)


def _broken_further(bracket: cst.CSTNode, there: Sequence[bool]) -> Iterator[cst.CSTNode]:
    """A call, list or tuple on several lines, with one more break before a part, later ones first.

    Args:
        bracket: the call, list or tuple.
        there: for each of its parts, whether it begins on the line that is to be broken.
    """
    parts = list(_parts(bracket))
    spaces = [part.comma.whitespace_after for part in parts[:-1] if isinstance(part.comma, cst.Comma)]
    breaks = [space.last_line for space in spaces if isinstance(space, cst.ParenthesizedWhitespace)]
    for index in range(len(parts) - 1, 0, -1):
        comma = parts[index - 1].comma
        if not breaks or not there[index] or not isinstance(comma, cst.Comma):
            continue
        if isinstance(comma.whitespace_after, cst.SimpleWhitespace):
            space = cst.ParenthesizedWhitespace(indent=True, last_line=breaks[-1])
            before = parts[index - 1].with_changes(comma=cst.Comma(whitespace_after=space))
            yield _with_parts(bracket, [*parts[: index - 1], before, *parts[index:]])


def _is_breakable(node: cst.CSTNode) -> bool:
    """Whether lines are broken at a node."""
    if isinstance(node, cst.Call):
        return bool(node.args)
    if not isinstance(node, (cst.List, cst.Tuple)) or len(node.elements) < 2:
        return False
    return isinstance(node, cst.List) or bool(node.lpar)


def _lines(statement: cst.SimpleStatementLine) -> list[str]:
    """The lines of a statement without its indentation and the comments around it."""
    return _printed(statement, ()).text.splitlines()


def _printed(statement: cst.SimpleStatementLine, wanted: Collection[cst.CSTNode]) -> Printed:
    """A statement printed without its indentation and the comments around it."""
    return Printed(cst.Module([_bare(statement)]), frozenset(wanted))


def _bare(statement: cst.SimpleStatementLine) -> cst.SimpleStatementLine:
    """A statement without the comments around it, which may make a line longer."""
    return statement.with_changes(leading_lines=(), trailing_whitespace=cst.TrailingWhitespace())


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


def _new_line(column: int) -> cst.ParenthesizedWhitespace:
    """A line break, and space up to a column."""
    return cst.ParenthesizedWhitespace(indent=True, last_line=cst.SimpleWhitespace(" " * column))
