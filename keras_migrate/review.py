"""A file's migration change by change: what a change is, what it does by itself, and what was decided of it.

What is refused is not cut out of the new text. The file is worked out again with those places refused, as a
comment would refuse them, so that what comes out fits together.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from keras_migrate.documents.kinds import is_notebook
from keras_migrate.documents.notebook import Notebook
from keras_migrate.findings import CellText, FileResult, Finding, Level
from keras_migrate.ignores import UNUSED_IGNORE, with_ignores
from keras_migrate.refusals import Place
from keras_migrate.reports.diff import Block, blocks, lines

Migrate = Callable[[Callable[[str, int], bool]], FileResult]
"""Works a file out again with places refused."""

MigrateText = Callable[[bytes], FileResult]
"""Works out what would become of a file that says something else."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is accepted or refused as a whole.

    Attributes:
        findings: what it is made for, in the order of lines.
    """

    findings: tuple[Finding, ...]

    @property
    def places(self) -> frozenset[Place]:
        """The places that are refused with it."""
        return frozenset((each.rule, each.line) for each in self.findings)

    @property
    def rules(self) -> tuple[str, ...]:
        """The codes of its rules, without repetition."""
        return tuple(dict.fromkeys(each.rule for each in self.findings))

    @property
    def is_manual(self) -> bool:
        """Whether nothing is changed here, as it needs a person."""
        return self.findings[0].level is Level.MANUAL

    @property
    def moves_names(self) -> bool:
        """Whether imports are among what it changes."""
        return any(each.bundle for each in self.findings)


def changes(findings: Iterable[Finding]) -> list[Change]:
    """The changes of a file, in the order of lines.

    Findings of one rule on one line are one change, and those of an import and of the names that are reached
    through it. What needs a person stands for itself.

    Args:
        findings: all that was found in the file.
    """
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        if finding.level is Level.MANUAL:
            groups[finding] = [finding]
        elif finding.level is not Level.ERROR:
            keys: list[object] = [(finding.rule, finding.line)]
            keys += [finding.bundle] if finding.bundle else []
            merged = [finding]
            for group in {id(groups[key]): groups[key] for key in keys if key in groups}.values():
                merged += group
            for each in merged:
                groups[each.rule, each.line] = merged
                if each.bundle:
                    groups[each.bundle] = merged
    unique = {id(group): group for group in groups.values()}
    made = [Change(tuple(sorted(group, key=_order))) for group in unique.values()]
    return sorted(made, key=lambda change: _order(change.findings[0]))


def _order(finding: Finding) -> tuple[int, int, str]:
    return finding.line, finding.column, finding.rule


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring lines of a file, or of a cell of a notebook, and what they become.

    Attributes:
        part: the number of the cell; 0 for a whole file.
        old: the old lines, as 0-based indexes.
        text: the new lines.
    """

    part: int
    old: range
    text: str


class LostEditError(Exception):
    """Lines that were edited by hand are no longer where they were."""


@dataclass
class FileReview:
    """What was decided of one file.

    Attributes:
        first: what the run worked out.
        result: what is worked out now, without what was refused.
        accepted: the places of changes that were accepted.
        refused: those of changes that were refused.
        edits: what was written by hand in the place of what the tool proposes.
        left: whether the file stays as it is.
    """

    first: FileResult
    migrate: Migrate
    result: FileResult = field(init=False)
    accepted: set[Place] = field(default_factory=set)
    refused: set[Place] = field(default_factory=set)
    edits: list[Stretch] = field(default_factory=list)
    left: bool = False
    _told: set[Finding] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.result = self.first

    @property
    def decided(self) -> bool:
        """Whether any change was accepted or edited."""
        return bool(self.accepted or self.edits)

    def pending(self) -> list[Change]:
        """The changes that nothing was decided of, and what needs a person and was not shown."""
        known = set(self.first.findings)
        settled = self.accepted | self.refused
        return [
            change
            for change in changes(self.result.findings)
            if (
                change.findings[0] in known and change.findings[0] not in self._told
                if change.is_manual
                else not change.places <= settled
            )
        ]

    def alone(self, change: Change) -> FileResult:
        """The file with nothing but one change to see; what was found is that of the change.

        The move of an import is shown as if it were the only one, anything else as the difference that it
        makes to all the rest.
        """
        if change.is_manual:
            return self._shown(self.result, self.result, change)
        if change.moves_names:
            only = self.migrate(lambda code, line: (code, line) not in change.places)
            if only.after != only.before:
                found = tuple(each for each in only.findings if (each.rule, each.line) in change.places)
                return self._shown(
                    replace(only, after=only.before, cells=_as_before(only)), only, Change(found)
                )
        return self._shown(self._without(change.places), self.result, change)

    def accept(self, change: Change) -> None:
        """Makes a change."""
        if change.is_manual:
            self._told.add(change.findings[0])
        else:
            self.accepted |= change.places

    def refuse(self, change: Change) -> bool:
        """Leaves a change out, and what hangs on it.

        Returns:
            Whether that is possible; where it is not, nothing is decided.
        """
        if change.is_manual:
            self._told.add(change.findings[0])
            return True
        without = self._without(change.places)
        if any(change.places & each.places for each in changes(without.findings) if not each.is_manual):
            return False
        self.refused |= change.places
        self.result = without
        return True

    def refuse_pending(self) -> None:
        """Leaves out all that nothing was decided of; the whole file where some of it cannot be left out."""
        while pending := [change for change in self.pending() if not change.is_manual]:
            if not self.refuse(Change(tuple(finding for each in pending for finding in each.findings))):
                self.left = True
                return

    def proposal(self, change: Change) -> list[Stretch]:
        """The lines that a change is about, with all that they are to become."""
        found: list[Stretch] = []
        for part, (old, new) in _parts(self.result).items():
            whole = list(blocks(old, new))
            near = [block for block in whole if self._concerns(change, part, block)]
            for block in near or self._around(change, part, whole, old):
                found.append(Stretch(part, block.old, "".join(new[block.new.start : block.new.stop])))
        return found

    def edit(self, change: Change, stretches: Sequence[Stretch]) -> None:
        """Takes what was written by hand for the lines of a change; nothing else is asked about them.

        Args:
            change: the change.
            stretches: its proposal, with other lines.
        """
        self.edits = [
            each
            for each in self.edits
            if not any((each.part, each.old) == (s.part, s.old) for s in stretches)
        ]
        self.edits += stretches
        self.accept(change)
        for other in changes(self.result.findings):
            if all(any(_in(finding, s) for s in stretches) for finding in other.findings):
                self.accept(other)

    def problem(self, stretches: Sequence[Stretch]) -> str | None:
        """Why a file with lines that were written by hand is no Python any more; ``None`` where it is."""
        if not self.first.path.endswith((".py", ".pyi", ".pyw")):
            return None
        try:
            ast.parse(self._edited([*self.edits, *stretches]).after)
        except (SyntaxError, ValueError) as error:
            return str(error)
        except LostEditError:
            return None
        return None

    def finished(self) -> FileResult:
        """What is to be written.

        Raises:
            LostEditError: where lines that were edited by hand became others by what was refused later.
        """
        if self.left:
            found = tuple(each for each in self.first.findings if each.level is Level.MANUAL)
            return replace(self.first, after=self.first.before, findings=found, cells=_as_before(self.first))
        return self._edited(self.edits)

    def remembered(self, migrate: MigrateText) -> FileResult:
        """The same with comments that ignore what was refused.

        Args:
            migrate: works out what would become of the file with them.
        """
        result = self.finished()
        if self.left or not self.refused or not self.can_remember:
            return result
        places = self._new_places(result)
        commented = _commented(result, places)
        idle = {
            (each.cell.number if each.cell else 0, each.line if not each.cell else each.cell.line)
            for each in migrate(commented.after).findings
            if each.rule == UNUSED_IGNORE.code
        }
        marked = _marked_lines(result, places)
        used = [each for each in places if (each[0], marked[each]) not in idle]
        return _commented(result, used)

    @property
    def can_remember(self) -> bool:
        """Whether comments in the file can say what is to stay as it is."""
        path = self.first.path
        return is_notebook(path, self.first.before) or path.endswith((".py", ".pyi", ".pyw"))

    def _new_places(self, result: FileResult) -> list[tuple[int, int, str]]:
        """The refused places by part, line of the new text and code."""
        found = []
        texts = _parts(result)
        cells = {(each.rule, each.line): each.cell for each in self.first.findings}
        for code, line in sorted(self.refused):
            cell = cells.get((code, line))
            part, at = (cell.number, cell.line) if cell is not None else (0, line)
            if part in texts:
                old, new = texts[part]
                found.append((part, _new_index(blocks(old, new), at - 1) + 1, code))
        return found

    def _without(self, places: Iterable[Place]) -> FileResult:
        refused = self.refused | set(places)
        return self.migrate(lambda code, line: (code, line) in refused)

    def _shown(self, before: FileResult, after: FileResult, change: Change) -> FileResult:
        """What differs between two results, with the findings of a change where they are to be seen."""
        old, new = _parts(before), _parts(after)
        findings = []
        for each in change.findings:
            part = each.cell.number if each.cell is not None else 0
            original, then = old.get(part, ([], []))
            line = each.cell.line if each.cell is not None else each.line
            at = _new_index(blocks(original, then), line - 1) + 1
            if each.cell is not None:
                findings.append(replace(each, cell=replace(each.cell, line=at)))
            else:
                findings.append(replace(each, line=at))
        cells = tuple(
            CellText(part, "".join(old.get(part, (new[part][0],) * 2)[1]), "".join(new[part][1]))
            for part in new
            if part and (old.get(part, (new[part][0],) * 2)[1] != new[part][1] or _is_in(part, findings))
        )
        return replace(after, before=before.after, findings=tuple(findings), cells=cells)

    def _concerns(self, change: Change, part: int, block: Block) -> bool:
        """Whether a place where the file changes is one of a change."""
        for each in change.findings:
            place = each.cell
            if (place.number if place is not None else 0) != part:
                continue
            line, new = (each.line, each.new_line) if place is None else (place.line, place.new_line)
            if line - 1 in block.old or (new is not None and new - 1 in block.new):
                return True
        return False

    @staticmethod
    def _around(change: Change, part: int, whole: Sequence[Block], old: Sequence[str]) -> Iterator[Block]:
        """The lines of what is found in a part, where they do not change."""
        for each in change.findings:
            place = each.cell
            if (place.number if place is not None else 0) == part:
                at = min((each.line if place is None else place.line) - 1, len(old) - 1)
                new = _new_index(whole, at)
                yield Block(range(at, at + 1), range(new, new + 1))

    def _edited(self, edits: Sequence[Stretch]) -> FileResult:
        """The result with what was written by hand."""
        if not edits:
            return self.result
        texts = {part: "".join(new) for part, (_, new) in _parts(self.result).items()}
        for part, (old, new) in _parts(self.result).items():
            made = list(new)
            whole = list(blocks(old, new))
            for edit in sorted((e for e in edits if e.part == part), key=lambda e: e.old.start, reverse=True):
                start, stop = _stretch(whole, edit.old)
                made[start:stop] = [edit.text]
            texts[part] = "".join(made)
        done = {
            finding
            for finding in self.result.findings
            if finding.level is Level.MANUAL and any(_in(finding, edit) for edit in edits)
        }
        left = tuple(each for each in self.result.findings if each not in done)
        return replace(_with_texts(self.result, texts), findings=left)


def _is_in(part: int, findings: Iterable[Finding]) -> bool:
    return any(each.cell is not None and each.cell.number == part for each in findings)


def _in(finding: Finding, stretch: Stretch) -> bool:
    """Whether something was found on the old lines of a stretch."""
    part, line = (0, finding.line) if finding.cell is None else (finding.cell.number, finding.cell.line)
    return part == stretch.part and line - 1 in stretch.old


def _as_before(result: FileResult) -> tuple[CellText, ...]:
    return tuple(replace(cell, after=cell.before) for cell in result.cells)


def _parts(result: FileResult) -> dict[int, tuple[list[str], list[str]]]:
    """The old and the new lines of a file by 0, or of a notebook's cells by their numbers."""
    if not is_notebook(result.path, result.before):
        return {0: (lines(result.before, result.encoding), lines(result.after, result.encoding))}
    return {cell.number: (_rows(cell.before), _rows(cell.after)) for cell in result.cells}


def _rows(text: str) -> list[str]:
    """The lines of a cell, with their ends."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _with_texts(result: FileResult, texts: dict[int, str]) -> FileResult:
    """A result with other new texts of its parts."""
    if not is_notebook(result.path, result.before):
        bom = "\ufeff" if result.after.decode(result.encoding).startswith("\ufeff") else ""
        return replace(result, after=(bom + texts[0]).encode(result.encoding))
    changed = {cell.number: texts[cell.number] for cell in result.cells if texts[cell.number] != cell.after}
    if not changed:
        return result
    after = Notebook.read(result.after).with_sources(changed).data
    cells = tuple(replace(cell, after=texts[cell.number]) for cell in result.cells)
    return replace(result, after=after, cells=cells)


def _new_index(whole: Iterable[Block], index: int) -> int:
    """Where an old line is in the new text, or what takes its place; both counted from 0."""
    shift = 0
    for block in whole:
        if index < block.old.start:
            break
        if index in block.old:
            last = max(block.new.start, block.new.stop - 1)
            return min(block.new.start + index - block.old.start, last)
        shift = block.new.stop - block.old.stop
    return index + shift


def _stretch(whole: Sequence[Block], old: range) -> tuple[int, int]:
    """Where the new lines begin and end that take the place of some old ones.

    Raises:
        LostEditError: where they are no longer apart from those around them.
    """
    shift = growth = 0
    for block in whole:
        grown = len(block.new) - len(block.old)
        if block.old == old:
            growth += grown
        elif block.old.stop <= old.start:
            shift += grown
        elif block.old.start < old.stop:
            if block.old.start < old.start or block.old.stop > old.stop:
                raise LostEditError
            growth += grown
    return old.start + shift, old.stop + shift + growth


def _commented(result: FileResult, places: Sequence[tuple[int, int, str]]) -> FileResult:
    """A result with comments at some lines of its new text."""
    texts = {}
    for part, (_, new) in _parts(result).items():
        wanted: dict[int, list[str]] = {}
        for number, line, code in places:
            if number == part:
                wanted.setdefault(line, []).append(code)
        texts[part] = with_ignores("".join(new), wanted)[0]
    return _with_texts(result, texts)


def _marked_lines(
    result: FileResult, places: Sequence[tuple[int, int, str]]
) -> dict[tuple[int, int, str], int]:
    """On which line the comment for a place stands."""
    found = {}
    for part, (_, new) in _parts(result).items():
        wanted: dict[int, list[str]] = {}
        for number, line, code in places:
            if number == part:
                wanted.setdefault(line, []).append(code)
        marked = with_ignores("".join(new), wanted)[1]
        found.update({(number, line, code): marked[line] for number, line, code in places if number == part})
    return found
