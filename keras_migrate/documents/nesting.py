"""How deeply a source is nested, before it is parsed.

The native parser overflows the stack on code that is nested some thousand levels deep, which ends the
interpreter. Neither Python nor a tree of nodes goes that far, so such code is refused first. A few searches
clear most files; only what they cannot clear is read token by token.
"""

from __future__ import annotations

import re
from itertools import accumulate

MOST_BRACKETS = 200
"""Python's own limit of brackets within brackets."""
MANY_BRACKETS = 15
"""From here on a parser that tries things out again at each level can take for ever: libcst's does so with
`case ((((x)))):`."""
MOST_INDENTS = 100
"""Python's own limit of blocks within blocks."""
MOST_OPERATORS = 1000
"""Operators, calls and attributes in one expression; a tree of 480 in a row is too deep to be printed."""
MOST_ELIFS = 1000
MOST_TOKENS = 1_000_000
"""What parses in about two gigabytes."""


class TooDeepError(RecursionError):
    """Source that is too deep or too large to be parsed.

    Attributes:
        line: the 1-based line at which it gets too deep.
    """

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


_PLAIN = bytes(
    code for code in range(256) if chr(code).isalnum() or code > 127 or chr(code) in "_ \t\f\r#\"'\\:!?$"
)
_NOT_BRACKETS = bytes(code for code in range(256) if chr(code) not in "()[]{}")
_STEPS = {ord(bracket): 1 if bracket in "([{" else -1 for bracket in "()[]{}"}
_SEPARATOR = re.compile(b"[,;]")


def check_nesting(text: str) -> None:
    """Makes sure that a source can be parsed.

    Raises:
        TooDeepError: if the parser would need more stack or memory than there is.
    """
    if _suspicious(text):
        _read(text)


def is_tangled(data: bytes) -> bool:
    """Whether code has so many brackets within brackets that it is not sure how long parsing takes."""
    return _deepest(data) > MANY_BRACKETS


def _deepest(data: bytes) -> int:
    """How many brackets are within each other at most, those in strings among them."""
    brackets = data.translate(None, _NOT_BRACKETS)
    return max(accumulate(map(_STEPS.__getitem__, brackets)), default=0)


def _suspicious(text: str) -> bool:
    """Whether a source can be too deep: a quick look that rather says yes."""
    data = text.encode("utf-8", "replace")
    if _deepest(data) > MOST_BRACKETS // 2:
        return True
    if len(data) > MOST_TOKENS or data.count(b"elif") > MOST_ELIFS // 2:
        return True
    if b" " * MOST_INDENTS in data or b"\t" * MOST_INDENTS in data:
        return True
    if max(map(len, data.split(b"\n"))) > MOST_OPERATORS:
        return True
    return max(map(len, _SEPARATOR.split(data.translate(None, _PLAIN)))) > MOST_OPERATORS


_TOKEN = re.compile(
    r"""
      (?P<string>[bBfFrRtTuU]{0,3}(?:
          \"{3}(?:[^\"\\]|\\[\s\S]|\"(?!\"\"))*(?:\"{3}|$) | '{3}(?:[^'\\]|\\[\s\S]|'(?!''))*(?:'{3}|$)
        | \"(?:[^\"\\\n]|\\[\s\S])*\"? | '(?:[^'\\\n]|\\[\s\S])*'?))
    | (?P<skip>\#[^\n]* | \\\r?\n)
    | (?P<word>\w+)
    | (?P<indent>\n[\ \t\f]*)
    | (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | (?P<separator>[,;])
    | (?P<operator>[^\s\w()\[\]{},;\#"'\\]+)
    """,
    re.VERBOSE,
)
_OPERATORS = frozenset({"and", "or", "not", "if", "else", "lambda", "await", "in", "is", "for", "yield"})


def _read(text: str) -> None:
    """Reads a source token by token and counts.

    Raises:
        TooDeepError: if it is too deep or too large.
    """
    operators = [0]
    """Since the last separator, in each bracket that is open."""
    indents: list[int] = []
    elifs: dict[int, int] = {}
    tokens = 0
    at_start = False
    for match in _TOKEN.finditer(text):
        kind, at = match.lastgroup, match.start()
        tokens += 1
        if tokens > MOST_TOKENS:
            raise TooDeepError("is too large to be read", _line(text, at))
        if kind == "indent":
            if len(operators) == 1:
                operators[0] = 0
                at_start = True
                indent = match.end() - at - 1
            continue
        if kind == "skip":
            continue
        if at_start:
            at_start = False
            _block(indents, elifs, indent, match[0])
            if len(indents) > MOST_INDENTS or elifs.get(indent, 0) > MOST_ELIFS:
                raise TooDeepError("is nested too deeply to be read", _line(text, at))
        if kind == "open":
            operators[-1] += 1
            operators.append(0)
        elif kind == "close" and len(operators) > 1:
            operators.pop()
        elif kind == "separator":
            operators[-1] = 0
        elif kind == "string":
            operators[-1] += 1 + _within(match[0])
        elif kind == "operator":
            sign = match[0]
            operators[-1] += len(sign) if sign[0] in "-+~" else 1
        elif match[0] in _OPERATORS:
            operators[-1] += 1
        if len(operators) > MOST_BRACKETS or operators[-1] > MOST_OPERATORS:
            raise TooDeepError("is nested too deeply to be read", _line(text, at))


def _block(indents: list[int], elifs: dict[int, int], indent: int, word: str) -> None:
    """Notes the indentation of a line, and how many ``elif`` of one statement there were so far."""
    while indents and indents[-1] >= indent:
        deeper = indents.pop()
        if deeper > indent:
            elifs.pop(deeper, None)
    indents.append(indent)
    elifs[indent] = elifs.get(indent, 0) + 1 if word == "elif" else 0


def _within(string: str) -> int:
    """How many operators and brackets a formatted string has within its braces, at most."""
    prefix = re.split("[\"']", string, maxsplit=1)[0]
    if not set(prefix) & set("fFtT") or "{" not in string:
        return 0
    return sum(string.count(sign) for sign in "([{+-*/~.")


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
