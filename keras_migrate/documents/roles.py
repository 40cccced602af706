"""Roles in prose that name an object of Python: ``:class:`keras.layers.Dense```."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from keras_migrate.documents.text import Text

_ROLE = re.compile(
    r"(?::(?:py:)?(?:class|func|meth|mod|attr|obj|data|exc|const|any):"
    r"|\{(?:py:)?(?:class|func|meth|mod|attr|obj|data|exc|const|any)\})"
    r"`(?:[^`<\n]*<)?[~!]?\.?(?P<name>keras(?:\.\w+)*)(?:\(\))?>?`"
)


class Role(NamedTuple):
    """A name of Keras in a role.

    Attributes:
        name: the name.
        row: the 0-based line of the text.
        column: the 0-based column of the name there.
    """

    name: str
    row: int
    column: int


def roles(text: Text) -> Iterator[Role]:
    """The roles in the prose of a text that name something of Keras, in order."""
    for row in sorted(text.prose):
        for match in _ROLE.finditer(text.lines[row]):
            yield Role(match["name"], row, match.start("name"))
