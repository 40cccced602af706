"""Documents and docstrings: the blocks of Python in them, and the same text with other code.

A document is a list of lines; what is not a changed line of a block is the old line, by construction.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property

from keras_migrate.documents import markdown, restructured
from keras_migrate.documents.fragments import NAMES_KERAS, mended, starts_of_statements
from keras_migrate.documents.ipython import is_python
from keras_migrate.documents.kinds import document_kind
from keras_migrate.documents.listings import (
    PYTHON,
    Listing,
    Row,
    behind_prompts,
    has_prompts,
    outdented,
)
from keras_migrate.documents.parts import Mended
from keras_migrate.documents.python import DocumentError


@dataclass(frozen=True)
class Block:
    """A block of Python.

    Attributes:
        number: its 1-based place among all blocks of the document.
        rows: its lines of code.
        session: whether they stand behind prompts.
    """

    number: int
    rows: tuple[Row, ...]
    session: bool

    @cached_property
    def source(self) -> str:
        """What it says, its lines joined."""
        return "\n".join(row.code for row in self.rows)


@dataclass(frozen=True)
class Text:
    """A file of text with blocks of Python.

    Attributes:
        lines: its lines with their ends.
        bom: whether it starts with a byte order mark.
        cells: its blocks, in reading order.
        listings: all its listings.
        prose: the 0-based lines that are none of their code.
        origins: for each of its lines the 0-based one of the text that it was made from; -1 for a new one.
    """

    lines: tuple[str, ...]
    bom: bool
    cells: tuple[Block, ...]
    listings: tuple[Listing, ...] = ()
    prose: frozenset[int] = frozenset()
    origins: tuple[int, ...] = ()

    @classmethod
    def read(cls, path: str, data: bytes) -> Text:
        """Reads a document.

        Raises:
            DocumentError: if it is not UTF-8.
        """
        bom = data.startswith(codecs.BOM_UTF8)
        try:
            text = data.removeprefix(codecs.BOM_UTF8).decode()
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            message = f"cannot be decoded as utf-8: byte 0x{data[error.start]:02x}. Save it as UTF-8"
            raise DocumentError("KM902", message, line) from None
        lines = with_ends(text)
        find = restructured.listings if document_kind(path) == "rst" else markdown.listings
        listings = tuple(find([bare(line) for line in lines]))
        return cls.of(lines, listings, bom=bom)

    @classmethod
    def of(
        cls,
        lines: Sequence[str],
        listings: Sequence[Listing],
        *,
        bom: bool = False,
        about: Iterable[int] | None = None,
    ) -> Text:
        """The text whose listings are known.

        Args:
            lines: its lines with their ends.
            listings: its listings.
            bom: whether it starts with a byte order mark.
            about: the 0-based lines that are listings and prose; all where nothing is said.
        """
        blocks = tuple(Block(at, *each) for at, each in enumerate(_of_python(listings), 1))
        code = {row.at for listing in listings for row in listing.rows}
        prose = frozenset(range(len(lines)) if about is None else about) - code
        return cls(tuple(lines), bom, blocks, tuple(listings), prose, tuple(range(len(lines))))

    @property
    def word(self) -> str:
        """What a person calls a part of it."""
        return "block"

    @property
    def text(self) -> str:
        """What it says, without a byte order mark."""
        return "".join(self.lines)

    @property
    def data(self) -> bytes:
        """Its bytes."""
        return (codecs.BOM_UTF8 if self.bom else b"") + self.text.encode()

    def mended(self, source: str, stem: str) -> Mended:
        """The code of a block that cannot be read as a whole, as far as it can."""
        return mended(source, stem)

    def place(self, number: int, line: int, column: int = 1) -> tuple[int, int]:
        """The 1-based line and column of the file at which a place in a block stands."""
        rows = self.cells[number - 1].rows
        row = rows[min(line, len(rows)) - 1]
        return row.at + 1, column + len(row.prefix)

    def new_line(self, line: int) -> int | None:
        """Where a 1-based line of the text that this one was made from is."""
        return self.origins.index(line - 1) + 1 if line - 1 in self.origins else None

    def old_line(self, line: int) -> int:
        """The 1-based line that a line was in the text that this one was made from; of a new one the next."""
        following = (origin + 1 for origin in self.origins[line - 1 :] if origin >= 0)
        return next(following, max(self.origins, default=0) + 1)

    def with_prose(self, text: str) -> Text:
        """The same with other prose, line for line.

        Args:
            text: what it says.
        """
        return self if text == self.text else replace(self, lines=tuple(with_ends(text)))

    def with_sources(self, sources: Mapping[int, str]) -> Text:
        """The text with other code.

        Args:
            sources: the new text of blocks, by their numbers.
        """
        if not sources:
            return self
        written = {
            block.number: _written(block, sources.get(block.number, block.source)) for block in self.cells
        }
        by_line = {row.at: (block.number, at) for block in self.cells for at, row in enumerate(block.rows)}
        lines: list[str] = []
        origins: list[int] = []
        rows: dict[int, list[Row]] = {block.number: [] for block in self.cells}
        for at, line in enumerate(self.lines):
            if at not in by_line:
                lines.append(line)
                origins.append(at)
                continue
            number, nth = by_line[at]
            end = line[len(bare(line)) :]
            for count, (row, kept) in enumerate(found := written[number][nth]):
                last = count == len(found) - 1
                rows[number].append(replace(row, at=len(lines)))
                lines.append(row.prefix + row.code + (end if last else end or self._newline))
                origins.append(at if kept else -1)
        blocks = tuple(replace(block, rows=tuple(rows[block.number])) for block in self.cells)
        return Text(tuple(lines), self.bom, blocks, origins=tuple(origins))

    @cached_property
    def _newline(self) -> str:
        return next((line[len(bare(line)) :] for line in self.lines if bare(line) != line), "\n")


_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def with_ends(text: str) -> list[str]:
    """The lines of a text with their ends."""
    return _LINE.findall(text)


def bare(line: str) -> str:
    """A line without its end."""
    return line.rstrip("\r\n")


def _of_python(listings: Iterable[Listing]) -> Iterator[tuple[tuple[Row, ...], bool]]:
    """The lines of code of the listings that are Python, and whether they stand behind prompts."""
    for listing in listings:
        if listing.language and listing.language not in PYTHON:
            continue
        if has_prompts(listing.rows):
            rows = tuple(behind_prompts(listing.rows))
            yield rows, True
            continue
        rows = outdented(listing.rows)
        if listing.language or _is_surely_python("\n".join(row.code for row in rows)):
            yield rows, False


def _is_surely_python(code: str) -> bool:
    """Whether code that nothing calls Python is, and names Keras."""
    return NAMES_KERAS.search(code) is not None and is_python(code) and _STATEMENT.search(code) is not None


_STATEMENT = re.compile(r"^[ \t]*(?:import|from|def|class)[ \t]|[=(]", re.MULTILINE)

_Written = list[list[tuple[Row, bool]]]
"""For each old line of a block what takes its place, and whether that line is where it came from."""


def _written(block: Block, new: str) -> _Written:
    """The lines of a block with other code; a line that is added goes before the one that follows it."""
    written: _Written = [[] for _ in block.rows]
    old_codes, new_codes = [row.code for row in block.rows], new.split("\n")
    starts = starts_of_statements(new) if block.session else frozenset()
    last = len(block.rows) - 1
    for kind, a, b, c, d in SequenceMatcher(None, old_codes, new_codes, autojunk=False).get_opcodes():
        if kind == "equal":
            for at in range(a, b):
                written[at].append((block.rows[at], True))
            continue
        extra = (d - c) - (b - a)
        for at in range(c, d):
            old = a + at - c - max(extra, 0) - min(extra, 0)
            stays = a <= old < b
            if block.session and not stays and not new_codes[at].strip():
                continue  # nothing parts the statements of a session
            row = _row(block, old if stays else None, new_codes[at], min(a, last), starts=at in starts)
            written[min(max(old, a), last)].append((row, stays))
    return written


def _row(block: Block, old: int | None, code: str, near: int, *, starts: bool) -> Row:
    """A new line of a block.

    Args:
        block: the block.
        old: the number of the line in whose place it stands, if there is one.
        code: what it says.
        near: the number of a line beside it.
        starts: whether a statement begins with it, in a session.
    """
    if not block.session:
        filled = next((row.prefix for row in (block.rows[near], *block.rows) if row.code), "")
        return Row(0, filled if code else filled.rstrip(" \t"), code)
    beside = block.rows[near if old is None else old]
    if old is not None and (beside.prefix.strip().startswith(("...",)) != starts or "In" in beside.prefix):
        return Row(0, beside.prefix if code or beside.prefix.strip() else "", code)
    return Row(0, _prompt(beside.prefix, starts=starts), code)


def _prompt(beside: str, *, starts: bool) -> str:
    """The prompt of a new line of a session.

    Args:
        beside: the prompt of a line beside it, with what stands before it.
        starts: whether a statement begins with it.
    """
    sign = re.search(r">>> ?|In \[\d+\]: ?|[ ]*\.\.\.: ?|\.\.\. ?", beside)
    assert sign is not None
    before = beside[: sign.start()]
    if ":" in sign[0]:  # one input of IPython may hold many statements
        return before + ("   ...: " if sign[0].startswith("In") else sign[0])
    return before + (">>> " if starts else "... ")
