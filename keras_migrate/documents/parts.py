"""Files that hold Python in parts, the cells of a notebook or the blocks of a document, seen from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from keras_migrate.documents.ipython import Masked
from keras_migrate.documents.python import DocumentError


class Part(Protocol):
    """A part of a file that is Python."""

    @property
    def number(self) -> int:
        """Its 1-based place, by which a person finds it."""

    @property
    def source(self) -> str:
        """What it says, its lines joined."""


class Mended(NamedTuple):
    """Code that cannot be read as a whole, with what cannot be read masked.

    Attributes:
        masked: the code.
        problems: what is wrong with what is masked where a person has to know, with lines of the code.
    """

    masked: Masked
    problems: tuple[DocumentError, ...]


class Parted(Protocol):
    """A file that holds Python in parts."""

    @property
    def word(self) -> str:
        """What a person calls a part of it."""

    @property
    def cells(self) -> Sequence[Part]:
        """Its parts, in reading order."""

    @property
    def data(self) -> bytes:
        """Its bytes."""

    def with_sources(self, sources: Mapping[int, str]) -> Parted:
        """The file with other code.

        Args:
            sources: the new text of parts, by their numbers; their lines end in ``\\n``.
        """

    def place(self, number: int, line: int, column: int = 1) -> tuple[int, int]:
        """The 1-based line and column of the file at which a place in a part stands."""

    def mended(self, source: str, stem: str) -> Mended | None:
        """The code of a part that cannot be read as a whole, as far as it can; ``None`` for none of it.

        Args:
            source: the code; its lines end in ``\\n``.
            stem: begins the names that stand for what is masked, and is in no code.
        """
