"""The parts of a file as one program, and the file again once that program is another one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from typing import NamedTuple

import libcst as cst

from keras_migrate.documents.ipython import Command, Masked, mask, masked_wholly, unmasked
from keras_migrate.documents.kinds import document_kind, is_notebook
from keras_migrate.documents.notebook import Notebook
from keras_migrate.documents.parts import Part, Parted
from keras_migrate.documents.python import DocumentError, PythonDocument, lone_string
from keras_migrate.documents.text import Text
from keras_migrate.findings import CellPlace, CellText, Finding, Level, Rule

NOT_A_NOTEBOOK = Rule(
    "KM910",
    "not-a-notebook",
    "Report a notebook that is not the JSON that a notebook is.",
    "The file is untouched. It was cut off, perhaps, or two versions of it were merged. Mend it and run "
    "again.",
)
UNDIVIDED = Rule(
    "KM911",
    "cell-left-alone",
    "Leave a cell alone whose new code has no place in it.",
    "What stands behind `%time` has to be one line. Where its migration takes more, the cell stays as it is.",
)
OTHER_PROGRAM = Rule(
    "KM812",
    "cell-of-its-own",
    "Name cells with programs of their own that mention Keras.",
    "What a cell writes to a file (`%%writefile`) or hands to another program (`%%bash`, `%%script`) is not "
    "part of the notebook's program, and stays as it is.",
)
RULES = (OTHER_PROGRAM, NOT_A_NOTEBOOK, UNDIVIDED)

Problem = Callable[[str], DocumentError | None]
"""Says why code cannot be read, if it cannot."""


def unreadable(code: str) -> DocumentError | None:
    """Why code cannot be read as Python 3."""
    try:
        _parsed(code)
    except DocumentError as error:
        return error
    return None


def _parsed(code: str) -> cst.Module:
    """The tree of some code.

    Raises:
        DocumentError: if it cannot be read, or not be printed again.
    """
    module = PythonDocument(code, "utf-8", bom=False).parse()
    if "\r" in code or module.code != code:
        raise DocumentError("KM903", "cannot be reproduced byte for byte, so it was left alone")
    return module


def _wrong(text: str, problem: Problem) -> DocumentError | None:
    """Why a cell cannot be read: by itself, or behind or between others, where a form feed can get lost."""
    error = problem(f"{text}\n")
    for around in (f'""\n{text}\n', f'""\n{text}\n""\n'):
        if error is None and (found := problem(around)) is not None:
            error = DocumentError(found.rule, str(found), max(1, found.line - 1), found.column)
    return error


def code_in(path: str, data: bytes) -> bytes:
    """The Python in a file; nothing where it cannot be read.

    Args:
        path: what it is called.
        data: its bytes.
    """
    try:
        file = parted(path, data)
    except (DocumentError, RecursionError):
        return b""
    return data if file is None else _joined(file).text.encode("utf-8", "replace")


def parted(path: str, data: bytes) -> Parted | None:
    """A file that holds Python in parts; ``None`` for all others.

    Raises:
        DocumentError: if it cannot be read.
    """
    if is_notebook(path, data):
        return Notebook.read(data)
    return None if document_kind(path) is None else Text.read(path, data)


def printed_version(data: bytes) -> tuple[int, str] | None:
    """The number of the first cell of a notebook that shows the version of Keras, and what it showed."""
    try:
        return Notebook.read(data).printed_version()
    except (DocumentError, RecursionError):
        return None


@dataclass(frozen=True)
class _Cell:
    """A cell of a program, or what stands for one in another file.

    Attributes:
        cell: the cell as the file has it.
        source: its code with lines that end in ``\\n``.
        masked: the same as Python.
        problem: why it cannot be read, if it cannot.
        left: what is wrong with statements in it that stay as they are.
    """

    cell: Part
    source: str
    masked: Masked
    problem: DocumentError | None = None
    left: tuple[DocumentError, ...] = ()


class _Line(NamedTuple):
    """A line of the new program, and its 1-based number there."""

    text: str
    number: int


class Migrated(NamedTuple):
    """What became of a file.

    Attributes:
        file: with its new code.
        findings: what is to be said, with lines of the file.
        cells: the cells with something to see.
    """

    file: Parted
    findings: tuple[Finding, ...]
    cells: tuple[CellText, ...]


@dataclass(frozen=True)
class Program:
    """All Python of a notebook, or of another file that has it in parts, as one module.

    Each cell follows a string that names it; those that cannot be read are there as a call that could do
    anything, and those that hold no Python of the file are left out.

    Attributes:
        file: the file.
        cells: its cells.
        stem: begins the names of what stands for something else; no code has it.
    """

    file: Parted
    cells: tuple[_Cell, ...]
    stem: str

    @classmethod
    def of(cls, file: Parted, problem: Problem = unreadable) -> Program:
        """The program of a file.

        Args:
            file: the file.
            problem: says why code cannot be read.
        """
        program = _joined(file)
        if program._is_whole():
            return program
        cells = []
        for each in program.cells:
            error = _wrong(each.masked.text, problem) if each.masked.python else None
            if error is not None:
                stem = f"{program.stem}{each.cell.number}_"
                mended = file.mended(each.source, stem)
                if mended is not None and _wrong(mended.masked.text, problem) is None:
                    each = replace(each, masked=mended.masked, left=mended.problems)
                else:
                    masked = masked_wholly(each.source, stem)
                    each = replace(each, masked=masked, problem=_placed(error, each.masked))
            cells.append(each)
        return replace(program, cells=tuple(cells))

    def _is_whole(self) -> bool:
        """Whether every cell can be read as Python 3, and ends where it ends."""
        try:
            statements = _parsed(self.text).body
        except DocumentError:
            return False
        found = sum(self._marker.fullmatch(lone_string(each)) is not None for each in statements)
        return found == len(self._read)

    @cached_property
    def _read(self) -> tuple[_Cell, ...]:
        """The cells that are part of the program."""
        return tuple(each for each in self.cells if each.masked.python or each.problem is not None)

    @cached_property
    def text(self) -> str:
        """The module."""
        return "".join(f'"{self.stem}{each.cell.number}"\n{each.masked.text}\n' for each in self._read)

    @property
    def document(self) -> PythonDocument:
        """The same as a source file, whose parts are the cells."""
        return PythonDocument(self.text, "utf-8", bom=False, heads=f'"{self.stem}')

    @cached_property
    def _marker(self) -> re.Pattern[str]:
        return re.compile(rf'"{self.stem}(\d+)"')

    @cached_property
    def _places(self) -> list[tuple[_Cell, int]]:
        """For each line of the module the cell and the 1-based line in its text as Python; 0 for its name."""
        return [(each, line) for each in self._read for line in range(each.masked.text.count("\n") + 2)]

    def commands(self) -> Iterator[tuple[int, Command]]:
        """What is not Python, with the number of its cell, line by line."""
        for each in self.cells:
            for command in each.masked.commands.values():
                if each.problem is None:
                    lines = command.text.split("\n") if not each.masked.python else [command.text]
                    yield from (
                        (each.cell.number, Command(text, command.line + at)) for at, text in enumerate(lines)
                    )

    def finding(
        self,
        rule: str,
        level: Level,
        message: str,
        number: int,
        line: int,
        column: int = 1,
        symbol: str | None = None,
    ) -> Finding:
        """A finding about a line of a cell that stays as it is."""
        place = CellPlace(number, line, column, line)
        return Finding(rule, level, message, symbol, 0, 0, 0, place)

    def refused(self, error: DocumentError) -> DocumentError:
        """What is wrong with the module, with the line of the file."""
        place = self._cell_place(error.line, error.column)
        line, column = self._file_place(place.number, place.line, place.column)
        message = f"{self.file.word} {place.number} {error}"
        return DocumentError(error.rule, message, line, column)

    def migrated(self, text: str, findings: Iterable[Finding]) -> Migrated:
        """The file with another program.

        Args:
            text: the new module.
            findings: what is to be said, with lines of the old and the new module.
        """
        chunks = self._divided(text)
        said = [each if each.cell is not None else self._traced(each) for each in findings]
        new_places: dict[int, tuple[int, int]] = {}
        sources: dict[int, str] = {}
        for each in self.cells:
            number = each.cell.number
            if number not in chunks:
                continue
            lines = self._restored(each, chunks[number])
            if lines is None:
                said = [one for one in said if one.cell is None or one.cell.number != number]
                message = (
                    f"the {self.file.word} stays as it is: what stands behind a magic would take more than "
                    "one line"
                )
                said.append(self.finding(UNDIVIDED.code, Level.MANUAL, message, number, 1))
                continue
            at = 1
            for line in lines:
                new_places[line.number] = number, at
                at += 1 + line.text.count("\n")
            source = "\n".join(line.text for line in lines)
            if source != each.source:
                sources[number] = source
        said = [self._with_new_line(each, new_places, sources) for each in (*said, *self._unread())]
        new = self.file.with_sources(sources)
        return Migrated(new, tuple(self._in_file(said, new)), tuple(self._texts(said, sources)))

    def _divided(self, text: str) -> dict[int, list[_Line]]:
        """The lines of a new module by cell; what came to stand where no code can is moved down."""
        order = [each.cell.number for each in self._read]
        found: dict[int, list[_Line]] = {}
        loose: list[_Line] = []
        current = loose
        for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
            marker = self._marker.fullmatch(line)
            if marker is None:
                current.append(_Line(line, number))
            else:
                current = found.setdefault(int(marker[1]), [])
        if list(found) != order:
            raise DocumentError("KM903", "cannot be divided into its cells again, so it was left alone")
        for each in self._read:
            lines = found[each.cell.number]
            if each.problem is not None:
                loose += [line for line in lines if line.text.strip() and self.stem not in line.text]
                del found[each.cell.number]
            elif loose:
                lines[:0] = loose
                loose = []
        if any(line.text.strip() for line in loose):
            raise DocumentError("KM903", "has no cell for what it needs, so it was left alone")
        return found

    def _restored(self, cell: _Cell, lines: Sequence[_Line]) -> list[_Line] | None:
        """The lines of a cell as IPython reads them; ``None`` where a masked one has become more than one."""
        new = list(lines)
        old = cell.masked.text.split("\n")
        texts = [line.text for line in new]
        if (spare := _blank_at_end(texts) - _blank_at_end(old)) > 0:
            del new[-spare:]
        if (spare := _blank_at_end(texts[::-1]) - _blank_at_end(old[::-1])) > 0:
            del new[:spare]
        if cell.masked.magic:
            at = next((at for at, line in enumerate(new) if cell.masked.magic in line.text), 0)
            if any(line.text.strip() for line in new[:at]):
                new.insert(0, new.pop(at))
        restored: list[_Line] = []
        for line in new:
            text = unmasked(line.text, self.stem, self._commands)
            # the end of a statement that has become longer than a line; not of a string over several
            while text is None and restored and not _QUOTES.search(restored[-1].text):
                line = _Line(_put_together(restored.pop().text, line.text), line.number)
                text = unmasked(line.text, self.stem, self._commands)
            if text is None:
                return None
            restored.append(line._replace(text=text))
        return restored

    @cached_property
    def _commands(self) -> Mapping[str, Command]:
        return {name: command for each in self.cells for name, command in each.masked.commands.items()}

    def _cell_place(self, line: int, column: int) -> CellPlace:
        """The place in a cell that a place in the old module is."""
        each, at = self._places[min(line, len(self._places)) - 1]
        lines = each.masked.lines
        real = 1 if not lines or not at else lines[at - 1] if at <= len(lines) else lines[-1]
        return CellPlace(each.cell.number, real, column + each.masked.shifts.get(at, 0))

    def old_line(self, line: int) -> int:
        """The line of the file that a line of the old module is."""
        place = self._cell_place(line, 1)
        return self._file_place(place.number, place.line, place.column)[0]

    def _traced(self, finding: Finding) -> Finding:
        message = re.sub(rf"({self.stem}\d+_\d+_)\(\)", self._as_written, finding.message)
        return replace(finding, message=message, cell=self._cell_place(finding.line, finding.column))

    def _as_written(self, match: re.Match[str]) -> str:
        command = self._commands.get(match[1])
        return match[0] if command is None else command.text

    def _with_new_line(
        self, finding: Finding, places: Mapping[int, tuple[int, int]], sources: Mapping[int, str]
    ) -> Finding:
        """A finding with its line in the new text of its cell."""
        place = finding.cell
        assert place is not None
        if place.new_line is not None:  # of a line that stays
            cell = self._by_number[place.number]
            after = sources.get(place.number, cell.source)
            return replace(finding, cell=replace(place, new_line=_kept(cell.source, after, place.line)))
        number, line = places.get(finding.new_line or 0, (0, 0))
        return replace(finding, cell=replace(place, new_line=line)) if number == place.number else finding

    def _unread(self) -> Iterator[Finding]:
        """What is to be said about the cells that are not part of the program."""
        for each in self.cells:
            error, number = each.problem, each.cell.number
            for problem in (*([] if error is None else [error]), *each.left):
                message = f"the {self.file.word} {problem}"
                yield self.finding(problem.rule, Level.MANUAL, message, number, problem.line, problem.column)
            if error is not None:
                continue
            if not each.masked.python and (match := _IMPORTS_KERAS.search(each.source)) is not None:
                magic = each.source.split()[0]
                message = (
                    f"`{magic}` makes this a program of its own, which stays as it is. Migrate it as a file"
                )
                line = each.source.count("\n", 0, match.start()) + 1
                yield self.finding(OTHER_PROGRAM.code, Level.MANUAL, message, number, line, symbol="keras")

    def _in_file(self, said: Iterable[Finding], new: Parted) -> list[Finding]:
        """The findings with their lines in the old and the new file, in order."""
        placed = []
        for each in said:
            place = each.cell
            assert place is not None
            line, column = self._file_place(place.number, place.line, place.column)
            new_line = None
            if place.new_line is not None:
                new_line = new.place(place.number, place.new_line)[0]
            placed.append(replace(each, line=line, column=column, new_line=new_line))
        return sorted(
            placed, key=lambda each: (each.cell and each.cell.number, each.line, each.column, each.rule)
        )

    def _file_place(self, number: int, line: int, column: int) -> tuple[int, int]:
        return self.file.place(number, line, column)

    @cached_property
    def _by_number(self) -> Mapping[int, _Cell]:
        return {each.cell.number: each for each in self.cells}

    def _texts(self, said: Iterable[Finding], sources: Mapping[int, str]) -> Iterator[CellText]:
        named = {each.cell.number for each in said if each.cell is not None}
        for each in self.cells:
            number = each.cell.number
            if number in sources or number in named:
                yield CellText(number, each.source, sources.get(number, each.source))


_IMPORTS_KERAS = re.compile(r"^[ \t]*(?:from|import)[ \t]+keras\b", re.MULTILINE)


def _joined(file: Parted) -> Program:
    """The program of a file whose cells can all be read."""
    sources = [cell.source.replace("\r\n", "\n") for cell in file.cells]
    stem = "ipython_"
    while any(stem in source for source in sources):
        stem = f"_{stem}"
    cells = [
        _Cell(cell, source, mask(source, f"{stem}{cell.number}_"))
        for cell, source in zip(file.cells, sources, strict=True)
    ]
    return Program(file, tuple(cells), stem)


def _placed(error: DocumentError, masked: Masked) -> DocumentError:
    """An error in the masked text of a cell, as one in the cell."""
    line = masked.lines[min(error.line, len(masked.lines)) - 1] if masked.lines else 1
    column = error.column + masked.shifts.get(error.line, 0)
    return DocumentError(error.rule, str(error), line, column)


def _kept(before: str, after: str, line: int) -> int | None:
    """Where a line of an old text is in the new one."""
    matcher = SequenceMatcher(None, before.split("\n"), after.split("\n"), autojunk=False)
    blocks = (block for block in matcher.get_matching_blocks() if block.a < line <= block.a + block.size)
    return next((line - block.a + block.b for block in blocks), None)


_QUOTES = re.compile(r"\"{3}|'{3}")


def _put_together(one: str, other: str) -> str:
    """Two lines of a statement as one."""
    return f"{one}{'' if one.endswith(('(', '[', '{')) else ' '}{other.lstrip()}"


def _blank_at_end(lines: Sequence[str]) -> int:
    count = 0
    while count < len(lines) and not lines[-1 - count].strip():
        count += 1
    return count
