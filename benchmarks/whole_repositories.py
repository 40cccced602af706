"""Whole repositories: from a fresh checkout through one command to their own tests on the newest TensorFlow.

    python benchmarks/whole_repositories.py WORK
    python benchmarks/whole_repositories.py WORK --mirrors DIR --only keras-resnet --full-tensorflow

``whole_repositories.toml`` says which. Each is laid out twice. The one copy is installed with the packages of
its time into an environment of its time, and its tests are run. The other is migrated with
``keras-migrate migrate --write``, installed by pip as its migrated dependency files ask for on Python 3.11,
and the same test command is run there. Nothing else is changed in either. A Python that is missing is named,
and what needs it is skipped.

TensorFlow's package for graphics cards is five times as large as ``tensorflow-cpu``, which has the same code
otherwise: without ``--full-tensorflow`` pip is offered a package ``tensorflow`` that only asks for that one.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import tomllib
from corpus import Entry, lay_out_package, lay_out_repository

HERE = Path(__file__).parent
NEW_PYTHON = "3.11"
TENSORFLOW = "2.21.0"
OLD_PIP = "pip==21.3.1"
"""The last that runs on Python 3.6."""
LIMIT = 3600
"""Seconds that tests may take."""


@dataclass(frozen=True)
class Whole:
    """One repository of the table.

    Attributes:
        entry: where it comes from.
        python: the Python that it was written for.
        old: the packages that it was written for.
        install: what pip installs of it.
        tools: what its CI installs beside it.
        test: its own test command, run as a module of the environment's Python.
    """

    entry: Entry
    python: str
    old: tuple[str, ...]
    install: tuple[str, ...]
    tools: tuple[str, ...]
    test: tuple[str, ...]


@dataclass(frozen=True)
class Tests:
    """How the tests of one copy ended: the first line of what went wrong by test, empty where nothing did."""

    outcomes: dict[str, str]

    @property
    def passed(self) -> set[str]:
        """The tests that pass."""
        return {name for name, problem in self.outcomes.items() if not problem}


class Failed(Exception):
    """A step before the tests did not work; the text says which and how."""


def wholes() -> list[Whole]:
    """Everything in ``whole_repositories.toml``."""
    table = tomllib.loads((HERE / "whole_repositories.toml").read_text())
    found = []
    for each in table["repository"]:
        kind, _, name = each["source"].partition(":")
        lists = {key: tuple(each.get(key, ())) for key in ("old", "install", "tools", "test")}
        found.append(Whole(Entry(kind, name, each["pin"], ""), each["python"], **lists))
    return found


def interpreter(version: str) -> str | None:
    """The path of a Python, on the path or kept by pyenv; none where it is missing."""
    found = shutil.which(f"python{version}")
    if found is None:
        return None
    known = subprocess.run(["pyenv", "versions", "--bare"], capture_output=True, text=True, check=False)
    chosen = {"PYENV_VERSION": ":".join(known.stdout.split())} if shutil.which("pyenv") else {}
    asked = [found, "-c", "import sys; print(sys.executable)"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, env={**os.environ, **chosen})
    return done.stdout.strip() if done.returncode == 0 else None


def check_out(whole: Whole, folder: Path, mirrors: Path | None) -> Path:
    """Lays out every file of a repository anew, and says in which folder its top is."""
    shutil.rmtree(folder, ignore_errors=True)
    if whole.entry.kind == "github":
        written = lay_out_repository(whole.entry, folder, mirrors, ("",))
    else:
        written = lay_out_package(whole.entry, folder, ("",))
    if not written:
        raise Failed(f"{whole.entry.name} could not be had")
    inside = list(folder.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else folder


def call(command: list[str | Path], folder: Path, step: str, allowed: tuple[int, ...] = (0,)) -> int:
    """Runs one step.

    Raises:
        Failed: where it does not end with one of the allowed codes.
    """
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in allowed:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise Failed(f"{step}: " + (" / ".join(said[-3:]) or f"exit code {done.returncode}"))
    return done.returncode


def environment(folder: Path, python: str, old: bool) -> Path:
    """A new virtual environment; gives its Python."""
    shutil.rmtree(folder, ignore_errors=True)
    call([python, "-m", "venv", folder], folder.parent, "venv")
    inside = folder / "bin" / "python"
    upgraded = [OLD_PIP] if old else ["pip", "setuptools<81"]  # the last with pkg_resources
    call([inside, "-m", "pip", "install", "--quiet", *upgraded], folder.parent, "pip")
    return inside


def stand_in(folder: Path) -> Path:
    """Makes a wheel ``tensorflow`` that only asks for ``tensorflow-cpu``, for pip's ``--find-links``."""
    folder.mkdir(parents=True, exist_ok=True)
    version = f"{TENSORFLOW}+cpu"  # newer for pip than the release itself, and equal to it
    info = f"tensorflow-{version}.dist-info"
    files = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: tensorflow\nVersion: {version}\n"
        f"Requires-Dist: tensorflow-cpu=={TENSORFLOW}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: by hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(text)}\n"
    with zipfile.ZipFile(folder / f"tensorflow-{version}-py3-none-any.whl", "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
        wheel.writestr(f"{info}/RECORD", f"{record}{info}/RECORD,,\n")
    return folder


def run_tests(whole: Whole, python: Path, folder: Path, report: Path) -> Tests:
    """Runs the tests of one copy.

    Raises:
        Failed: where they did not come to an end.
    """
    report.unlink(missing_ok=True)
    command = [python, "-m", *whole.test, f"--junitxml={report}", "-o", "junit_family=xunit1"]
    settings = {
        "KERAS_HOME": str(report.parent / "keras"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
    }
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
        env={**os.environ, **settings},
    )
    report.with_suffix(".log").write_text(done.stdout + done.stderr)
    if not report.is_file():
        raise Failed("tests: " + " / ".join((done.stderr or done.stdout).strip().splitlines()[-3:]))
    return reported(report)


def reported(report: Path) -> Tests:
    """What a report of pytest says."""
    outcomes = {}
    for case in ElementTree.parse(report).iter("testcase"):
        wrong = [each for each in case if each.tag in ("failure", "error", "skipped")]
        said = [line for each in wrong for line in (each.get("message") or "failed").strip().splitlines()]
        name = f"{case.get('classname')}::{case.get('name')}"
        outcomes[name] = f"{wrong[0].tag}: {said[0]}" if wrong else ""
    return Tests(outcomes)


def on_the_old_stack(whole: Whole, work: Path, mirrors: Path | None, keep: bool) -> Tests:
    """Runs the tests of the repository as it was, or takes what they gave the last time."""
    if keep and (work / "old.xml").is_file():
        return reported(work / "old.xml")
    python = interpreter(whole.python)
    if python is None:
        raise Failed(f"skipped: there is no Python {whole.python}")
    top = check_out(whole, work / "old", mirrors)
    inside = environment(work / "old-env", python, old=True)
    call([inside, "-m", "pip", "install", "--quiet", *whole.old], top, "pip, packages of its time")
    call(
        [inside, "-m", "pip", "install", "--quiet", *whole.install, *whole.tools, *whole.old],
        top,
        "pip install",
    )
    return run_tests(whole, inside, top, work / "old.xml")


def migrated(whole: Whole, work: Path, mirrors: Path | None, links: Path | None) -> tuple[Tests, str]:
    """Runs the tests of the migrated repository.

    Returns:
        How they ended, and what the migration said at its end.
    """
    python = interpreter(NEW_PYTHON)
    if python is None:
        raise Failed(f"skipped: there is no Python {NEW_PYTHON}")
    top = check_out(whole, work / "new", mirrors)
    command = [
        sys.executable,
        "-m",
        "keras_migrate",
        "migrate",
        "--write",
        "--report",
        str(work / "new.json"),
        ".",
    ]
    done = subprocess.run(command, cwd=top, capture_output=True, text=True, check=False)
    (work / "migrate.log").write_text(done.stdout + done.stderr)
    if done.returncode not in (0, 3):
        raise Failed(f"keras-migrate: exit code {done.returncode}")
    summary = re.findall(r"^\d+ files looked at.*$", done.stdout, re.M)
    inside = environment(work / "new-env", python, old=False)
    offered = ["--find-links", str(links)] if links is not None else []
    call(
        [inside, "-m", "pip", "install", "--quiet", *offered, *whole.install, *whole.tools],
        top,
        "pip install",
    )
    return run_tests(
        whole, inside, top, work / "new.xml"
    ), f"exit code {done.returncode}; {' '.join(summary)}"


def main() -> int:
    """Prints what passed before and after; exits with 1 where a test that passed does not any more."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("work", type=Path, help="folder for checkouts, environments and reports")
    parser.add_argument("--mirrors", type=Path, metavar="DIR", help="folder of clones, <owner>+<name>/repo")
    parser.add_argument("--only", default="", metavar="SUBSTR", help="repositories whose name contains this")
    parser.add_argument("--keep-old", action="store_true", help="take what the old stack gave the last time")
    parser.add_argument("--full-tensorflow", action="store_true", help="install `tensorflow` itself")
    arguments = parser.parse_args()

    links = None if arguments.full_tensorflow else stand_in(arguments.work.resolve() / "links")
    print(f"tensorflow: {'itself' if links is None else f'tensorflow-cpu {TENSORFLOW} in its place'}")
    lost = 0
    for whole in wholes():
        if arguments.only not in whole.entry.name:
            continue
        work = arguments.work.resolve() / whole.entry.folder
        work.mkdir(parents=True, exist_ok=True)
        print(f"\n{whole.entry.name} {whole.entry.pin[:7]}", flush=True)
        old = Tests({})
        try:
            old = on_the_old_stack(whole, work, arguments.mirrors, arguments.keep_old)
            print(
                f"  before, Python {whole.python}: {len(old.passed)} of {len(old.outcomes)} pass", flush=True
            )
        except (Failed, subprocess.TimeoutExpired) as problem:
            print(f"  before: {problem}", flush=True)
        try:
            new, said = migrated(whole, work, arguments.mirrors, links)
        except (Failed, subprocess.TimeoutExpired) as problem:
            print(f"  after: {problem}")
            lost += len(old.passed)
            continue
        print(f"  keras-migrate: {said}")
        passed = (
            f"{len(new.passed)} of {len(new.outcomes)} pass, {len(old.passed & new.passed)} of those before"
        )
        print(f"  after, Python {NEW_PYTHON}: {passed}")
        for name in sorted(old.passed - new.passed):
            print(f"    {name}: {new.outcomes.get(name, 'not collected')}")
            lost += 1
    return int(bool(lost))


if __name__ == "__main__":
    sys.exit(main())
