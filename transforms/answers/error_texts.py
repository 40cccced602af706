"""What the error messages of programs written for old Keras mean, from ``error_texts.toml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ..tables import Entry, load

_FIRST_LINE = re.compile(r"^(?:[\w.]+\.)?\w*(?:Error|Exception|Warning|WARNING)\b(?=$|:)")
"""The line of a traceback at which the message begins; the last one says most."""
_PYTEST = re.compile(r"^E(?:\s+|$)")
"""What pytest has before the lines of a message."""
_ANSI = re.compile(r"\x1b?\[\d*(?:;\d+)*m")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an error message means.

    Attributes:
        message: it, in one line and without the traceback before it.
        rules: the codes of the rules that treat its cause, the likeliest first.
        otherwise: such codes, where nothing is known of what it is about.
        targets: which releases give it, as tables write that.
        do: what to do, or why it is so.
        groups: what it is about: ``symbol``, ``argument`` and the like, see the table.
    """

    message: str
    rules: tuple[str, ...]
    otherwise: tuple[str, ...]
    targets: str
    do: str
    groups: dict[str, str]


def looks_like_an_error(text: str) -> bool:
    """Whether a question is an error message rather than a name."""
    return "\n" in text.strip() or " " in text.strip() or _FIRST_LINE.match(text.strip()) is not None


def message_in(text: str) -> str:
    """The message of a traceback in one line; all of the text where it has no such line."""
    lines = [line.strip() for line in _ANSI.sub("", text).strip().splitlines()]
    marked = [_PYTEST.sub("", line) for line in lines if _PYTEST.match(line)]
    lines = marked or lines
    starts = [number for number, line in enumerate(lines) if _FIRST_LINE.match(line)]
    return " ".join(" ".join(lines[starts[-1] :] if starts else lines).split())


def meaning_of(text: str) -> Meaning | None:
    """What an error message means; ``None`` where none of the table's fits.

    Args:
        text: the message, alone or below its traceback.
    """
    message = message_in(text)
    for pattern, entry in _table():
        found = pattern.search(message)
        if found is not None:
            groups = {name: value for name, value in found.groupdict().items() if value}
            return Meaning(
                message,
                tuple(entry.get("rules", ())),
                tuple(entry.get("otherwise", ())),
                entry.get("targets", ""),
                entry["do"],
                groups,
            )
    return None


@cache
def _table() -> tuple[tuple[re.Pattern[str], Entry], ...]:
    entries: list[Entry] = load("answers/error_texts.toml")["error"]
    return tuple((re.compile(entry["pattern"]), entry) for entry in entries)
