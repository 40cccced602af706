"""Listings of documents: what stands in fences, literal blocks and behind prompts, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

PYTHON = frozenset({"python", "py", "python3", "py3", "python2", "py2", "ipython", "ipython3", "pycon",
                    "pycon3", "python-repl", "doctest", "testcode", "code-cell"})  # fmt: skip
"""What documents call Python."""
SHELL = frozenset({"sh", "bash", "zsh", "shell", "console", "terminal", "shell-session", "bash-session",
                   "sh-session", "shellsession", "cmd", "bat", "batch", "powershell"})  # fmt: skip
"""What documents call commands for a shell."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a listing.

    Attributes:
        at: its 0-based line in the document.
        prefix: what stands before the listing there: indentation, the signs of quotes, a prompt.
        code: the rest, without the end of the line.
    """

    at: int
    prefix: str
    code: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A stretch of a document that is shown as it is.

    Attributes:
        language: what it is called, in lower case; empty where nothing says so.
        rows: its lines.
    """

    language: str
    rows: tuple[Row, ...]

    @property
    def text(self) -> str:
        """What it says."""
        return "\n".join(row.code for row in self.rows)


def language(info: str) -> str:
    """The language that the line above a listing names, in lower case.

    Args:
        info: ``python``, ``{.python .numberLines}``, ``{code-block} python``, ``py3 hl_lines="1"``.
    """
    match = re.match(r"\{(?:code-block|code|sourcecode)\}\s*(\S+)", info.strip())
    if match is not None:
        return match[1].lower()
    words = re.findall(r"[\w+-]+", info)
    return words[0].lower() if words else ""


def outdented(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The same lines with the indentation that all of them share as part of what stands before them."""
    codes = [row.code for row in rows if row.code.strip()]
    if not codes:
        return tuple(rows)
    first, last = min(codes), max(codes)
    common = next((at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    width = len(first[:common]) - len(first[:common].lstrip(" \t"))
    return tuple(
        replace(row, prefix=row.prefix + row.code[:width], code=row.code[width:])
        if row.code.strip()
        else replace(row, code="", prefix=row.prefix + row.code)
        for row in rows
    )


_PROMPT = re.compile(r"(?P<indent>[ \t]*)(?P<prompt>>>>(?: |(?=\S)|$)|In \[\d+\]: ?)")
_MORE = re.compile(r"[ \t]*(?:\.\.\.(?: |$)|\.\.\.: ?)")


def has_prompts(rows: Sequence[Row]) -> bool:
    """Whether a listing shows a session: its first line that says anything has a prompt of Python."""
    first = next((row.code for row in rows if row.code.strip()), "")
    return _PROMPT.match(first) is not None


def behind_prompts(rows: Sequence[Row]) -> Iterator[Row]:
    """The lines of code of a session; what they gave is left out."""
    open_ = False
    for row in rows:
        match = _PROMPT.match(row.code) or (_MORE.match(row.code) if open_ else None)
        open_ = match is not None
        if match is not None:
            yield Row(row.at, row.prefix + match[0], row.code[match.end() :])


def commands(listing: Listing) -> Iterator[Row]:
    """The lines of a listing that are for a shell: those behind ``$`` where there are any, else all."""
    if listing.language not in SHELL and listing.language not in ("", "text", "none", "plain"):
        return
    prompts = [_SHELL_PROMPT.match(row.code) for row in listing.rows]
    any_prompt = any(prompts)
    named = listing.language in SHELL
    goes_on = False
    for row, prompt in zip(listing.rows, prompts, strict=True):
        if goes_on or prompt is not None or (not any_prompt and (named or _INSTALLS.match(row.code))):
            yield row
            goes_on = row.code.endswith("\\")


_SHELL_PROMPT = re.compile(r"[ \t]*(?:\([\w.-]+\)[ \t]*)?(?:[\w.-]+@[\w.-]+[^$#%]*)?[$%][ \t]+\S")
_INSTALLS = re.compile(
    r"[ \t]*(?:[#>][ \t]+)?(?:sudo[ \t]+(?:-\w+[ \t]+)*)?(?:python[\d.]*[ \t]+-m[ \t]+)?"
    r"(?:pip[\d.]*|conda|mamba)[ \t]+(?:install|create)\b"
)
