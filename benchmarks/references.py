"""The referee: is every Keras reference of the migrated corpus there on the real TensorFlow?

    python benchmarks/references.py CORPUS --target 2.15 --python ENV_WITH_TF_2_15/bin/python
    python benchmarks/references.py CORPUS --target 2.21 --python ENV_WITH_TF_2_21/bin/python --baseline sed

Each repository of a corpus folder (``corpus.py`` lays one out) is migrated in a copy. A resolver of its own
(``resolver.py``, on :mod:`ast`) reads the references off the output, and ``probe.py`` tries each one in the
interpreter that was given. A reference that is not there counts as *flagged* where a finding that asks for a
person names it, on its line or where the repository imports it, and as *silent* where none does. Silent ones
are listed; there should be none. The arguments of every call of something in Keras are bound to the real
signature in the same way; *refused* are those that it does not take, and *unnamed* those of them without a
finding in their lines.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from itertools import chain
from pathlib import Path

from corpus import entries, repositories
from resolver import Call, FileReader, Reference, Repository, is_keras, read_tree

from keras_migrate.catalog import LEGACY_RELEASES, legacy
from keras_migrate.engine import Options, migrate_bytes
from keras_migrate.findings import FileResult, Finding, Level
from keras_migrate.options import Python2
from keras_migrate.project import Project
from keras_migrate.target import Target

HERE = Path(__file__).parent
CRASHED = "KM999"
ASKS_FOR_A_PERSON = (Level.MANUAL, Level.REVIEW, Level.ERROR)


@dataclass(frozen=True)
class Place:
    """A reference of an output, and the repository and file that it is in."""

    repository: str
    file: str
    reference: Reference
    introduced: bool
    """A reference to TensorFlow outside Keras that the input did not have."""
    named_by: str = ""
    """The rule whose finding names it, if one does."""

    def __str__(self) -> str:
        mark = " (guarded)" if self.reference.guarded else ""
        return f"{self.repository}/{self.file}:{self.reference.last_line}: {self.reference.full}{mark}"


@dataclass(frozen=True)
class CallPlace:
    """A call of an output, and whether a finding in its lines asks for a person."""

    repository: str
    file: str
    call: Call
    named: bool


@dataclass
class Outcome:
    """What the migration of one repository gave."""

    repository: str
    own_keras: bool
    files: int = 0
    changed: int = 0
    not_python_3: int = 0
    crashes: list[str] = field(default_factory=list)
    unparsable: list[str] = field(default_factory=list)
    second_run: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    stars: list[tuple[str, str, tuple[str, ...], dict[str, tuple[int, int]], tuple[Finding, ...]]] = field(
        default_factory=list
    )
    calls: list[CallPlace] = field(default_factory=list)
    findings: Counter[str] = field(default_factory=Counter)


SED = (
    (re.compile(rb"^(\s*)import keras(\s*(?:#.*)?)$", re.M), rb"\1from tensorflow import keras\2"),
    (
        re.compile(rb"^(\s*)import keras\.([\w.]+)(\s*(?:#.*)?)$", re.M),
        rb"\1from tensorflow import keras; import tensorflow.keras.\2\3",
    ),
    (re.compile(rb"^(\s*)(from|import) keras\b", re.M), rb"\1\2 tensorflow.keras"),
)
"""The rename that people do by hand: only the imports change."""


def sed(path: str, data: bytes) -> FileResult:
    """Renames as ``sed`` would."""
    after = data
    for pattern, replacement in SED:
        after = pattern.sub(replacement, after)
    return FileResult(path, data, after)


def migrate(root: Path, options: Options, baseline: str | None) -> tuple[dict[str, FileResult], list[str]]:
    """Works out the migration of every Python file below a folder.

    Returns:
        The results by path, and what crashed.
    """
    project = Project.of([root])
    results: dict[str, FileResult] = {}
    crashes: list[str] = []
    for path, data in read_tree(root).items():
        try:
            results[path] = sed(path, data) if baseline else migrate_bytes(path, data, options, project)
        except Exception:
            crashes.append(f"{root.name}/{path}: {traceback.format_exc(limit=-1).strip().splitlines()[-1]}")
            results[path] = FileResult(path, data, data)
        crashes += [f"{root.name}/{path}: {f.message}" for f in results[path].findings if f.rule == CRASHED]
    return results, crashes


def parses(data: bytes) -> bool:
    """Whether this interpreter takes it for Python."""
    try:
        ast.parse(data)
    except (SyntaxError, ValueError, RecursionError):
        return False
    return True


def naming(findings: Iterable[Finding], full: str, first_line: int, last_line: int) -> str:
    """The rule of a finding on those lines of the output that asks for a person and names the reference."""
    for finding in findings:
        if finding.level not in ASKS_FOR_A_PERSON or finding.new_line is None:
            continue
        if first_line <= finding.new_line <= last_line:
            words = set(re.findall(r"\w+", f"{finding.symbol or ''} {finding.message}"))
            if full.rpartition(".")[2] in words or full in finding.message:
                return finding.rule
    return ""


def judge(root: Path, options: Options, baseline: str | None) -> Outcome:
    """Migrates one repository in a copy, twice, and reads the references off the output."""
    sources = read_tree(root)
    before = Repository(sources)
    outcome = Outcome(root.name, own_keras="keras" in before.own)
    results, outcome.crashes = migrate(root, options, baseline)
    outputs = {path: result.after for path, result in results.items()}
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / root.name
        for path, data in outputs.items():
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            (copy / path).write_bytes(data)
        again, crashes = migrate(copy, options, baseline)
    outcome.crashes += crashes
    after = Repository(outputs)
    for path, result in results.items():
        if b"keras" not in result.before.lower():
            continue
        outcome.files += 1
        outcome.changed += result.changed
        outcome.findings.update(f"{finding.rule} {finding.level.value}" for finding in result.findings)
        if again[path].after != result.after:
            outcome.second_run.append(f"{root.name}/{path}")
        read_off(outcome, result, before, after)
    return outcome


def read_off(outcome: Outcome, result: FileResult, before: Repository, after: Repository) -> None:
    """Adds the references and calls of one migrated file to what is known of its repository.

    Args:
        outcome: where to add them.
        result: the file; it is in both repositories under its path.
        before: the repository as it was.
        after: the repository migrated.
    """
    path = result.path
    if not parses(result.after):
        outcome.not_python_3 += 1
        return
    reader = after.reader(path)
    if reader is None:
        outcome.unparsable.append(f"{outcome.repository}/{path}")
        return
    old = before.reader(path)
    known = {reference.full for reference in old.references()} if old else set()
    for reference in reader.references():
        introduced = not is_keras(reference.path)
        if introduced and (reference.full in known or reference.full == "tensorflow"):
            continue
        if introduced and reference.kind == "from" and is_keras(reference.full):
            introduced = False
        rule = naming(result.findings, reference.full, reference.first_line, reference.last_line)
        outcome.places.append(Place(outcome.repository, path, reference, introduced, rule))
    for call in reader.calls():
        lines = range(call.first_line, call.last_line + 1)
        named = any(
            finding.new_line in lines and finding.level in ASKS_FOR_A_PERSON for finding in result.findings
        )
        outcome.calls.append(CallPlace(outcome.repository, path, call, named))
    outcome.lost += lost(f"{outcome.repository}/{path}", reader, old)
    if reader.stars and not reader.foreign_star and (unbound := of_keras(reader.unbound(), old)):
        outcome.stars.append((outcome.repository, path, tuple(reader.stars), unbound, result.findings))


def of_keras(unbound: dict[str, tuple[int, int]], old: FileReader | None) -> dict[str, tuple[int, int]]:
    """Those of some unbound names that were bound before, if only by a star import of old Keras."""
    if old is None:
        return unbound
    before = old.unbound()
    given = {name for release in LEGACY_RELEASES for star in old.stars for name in legacy(release).star(star)}
    return {name: lines for name, lines in unbound.items() if name not in before or name in given}


def lost(name: str, new: FileReader, old: FileReader | None) -> list[str]:
    """Names that a file used or took from another one, and that the migration left unbound or binds later."""
    if old is None or new.stars or new.foreign_star:
        return []
    before = {**old.unbound(), **old.early()}
    found = [f"{name}:{line}: {word}" for word, (line, _) in new.unbound().items() if word not in before]
    found += [f"{name}:{line}: {word}" for word, line in new.early().items() if word not in before]
    gone = new.taken_from_project() - old.taken_from_project()
    return found + [f"{name}: {word} from {module}" for module, word in sorted(gone)]


Question = tuple[str, ...]
Answers = Mapping[Question, tuple[bool, object]]
"""For each question whether it is there, and the probe's detail."""


def ask(python: str, questions: set[Question]) -> tuple[str, Answers]:
    """Tries references on the real TensorFlow of an interpreter.

    Returns:
        TensorFlow's version, and for each question whether it is there and the probe's detail.
    """
    ordered = sorted(questions)
    done = subprocess.run(
        [python, str(HERE / "probe.py")],
        input=json.dumps(ordered),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    answer = json.loads(done.stdout)
    return answer["version"], {
        q: (ok, detail) for q, (ok, detail) in zip(ordered, answer["results"], strict=True)
    }


def present(place: Place, answers: Answers) -> bool:
    """Whether a reference is there, and is the one that the migrated code should make."""
    if place.reference.path.split(".")[0] in ("keras", "keras_applications", "keras_preprocessing"):
        return False
    return answers[place.reference.question][0]


def named_at_import(place: Place, unresolved: Iterable[Place]) -> Place:
    """A place as it is, or as named by the finding at the import that the name comes from."""
    if place.named_by or place.reference.kind != "attribute":
        return place
    for other in unresolved:
        imported = other.reference.full
        comes_from = f"{place.reference.path}.".startswith(f"{imported}.")
        if other.named_by and other.reference.kind in ("from", "import") and comes_from:
            return replace(place, named_by=other.named_by)
    return place


def star_places(outcome: Outcome, answers: Answers) -> list[Place]:
    """The names that only a star import can bring and that none brings."""
    found = []
    for repository, file, modules, names, findings in outcome.stars:
        offered: set[str] = set()
        for module in modules:
            detail = answers[("star", module)][1]
            offered |= set(detail) if isinstance(detail, list) else set()
        for name, (first, last) in names.items():
            if name not in offered:
                reference = Reference("star", "+".join(modules), name, first, last, False)
                found.append(Place(repository, file, reference, False, naming(findings, name, first, last)))
    return found


def questions(outcome: Outcome) -> Iterator[Question]:
    """What to ask of the real TensorFlow about one repository."""
    yield from (place.reference.question for place in outcome.places)
    yield from (place.call.question for place in outcome.calls)
    yield from (("star", module) for star in outcome.stars for module in star[2])


@dataclass(frozen=True)
class Verdict:
    """What of one repository is not there on the real TensorFlow.

    Attributes:
        unresolved: references to Keras, and names that no star import brings.
        introduced: references to the rest of TensorFlow that the migration brought in.
        refused: calls whose arguments are not taken.
    """

    unresolved: list[Place]
    introduced: list[Place]
    refused: list[CallPlace]

    @property
    def silent(self) -> list[Place]:
        """The unresolved references that no finding names."""
        return [place for place in self.unresolved if not place.named_by]

    def unnamed(self, answers: Answers) -> list[str]:
        """The refused calls without a finding, each with the reason."""
        return [
            f"{place.repository}/{place.file}:{place.call.first_line}: {place.call.path}, "
            f"{answers[place.call.question][1]}"
            for place in self.refused
            if not place.named
        ]


def verdict_on(outcome: Outcome, answers: Answers) -> Verdict:
    """What of one repository is not there."""
    wrong = [place for place in outcome.places if not present(place, answers)]
    unresolved = [place for place in wrong if not place.introduced] + star_places(outcome, answers)
    return Verdict(
        [named_at_import(place, unresolved) for place in unresolved],
        [place for place in wrong if place.introduced],
        [place for place in outcome.calls if not answers[place.call.question][0]],
    )


def simple_era(era: str) -> str:
    """One of three: what is written for Keras 1, for Keras 2, and what has both."""
    era = era.removesuffix(" +tf.keras")
    return {"1": "Keras 1", "1+2 mixed": "Keras 1 and 2"}.get(era, "Keras 2")


@dataclass
class Row:
    """One line of the table."""

    repositories: int = 0
    files: int = 0
    changed: int = 0
    not_python_3: int = 0
    crashes: int = 0
    unparsable: int = 0
    second_run: int = 0
    lost: int = 0
    references: int = 0
    resolved: int = 0
    flagged: int = 0
    silent: int = 0
    calls: int = 0
    refused: int = 0
    unnamed: int = 0

    @property
    def left(self) -> str:
        """The share of references that are not there, in per cent."""
        return f"{100 * (self.flagged + self.silent) / self.references:.2f}" if self.references else "–"


def main() -> int:
    """Prints the table; exits with 1 where something is silent or broken."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, help="folder with one folder a repository")
    parser.add_argument("--target", required=True, type=Target.parse)
    parser.add_argument("--python", required=True, help="interpreter with that TensorFlow installed")
    parser.add_argument(
        "--baseline", choices=["sed"], help="rename imports as sed would, instead of migrating"
    )
    parser.add_argument(
        "--python2", type=Python2, default=Python2.REPORT, help="report, or convert and migrate Python 2"
    )
    parser.add_argument("--only", default="", metavar="SUBSTR", help="repositories whose name contains this")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--show", type=int, default=40, metavar="N", help="list at most N silent references")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every unresolved reference there")
    arguments = parser.parse_args()

    roots = repositories(arguments.corpus, arguments.only)
    options = Options(arguments.target, python2=arguments.python2)
    start = time.perf_counter()
    with ProcessPoolExecutor(arguments.jobs) as pool:
        futures = [pool.submit(judge, root, options, arguments.baseline) for root in roots]
        outcomes = [future.result() for future in futures]
    took = time.perf_counter() - start
    version, answers = ask(arguments.python, set(chain.from_iterable(map(questions, outcomes))))

    eras = {entry.folder: entry.era for entry in entries()}
    table: dict[str, Row] = {}
    missing: list[Place] = []
    broken: list[str] = []
    introduced: list[Place] = []
    unnamed: list[str] = []
    for outcome in outcomes:
        era = "own keras package" if outcome.own_keras else simple_era(eras.get(outcome.repository, ""))
        row = table.setdefault(era, Row())
        row.repositories += 1
        row.files += outcome.files
        row.changed += outcome.changed
        row.not_python_3 += outcome.not_python_3
        row.crashes += len(outcome.crashes)
        row.unparsable += len(outcome.unparsable)
        row.second_run += len(outcome.second_run)
        row.lost += len(outcome.lost)
        broken += [f"crash: {text}" for text in outcome.crashes]
        broken += [f"does not parse: {text}" for text in outcome.unparsable]
        broken += [f"second run changes: {text}" for text in outcome.second_run]
        broken += [f"left unbound: {text}" for text in outcome.lost]
        verdict = verdict_on(outcome, answers)
        introduced += verdict.introduced
        unresolved = verdict.unresolved
        total = sum(not place.introduced for place in outcome.places)
        row.references += total
        row.flagged += sum(bool(place.named_by) for place in unresolved)
        row.silent += sum(not place.named_by for place in unresolved)
        row.resolved += total - len(unresolved)
        row.calls += len(outcome.calls)
        row.refused += len(verdict.refused)
        row.unnamed += sum(not place.named for place in verdict.refused)
        if not outcome.own_keras:
            missing += unresolved
            unnamed += verdict.unnamed(answers)
    total_row = Row()
    for era, row in table.items():
        if era != "own keras package":
            for name, value in asdict(row).items():
                setattr(total_row, name, getattr(total_row, name) + value)

    what = arguments.baseline or "keras-migrate"
    print(f"target {arguments.target} on TensorFlow {version}, {what}; {took:.0f} s")
    columns = list(asdict(total_row))
    print("\t".join(["era", *columns, "left %"]))
    for era, row in [*sorted(table.items()), ("all but own keras", total_row)]:
        print("\t".join([era, *(str(getattr(row, column)) for column in columns), row.left]))
    roots_missing = Counter(place.reference.full for place in missing)
    print(
        "\nunresolved most often:",
        ", ".join(f"{name} {n}" for name, n in roots_missing.most_common(15)) or "nothing",
    )
    silent = [place for place in missing if not place.named_by]
    lists = {
        "silent": list(map(str, silent)),
        "broken": broken,
        "arguments that are refused, and no finding says so": unnamed,
        "brought in from TensorFlow, and not there": list(map(str, introduced)),
    }
    for title, items in lists.items():
        print(f"\n{title}: {len(items)}")
        print("\n".join(f"  {item}" for item in items[: arguments.show]))
    if arguments.json:
        report = [
            {**asdict(place.reference), **asdict(place), "reference": place.reference.full}
            for place in missing
        ]
        arguments.json.write_text(
            json.dumps(
                {
                    "table": {k: asdict(v) for k, v in table.items()},
                    "broken": broken,
                    "missing": report,
                    "introduced": list(map(str, introduced)),
                },
                indent=1,
            )
        )
    return int(bool(silent or broken))


if __name__ == "__main__":
    sys.exit(main())
