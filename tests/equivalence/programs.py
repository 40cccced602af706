"""The programs of the suite: where they lie, what their comments declare, and what the tool makes of them.

A program says by comments what it needs and what it cannot keep:

- ``# sources: 2.3.1``: only that release has what it uses; ``1.2.2`` for the programs of Keras 1;
- ``# manual on 2.21: KM105``, at the end of a line: the tool must report exactly these rules there with the
  level ``manual``, and what it wrote must not behave as before; ``# manual: …``: on every target;
  ``# manual on 2.21 from 2.2.4: …``: only where that release is the source;
- ``# review on 2.21: KM307``, likewise: the tool must report these rules there with the level ``review``, and
  what it wrote must not behave as before;
- ``# alone``: its migration changes the whole process, and gets one of its own;
- ``# fails on 2.21: why``: known not to agree yet (strict: the test fails when it does agree).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from keras_migrate.engine import Options, migrate_bytes
from keras_migrate.findings import FileResult, Level
from keras_migrate.project import Project
from keras_migrate.source import Source
from keras_migrate.target import Target

HERE = Path(__file__).parent
PROGRAMS = HERE / "programs"
GOLDENS = HERE / "goldens"
SOURCES = ("2.2.4", "2.3.1")
"""The releases that goldens are recorded on for a program that names none."""

_DECLARATION = re.compile(
    r"# (?P<kind>manual|review|fails)(?: on (?P<targets>[\d., ]+))?(?: from (?P<sources>[\d., ]+))?: "
    r"(?P<text>.+)$"
)


@dataclass(frozen=True)
class Declaration:
    """One comment of a program that says what it cannot keep.

    Attributes:
        kind: ``manual``, ``review`` or ``fails``.
        targets: where; empty for everywhere.
        sources: coming from where; empty for everywhere.
        text: the rules of ``manual`` and ``review``, the reason of ``fails``.
        line: where it stands, 1-based.
    """

    kind: str
    targets: tuple[str, ...]
    sources: tuple[str, ...]
    text: str
    line: int

    def concerns(self, target: str, source: str) -> bool:
        """Whether it speaks of that way."""
        return (not self.targets or target in self.targets) and (not self.sources or source in self.sources)


@dataclass(frozen=True)
class Program:
    """One program of the suite.

    Attributes:
        path: its file.
    """

    path: Path

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What goldens and reports call it."""
        return self.path.stem

    @cached_property
    def text(self) -> str:
        """Its source."""
        return self.path.read_text(encoding="utf-8")

    @property
    def sources(self) -> tuple[str, ...]:
        """The releases that it was written for."""
        found = re.search(r"^# sources: (.+)$", self.text, re.MULTILINE)
        return tuple(found[1].split()) if found else SOURCES

    @property
    def alone(self) -> bool:
        """Whether its migration needs a process of its own."""
        return bool(re.search(r"^# alone$", self.text, re.MULTILINE))

    @cached_property
    def declarations(self) -> tuple[Declaration, ...]:
        """What its comments declare."""
        found = []
        for number, line in enumerate(self.text.splitlines(), 1):
            match = _DECLARATION.search(line)
            if match:
                targets, sources = (
                    tuple((match[group] or "").replace(",", " ").split()) for group in ("targets", "sources")
                )
                found.append(Declaration(match["kind"], targets, sources, match["text"], number))
        return tuple(found)

    def declared(self, level: Level, target: str, source: str) -> Counter[tuple[int, str]]:
        """The declared findings of a level, as line and rule."""
        return Counter(
            (one.line, rule)
            for one in self.declarations
            if one.kind == level.value and one.concerns(target, source)
            for rule in one.text.replace(",", " ").split()
        )

    def fails(self, target: str, source: str) -> str | None:
        """Why it is known not to agree yet; ``None`` where it has to."""
        reasons = [
            one.text for one in self.declarations if one.kind == "fails" and one.concerns(target, source)
        ]
        return "; ".join(reasons) or None

    def migrate(self, target: str, source: str) -> FileResult:
        """What the tool makes of it."""
        options = Options(Target.parse(target), source=Source.parse(source))
        return migrate_bytes(self.path.name, self.path.read_bytes(), options, Project())


def findings(result: FileResult, level: Level) -> Counter[tuple[int, str]]:
    """The findings of a level, as line and rule."""
    return Counter((found.line, found.rule) for found in result.findings if found.level is level)


@cache
def all_programs() -> tuple[Program, ...]:
    """Every program."""
    return tuple(Program(path) for path in sorted(PROGRAMS.glob("*.py")))
