"""The output of every fixture, executed on the real TensorFlow of this interpreter.

A program with nothing left for a person must run, and no argument in it may be ignored. A program with a
``manual`` finding must fail, or else it is not warranted; where it runs and means something else, its
before file says so in a comment, ``# runs: silently different``. A program with ``# runs: alone`` changes the
state of the whole process (eager execution, devices) and is executed in one of its own. One with
``# needs: scikeras`` is passed over where that is not installed.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import sys
import types
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fixture_pairs import KERAS_2, KERAS_3, Case, all_cases

tf = pytest.importorskip("tensorflow", reason="needs TensorFlow: nox -s runtime-2.15 runtime-2.21")
RELEASE = ".".join(tf.__version__.split(".")[:2])
if RELEASE not in (KERAS_2, KERAS_3):
    pytest.skip(f"no fixtures for TensorFlow {RELEASE}", allow_module_level=True)

IGNORED_ARGUMENT = re.compile(
    r"ignored|no longer supported|is deprecated in|[Aa]rgument [`'\"]?\w+[`'\"]? is deprecated"
)
"""How Keras says that it took an argument and did nothing with it, or will not for long."""

SAID_OF_DEFAULT = "`shuffle=True` was passed, but will be ignored"
"""What the newest Keras says of its own default wherever data comes from a generator."""


NEEDED = re.compile(rb"^# needs: (\w+)$", re.MULTILINE)
"""What a program imports besides TensorFlow."""


class Messages(logging.Handler):
    """Keeps the text of what is logged."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps one record's text."""
        self.texts.append(record.getMessage())


@contextmanager
def warned() -> Iterator[list[str]]:
    """Collects every warning, from :mod:`warnings` and from the loggers that Keras uses."""
    messages = Messages()
    loggers = [logging.getLogger("absl"), logging.getLogger("tensorflow")]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for logger in loggers:
            logger.addHandler(messages)
        try:
            yield messages.texts
        finally:
            for logger in loggers:
                logger.removeHandler(messages)
            messages.texts += [str(warning.message) for warning in caught]


def run_here(source: bytes, path: Path, name: str) -> None:
    """Executes a program in this process, in a module of its own."""
    module = types.ModuleType(name)
    sys.modules[name] = module
    known = set(sys.modules)
    sys.path.insert(0, os.getcwd())
    try:
        exec(compile(source, str(path), "exec"), module.__dict__)
    finally:
        sys.path.remove(os.getcwd())
        tf.keras.backend.clear_session()
        del sys.modules[name]
        for other in set(sys.modules) - known:
            if str(getattr(sys.modules[other], "__file__", "")).startswith(os.getcwd()):
                del sys.modules[other]


def run_alone(path: str) -> list[str]:
    """Executes a program in a process of its own and returns what it printed as errors."""
    done = subprocess.run([sys.executable, "-W", "always", path], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stderr.splitlines()


def run(case: Case) -> list[str]:
    """Executes the output of a case in the current folder.

    Returns:
        What it was warned of.
    """
    path = case.after_file(RELEASE)
    if case.beside:
        shutil.copytree(case.beside, ".", dirs_exist_ok=True)
    if b"# runs: alone" in case.before:
        return run_alone(shutil.copy(path, "program.py"))
    with warned() as complaints:
        run_here(path.read_bytes(), path, f"fixture_{case.rule}_{re.sub(r'[^0-9A-Za-z]', '_', case.name)}")
    return complaints


def runnable() -> list[Case]:
    """The cases whose program could be read."""
    found = [(case, case.findings(RELEASE)) for case in all_cases()]
    return [case for case, findings in found if all(level != "error" for _, _, level in findings)]


@pytest.mark.parametrize("case", runnable(), ids=str)
def test_output_runs(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program does what its findings say."""
    for needed in NEEDED.findall(case.before):
        pytest.importorskip(needed.decode())
    monkeypatch.chdir(tmp_path)
    manual = any(level == "manual" for _, _, level in case.findings(RELEASE))
    if manual and b"# runs: silently different" not in case.before:
        with pytest.raises(Exception):  # noqa: B017, PT011
            run(case)
        return
    complaints = [text for text in run(case) if SAID_OF_DEFAULT not in text]
    assert manual or [text for text in complaints if IGNORED_ARGUMENT.search(text)] == []
