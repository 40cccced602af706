"""Edits of whole lines: statements replaced, removed or added, with the comments around them kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import libcst as cst

from keras_migrate.scopes import Frame
from keras_migrate.statements import binds
from keras_migrate.transform import File

Small: TypeAlias = "cst.Import | cst.ImportFrom"


class LineEdits:
    """Asks a file for edits of statements, and remembers how much of each block goes away."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._removed: dict[int, int] = {}

    def replace(self, node: cst.CSTNode, frame: Frame, statements: Sequence[Small]) -> None:
        """Asks for one small statement to be replaced, by lines of its own where it has a line of its own.

        Args:
            node: the statement.
            frame: the nodes around it.
            statements: what takes its place; nothing removes the line.
        """
        assert frame is not None
        line = frame[0]
        if not isinstance(line, cst.SimpleStatementLine) or len(line.body) > 1:
            new: Sequence[cst.BaseSmallStatement] = statements or [cst.Pass()]
            self._file.edit(node, frame, lambda _: cst.FlattenSentinel(new))
        elif statements:
            self._file.edit(line, frame[1], lambda current: cst.FlattenSentinel(spread(current, statements)))
        else:
            self._remove(line, frame[1])

    def _remove(self, line: cst.SimpleStatementLine, frame: Frame) -> None:
        """Asks for a line to go away; its comments stay with the next line, and a block keeps a ``pass``."""
        assert frame is not None
        block = frame[0]
        assert isinstance(block, (cst.Module, cst.IndentedBlock))
        self._removed[id(block)] = self._removed.get(id(block), 0) + 1
        index = next(at for at, each in enumerate(block.body) if each is line)
        following = block.body[index + 1] if index + 1 < len(block.body) else None
        emptied = isinstance(block, cst.IndentedBlock) and self._removed[id(block)] == len(block.body)
        comments = any(empty.comment is not None for empty in line.leading_lines)
        if emptied or (comments and following is None):
            self._file.edit(line, frame, lambda current: current.with_changes(body=[cst.Pass()]))
            return
        self._file.edit(line, frame, lambda _: cst.RemoveFromParent())
        if following is not None and line.leading_lines:
            leading = line.leading_lines
            self._file.edit(following, frame, lambda current: _prepended(current, leading))

    def put_before(self, line: cst.CSTNode, lines: Sequence[cst.SimpleStatementLine]) -> None:
        """Asks for lines before a statement of the module; an import's comments stay on top."""

        def add(current: Any) -> Any:
            if isinstance(current, cst.RemovalSentinel):
                return cst.FlattenSentinel(lines)
            first, *others = list(current) if isinstance(current, cst.FlattenSentinel) else [current]
            if isinstance(first, cst.SimpleStatementLine) and binds(first) is not None:
                led = lines[0].with_changes(leading_lines=first.leading_lines)
                return cst.FlattenSentinel([led, *lines[1:], first.with_changes(leading_lines=()), *others])
            return cst.FlattenSentinel([*lines, first, *others])

        self._file.edit(line, (self._file.module, None), add)

    def unwrap(self, node: cst.Try, frame: Frame, lines: Sequence[cst.SimpleStatementLine]) -> None:
        """Asks for a ``try`` statement to be replaced by lines."""

        def edit(current: cst.Try) -> Any:
            first, *others = lines
            return cst.FlattenSentinel([_led(first, current.leading_lines), *others])

        self._file.edit(node, frame, edit)


def spread(line: cst.SimpleStatementLine, statements: Sequence[Small]) -> list[cst.SimpleStatementLine]:
    """A line with one statement as several lines; the first keeps its comments."""
    first, *others = statements
    return [line.with_changes(body=[first]), *(cst.SimpleStatementLine([other]) for other in others)]


def _prepended(current: Any, leading: Iterable[cst.EmptyLine]) -> Any:
    if isinstance(current, cst.FlattenSentinel):
        first, *others = list(current)
        return cst.FlattenSentinel([_led(first, leading), *others])
    return _led(current, leading) if isinstance(current, cst.CSTNode) else current


def _led(node: Any, leading: Iterable[cst.EmptyLine]) -> Any:
    """A statement with more lines above it; blank lines are not doubled."""
    lines, own = list(leading), list(node.leading_lines)
    while lines and own and lines[-1].comment is None and own[0].comment is None:
        lines.pop()
    return node.with_changes(leading_lines=[*lines, *own])
