"""The colours of code: the syntax of a file's lines, and the words of them that changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from keras_migrate.findings import FileResult
from keras_migrate.reports import palette
from keras_migrate.reports.diff import FileDiff, Row, lines, printable
from keras_migrate.reports.styled import Piece

_LONGEST_HIGHLIGHTED = 400_000
"""Characters; colours in a longer file are not worth the wait."""

_STRING = re.compile(
    r'''
      \#[^\n]*
    | """ (?: [^"\\] | \\. | "(?!"") )* (?: """ | \Z )
    | \'{3} (?: [^'\\] | \\. | '(?!'') )* (?: \'{3} | \Z )
    | " (?: [^"\\\n] | \\. )* "?
    | ' (?: [^'\\\n] | \\. )* '?
    ''',
    re.DOTALL | re.VERBOSE,
)
"""Strings, and comments, in which quotes begin none."""

Token = tuple[int, int, str]
"""Start and end of a piece of code in its line, and the name of its Pygments token."""


@dataclass(frozen=True, slots=True)
class Highlighted:
    """The tokens of a file's old and new lines, by line number."""

    old: Mapping[int, Sequence[Token]]
    new: Mapping[int, Sequence[Token]]

    @classmethod
    def of(cls, result: FileResult, shown: FileDiff) -> Highlighted:
        return cls(
            _tokens(
                lines(result.before, result.encoding), [_span(row.old for row in h) for h in shown.hunks]
            ),
            _tokens(lines(result.after, result.encoding), [_span(row.new for row in h) for h in shown.hunks]),
        )

    def tokens(self, row: Row) -> Sequence[Token]:
        if row.new is not None:
            return self.new.get(row.new, ())
        return self.old.get(row.old or 0, ())


def _span(numbers: Iterable[int | None]) -> tuple[int, int]:
    """The first and last of some line numbers; an empty span where there is none."""
    known = [number for number in numbers if number is not None]
    return (min(known), max(known)) if known else (1, 0)


def _tokens(code: Sequence[str], spans: Iterable[tuple[int, int]]) -> dict[int, list[Token]]:
    """The tokens of some stretches of a file, by line number; the rest costs too much to look at."""
    shown = [printable(line) for line in code]
    strings = _strings_over_lines(shown)
    tokens: dict[int, list[Token]] = {}
    for first, last in spans:
        start = next((opened for opened, closed in strings if opened < first <= closed), first)
        text = "\n".join(shown[start - 1 : last])
        if len(text) <= _LONGEST_HIGHLIGHTED:
            _lex(text, start, tokens)
    return tokens


def _lex(text: str, line: int, tokens: dict[int, list[Token]]) -> None:
    """Adds the tokens of a text that begins at a line."""
    from rich.syntax import Syntax

    lexer = Syntax("", "python").lexer
    assert lexer is not None
    column = 0
    for kind, value in lexer.get_tokens(text):
        name = str(kind).removeprefix("Token.")
        for index, part in enumerate(value.split("\n")):
            if index:
                line, column = line + 1, 0
            if part:
                tokens.setdefault(line, []).append((column, column + len(part), name))
                column += len(part)


def _strings_over_lines(code: Sequence[str]) -> list[tuple[int, int]]:
    """First and last lines of the strings that go over several, so that none is entered in its middle."""
    text = "\n".join(code)
    found = []
    line, counted = 1, 0
    for match in _STRING.finditer(text):
        inside = match.group().count("\n")
        if inside:
            line += text.count("\n", counted, match.start())
            counted = match.start()
            found.append((line, line + inside))
    return found


def code_pieces(row: Row, tokens: Sequence[Token]) -> list[Piece]:
    """A line of code in pieces of one style each: its ground, its syntax and its changed words."""
    tint, changed = palette.TINT[row.kind], palette.CHANGED_WORD[row.kind]
    edges = {0, len(row.text)}
    edges.update(edge for start, end, _ in tokens for edge in (start, end))
    edges.update(edge for part in row.changed for edge in part)
    cuts = sorted(edge for edge in edges if edge <= len(row.text))
    pieces: list[Piece] = []
    for start, end in pairwise(cuts):
        style = tint + palette.syntax_style(_token_at(tokens, start), row.kind)
        if any(part_start <= start < part_end for part_start, part_end in row.changed):
            style += changed
        if pieces and pieces[-1][1] == style:
            pieces[-1] = (pieces[-1][0] + row.text[start:end], style)
        else:
            pieces.append((row.text[start:end], style))
    return pieces


def _token_at(tokens: Sequence[Token], offset: int) -> str:
    return next((name for start, end, name in tokens if start <= offset < end), "")
