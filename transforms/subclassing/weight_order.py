"""The order in which the weights of a layer are made, which is that of ``get_weights`` and of files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import libcst as cst

from ...scopes import Frame
from ...transform import File
from ...walk import dotted
from ..edits.statement_edits import statement_around
from ..reading.class_bodies import SelfUse, within


def rearrange(file: File, names: Sequence[str], stores: Mapping[str, SelfUse]) -> bool:
    """Asks for weights to be made in another order, where their lines follow each other.

    Args:
        file: the file.
        names: the attributes that hold them, in the order wanted.
        stores: where each is made.
    Returns:
        Whether they will be.
    """
    places = [_line(stores[name]) for name in names]
    lines = [line for line, _ in places if line is not None]
    blocks = {id(frame[0]): frame for line, frame in places if line is not None and frame is not None}
    if len(lines) < len(names) or len(blocks) != 1:
        return False
    ((block, outer),) = blocks.values()
    if not isinstance(block, cst.IndentedBlock):
        return False
    indexes = sorted(at for at, each in enumerate(block.body) if each in lines)
    if indexes != list(range(indexes[0], indexes[0] + len(lines))) or _depend(lines, names):
        return False
    file.edit(block, outer, _in_order(names))
    return True


def _line(use: SelfUse) -> tuple[cst.SimpleStatementLine | None, Frame]:
    """The line that makes a weight and does nothing else."""
    place = statement_around(use.frame)
    if use.assigned is None or place is None or len(place[0].body) > 1:
        return None, None
    return place


def _depend(lines: Sequence[cst.SimpleStatementLine], names: Sequence[str]) -> bool:
    """Whether what makes one weight refers to another."""
    return any(
        isinstance(node, cst.Attribute) and node.attr.value in names
        for line in lines
        for statement in line.body
        if isinstance(statement, cst.Assign)
        for node, _ in within(statement.value, None)
    )


def _in_order(names: Sequence[str]) -> Callable[[cst.IndentedBlock], cst.IndentedBlock]:
    """Puts the lines of a block that make some weights in an order, with the comments above them."""

    def put(block: cst.IndentedBlock) -> cst.IndentedBlock:
        body = list(block.body)
        found = {name: at for at, line in enumerate(body) if (name := _made(line)) in names}
        if set(found) != set(names):
            return block
        for at, name in zip(sorted(found.values()), names, strict=True):
            body[at] = _spaced_as(block.body[found[name]], block.body[at])
        return block.with_changes(body=body)

    return put


def _made(line: cst.BaseStatement) -> str:
    """The attribute that a line gives a value."""
    if not isinstance(line, cst.SimpleStatementLine) or not isinstance(line.body[0], cst.Assign):
        return ""
    return (dotted(line.body[0].targets[0].target) or "").rpartition(".")[2]


def _spaced_as(line: cst.BaseStatement, other: cst.BaseStatement) -> cst.BaseStatement:
    """A line with its own comments below the blank lines of another."""
    assert isinstance(line, cst.SimpleStatementLine)
    assert isinstance(other, cst.SimpleStatementLine)
    blank = [each for each in other.leading_lines if each.comment is None]
    comments = [each for each in line.leading_lines if each.comment is not None]
    return line.with_changes(leading_lines=[*blank, *comments])
