"""An old line and the new line that it became, beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.style import Style

from keras_migrate.reports import palette
from keras_migrate.reports.diff import Kind, Pair, Row
from keras_migrate.reports.highlighting import Highlighted, code_pieces
from keras_migrate.reports.layout import PLAIN_WIDTH, Layout
from keras_migrate.reports.styled import Piece, columns, folded, stripped


def side_by_side(pair: Pair, note: str, layout: Layout, code: Highlighted) -> Iterator[list[Piece]]:
    """The lines of the terminal that show a pair; a long line of code takes several.

    Args:
        pair: the old line and the new one; ``None`` for one that is not there.
        note: what to say of it at the right, below it where there is no room beside it.
        layout: where things stand.
        code: the colours of both files.
    """
    old, new = pair
    left, right = (_folded(row, layout, code) for row in pair)
    lines = max(len(left), len(right))
    room = layout.side_width - max(map(columns, right), default=0)
    beside = lines == 1 and cell_len(note) + 2 <= room
    bar = (f" {layout.bar} ", palette.QUIET)
    for index in range(lines):
        numbers = (old.old if old else None, new.new if new else None) if index == 0 else (None, None)
        at_left = _side(old, numbers[0], left[index : index + 1], "", layout)
        at_right = _side(new, numbers[1], right[index : index + 1], note if beside else "", layout)
        yield stripped([*at_left, bar, *at_right])
    if note and not beside:
        yield [(note.rjust((layout.width or PLAIN_WIDTH) - 1), palette.QUIET)]


def _folded(row: Row | None, layout: Layout, code: Highlighted) -> list[list[Piece]]:
    """The code of a line as it fits into a side."""
    return [] if row is None else list(folded(code_pieces(row, code.tokens(row)), layout.side_width))


def _side(
    row: Row | None, number: int | None, code: Sequence[Sequence[Piece]], note: str, layout: Layout
) -> list[Piece]:
    """One side of a line, as wide as a side is.

    Args:
        row: the line of the file; ``None`` where this side has none.
        number: its number, if it is to be shown.
        code: what is to be shown of it; empty where there is no more.
        note: what to say at its end.
        layout: where things stand.
    """
    tint = palette.TINT[row.kind] if row is not None else Style.null()
    gutter = palette.GUTTER if row is None or row.kind is Kind.SAME else palette.SIGN[row.kind]
    pieces = list(code[0]) if code else []
    space = layout.side_width - columns(pieces) - cell_len(note)
    shown = "" if number is None else number
    return [
        (f"{shown:>{layout.digits}} ", gutter if code else palette.GUTTER),
        *pieces,
        (" " * space, tint),
        (note, tint + palette.QUIET),
    ]
