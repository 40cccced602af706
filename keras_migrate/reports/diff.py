"""What differs between a file's old and new lines, word by word, and which finding belongs to which line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import zip_longest

from keras_migrate.documents.kinds import is_notebook
from keras_migrate.findings import FileResult, Finding, Level
from keras_migrate.likeness import alike, words

CONTEXT = 3
"""Unchanged lines shown on either side of a change."""

_MANY_LINES = 3000
"""From here on lines that occur very often are no anchors: exact matching grows with their square."""
_OBEYED = dict.fromkeys((*range(9), *range(10, 32), *range(127, 160), 0x2028, 0x2029), "\ufffd") | {
    0x0C: " ",
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd"),
}
"""Control characters, and those that turn the direction of writing."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class Kind(str, Enum):
    """What a row of a diff shows."""

    SAME = " "
    REMOVED = "-"
    ADDED = "+"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a diff.

    Attributes:
        kind: whether it is in the old file, the new one or both.
        old: 1-based number of the line in the old file, if it is there.
        new: 1-based number of the line in the new file, if it is there.
        text: the line as it can be shown, without its end.
        changed: the parts of it that its counterpart on the other side lacks, as start and end offsets.
        findings: what was found there.
    """

    kind: Kind
    old: int | None
    new: int | None
    text: str
    changed: tuple[tuple[int, int], ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class FileDiff:
    """What changes in a file and what was found in it.

    Attributes:
        hunks: stretches of neighbouring rows.
        loose: findings of the file as a whole, whose line is in neither of its versions.
    """

    hunks: tuple[tuple[Row, ...], ...]
    loose: tuple[Finding, ...]


def diff(result: FileResult, context: int = CONTEXT) -> FileDiff:
    """Compares a file's old and new lines.

    Args:
        result: what became of the file.
        context: unchanged lines to show around every changed line and every finding.
    """
    old, new = lines(result.before, result.encoding), lines(result.after, result.encoding)
    places = list(_places(old, new))
    found, loose = _attach(result.findings, places)
    shown = sorted({*found} | {row for row, place in enumerate(places) if place[0] is not Kind.SAME})
    hunks = tuple(
        _with_changed_words([_row(places[index], old, new, found.get(index, ())) for index in stretch])
        for stretch in _stretches(shown, len(places), context)
    )
    return FileDiff(hunks, loose)


def parts(result: FileResult) -> Iterator[tuple[str, FileResult]]:
    """What is shown by itself, with its title: each cell of a notebook, and any other file as it is."""
    if not is_notebook(result.path, result.before):
        yield "", result
        return
    loose = tuple(finding for finding in result.findings if finding.cell is None)
    if loose or not result.cells:
        yield "", FileResult(result.path, b"", b"", loose)
    for cell in result.cells:
        before, after = (text.encode("utf-8", "surrogatepass") for text in (cell.before, cell.after))
        found = tuple(
            _in_cell(each) for each in result.findings if each.cell and each.cell.number == cell.number
        )
        yield f"cell {cell.number}", FileResult(result.path, before, after, found)


def _in_cell(finding: Finding) -> Finding:
    place = finding.cell
    assert place is not None
    return replace(finding, line=place.line, column=place.column, new_line=place.new_line)


def lines(data: bytes, encoding: str) -> list[str]:
    """The lines of a file as Python counts them, with their ends."""
    try:
        text = data.decode(encoding, errors="replace")
    except LookupError:
        text = data.decode("utf-8", errors="replace")
    return _LINE.findall(text.removeprefix("\ufeff"))


def printable(text: str) -> str:
    """A line as it can be shown: tabs expanded, and nothing in it that a terminal would obey."""
    return text.rstrip("\r\n").translate(_OBEYED).expandtabs(4)


_Place = tuple[Kind, "int | None", "int | None"]


@dataclass(frozen=True, slots=True)
class Block:
    """Old lines that new lines take the place of; one of the two may be empty.

    Attributes:
        old: 0-based indexes of the old lines.
        new: 0-based indexes of the new lines.
    """

    old: range
    new: range


def blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[Block]:
    """Where two versions of a file differ, from top to bottom."""
    start, end = _common_ends(old, new)
    middle = old[start : len(old) - end]
    matcher = difflib.SequenceMatcher(
        None, middle, new[start : len(new) - end], autojunk=len(middle) > _MANY_LINES
    )
    for operation, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if operation != "equal":
            yield Block(range(start + old_from, start + old_to), range(start + new_from, start + new_to))


def _places(old: Sequence[str], new: Sequence[str]) -> Iterator[_Place]:
    """Every line of both files, in the order of a diff."""
    at_old = at_new = 0
    for block in blocks(old, new):
        yield from _unchanged(at_old, block.old.start, at_new)
        yield from ((Kind.REMOVED, line, None) for line in block.old)
        yield from ((Kind.ADDED, None, line) for line in block.new)
        at_old, at_new = block.old.stop, block.new.stop
    yield from _unchanged(at_old, len(old), at_new)


def _unchanged(old_from: int, old_to: int, new_from: int) -> Iterator[_Place]:
    return ((Kind.SAME, line, new_from + line - old_from) for line in range(old_from, old_to))


def _common_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many lines are the same at the start, and how many of the rest at the end."""
    shorter = min(len(old), len(new))
    start = 0
    while start < shorter and old[start] == new[start]:
        start += 1
    end = 0
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return start, end


def _attach(
    findings: Iterable[Finding], places: Sequence[_Place]
) -> tuple[dict[int, tuple[Finding, ...]], tuple[Finding, ...]]:
    """Gives each finding its row; those of the file as a whole are returned apart."""
    by_old = {old: row for row, (_, old, _) in enumerate(places) if old is not None}
    by_new = {new: row for row, (_, _, new) in enumerate(places) if new is not None}
    found: dict[int, tuple[Finding, ...]] = {}
    loose: list[Finding] = []
    for finding in findings:
        at_old = by_old.get(finding.line - 1)
        at_new = by_new.get(finding.new_line - 1) if finding.new_line is not None else None
        rows = [row for row in (at_new, at_old) if row is not None]
        if not rows:
            loose.append(finding)
            continue
        changed = [row for row in rows if places[row][0] is not Kind.SAME]
        row = changed[0] if changed and finding.level in (Level.REWRITTEN, Level.REVIEW) else rows[0]
        found[row] = (*found.get(row, ()), finding)
    return found, tuple(loose)


def _stretches(shown: Sequence[int], count: int, context: int) -> Iterator[range]:
    """Joins rows that are to be shown, with their context, where they touch."""
    start = end = 0
    for row in shown:
        if row - context > end:
            if end:
                yield range(start, end)
            start = max(0, row - context)
        end = min(count, row + context + 1)
    if end:
        yield range(start, end)


def _row(place: _Place, old: Sequence[str], new: Sequence[str], findings: tuple[Finding, ...]) -> Row:
    kind, old_index, new_index = place
    text = new[new_index] if new_index is not None else old[old_index or 0]
    return Row(
        kind,
        None if old_index is None else old_index + 1,
        None if new_index is None else new_index + 1,
        printable(text),
        findings=findings,
    )


def _with_changed_words(rows: list[Row]) -> tuple[Row, ...]:
    """Marks in each block of removed and added rows the words that changed."""
    index = 0
    while index < len(rows):
        removed = _run(rows, index, Kind.REMOVED)
        added = _run(rows, index + len(removed), Kind.ADDED)
        for nth_removed, nth_added in alike([rows[i].text for i in removed], [rows[i].text for i in added]):
            at_old, at_new = removed[nth_removed], added[nth_added]
            old_parts, new_parts = changed_words(rows[at_old].text, rows[at_new].text)
            rows[at_old] = replace(rows[at_old], changed=old_parts)
            rows[at_new] = replace(rows[at_new], changed=new_parts)
        index += (len(removed) + len(added)) or 1
    return tuple(rows)


Pair = tuple["Row | None", "Row | None"]
"""An old line and the new one beside it; ``None`` where there is none."""


def sides(hunk: Sequence[Row]) -> Iterator[Pair]:
    """The rows of a hunk, old lines on the left and what they became on the right."""
    index = 0
    while index < len(hunk):
        if hunk[index].kind is Kind.SAME:
            yield hunk[index], hunk[index]
            index += 1
            continue
        removed = _run(hunk, index, Kind.REMOVED)
        added = _run(hunk, index + len(removed), Kind.ADDED)
        yield from _beside([hunk[i] for i in removed], [hunk[i] for i in added])
        index += len(removed) + len(added)


def _beside(old: Sequence[Row], new: Sequence[Row]) -> Iterator[Pair]:
    """The rows of one block; those that are alike beside each other, and the others between them."""
    left = right = 0
    for at_old, at_new in [
        *alike([row.text for row in old], [row.text for row in new]),
        (len(old), len(new)),
    ]:
        yield from zip_longest(old[left:at_old], new[right:at_new])
        if at_old < len(old):
            yield old[at_old], new[at_new]
        left, right = at_old + 1, at_new + 1


def _run(rows: Sequence[Row], start: int, kind: Kind) -> range:
    end = start
    while end < len(rows) and rows[end].kind is kind:
        end += 1
    return range(start, end)


def changed_words(old: str, new: str) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """The parts of two lines that the other lacks.

    Returns:
        Start and end offsets in the old line, and in the new one.
    """
    old_words, new_words = words(old), words(new)
    old_at, new_at = _offsets(old_words), _offsets(new_words)
    matcher = difflib.SequenceMatcher(None, old_words, new_words, autojunk=False)
    changes = [opcode for opcode in matcher.get_opcodes() if opcode[0] != "equal"]
    old_parts = tuple((old_at[i], old_at[j]) for _, i, j, _, _ in changes if i < j)
    new_parts = tuple((new_at[i], new_at[j]) for _, _, _, i, j in changes if i < j)
    return old_parts, new_parts


def _offsets(words: Iterable[str]) -> list[int]:
    offsets = [0]
    for word in words:
        offsets.append(offsets[-1] + len(word))
    return offsets
