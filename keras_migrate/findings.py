"""Rules, findings, and the result of one file: the plain data that every report is made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Level(str, Enum):
    """How much a finding asks of a person."""

    REWRITTEN = "rewritten"
    """Changed; means the same."""
    REVIEW = "review"
    """Changed; a person should look, and the message says at what."""
    MANUAL = "manual"
    """Not changed: cannot be done mechanically; the message says what to do, for the run's target."""
    ERROR = "error"
    """The file could not be processed; it is untouched."""


class Status(str, Enum):
    """What became of one file."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    MANUAL = "manual"
    """Not changed, and something in it needs a person."""
    FAILED = "failed"
    SKIPPED = "skipped"
    """Left alone on purpose; a finding says why."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that the tool knows, under a code that never changes meaning.

    Attributes:
        code: stable identifier, ``KM101``.
        name: the same in words, ``moved-symbol``.
        summary: one line, what the rule does.
        explanation: why, in full sentences; Markdown.
        before: old code that the rule applies to.
        after: what it becomes (empty for rules that only report).
        targets: the TensorFlow releases it applies to as a version specifier; empty means all.
    """

    code: str
    name: str
    summary: str
    explanation: str
    before: str = ""
    after: str = ""
    targets: str = ""


@dataclass(frozen=True, slots=True)
class CellPlace:
    """Where in a notebook something is.

    Attributes:
        number: the cell, counted from 1 among all cells.
        line: 1-based line in the old text of the cell.
        column: 1-based column there.
        new_line: 1-based line in its new text; ``None`` where the place is gone.
    """

    number: int
    line: int
    column: int
    new_line: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in one file that was changed or needs a person.

    Attributes:
        rule: the code of the rule.
        level: how much it asks of a person.
        message: what happened or what to do, for the run's target.
        symbol: the qualified name concerned, as the old code meant it; ``None`` where there is none.
        line: 1-based line in the old file.
        column: 1-based column in the old file, in characters.
        new_line: 1-based line in the new file; ``None`` where the place is gone.
        cell: the same place in a notebook's cell; ``None`` in all other files.
        bundle: the same number for findings of a file that are one change; 0 for one by itself.
    """

    rule: str
    level: Level
    message: str
    symbol: str | None
    line: int
    column: int
    new_line: int | None = None
    cell: CellPlace | None = None
    bundle: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class CellText:
    """What a cell of a notebook said and says.

    Attributes:
        number: the cell, counted from 1 among all cells.
        before: its old text, with lines that end in ``\\n``.
        after: its new text.
    """

    number: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class FileResult:
    """All that is known of one file after its migration was worked out. Nothing is written yet.

    Attributes:
        path: the file, relative to the root that was given, with forward slashes.
        before: the bytes that were read.
        after: the bytes to write; equal to ``before`` where nothing changes.
        findings: sorted by line and column.
        skipped: true where the file was left alone on purpose.
        encoding: how both are to be decoded.
        cells: of a notebook, the cells that change or have findings.
    """

    path: str
    before: bytes
    after: bytes
    findings: tuple[Finding, ...] = ()
    skipped: bool = False
    encoding: str = "utf-8"
    cells: tuple[CellText, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether there is something to write."""
        return self.before != self.after

    @property
    def status(self) -> Status:
        """What became of the file, as the reports name it."""
        if any(finding.level is Level.ERROR for finding in self.findings):
            return Status.FAILED
        if self.skipped:
            return Status.SKIPPED
        if self.changed:
            return Status.CHANGED
        if any(finding.level is Level.MANUAL for finding in self.findings):
            return Status.MANUAL
        return Status.UNCHANGED


OWN_KERAS = Rule(
    "KM110",
    "own-keras",
    "Leave files alone in which `keras` is the project's own package.",
    "A project can have a package or module of its own called `keras`. What imports it is not standalone "
    "Keras, and is not touched.",
)

PROCESSING_RULES = (
    OWN_KERAS,
    Rule(
        "KM901",
        "syntax-error",
        "Report a file, or a cell of a notebook, that does not parse.",
        "It is untouched. Mend the line that the message names and run again.",
    ),
    Rule(
        "KM902",
        "encoding",
        "Report a file whose bytes do not fit its encoding.",
        "The file is untouched. Save it as UTF-8, or name its encoding in a comment on its first line "
        "(PEP 263).",
    ),
    Rule(
        "KM903",
        "not-reproducible",
        "Report a file that cannot be printed again byte for byte.",
        "Before anything is changed, the unchanged tree must give back the bytes that came in. Where it does "
        "not, the file is untouched: a leading form feed and lines that end in a lone carriage return are "
        "known causes.",
    ),
    Rule(
        "KM904",
        "python-2",
        "Report a file, or a cell of a notebook, that is Python 2.",
        "It is untouched. `--python2 convert` brings it to Python 3 and migrates it.",
    ),
    Rule(
        "KM905",
        "too-deep",
        "Report a file that is nested too deeply to be read.",
        "The file is untouched.",
    ),
)
"""The rules of the engine itself: what stops a file."""
