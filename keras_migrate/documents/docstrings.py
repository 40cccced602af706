"""The docstrings of a module: the examples behind prompts in them, and their prose."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

from keras_migrate.documents.listings import Listing
from keras_migrate.documents.restructured import doctests
from keras_migrate.documents.text import Text, bare, with_ends

_WORTH_A_LOOK = re.compile(r"^[ \t]*>>>|`[^`\n]*(?<![\w.])keras\b", re.MULTILINE)


def docstrings(text: str) -> Text | None:
    """The docstrings of a module that may name Keras; ``None`` where there are none.

    Args:
        text: the source of the module.
    """
    if "keras" not in text or _WORTH_A_LOOK.search(text) is None:
        return None
    lines = with_ends(text)
    bare_lines = [bare(line) for line in lines]
    listings: list[Listing] = []
    about: list[int] = []
    for start, end, raw in sorted(_places(text)):
        about += range(start, end + 1)
        for listing in doctests(bare_lines, start, end):
            if raw or "\\" not in listing.text:
                listings.append(listing)
    return Text.of(lines, listings, about=about) if about else None


def _places(text: str) -> Iterator[tuple[int, int, bool]]:
    """For each docstring its first and last 0-based line, and whether backslashes in it are just that."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    lines = [line.encode() for line in with_ends(text)]
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        first = node.body[0] if node.body else None
        if not isinstance(first, ast.Expr) or not isinstance(first.value, ast.Constant):
            continue
        if isinstance(first.value.value, str) and first.end_lineno is not None:
            begin = lines[first.lineno - 1][first.col_offset :][:2].lower()
            yield first.lineno - 1, first.end_lineno - 1, begin.startswith(b"r")
