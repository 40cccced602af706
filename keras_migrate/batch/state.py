"""The folder of a batch: its results, and how far it came."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import stat
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from keras_migrate import __version__
from keras_migrate.batch.git import (
    GitError,
    git,
    has_attributes,
    honour_attributes,
    take_bytes_as_they_are,
)
from keras_migrate.batch.results import Outcome, RepositoryResult

_FORMAT = 1
_MARKER = "batch.json"
_RESULT_KEY = "keras-migrate.result"
"""Where the configuration of a clone says which commit is the result, so that later work in it is noticed."""


class OutputFolderError(Exception):
    """The folder cannot be used; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class OutputFolder:
    """Where a batch keeps everything that it makes.

    Attributes:
        path: absolute path.
    """

    path: str

    def prepare(self) -> None:
        """Makes the folder, or checks that it is one of an earlier run.

        Raises:
            OutputFolderError: where it holds other things or cannot be written.
        """
        marker = self.locate(_MARKER)
        try:
            os.makedirs(self.path, exist_ok=True)
            if not os.path.exists(marker):
                if os.listdir(self.path):
                    raise OutputFolderError(
                        f"{self.path} holds other things: name a folder that is empty or does not exist"
                    )
                _write(marker, {"tool": "keras-migrate", "version": __version__, "format": _FORMAT})
                with open(self.locate(".gitignore"), "w", encoding="ascii") as file:
                    file.write("*\n")
            for name in ("patches", "reports", "repositories", "state", "work"):
                os.makedirs(self.locate(name), exist_ok=True)
        except OSError as error:
            reason = f"{error.filename or self.path}: {error.strerror}"
            raise OutputFolderError(f"the output folder cannot be written: {reason}") from error
        if _read(marker).get("format") != _FORMAT:
            raise OutputFolderError(f"{self.path} is of another keras-migrate: name another folder")

    def begin(self) -> str:
        """Begins a run: what one that was killed left half done is removed.

        Returns:
            The name of the run. Processes of an earlier one that go on elsewhere find another here, and end.
        """
        run = uuid.uuid4().hex
        _write(self.locate(_MARKER), {**_read(self.locate(_MARKER)), "run": run})
        self.sweep()
        return run

    def sweep(self) -> None:
        """Removes what repositories that were ended half-way left."""
        for name in os.listdir(self.locate("work")):
            with contextlib.suppress(OSError):  # such as one that ends just now elsewhere
                remove(self.locate("work", name))

    def run(self) -> str | None:
        """The name of the run that is under way; ``None`` where this machine does not see the folder."""
        run = _read(self.locate(_MARKER)).get("run")
        return run if isinstance(run, str) else None

    def locate(self, *parts: str) -> str:
        """The absolute path of something in it."""
        return os.path.join(self.path, *parts)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other runs out while the block runs; the lock of a run that was killed is gone with it.

        Raises:
            OutputFolderError: another run has the folder.
        """
        with open(self.locate("lock"), "a", encoding="ascii") as file:
            if not _lock(file.fileno()):
                raise OutputFolderError(f"another run is at work in {self.path}: wait for it, or stop it")
            yield

    def record(self, result: RepositoryResult, fingerprint: str) -> None:
        """Notes that a repository is finished."""
        _write(self._state(result.name), {"fingerprint": fingerprint, "result": asdict(result)})

    def finished(self, name: str, fingerprint: str) -> RepositoryResult | None:
        """What came of a repository, if nothing is left to do: it did not fail, and its results are there.

        Args:
            name: its name.
            fingerprint: of the entry and the tool; a result of others does not count.
        """
        state = _read(self._state(name))
        try:
            result = RepositoryResult.of_fields(state["result"])
        except (KeyError, TypeError, ValueError):
            return None
        if state.get("fingerprint") != fingerprint or result.outcome is Outcome.FAILED:
            return None
        left = [*result.reports.values(), *([result.result] if result.result else [])]
        return result if all(os.path.exists(self.locate(path)) for path in left) else None

    def disown(self, name: str) -> None:
        """Takes back that a repository is finished."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._state(name))

    def forget(self, name: str) -> str:
        """Removes what an earlier run made of a repository, but for what a person did since.

        Returns:
            A sentence that says where that was moved; empty where there is none.
        """
        for path in (
            self.locate("patches", f"{name}.patch"),
            *(self.locate("reports", f"{name}.{suffix}") for suffix in ("html", "json")),
        ):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
        clone = self.locate("repositories", name)
        if not os.path.lexists(clone):
            return ""
        if _is_as_left(clone):
            remove(clone)
            return ""
        kept = self._unused(name)
        os.makedirs(os.path.dirname(kept), exist_ok=True)
        os.rename(clone, kept)
        return f"The earlier clone was worked in since; it is kept in {kept}."

    def _unused(self, name: str) -> str:
        number = 1
        while os.path.lexists(kept := self.locate("kept", f"{name}.{number}")):
            number += 1
        return kept

    def _state(self, name: str) -> str:
        return self.locate("state", f"{name}.json")


def mark_result(clone: str, commit: str) -> None:
    """Notes in a clone which commit is the result."""
    git(clone, "config", _RESULT_KEY, commit)


def _is_as_left(clone: str) -> bool:
    """Whether a clone is what a run left: nothing committed, changed, or added since."""
    if has_attributes(clone):
        return False
    try:
        take_bytes_as_they_are(clone)
        result = git(clone, "config", "--local", _RESULT_KEY).decode().strip()
        if git(clone, "rev-list", "--max-count=1", "--all", "HEAD", "--not", result, "--remotes"):
            return False
        git(clone, "diff", "--quiet", result)
        return not git(clone, "status", "--porcelain", "--ignored", "--untracked-files=all")
    except (GitError, OSError):
        return False
    finally:
        honour_attributes(clone)


def remove(path: str) -> None:
    """Removes a file or a folder with all that is in it."""
    if os.path.isdir(path) and not os.path.islink(path):
        if sys.version_info >= (3, 12):
            shutil.rmtree(path, onexc=_make_writable)
        else:
            shutil.rmtree(path, onerror=_make_writable)
    else:
        os.unlink(path)


def _make_writable(function: Callable[[str], object], path: str, _error: object) -> None:
    """Git's objects are read-only, which keeps Windows from removing them."""
    os.chmod(path, stat.S_IRWXU)
    function(path)


def _write(path: str, content: dict[str, Any]) -> None:
    from keras_migrate.writer import write_atomically

    write_atomically(path, (json.dumps(content, indent=2) + "\n").encode())


def _read(path: str) -> dict[str, Any]:
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks
            return True
        return True
