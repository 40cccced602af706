"""The listings of reStructuredText: directives, literal blocks and doctest blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from keras_migrate.documents.listings import Listing, Row

_DIRECTIVE = re.compile(
    r"(?P<indent>[ \t]*(?:(?:[-*+]|\w+[.)])[ \t]+)?)\.\. "
    r"(?P<name>code-block|code|sourcecode|ipython|testcode|doctest|prompt|parsed-literal)::"
    r"[ \t]*(?P<language>[\w+-]*)[ \t]*$"
)
_OPTION = re.compile(r"[ \t]+:[\w-]+:")
_OWN_LANGUAGE = {"ipython": "ipython", "testcode": "python", "doctest": "doctest", "parsed-literal": "text"}
_DOCTEST = re.compile(r"[ \t]*>>>(?: |$|(?=\S))")


def listings(lines: Sequence[str]) -> Iterator[Listing]:
    """The listings of a text.

    Args:
        lines: its lines, without their ends.
    """
    at = 0
    while at < len(lines):
        line = lines[at]
        directive = _DIRECTIVE.match(line)
        end = at + 1
        if directive is not None:
            while end < len(lines) and _OPTION.match(lines[end]):
                end += 1
            named = _OWN_LANGUAGE.get(directive["name"], directive["language"].lower())
            listing, end = _indented(lines, end, len(directive["indent"]), named)
        elif line.rstrip().endswith("::") and not line.lstrip().startswith(".. "):
            listing, end = _indented(lines, end, _width(line), "")
        elif _DOCTEST.match(line) is not None:
            listing, end = doctest(lines, at)
        else:
            at = end
            continue
        if listing.rows:
            yield listing
        at = end


def doctests(lines: Sequence[str], start: int, end: int) -> Iterator[Listing]:
    """The doctest blocks of a stretch of lines."""
    at = start
    while at < end:
        if _DOCTEST.match(lines[at]) is None:
            at += 1
            continue
        listing, at = doctest(lines[:end], at)
        yield listing


def doctest(lines: Sequence[str], start: int) -> tuple[Listing, int]:
    """The doctest block that begins on a line, and the line behind it: it ends with an empty one."""
    end = start
    while end < len(lines) and lines[end].strip():
        end += 1
    return Listing("doctest", tuple(Row(at, "", lines[at]) for at in range(start, end))), end


def _indented(lines: Sequence[str], start: int, margin: int, language: str) -> tuple[Listing, int]:
    """The lines from one on that are indented more than a margin, and the line behind them."""
    end = start
    while end < len(lines) and (not lines[end].strip() or _width(lines[end]) > margin):
        end += 1
    body = [at for at in range(start, end) if lines[at].strip()]
    if not body or (not language and lines[start].strip()):  # a literal block stands below an empty line
        return Listing(language, ()), start
    rows = range(body[0], body[-1] + 1)
    return Listing(language, tuple(Row(at, "", lines[at]) for at in rows)), end


def _width(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))
