"""Lines that stand below the bracket of a call: moved with it where its name gets longer or shorter."""

from __future__ import annotations

import libcst as cst

from ...scopes import Frame
from ...transform import File
from .statement_edits import statement_around


def bracket_column(file: File, call: cst.Call, frame: Frame) -> int | None:
    """The column of a call's bracket, counted from the indentation of its statement.

    Args:
        file: the file.
        call: a call of the original tree.
        frame: the nodes around it.
    Returns:
        ``None`` where no line of the call can be aligned with it.
    """
    line = statement_around(frame)
    if line is None or not isinstance(call.whitespace_before_args, cst.SimpleWhitespace):
        return None
    code = file.module.code_for_node(call)
    if "\n" not in code:
        return None
    bare = line[0].with_changes(leading_lines=(), trailing_whitespace=cst.TrailingWhitespace())
    before = file.module.code_for_node(bare).partition(code)[0]
    return len(before.rpartition("\n")[2]) + len(file.module.code_for_node(call.func))


def moved(call: cst.Call, column: int | None, by: int) -> cst.Call:
    """A call whose lines below its bracket are moved.

    Args:
        call: the call.
        column: the column of its bracket before; ``None`` for none.
        by: how far to the right, in characters.
    """
    if column is None or by == 0:
        return call
    changed = call.visit(_Mover(column, by))
    assert isinstance(changed, cst.Call)
    return changed


class _Mover(cst.CSTTransformer):
    """Moves the lines that begin to the right of a column."""

    def __init__(self, column: int, by: int) -> None:
        super().__init__()
        self._column = column
        self._by = by

    def leave_ParenthesizedWhitespace(
        self, original_node: cst.ParenthesizedWhitespace, updated_node: cst.ParenthesizedWhitespace
    ) -> cst.ParenthesizedWhitespace:
        space = updated_node.last_line.value
        if len(space) <= self._column or space.strip(" "):
            return updated_node
        line = updated_node.last_line.with_changes(value=" " * (len(space) + self._by))
        return updated_node.with_changes(last_line=line)
