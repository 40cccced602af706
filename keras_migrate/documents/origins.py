"""From which line of an old text each line of a new one came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origins:
    """Two texts, line by line.

    Attributes:
        old: the lines of the old text, without their ends.
        new: the lines of the new one.
        numbers: for each line of the new one the 1-based line that it came from; 0 where it was added.
    """

    old: tuple[str, ...]
    new: tuple[str, ...]
    numbers: tuple[int, ...]

    def old_line(self, line: int) -> int:
        """The old line that a new one came from; for one that was added, the one that follows it."""
        following = (number for number in self.numbers[line - 1 :] if number)
        return next(following, len(self.old) or 1)

    def new_line(self, line: int) -> int | None:
        """What an old line became, where it came to more than one the first; ``None`` where it is gone."""
        return self.numbers.index(line) + 1 if line in self.numbers else None

    def old_column(self, line: int, column: int) -> int:
        """The column of the old line that a column of a new one came from, or the nearest one."""
        new, old = self.new[line - 1], self.old[self.old_line(line) - 1]
        if column <= len(_common(new, old)) + 1:
            return column
        from_end = len(new) - column
        if from_end < len(_common(new[::-1], old[::-1])):
            return len(old) - from_end
        return min(column, len(old) or 1)

    def changed(self) -> frozenset[int]:
        """The old lines that became something else."""
        became: dict[int, list[str]] = {number: [] for number in range(1, len(self.old) + 1)}
        for number, text in zip(self.numbers, self.new, strict=True):
            if number:
                became[number].append(text)
        return frozenset(number for number, texts in became.items() if texts != [self.old[number - 1]])


def settled(old: Sequence[str], new: Sequence[str], numbers: Sequence[int]) -> Origins:
    """Fills the gaps: a line of unknown origin whose neighbour's neighbour reads the same is that one.

    Args:
        old: the lines of the old text.
        new: those of the new one.
        numbers: where the new ones came from, as far as is known; 0 elsewhere.
    """
    known = list(numbers)
    taken = set(known)
    for order, step in ((range(len(new) - 1, -1, -1), -1), (range(len(new)), 1)):
        for at in order:
            beside = at - step
            if known[at] or not 0 <= beside < len(known) or not known[beside]:
                continue
            number = known[beside] + step
            if number not in taken and 0 < number <= len(old) and old[number - 1] == new[at]:
                known[at] = number
                taken.add(number)
    return Origins(tuple(old), tuple(new), tuple(known))


def _common(one: str, other: str) -> str:
    length = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    return one[:length] if length is not None else min(one, other, key=len)
