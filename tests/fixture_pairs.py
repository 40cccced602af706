"""The before and after pairs of ``fixtures/rules``: where they lie and what they say.

A case of a rule is a few files side by side in ``fixtures/rules/<RULE>/``:

- ``<case>.before.py``: a small program as its author wrote it for standalone Keras;
- ``<case>.after.py``: what it becomes on every target, or
- ``<case>.after.2.15.py``: with tf.keras as Keras 2 (2.15, and later releases with ``+legacy``), and
- ``<case>.after.2.21.py``: with tf.keras as Keras 3;
- ``<case>.after.2.21+legacy.py``: only where ``+legacy`` differs from 2.15;
- ``<case>.findings``: ``TARGET RULE LEVEL LINE``, one a line; ``*``: every target, LINE: in the before file;
- ``<case>/``: files that the program finds beside itself (optional).

A before file with a comment ``# source: 1.2`` is migrated with ``--source 1.2``, one with
``# python2: convert`` with ``--python2 convert``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from keras_migrate.engine import Options, migrate_bytes
from keras_migrate.findings import FileResult
from keras_migrate.options import Python2
from keras_migrate.project import Project
from keras_migrate.source import Source
from keras_migrate.target import Target

ROOT = Path(__file__).parent.parent
RULES = ROOT / "fixtures" / "rules"
KERAS_2, KERAS_3, LEGACY = "2.15", "2.21", "2.21+legacy"
TARGETS = (KERAS_2, KERAS_3, LEGACY)
SOURCE = re.compile(rb"^# source: (\S+)$", re.MULTILINE)
PYTHON_2 = b"# python2: convert\n"

FindingLine = tuple[int, str, str]
"""Line in the before file, rule, level."""


@dataclass(frozen=True)
class Case:
    """One case of one rule.

    Attributes:
        rule: the rule's code, the folder's name.
        name: the case's name within it.
    """

    rule: str
    name: str

    def __str__(self) -> str:
        return f"{self.rule}-{self.name}"

    def file(self, suffix: str) -> Path:
        """The file of the case with that suffix, whether it is there or not."""
        return RULES / self.rule / f"{self.name}{suffix}"

    @property
    def before(self) -> bytes:
        """The old program."""
        return self.file(".before.py").read_bytes()

    @property
    def beside(self) -> Path | None:
        """The folder with the files that the program finds beside itself."""
        folder = self.file("")
        return folder if folder.is_dir() else None

    def after_file(self, target: str) -> Path:
        """The file that holds the new program for a target."""
        names = [f".after.{target}.py", ".after.py"]
        if target == LEGACY:
            names.insert(1, f".after.{KERAS_2}.py")
        return next(filter(Path.is_file, map(self.file, names)), self.file(".after.py"))

    def findings(self, target: str) -> Counter[FindingLine]:
        """The findings that the case expects on a target."""
        by_target: dict[str, Counter[FindingLine]] = {}
        for line in self.file(".findings").read_text().splitlines():
            words = line.split("#")[0].split()
            if not words:
                continue
            found = by_target.setdefault(words[0], Counter())
            if words[1:] != ["-"]:  # "TARGET -" says that there are none
                rule, level, number = words[1:]
                found[int(number), rule, level] += 1
        if target == LEGACY and LEGACY not in by_target:
            target = KERAS_2
        return by_target.get("*", Counter()) + by_target.get(target, Counter())

    def migrate(self, target: str, data: bytes | None = None, *, ignore: str = "") -> FileResult:
        """What the tool makes of the old program (or of other bytes in its place) for a target.

        Args:
            target: the release to migrate to.
            data: the bytes in its place.
            ignore: a code, or the beginning of codes, of rules to do without.
        """
        project = Project(str(self.beside)) if self.beside else Project()
        said = SOURCE.search(self.before)
        source = Source.parse(said[1].decode()) if said is not None else None
        python2 = Python2.CONVERT if PYTHON_2 in self.before else Python2.REPORT
        ignored = frozenset({ignore} if ignore else ())
        options = Options(Target.parse(target), source=source, python2=python2, ignore=ignored)
        return migrate_bytes(f"{self.name}.py", self.before if data is None else data, options, project)

    def update(self) -> None:
        """Rewrites the after and findings files from what the tool does now."""
        results = {target: self.migrate(target) for target in TARGETS}
        after = {target: result.after for target, result in results.items()}
        for suffix in (".after.py", *(f".after.{target}.py" for target in TARGETS)):
            self.file(suffix).unlink(missing_ok=True)
        if len(set(after.values())) == 1:
            self.file(".after.py").write_bytes(after[KERAS_2])
        else:
            self.file(f".after.{KERAS_2}.py").write_bytes(after[KERAS_2])
            self.file(f".after.{KERAS_3}.py").write_bytes(after[KERAS_3])
            if after[LEGACY] != after[KERAS_2]:
                self.file(f".after.{LEGACY}.py").write_bytes(after[LEGACY])
        found = {target: counted(result) for target, result in results.items()}
        self.file(".findings").write_text("".join(findings_lines(found)))


def counted(result: FileResult) -> Counter[FindingLine]:
    """The findings of a result, as the findings files name them."""
    return Counter((finding.line, finding.rule, finding.level.value) for finding in result.findings)


def findings_lines(found: Mapping[str, Counter[FindingLine]]) -> list[str]:
    """The lines of a findings file."""
    everywhere = found[KERAS_2] & found[KERAS_3] & found[LEGACY]
    lines = [(*finding, "*") for finding in everywhere.elements()]
    for target in TARGETS:
        if target == LEGACY and found[LEGACY] == found[KERAS_2]:
            continue
        lines += [(*finding, target) for finding in (found[target] - everywhere).elements()]
    text = [f"{target} {rule} {level} {line}\n" for line, rule, level, target in sorted(lines)]
    if found[LEGACY] == everywhere != found[KERAS_2]:
        text.append(f"{LEGACY} -\n")
    return text


def all_cases() -> list[Case]:
    """Every case of every rule."""
    return [
        Case(path.parent.name, path.name.removesuffix(".before.py"))
        for path in sorted(RULES.glob("*/*.before.py"))
    ]
