"""Edits of whole statements: dropped, moved, and new ones beside them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

import libcst as cst

from ..scopes import Frame
from ..transform import File


def statement_around(frame: Frame) -> tuple[cst.SimpleStatementLine, Frame] | None:
    """The line of simple statements that some nodes are in, with the nodes around it."""
    while frame is not None and not isinstance(frame[0], (cst.BaseCompoundStatement, cst.Module)):
        if isinstance(frame[0], cst.SimpleStatementLine):
            return frame[0], frame[1]
        frame = frame[1]
    return None


def drop(file: File, small: cst.BaseSmallStatement, frame: Frame) -> None:
    """Drops a simple statement; a block that is left empty gets ``pass``.

    Args:
        file: the file that it is in.
        small: the statement.
        frame: the nodes around it.
    """
    assert frame is not None
    line, outer = frame
    if not isinstance(line, cst.SimpleStatementLine):
        file.edit(small, frame, lambda _: cst.Pass())
        return
    if len(line.body) > 1:
        file.edit(small, frame, lambda _: cst.RemoveFromParent())
        return
    file.edit(line, outer, lambda _: cst.RemoveFromParent())
    if outer is not None and isinstance(outer[0], cst.IndentedBlock):
        file.edit(outer[0], outer[1], _never_empty)


def _never_empty(block: cst.IndentedBlock) -> cst.IndentedBlock:
    return block if block.body else block.with_changes(body=[cst.SimpleStatementLine([cst.Pass()])])


def add_before(file: File, line: cst.SimpleStatementLine, frame: Frame, code: Sequence[str]) -> None:
    """Puts statements before another, under the comments that stand above it."""
    added = [cst.parse_statement(each) for each in code]

    def put(current: cst.SimpleStatementLine) -> cst.FlattenSentinel[cst.BaseStatement]:
        first = added[0].with_changes(leading_lines=current.leading_lines)
        return cst.FlattenSentinel([first, *added[1:], current.with_changes(leading_lines=())])

    file.edit(line, frame, put)


def add_first(file: File, function: cst.FunctionDef, frame: Frame, code: str) -> None:
    """Puts a statement at the beginning of a function, below its docstring."""
    block = function.body
    added = cst.parse_statement(code)
    inside: Frame = (function, frame)

    def put(current: cst.BaseSuite) -> cst.BaseSuite:
        if isinstance(current, cst.SimpleStatementSuite):
            body = [cst.SimpleStatementLine([small]) for small in current.body]
            return cst.IndentedBlock([added, *body])
        at = 1 if _is_docstring(current.body[0]) else 0
        return current.with_changes(body=[*current.body[:at], added, *current.body[at:]])

    file.edit(block, inside, put)


def _is_docstring(statement: cst.CSTNode) -> bool:
    return (
        isinstance(statement, cst.SimpleStatementLine)
        and isinstance(statement.body[0], cst.Expr)
        and isinstance(statement.body[0].value, (cst.SimpleString, cst.ConcatenatedString))
    )


def close_gap(file: File, node: cst.SimpleStatementLine | cst.BaseCompoundStatement, frame: Frame) -> None:
    """Keeps the blank lines around a statement that goes away: one between others, none on top of a block."""
    block = frame[0] if frame is not None else None
    if not isinstance(block, (cst.IndentedBlock, cst.Module)):
        return
    index = next(at for at, each in enumerate(block.body) if each is node)
    if index + 1 == len(block.body):
        return
    blank: Sequence[cst.EmptyLine] | None = None
    if index or isinstance(block, cst.Module):
        blank = [line for line in node.leading_lines if line.comment is None]
    file.edit(block.body[index + 1], frame, lambda current: _spaced(current, blank))


def _spaced(current: Any, blank: Sequence[cst.EmptyLine] | None) -> Any:
    """A statement with at least some blank lines above it; with none at all for ``None``."""
    if isinstance(current, cst.FlattenSentinel):
        first, *others = current
        return cst.FlattenSentinel([_spaced(first, blank), *others])
    if not isinstance(current, (cst.SimpleStatementLine, cst.BaseCompoundStatement)):
        return current
    lines = list(current.leading_lines)
    own = len(list(takewhile(lambda line: line.comment is None, lines)))
    if blank is None:
        return current.with_changes(leading_lines=lines[own:])
    return current.with_changes(leading_lines=[*blank[own:], *lines])
