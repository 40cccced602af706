"""The imports of a file, read off its text: what files that nobody has parsed yet say of each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class ImportLine(NamedTuple):
    """One import of a module, or of names from it.

    Attributes:
        module: the dotted name of the module; relative ones start with dots.
        name: the name that is taken from it; ``*`` for all, empty for the module itself.
        local: the name that is bound: the first part of the module for ``import a.b``.
    """

    module: str
    name: str
    local: str


def import_lines(data: bytes) -> Iterator[ImportLine]:
    """The imports in the text of a file, wherever they stand.

    Args:
        data: the bytes of Python code; what only looks like an import, in a text, is taken for one.
    """
    at = data.find(b"import")
    while at >= 0:
        start = data.rfind(b"\n", 0, at) + 1
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        head = data[start:at].strip()
        if not head or head.endswith(_CHAINED):
            yield from _modules(data[at:end])
        else:
            origin = _FROM.search(head)
            if origin is not None and data[at + 6 : at + 7] in _AFTER_IMPORT:
                yield from _names(origin[1].decode().replace(" ", ""), _names_text(data, at + 6, end))
        at = data.find(b"import", at + 6)


_CHAINED = (b";", b":")
_AFTER_IMPORT = (b" ", b"\t", b"(", b"*", b"\\")
_FROM = re.compile(rb"\bfrom\s*([.\w ]*[.\w])$")
_MODULE = re.compile(rb"([\w.]+)(?:\s+as\s+(\w+))?\s*$")
_NAME = re.compile(rb"(\w+|\*)(?:\s+as\s+(\w+))?\s*$")
_COMMENT = re.compile(rb"#[^\n]*")


def _modules(text: bytes) -> Iterator[ImportLine]:
    """``import a.b as c, d``."""
    body = text.partition(b"#")[0].partition(b";")[0]
    if body[6:7] not in (b" ", b"\t"):
        return
    for part in body[6:].split(b","):
        match = _MODULE.fullmatch(part.strip())
        if match is not None:
            module = match[1].decode()
            yield ImportLine(module, "", match[2].decode() if match[2] else module.partition(".")[0])


def _names_text(data: bytes, start: int, end: int) -> bytes:
    """What stands behind ``import``: on the line, on those that a backslash joins, or in parentheses."""
    text = data[start:end]
    if text.lstrip().startswith(b"("):
        close = data.find(b")", start)
        text = _COMMENT.sub(b"", data[start : close if close >= 0 else end])
        return text.replace(b"(", b" ")
    while text.rstrip().endswith(b"\\"):
        following = data.find(b"\n", end + 1)
        following = len(data) if following < 0 else following
        text = text.rstrip()[:-1] + data[end:following]
        end = following
        if end >= len(data):
            break
    return text.partition(b"#")[0].partition(b";")[0]


def _names(module: str, text: bytes) -> Iterator[ImportLine]:
    """``from module import a as b, c``."""
    for part in text.split(b","):
        match = _NAME.fullmatch(part.strip())
        if match is not None:
            name = match[1].decode()
            yield ImportLine(module, name, match[2].decode() if match[2] else name)
