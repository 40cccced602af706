"""The process of one repository: started, watched, ended in time, and tried again when it was killed."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import IO

from keras_migrate.batch.results import RepositoryResult
from keras_migrate.batch.work import Job, failed, unwanted

_SECOND_TRY_PROCESSES = 2


def attempt(job: Job, timeout: float | None = None, stop: Stop | None = None) -> RepositoryResult:
    """Works on a repository in a process of its own.

    Args:
        job: what to do.
        timeout: seconds that it may take; ``None`` for as long as it takes.
        stop: ends it from another thread.
    Returns:
        What came of it, whatever happened to the process.
    """
    if reason := unwanted(job):
        return failed(job, reason)
    stop = stop or Stop()
    first = _tried(job, timeout, stop)
    if isinstance(first, RepositoryResult):
        return first
    if stop.asked:
        return failed(job, "it was stopped")
    second = _tried(replace(job, processes=_SECOND_TRY_PROCESSES), timeout, stop)
    if isinstance(second, RepositoryResult):
        return second.with_remark(f"The first try came to nothing: {first}. This is the second.")
    return failed(job, f"{second}, as at the first try" if first == second else f"{second}; before: {first}")


@dataclass(slots=True)
class Stop:
    """Ends the processes of attempts that are under way, and keeps others from being started."""

    asked: bool = False
    _under_way: set[subprocess.Popen[bytes]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> None:
        with self._lock:
            self.asked = True
            for process in self._under_way:
                _end(process)

    def start(self, command: Sequence[str], folder: str) -> subprocess.Popen[bytes] | None:
        """Starts a process in a group of its own, with nobody to ask; ``None`` where a stop was asked for."""
        with self._lock:
            if self.asked:
                return None
            process = subprocess.Popen(
                command,
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            self._under_way.add(process)
            return process

    def forget(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._under_way.discard(process)


def _tried(job: Job, timeout: float | None, stop: Stop) -> RepositoryResult | str:
    """Tries once.

    Returns:
        What came of it, or how the process ended without saying so.
    """
    command = (sys.executable, "-m", "keras_migrate.batch.work")
    try:
        # Not in the current folder: Python would import from there.
        process = stop.start(command, job.folder.path)
    except OSError as error:
        return failed(job, f"its process could not be started: {error.strerror}")
    if process is None:
        return failed(job, "it was stopped")
    answer, errors = _Reader(process.stdout), _Reader(process.stderr)
    try:
        _hand(process, job)
        code = process.wait(timeout)
    except subprocess.TimeoutExpired:
        _end(process)
        return failed(job, f"it was not done within {timeout:g} s (--timeout)")
    except BaseException:
        _end(process)
        raise
    finally:
        process.wait()
        stop.forget(process)
        if process.returncode != 0:
            _end(process)  # what it had started may be left
        with suppress(OSError):
            process.stdin.close()  # type: ignore[union-attr]
    try:
        return RepositoryResult.of_fields(json.loads(answer.text()))
    except (KeyError, TypeError, ValueError):
        return _ending(code, errors.text())


def _hand(process: subprocess.Popen[bytes], job: Job) -> None:
    """Tells a process its job. Its input stays open: it ends when that is closed."""
    assert process.stdin is not None
    with suppress(BrokenPipeError):
        process.stdin.write(pickle.dumps(job))
        process.stdin.flush()


class _Reader(threading.Thread):
    """Reads a pipe to its end, so that it never is full."""

    def __init__(self, pipe: IO[bytes] | None) -> None:
        super().__init__(daemon=True)
        assert pipe is not None
        self._pipe, self._data = pipe, b""
        self.start()

    def run(self) -> None:
        with self._pipe:
            self._data = self._pipe.read()

    def text(self) -> str:
        """All that came, once the other side has closed."""
        self.join()
        return self._data.decode(errors="replace")


def _ending(code: int, errors: str) -> str:
    if code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        return f"its process was killed by {name}" + (" (out of memory, perhaps)" if code == -9 else "")
    last = errors.strip().rpartition("\n")[2]
    return f"its process ended with {code}" + (f": {last}" if last else "")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process that has not been waited for, and all of its group."""
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except (ProcessLookupError, PermissionError):
        pass
