"""Where things stand on the lines of a diff, by the terminal that shows it."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions

from keras_migrate.reports.diff import Row

PLAIN_WIDTH = 80
"""Where nothing is folded: rulers are this long, and rule codes stand at the end of them."""
NARROW = 60
"""Terminals with fewer columns show one line number, not two."""
WIDE = 100
"""Terminals with fewer columns have no room for two sides."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand on a line.

    Attributes:
        width: columns of the terminal; ``None`` where lines are not folded.
        digits: columns of a line number.
        two_numbers: whether the old and the new number are both shown.
        colored: whether colors will be seen.
        ruler: the character that rulers are made of.
        bullet: stands before a message.
        dot: stands between counts.
        two_sides: whether old and new lines stand beside each other.
        bar: stands between the two sides.
    """

    width: int | None
    digits: int
    two_numbers: bool
    colored: bool
    ruler: str
    bullet: str
    dot: str
    two_sides: bool
    bar: str

    @classmethod
    def of(
        cls, console: Console, options: ConsoleOptions, last_line: int, *, side_by_side: bool = False
    ) -> Layout:
        """The layout for a console.

        Args:
            console: where the diff is shown.
            options: how.
            last_line: the highest line number in it.
            side_by_side: whether old and new lines are to stand beside each other where there is room.
        """
        unicode = not options.ascii_only
        width = options.max_width if console.is_terminal else None
        return cls(
            width,
            max(3, len(str(last_line))),
            width is None or width >= NARROW,
            console.color_system is not None and not console.no_color,
            "─" if unicode else "-",
            "╰─" if unicode else "`-",
            "·" if unicode else "|",
            side_by_side and width is not None and width >= WIDE,
            "│" if unicode else "|",
        )

    @property
    def gutter(self) -> int:
        """Columns before the code."""
        return (self.digits + 1) * (2 if self.two_numbers else 1) + 2

    @property
    def code_width(self) -> int | None:
        """Columns for the code; ``None`` for as many as it has."""
        return None if self.width is None else max(8, self.width - self.gutter)

    @property
    def side_width(self) -> int:
        """Columns for the code of each of two sides, which have a number and a blank before it."""
        return ((self.width or PLAIN_WIDTH) - 3) // 2 - self.digits - 1

    def numbers(self, row: Row) -> str:
        if self.two_numbers:
            return f"{row.old or '':>{self.digits}} {row.new or '':>{self.digits}} "
        return f"{row.new or row.old or '':>{self.digits}} "
