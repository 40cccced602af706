"""Lines of styled text: folded, wrapped and measured by the columns of a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from rich.style import Style

Piece = tuple[str, Style]
"""Text of one style."""


def wrapped(text: str, width: int) -> Iterator[str]:
    """Breaks a message between words; continuation lines are three columns shorter."""
    line = ""
    room = width
    for word in text.split():
        for part in chop_cells(word, max(4, width - 3)):
            joined = f"{line} {part}" if line else part
            if line and cell_len(joined) > room:
                yield line
                line, room = part, width - 3
            else:
                line = joined
    yield line


def folded(pieces: Sequence[Piece], width: int | None) -> Iterator[list[Piece]]:
    """Breaks a line where the terminal ends."""
    if width is None or columns(pieces) <= width:
        yield list(pieces)
        return
    line: list[Piece] = []
    room = width
    for text, style in pieces:
        while text:
            head = _head(text, room)
            if head:
                line.append((head, style))
                text, room = text[len(head) :], room - cell_len(head)
            if text:
                yield line
                line, room = [], width
    if line:
        yield line


def _head(text: str, width: int) -> str:
    """As much of a text as fits."""
    if width <= 0:
        return ""
    head = chop_cells(text, width)[0] if cell_len(text) > width else text
    return head if cell_len(head) <= width else ""


def stripped(line: list[Piece]) -> list[Piece]:
    """A line without blanks at its end that nobody would see."""
    while line and not line[-1][0].strip() and line[-1][1].bgcolor is None:
        line = line[:-1]
    if line and line[-1][1].bgcolor is None:
        line = [*line[:-1], (line[-1][0].rstrip(), line[-1][1])]
    return line


def columns(pieces: Iterable[Piece]) -> int:
    return sum(cell_len(text) for text, _ in pieces)


def as_segments(rows: Iterable[list[Piece]]) -> Iterator[Segment]:
    for pieces in rows:
        yield from (Segment(text, style) for text, style in pieces if text)
        yield Segment.line()
