"""Runs examples and tests of one migrated folder in one environment, and remembers how each ended."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from sources import ARGUMENTS, HERE

SERVED = HERE / "served"
SEEDS = (1, 2, 3)
NEEDS = {"lstm_seq2seq_restore": "lstm_seq2seq"}
"""Examples that read what another one wrote."""

Record: TypeAlias = "dict[str, Any]"
Records: TypeAlias = "dict[str, Record]"
"""How each test or example ended, by its id: its file, and ``::`` and its name for a test."""


@dataclass(frozen=True)
class Limits:
    """Seconds that things may take."""

    example: int = 400
    test: int = 200
    file: int = 2400


class Results:
    """How the programs of one variant on one target ended, kept in a file between runs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files: dict[str, dict[str, Any]] = json.loads(path.read_text()) if path.is_file() else {}

    def fresh(self, name: str, key: str) -> bool:
        """Whether a file has been run as it is now."""
        return self.files.get(name, {}).get("key") == key

    def keep(self, name: str, key: str, records: Records) -> None:
        """Remembers how the programs of one file ended."""
        self.files[name] = {"key": key, "records": records}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(self.files, indent=1, sort_keys=True))

    def alike(self, name: str, key: str) -> Records | None:
        """What another variant gave for the same file in the same environment."""
        target = self.path.stem.rpartition("-")[2]
        for path in self.path.parent.glob(f"*-{target}.json"):
            known = Results(path)
            if known.fresh(name, key):
                records: Records = known.files[name]["records"]
                return records
        return None

    @property
    def records(self) -> Records:
        """All of them."""
        return {key: record for file in self.files.values() for key, record in file["records"].items()}


def run(folder: Path, python: Path, results: Results, jobs: int, only: str, again: bool) -> None:
    """Runs what has changed since it last ran; what is served to it does not count.

    Args:
        folder: holds ``examples`` and ``tests``.
        python: the interpreter.
        results: where outcomes go.
        jobs: how many files run at once.
        only: part of a path; other files are not run.
        again: run what has not changed as well.
    """
    shared = [folder / "tests/conftest.py", folder / "tests/keras_test_utils.py"]
    names = sorted(path.relative_to(folder).as_posix() for path in programs(folder))
    todo = []
    for name in names:
        path = folder / name
        before = NEEDS.get(path.stem)
        others = shared if name.startswith("tests/") else [path.with_stem(before)] if before else []
        key = digest([path, *others])
        if only not in name or (results.fresh(name, key) and not again):
            continue
        alike = None if again else results.alike(name, key)
        if alike is None:
            todo.append((name, key))
        else:
            results.keep(name, key, alike)

    def one(work: tuple[str, str]) -> tuple[str, str, Records]:
        name, key = work
        runs = run_example if name.startswith("examples/") else run_tests
        return name, key, runs(folder, name, python, Limits())

    with ThreadPoolExecutor(jobs) as pool:
        for name, key, records in pool.map(one, todo):
            results.keep(name, key, records)
            print(f"{name}: {tally(records.values())}", flush=True)
    for gone in results.files.keys() - set(names):
        del results.files[gone]


def programs(folder: Path) -> Iterable[Path]:
    """Every example, and every file of tests."""
    yield from (folder / "examples").glob("*.py")
    for path in (folder / "tests").rglob("*.py"):
        if path.stem.startswith("test_") or path.stem.endswith("_test"):
            yield path


def digest(paths: Iterable[Path]) -> str:
    """A key for the contents of files."""
    hashed = hashlib.sha256()
    for path in sorted(paths):
        hashed.update(path.read_bytes() if path.is_file() else b"")
    return hashed.hexdigest()


def tally(records: Iterable[Record]) -> str:
    """Outcomes, counted: ``3 passed, 1 failed``."""
    outcomes = [record["outcome"] for record in records]
    return ", ".join(f"{outcomes.count(kind)} {kind}" for kind in ("passed", "failed", "skipped"))


def environment(folder: Path, result: str = "", seed: int = 1) -> dict[str, str]:
    """The environment variables of a program that runs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "KERAS"))}
    return kept | {
        "PYTHONPATH": os.pathsep.join([str(SERVED), str(folder / "tests")]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "MPLBACKEND": "Agg",
        "KERAS_SUITE_RESULT": result,
        "KERAS_SUITE_ROOT": str(folder),
        "KERAS_SUITE_SECONDS": str(Limits.test),
        "KERAS_SUITE_SEED": str(seed),
    }


def run_example(folder: Path, name: str, python: Path, limits: Limits) -> Records:
    """Runs one example, and before it the one whose files it reads."""
    before = NEEDS.get(Path(name).stem)
    if before is not None:
        run_example(folder, f"examples/{before}.py", python, limits)
    arguments = ARGUMENTS.get(Path(name).stem, [])
    with tempfile.TemporaryDirectory() as made:
        result = os.path.join(made, "result")
        command = [str(python), str(SERVED / "example.py"), result, Path(name).name, *arguments]
        ended = finish(command, folder / "examples", environment(folder), limits.example)
        records = read(result)
    record = records[-1] if records else {"outcome": "failed", "error": ended, "places": []}
    for place in record.get("places", []):
        place[0] = "examples/" + place[0]
    return {name: record | {"id": name}}


def run_tests(folder: Path, name: str, python: Path, limits: Limits) -> Records:
    """Runs one file of tests.

    Some tests compare what a short random training reached, so one whose assertion fails gets other seeds.
    """
    records = run_all(folder, [name], python, limits, SEEDS[0])
    for seed in SEEDS[1:]:
        missed = [
            key for key, record in records.items() if record.get("error", "").startswith("AssertionError")
        ]
        if missed:
            again = run_all(folder, missed, python, limits, seed)
            records |= {key: record for key, record in again.items() if record["outcome"] == "passed"}
    return records


def run_all(folder: Path, selected: list[str], python: Path, limits: Limits, seed: int) -> Records:
    """Runs files or tests; again without the tests that killed the process, where one did."""
    records: Records = {}
    unfinished: str | None = ""
    ended = ""
    while unfinished is not None:
        skip = [f"--deselect={key}" for key, record in records.items() if record["outcome"] != "collected"]
        with tempfile.TemporaryDirectory() as made:
            result = os.path.join(made, "result")
            options = ["-q", "-p", "recorder", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", "."]
            command = [str(python), "-m", "pytest", *options, *skip, *selected]
            ended = finish(command, folder, environment(folder, result, seed), limits.file)
            found = read(result)
        for record in found:
            key = record["id"]
            if record["outcome"] == "failed" or records.get(key, {}).get("outcome") != "failed":
                records[key] = record
        unfinished = next((key for key, record in records.items() if record["outcome"] == "started"), None)
        if unfinished is not None:
            error = f"the process ended: {ended}"
            records[unfinished] = {"id": unfinished, "outcome": "failed", "error": error, "places": []}
    for record in records.values():
        if record["outcome"] == "collected":
            record |= {"outcome": "failed", "error": ended, "places": []}
    return records


def finish(command: list[str], folder: Path, variables: dict[str, str], seconds: int) -> str:
    """Runs a command to its end, and says how it ended."""
    try:
        done = subprocess.run(
            ["nice", "-n", "2", *command],
            cwd=folder,
            env=variables,
            timeout=seconds,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"took more than {seconds} s"
    last = done.stdout.decode(errors="replace").strip().splitlines()[-1:]
    return f"exit code {done.returncode}: {' '.join(last)[:200]}"


def read(path: str) -> list[Record]:
    """The records that a program left, in their order."""
    if not os.path.exists(path):
        return []
    with open(path) as opened:
        return [json.loads(line) for line in opened]
