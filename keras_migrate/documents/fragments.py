"""Fragments of Python in documents: what cannot be read in one is masked, so that the rest can be."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_migrate.documents.ipython import Command, Masked, is_python, logical_lines, mask
from keras_migrate.documents.parts import Mended
from keras_migrate.documents.python import DocumentError

NAMES_KERAS = re.compile(
    r"^[ \t]*(?:from|import)[ \t]+(?:tensorflow\.(?:python\.)?)?keras\b"
    r"|(?<![\w./-])(?:tf\.)?keras\.[A-Za-z_]",
    re.MULTILINE,
)
"""An import of Keras, or an attribute of it."""
_PLACEHOLDER = re.compile(r"<[A-Za-z/][^<>\n=]*>|\u2026|(?<![.\w])\.{4,}(?![.\w])")
"""``<your path>``"""
_CONTINUES = re.compile(r"[ \t)\]}]|(?:else|elif|except|finally)\b")


def mended(source: str, stem: str) -> Mended:
    """Masks what is not Python in the code of a block, statement by statement.

    Args:
        source: the code; its lines end in ``\\n``.
        stem: begins the names that stand for what is masked, and is in no code.
    """
    outer = mask(source, stem)
    if not outer.python:
        return Mended(outer, ())
    commands = dict(outer.commands)
    texts: list[str] = []
    lines: list[int] = []
    shifts: dict[int, int] = {}
    problems: list[DocumentError] = []
    at = 0

    def stand_in(text: str) -> str:
        name = f"{stem}{len(commands)}_"
        commands[name] = Command(text, outer.lines[at])
        return f"{name}()"

    for statement in _statements(outer.text):
        height = statement.count("\n") + (not statement.endswith("\n"))
        body = statement.removesuffix("\n")
        written = body
        if not is_python(body):
            written = _PLACEHOLDER.sub(lambda match: stand_in(match[0]), body)
        if is_python(written):
            shifts |= {
                len(lines) + 1 + row: outer.shifts[at + 1 + row]
                for row in range(height)
                if at + 1 + row in outer.shifts
            }
            lines += outer.lines[at : at + height]
        else:
            if NAMES_KERAS.search(body) is not None:
                problems.append(_problem(body, outer.lines[at]))
            written = stand_in(body)
            lines.append(outer.lines[at])
        texts.append(written + statement[len(body) :])
        at += height
    return Mended(Masked("".join(texts), tuple(lines), shifts, commands, magic=outer.magic), tuple(problems))


def _statements(text: str) -> Iterator[str]:
    """The statements of a module as far as indentation and brackets tell them."""
    statement = ""
    decorated = False
    for line in logical_lines(text):
        if statement and not decorated and line.strip() and not _CONTINUES.match(line):
            yield statement
            statement = ""
        statement += line
        decorated = line.startswith("@") or (decorated and not line.strip())
    if statement:
        yield statement


def starts_of_statements(text: str) -> frozenset[int]:
    """The 0-based lines of a module on which its statements begin; what is not Python is one, too."""
    starts: set[int] = set()
    at = 0
    for statement in _statements(text):
        blank = next((row for row, line in enumerate(statement.split("\n")) if line.strip()), 0)
        starts.add(at + blank)
        at += statement.count("\n")
    return frozenset(starts)


def _problem(code: str, line: int) -> DocumentError:
    """Why a statement cannot be read, with the line of its block."""
    try:
        ast.parse(code)
    except SyntaxError as error:
        at = max(1, min(error.lineno or 1, code.count("\n") + 1))
        shown = code.split("\n")[at - 1].strip()
        message = f"does not parse: `{shown[:57]}{'...' if len(shown) > 57 else ''}` ({error.msg})"
        return DocumentError("KM901", message, line + at - 1, max(error.offset or 1, 1))
    except (ValueError, RecursionError, MemoryError):
        pass
    return DocumentError("KM901", "cannot be read", line)
