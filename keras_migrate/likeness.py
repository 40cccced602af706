"""Which of some new lines is which of the old ones, where words of it changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

_ALIKE = 0.5
"""How alike two lines must be to be taken for one line whose words changed."""
_BIG_BLOCK = 40
"""Blocks with more lines on a side are paired in order, without looking for the best pairs."""
_WORD = re.compile(r"\w+|\s+|[^\w\s]")


def alike(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Which old line became which new line: the pairs that are most alike together.

    Args:
        old: lines that are gone.
        new: lines that are there in their place.
    Returns:
        Places in both, in order; no two pairs cross. Lines that are like no other are in none.
    """
    if not old or not new:
        return []
    if max(len(old), len(new)) > _BIG_BLOCK:
        return [(i, i) for i in range(min(len(old), len(new))) if _likeness(old[i], new[i]) >= _ALIKE]
    best: list[list[tuple[float, tuple[tuple[int, int], ...]]]] = [
        [(0.0, ())] * (len(new) + 1) for _ in range(len(old) + 1)
    ]
    for i, old_line in enumerate(old):
        for j, new_line in enumerate(new):
            options = [best[i][j + 1], best[i + 1][j]]
            likeness = _likeness(old_line, new_line)
            if likeness >= _ALIKE:
                score, pairs = best[i][j]
                options.append((score + likeness, (*pairs, (i, j))))
            best[i + 1][j + 1] = max(options, key=lambda option: option[0])
    return list(best[-1][-1][1])


def _likeness(old: str, new: str) -> float:
    """From 0 to 1: how much of two lines is the same words in the same order, indentation apart."""
    old_words, new_words = words(old.strip()), words(new.strip())
    matcher = SequenceMatcher(None, old_words, new_words, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _ALIKE else 0.0


def words(line: str) -> list[str]:
    """The words of a line, the blanks between them and the signs; together they are the line."""
    return _WORD.findall(line)
