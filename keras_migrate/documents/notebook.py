"""Notebooks (``.ipynb``): the code in their cells, and the same file with other code, byte for byte.

The JSON is read with a note of where the text of each code cell stands, and nothing else of it is kept: what
is not the text of a changed line is the old file, by construction.
"""

from __future__ import annotations

import codecs
import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any

from keras_migrate.documents.python import DocumentError


@dataclass(frozen=True)
class CodeCell:
    """A cell of code.

    Attributes:
        number: its 1-based place among all cells of the notebook.
        source: what it says, its lines joined.
        begin: where the value that holds its text begins in the file's text.
        end: where that ends.
        literals: where each of the strings that it is made of begins and ends, with their quotes.
        listed: whether it is a list of strings, a line each.
        outputs: what it gave when it was last run, as the JSON has it.
    """

    number: int
    source: str
    begin: int
    end: int
    literals: tuple[tuple[int, int], ...]
    listed: bool
    outputs: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Notebook:
    """A notebook file.

    Attributes:
        text: the whole JSON, without a byte order mark.
        bom: whether it starts with one.
        cells: its cells of Python code.
    """

    text: str
    bom: bool
    cells: tuple[CodeCell, ...]

    @classmethod
    def read(cls, data: bytes) -> Notebook:
        """Reads a file.

        Raises:
            DocumentError: if it is no notebook.
        """
        bom = data.startswith(codecs.BOM_UTF8)
        try:
            text = data.removeprefix(codecs.BOM_UTF8).decode()
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            message = f"cannot be decoded as utf-8: byte 0x{data[error.start]:02x}. Save it as UTF-8"
            raise DocumentError("KM902", message, line) from None
        try:
            return cls(text, bom, _Reader(text).cells())
        except json.JSONDecodeError as error:
            problem = error.msg.removesuffix(" at").removesuffix(" starting")
            message = f"is no notebook: {problem[:1].lower()}{problem[1:]}. Mend the file and run again"
            raise DocumentError("KM910", message, error.lineno, error.colno) from None

    @property
    def word(self) -> str:
        """What a person calls a part of it."""
        return "cell"

    @property
    def data(self) -> bytes:
        """Its bytes."""
        return (codecs.BOM_UTF8 if self.bom else b"") + self.text.encode()

    def mended(self, source: str, stem: str) -> None:
        """A cell that cannot be read as a whole stays as it is: it would not run."""

    def with_sources(self, sources: Mapping[int, str]) -> Notebook:
        """The file with other code.

        Args:
            sources: the new text of cells, by their numbers; their lines end in ``\\n``.
        """
        pieces: list[str] = []
        at = 0
        for cell in self.cells:
            new = sources.get(cell.number)
            if new is None:
                continue
            for begin, end, text in _Writing(self, cell).edits(new):
                pieces += (self.text[at:begin], text)
                at = end
        if not pieces:
            return self
        text = "".join((*pieces, self.text[at:]))
        return Notebook(text, self.bom, _Reader(text).cells())

    def place(self, number: int, line: int, column: int = 1) -> tuple[int, int]:
        """The 1-based line and column of the file at which a place in a cell stands."""
        cell = self._by_number[number]
        starts, ends = self.offsets(cell)
        lines = _lines(cell.source)
        if not starts:
            return self._line_and_column(cell.begin)
        before = sum(map(len, lines[: line - 1]))
        at = before + min(column - 1, len(lines[line - 1]) if line <= len(lines) else 0)
        return self._line_and_column(starts[at] if at < len(starts) else ends[-1])

    def printed_version(self) -> tuple[int, str] | None:
        """The number of the first cell that shows the version of Keras, and what it showed."""
        for cell in self.cells:
            found = set(_VERSION.findall(" ".join(_texts(cell.outputs)))) if _ASKS.search(cell.source) else ()
            if len(found) == 1:
                return cell.number, found.pop()
        return None

    def offsets(self, cell: CodeCell) -> tuple[list[int], list[int]]:
        """Where each character of a cell's text begins and ends in the file's text."""
        starts: list[int] = []
        ends: list[int] = []
        for begin, end in cell.literals:
            for match in _CHARACTER.finditer(self.text, begin + 1, end - 1):
                starts.append(match.start())
                ends.append(match.end())
        return starts, ends

    def _line_and_column(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    @cached_property
    def _by_number(self) -> Mapping[int, CodeCell]:
        return {cell.number: cell for cell in self.cells}

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in _NEWLINE.finditer(self.text))]

    @cached_property
    def ascii(self) -> bool:
        """Whether the file writes all other characters as escapes, or has none."""
        return self.text.isascii()


_NEWLINE = re.compile(r"\r\n?|\n")
_SURROGATES = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_CHARACTER = re.compile(rf"{_SURROGATES}|\\u[0-9a-fA-F]{{4}}|\\.|[^\\]", re.DOTALL)
"""One character of a string, as JSON writes it."""
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


_ASKS = re.compile(r"(?<![\w.])keras\.__version__")
_VERSION = re.compile(r"(?<![\w.])\d+\.\d+\.\d+(?![\w.])")


def _texts(outputs: Any) -> Iterator[str]:
    """All texts in what a cell gave, however it is wrapped."""
    if isinstance(outputs, str):
        yield outputs
    elif isinstance(outputs, (list, tuple)):
        for each in outputs:
            yield from _texts(each)
    elif isinstance(outputs, dict):
        for key in ("text", "data", "text/plain"):
            yield from _texts(outputs.get(key))


def _lines(text: str) -> list[str]:
    """The lines of a text with their ends."""
    return _LINE.findall(text)


class _Reader:
    """Walks over the JSON as far as the cells, and leaves the rest to Python's own reader."""

    _SPACE = re.compile(r"[ \t\r\n]*")

    def __init__(self, text: str) -> None:
        self._text = text
        self._decode = json.JSONDecoder().raw_decode
        self._found: list[CodeCell] = []
        self._count = 0

    def cells(self) -> tuple[CodeCell, ...]:
        """The cells of Python code."""
        known: dict[str, Any] = {}

        def member(key: str, at: int) -> int:
            if key == "cells":
                return self._array(at, self._cell)
            if key == "worksheets":
                return self._array(at, self._worksheet)
            known[key], end = self._value(at)
            return end

        end = self._space(self._object(self._space(0), member))
        if end != len(self._text):
            raise json.JSONDecodeError("Extra data", self._text, end)
        return tuple(self._found) if _is_python(known.get("metadata")) else ()

    def _worksheet(self, at: int) -> int:
        """A sheet of cells, as they were up to version 3 of the format."""
        return self._object(
            at, lambda key, at: self._array(at, self._cell) if key == "cells" else self._value(at)[1]
        )

    def _cell(self, at: int) -> int:
        known: dict[str, Any] = {}
        texts: list[tuple[int, int, list[tuple[int, int]], bool, str]] = []

        def member(key: str, at: int) -> int:
            if key in ("source", "input"):
                literals: list[tuple[int, int]] = []
                value, end = self._value(at)
                listed = isinstance(value, list)
                strings = value if listed else [value]
                if all(isinstance(each, str) for each in strings):
                    if listed:
                        self._array(at, lambda at: self._literal(at, literals))
                    else:
                        literals.append((at, end))
                    texts.append((at, end, literals, listed, "".join(strings)))
                return end
            known[key], end = self._value(at)
            return end

        end = self._object(at, member)
        self._count += 1
        language = str(known.get("language", "python")).lower()
        if known.get("cell_type") == "code" and texts and "python" in language:
            begin, stop, literals, listed, source = texts[-1]
            outputs = known.get("outputs")
            given = tuple(outputs) if isinstance(outputs, list) else ()
            self._found.append(CodeCell(self._count, source, begin, stop, tuple(literals), listed, given))
        return end

    def _literal(self, at: int, found: list[tuple[int, int]]) -> int:
        _, end = self._value(at)
        found.append((at, end))
        return end

    def _object(self, at: int, member: Callable[[str, int], int]) -> int:
        """Reads an object; each of its values is read by a function from key and offset to the end."""
        self._expect("{", at)
        at = self._space(at + 1)
        if self._text[at : at + 1] == "}":
            return at + 1
        while True:
            self._expect('"', at)
            key, at = self._value(at)
            at = self._space(at)
            self._expect(":", at)
            at = self._space(member(str(key), self._space(at + 1)))
            if self._text[at : at + 1] == "}":
                return at + 1
            self._expect(",", at)
            at = self._space(at + 1)

    def _array(self, at: int, element: Callable[[int], int]) -> int:
        """Reads an array; each of its elements is read by a function from offset to the end."""
        self._expect("[", at)
        at = self._space(at + 1)
        if self._text[at : at + 1] == "]":
            return at + 1
        while True:
            at = self._space(element(at))
            if self._text[at : at + 1] == "]":
                return at + 1
            self._expect(",", at)
            at = self._space(at + 1)

    def _value(self, at: int) -> tuple[Any, int]:
        return self._decode(self._text, at)

    def _expect(self, sign: str, at: int) -> None:
        if self._text[at : at + 1] != sign:
            raise json.JSONDecodeError(f"Expecting {sign!r}", self._text, at)

    def _space(self, at: int) -> int:
        match = self._SPACE.match(self._text, at)
        assert match is not None
        return match.end()


def _is_python(metadata: Any) -> bool:
    """Whether the metadata of a notebook does not name another language."""
    if not isinstance(metadata, dict):
        return True
    language, kernel = metadata.get("language_info"), metadata.get("kernelspec")
    named = language.get("name") if isinstance(language, dict) else None
    if named is None and isinstance(kernel, dict):
        named = kernel.get("language")
    return named is None or "python" in str(named).lower()


Edit = tuple[int, int, str]
"""A piece of the file's text, from where to where, and what takes its place."""


class _Writing:
    """How one cell writes its text in the JSON."""

    def __init__(self, notebook: Notebook, cell: CodeCell) -> None:
        self._cell = cell
        self._ascii = notebook.ascii
        self._starts, self._ends = notebook.offsets(cell)
        text = notebook.text
        raw = (text[start:end] for start, end in zip(self._starts, self._ends, strict=True))
        self._written = dict(zip(cell.source, raw, strict=True))
        self._glue = self._between(text)
        self._newline = "\r\n" if cell.source.count("\r\n") * 2 > cell.source.count("\n") else "\n"

    def _between(self, text: str) -> str:
        """What stands between two lines of the cell."""
        literals = self._cell.literals
        if not self._cell.listed or len(literals) < len(_lines(self._cell.source)):
            return ""
        if len(literals) > 1:
            return f'"{text[literals[0][1] : literals[1][0]]}"'
        space = text[self._cell.begin + 1 : literals[0][0]] if literals else ""
        return f'",{space or " "}"'

    def edits(self, new: str) -> Iterator[Edit]:
        """What makes the text of the cell another one, in the order of the file."""
        cell = self._cell
        if not self._starts:
            text = self._glue.join(map(self._raw, _lines(new)))
            yield cell.begin, cell.end, f'["{text}"]' if cell.listed else f'"{text}"'
            return
        old_lines, new_lines = _lines(cell.source), _lines(new)
        offsets = [0]
        for line in old_lines:
            offsets.append(offsets[-1] + len(line))
        plain = [line.replace("\r\n", "\n") for line in old_lines]
        for kind, a, b, c, d in SequenceMatcher(None, plain, new_lines, autojunk=False).get_opcodes():
            if kind != "equal":
                yield self._edit(offsets, a, b, new_lines[c:d])

    def _edit(self, offsets: Sequence[int], a: int, b: int, lines: Sequence[str]) -> Edit:
        """Puts lines in the place of those from one number to another; all offsets are within quotes."""
        first, last = offsets[a], offsets[b]
        written = [self._raw(line) for line in lines]
        text = self._glue.join(written)
        if lines and b > a:
            return self._starts[first], self._ends[last - 1], text
        if lines and b < len(offsets) - 1:
            return self._starts[first], self._starts[first], text + self._glue
        if lines:
            return self._ends[-1], self._ends[-1], self._glue + text
        if b < len(offsets) - 1:
            return self._starts[first], self._starts[last], ""
        return self._ends[first - 1] if first else self._starts[0], self._ends[-1], ""

    def _raw(self, line: str) -> str:
        """A line as JSON, each character as the cell writes it elsewhere."""
        if line.endswith("\n"):
            line = line[:-1] + self._newline
        return "".join(self._written.get(sign) or self._default(sign) for sign in line)

    def _default(self, sign: str) -> str:
        return json.dumps(sign, ensure_ascii=self._ascii)[1:-1]
