"""Indentation that mixes tabs and spaces, as Python 2 read it and Python 3 takes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_INDENT = re.compile(r"[ \t\f]*")
_TAB = 8
"""A tab leads to the next multiple of so many columns in Python 2."""


def consistent(lines: list[str], starts: Iterable[int]) -> list[str]:
    """Gives the lines of each block the same indentation; only lines that differ from their block change.

    Args:
        lines: the lines of a source.
        starts: the 0-based numbers of those that begin a statement, in order.
    Returns:
        The lines, as many as before.
    """
    new = list(lines)
    for number, indent in _indents(lines, starts):
        new[number] = indent + lines[number][_length(lines[number]) :]
    return new


def _indents(lines: list[str], starts: Iterable[int]) -> Iterator[tuple[int, str]]:
    """The indentation that each line gets which begins a statement."""
    blocks = [(0, "")]
    for number in starts:
        own = lines[number][: _length(lines[number])]
        column = len(own.rpartition("\f")[2].expandtabs(_TAB))
        while column < blocks[-1][0]:
            blocks.pop()
        around, indent = blocks[-1]
        if column > around:
            extends = own.startswith(indent) and len(indent.expandtabs(_TAB)) == around
            indent = own if extends else indent + " " * (column - around)
            blocks.append((column, indent))
        if column or "\f" not in own:
            yield number, indent


def _length(line: str) -> int:
    match = _INDENT.match(line)
    return match.end() if match is not None else 0
