"""Edits of whole statements: dropped, moved, and new ones beside them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import takewhile
from typing import Any

import libcst as cst

from ...scopes import Frame
from ...transform import File


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


def close_gap(
    file: File,
    node: cst.SimpleStatementLine | cst.BaseCompoundStatement,
    frame: Frame,
    gone: Collection[cst.CSTNode] = (),
    about: str = "",
) -> None:
    """Keeps the lines above a statement that goes away: blank ones between others, and other comments.

    Args:
        file: the file that it is in.
        node: the statement.
        frame: the nodes around it.
        gone: statements that go away with it.
        about: a pattern, in lower case, for comments that go away too; empty for all.
    """
    block = frame[0] if frame is not None else None
    if not isinstance(block, (cst.IndentedBlock, cst.Module)):
        return
    index = next(at for at, each in enumerate(block.body) if each is node)
    if index and block.body[index - 1] in gone:
        return
    following = next((each for each in block.body[index + 1 :] if each not in gone), None)
    if following is None:
        return
    comments = [line for line in node.leading_lines if line.comment is not None]
    if any(re.search(about, line.comment.value.lower()) for line in comments if line.comment is not None):
        comments = []
    on_top = index == 0 and isinstance(block, cst.IndentedBlock)
    above = [line for line in node.leading_lines if line in comments or (line.comment is None and not on_top)]
    file.edit(following, frame, lambda current: _spaced(current, above, on_top or bool(comments)))


def _spaced(current: Any, above: Sequence[cst.EmptyLine], close: bool) -> Any:
    """A statement with some lines above it.

    Args:
        current: the statement.
        above: the lines; blank ones count as those that it has itself.
        close: whether it goes without blank lines of its own.
    """
    if isinstance(current, cst.FlattenSentinel):
        first, *others = current
        return cst.FlattenSentinel([_spaced(first, above, close), *others])
    if not isinstance(current, (cst.SimpleStatementLine, cst.BaseCompoundStatement)):
        return current
    lines = list(current.leading_lines)
    own = len(list(takewhile(lambda line: line.comment is None, lines)))
    if close:
        return current.with_changes(leading_lines=[*above, *lines[own:]])
    return current.with_changes(leading_lines=[*above[own:], *lines])


def unwrapped(block: cst.BaseSuite, leading: Iterable[cst.EmptyLine]) -> Any:
    """The statements of a block, to stand where the statement stood whose block it was."""
    if isinstance(block, cst.SimpleStatementSuite):
        line = cst.SimpleStatementLine(block.body, trailing_whitespace=block.trailing_whitespace)
        return line.with_changes(leading_lines=tuple(leading))
    first: Any
    first, *others = block.body
    return cst.FlattenSentinel([first.with_changes(leading_lines=(*leading, *first.leading_lines)), *others])
