"""Stand-ins for the engine, importable by every process that a run starts."""

from __future__ import annotations

import os
import signal
import time

from keras_migrate.findings import FileResult, Finding, Level
from keras_migrate.options import Options
from keras_migrate.project import Project


def rename(path: str, data: bytes, options: Options, project: Project) -> FileResult:
    """Renames imports; finds something for a person in lines with ``gone``, and to review with ``look``."""
    after = data.replace(b"from keras", b"from tensorflow.keras")
    findings = []
    for number, line in enumerate(data.split(b"\n"), 1):
        if b"from keras" in line:
            findings.append(Finding("KM101", Level.REWRITTEN, "moved", "keras", number, 1, number))
        if b"look" in line:
            findings.append(Finding("KM201", Level.REVIEW, "look at the workers", None, number, 1, number))
        if b"gone" in line:
            findings.append(Finding("KM401", Level.MANUAL, "is gone: write it anew", None, number, 1, number))
    return FileResult(path, data, after, tuple(findings))


def fail(path: str, data: bytes, options: Options, project: Project) -> FileResult:
    """Breaks on files with ``broken`` in their name, as a mistake in the engine would."""
    if "broken" in path:
        raise ZeroDivisionError("one line\nand another")
    return rename(path, data, options, project)


class Panic(BaseException):
    """What a panic in native code looks like from Python: no Exception."""


def panic(path: str, data: bytes, options: Options, project: Project) -> FileResult:
    """Panics on files with ``broken`` in their name."""
    if "broken" in path:
        raise Panic("index out of bounds")
    return rename(path, data, options, project)


def die(path: str, data: bytes, options: Options, project: Project) -> FileResult:
    """Takes its process with it on files with ``broken`` in their name."""
    if "broken" in path:
        os._exit(9)
    return rename(path, data, options, project)


def process_of(path: str, data: bytes, options: Options, project: Project) -> FileResult:
    """Says in a finding which process it runs in."""
    return FileResult(path, data, data, (Finding("KM101", Level.REVIEW, str(os.getpid()), None, 1, 1),))


def slow(path: str, data: bytes, options: Options, project: Project) -> FileResult:
    """Takes a minute a file."""
    time.sleep(60)
    return rename(path, data, options, project)


def interrupted(path: str, data: bytes, options: Options, project: Project) -> FileResult:
    """Is interrupted by the user at files with ``broken`` in their name."""
    if "broken" in path:
        raise KeyboardInterrupt
    return rename(path, data, options, project)


def endless(path: str, data: bytes, options: Options, project: Project) -> FileResult:
    """Never ends with files with ``endless`` in their name."""
    while "endless" in path:
        pass
    return rename(path, data, options, project)


class DiesOnce:
    """An engine whose first process is killed by the system."""

    def __init__(self, mark: str) -> None:
        """Takes the path of a file that is made when that has happened."""
        self.mark = mark

    def __call__(self, path: str, data: bytes, options: Options, project: Project) -> FileResult:
        """Renames imports, in every process but the first."""
        try:
            os.close(os.open(self.mark, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return rename(path, data, options, project)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError
