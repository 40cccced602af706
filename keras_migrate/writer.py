"""Writes a run's files, each at once or not at all, with a journal from which they can be brought back."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import signal
import stat
import tempfile
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import Enum
from typing import TypeAlias

from keras_migrate import __version__, reading
from keras_migrate.findings import FileResult, Finding, Level, Rule
from keras_migrate.project import Project
from keras_migrate.sole_writer import BusyError, is_busy, sole_writer

CHANGED_ON_DISK = Rule(
    "KM907",
    "changed-on-disk",
    "A file changed on disk after it was read, and was not overwritten.",
    "Someone or something else wrote the file while the run was under way. Their version is kept. Run again.",
)
UNWRITABLE = Rule(
    "KM909",
    "unwritable-file",
    "A file could not be written.",
    "The operating system refused, or the file is marked read-only. The file is as it was; the others of the "
    "run are written. Make room or give yourself the permission, and run again.",
)
RULES = (CHANGED_ON_DISK, UNWRITABLE)
"""The rules whose findings are made here."""

JOURNAL_FOLDER = ".keras-migrate"
"""Stands at the project's top, and tells git by itself that it is not for version control."""

KEPT_JOURNALS = 20
"""So many runs can be undone, the last first; older journals are removed."""

_FORMAT = 1
_INDEX = "journal.json"
_CONTENTS = "contents.zip"
_TEMPORARY = ".keras-migrate"
"""Ends the name of a file that is to take another's place."""
_RANDOM = 8
"""Characters that `tempfile` puts into a name."""
_CREATED = "%Y-%m-%dT%H:%M:%SZ"


class JournalError(Exception):
    """A journal could not be written or read."""


class JournalStatus(str, Enum):
    """How far a run came."""

    WRITING = "writing"
    """It is under way, or was killed."""
    COMPLETE = "complete"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a journal.

    Attributes:
        path: relative to the project's top, with forward slashes.
        before: SHA-256 of what the file was, in hexadecimal.
        after: SHA-256 of what the run makes of it.
    """

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Journal:
    """What a run does to which files, sufficient to complete or to undo it.

    Attributes:
        folder: absolute path of the folder that holds it.
        status: how far the run came.
        entries: its files.
        created: when, in UTC, ISO 8601.
    """

    folder: str
    status: JournalStatus
    entries: tuple[Entry, ...]
    created: str

    @property
    def top(self) -> str:
        """Absolute path of the folder that the entries' paths are relative to."""
        return os.path.dirname(os.path.dirname(os.path.dirname(self.folder)))

    @property
    def is_busy(self) -> bool:
        """Whether a run is writing to the project at this moment, which may be this one."""
        return is_busy(os.path.join(self.top, JOURNAL_FOLDER))

    @property
    def name(self) -> str:
        """What the run is called: when it was, and something that no other has."""
        return os.path.basename(self.folder)

    def locate(self, entry: Entry) -> str:
        """The absolute path of one of its files."""
        return os.path.join(self.top, entry.path)

    @classmethod
    def read(cls, folder: str | os.PathLike[str]) -> Journal:
        """Reads a journal from its folder.

        Raises:
            JournalError: where there is none, or it is damaged or of a later format.
        """
        place = os.path.abspath(folder)
        try:
            index = json.loads(reading.read(os.path.join(place, _INDEX), place))
            if index["format"] > _FORMAT:
                raise JournalError(f"{os.fspath(folder)} was written by a later keras-migrate")
            entries = tuple(Entry(**entry) for entry in index["files"])
            if any(_leads_out(entry.path) for entry in entries):
                raise ValueError("it names files outside of the project")
            time.strptime(index["created"], _CREATED)
            return cls(place, JournalStatus(index["status"]), entries, index["created"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise JournalError(f"no journal can be read from {os.fspath(folder)}: {error}") from error

    @classmethod
    def all_of(cls, top: str | os.PathLike[str]) -> tuple[str, ...]:
        """The folders of a project's journals, oldest first."""
        try:
            parent = _journals(os.path.abspath(top))
        except OSError:
            return ()
        found = (os.path.join(parent, name) for name in sorted(os.listdir(parent)))
        return tuple(folder for folder in found if os.path.isfile(os.path.join(folder, _INDEX)))

    def contents(self) -> dict[str, bytes]:
        """What the files were and what they become, by digest.

        Raises:
            JournalError: where any of it is missing or damaged.
        """
        needed = {name for entry in self.entries for name in (entry.before, entry.after)}
        try:
            with (
                reading.open_regular(os.path.join(self.folder, _CONTENTS), self.folder) as file,
                zipfile.ZipFile(file) as archive,
            ):
                contents = {name: archive.read(name) for name in needed}
        except (OSError, KeyError, zipfile.BadZipFile, zlib.error) as error:
            raise JournalError(f"{self.folder} is damaged: {error}") from error
        for name, data in contents.items():
            if digest(data) != name:
                raise JournalError(f"{self.folder} is damaged: {name} has another content")
        return contents


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What came of writing.

    Attributes:
        written: paths of the files that hold their new content.
        failures: why the others do not, by path.
        journal: folder of the run's journal; ``None`` where there was nothing to write.
    """

    written: tuple[str, ...]
    failures: Mapping[str, Finding]
    journal: str | None = None


def write(results: Iterable[FileResult], project: Project) -> WriteResult:
    """Writes the files of a run that change.

    First a journal is written and flushed to the disk, then each file is replaced at once by its new content.
    A file that changed since it was read is left alone, and so is one that leads out of the project by way
    of a link. When the user interrupts, the files that were replaced are brought back.

    Args:
        results: the results of the run, worked out to the last file. Those without a change, and those that
            failed, are passed over.
        project: where their paths are relative to.
    Returns:
        Which files were written, and why others were not.
    Raises:
        JournalError: where the journal cannot be written, or another run is writing; no file is touched
            then. Also where the user interrupted and not every file could be brought back.
        KeyboardInterrupt: the user interrupted; the files are as they were.
    """
    to_write = [r for r in results if r.changed and not any(f.level is Level.ERROR for f in r.findings)]
    if not to_write:
        return WriteResult((), {})
    try:
        with sole_writer(_own_folder(project.top)):
            return _write(to_write, project)
    except BusyError as error:
        raise JournalError(f"nothing was written: {error}") from error
    except OSError as error:
        raise _no_journal(project.top, error) from error


def _write(to_write: Sequence[FileResult], project: Project) -> WriteResult:
    journal = _open_journal(to_write, project)
    failures: dict[str, Finding] = {}
    try:
        _sweep((project.locate(result.path) for result in to_write), project.top)
        for result in to_write:
            failure = bring(project.locate(result.path), result.before, result.after, project.top)
            if failure is not None:
                failures[result.path] = failure
        _flush_folders(project.locate(result.path) for result in to_write)
        done = replace(journal, entries=_entries([r for r in to_write if r.path not in failures], project))
        _mark(done, JournalStatus.COMPLETE)
        _prune(os.path.dirname(journal.folder))
        written = tuple(result.path for result in to_write if result.path not in failures)
        return WriteResult(written, failures, journal.folder)
    except KeyboardInterrupt:
        with _uninterrupted():
            left = _bring_all(journal, _back, JournalStatus.RESTORED).failures.keys() - failures.keys()
        if left:
            raise JournalError(
                f"stopped, and these files could not be brought back: {', '.join(sorted(left))}. "
                "'keras-migrate undo' says why"
            ) from None
        raise


def restore(journal: Journal) -> WriteResult:
    """Brings back what the files of a run were, whether the run was completed or killed half-way.

    Args:
        journal: the run's journal.
    Returns:
        The files that hold their old content, and why others do not: one that was changed since is left
        alone. Paths are relative to the project's top.
    Raises:
        JournalError: where the journal is damaged, or another run is writing; no file is touched then.
        OSError: where the project's folder of journals cannot be written to; the same.
    """
    with sole_writer_of(journal):
        return _bring_all(journal, _back, JournalStatus.RESTORED)


def complete(journal: Journal) -> WriteResult:
    """Finishes a run that was killed half-way.

    Args:
        journal: the run's journal.
    Returns:
        The files that hold their new content, and why others do not. Paths are relative to the project's top.
    Raises:
        JournalError: where the journal is damaged, or another run is writing; no file is touched then.
        OSError: where the project's folder of journals cannot be written to; the same.
    """
    with sole_writer_of(journal):
        return _bring_all(journal, _forth, JournalStatus.COMPLETE)


def write_atomically(location: str, data: bytes) -> None:
    """Replaces a file at once, or creates it: whoever reads sees the old content or the new.

    Args:
        location: the file. A link is replaced itself; what it leads to is not touched.
        data: its new content, flushed to the disk before it takes the old one's place.
    Raises:
        OSError: the file is as it was, and nothing is left beside it.
    """
    folder, name = os.path.split(os.path.abspath(location))
    handle, temporary = tempfile.mkstemp(prefix=_prefix(name), suffix=_TEMPORARY, dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _copy_mode_and_owner(location, temporary)
        os.replace(temporary, location)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def create_atomically(location: str, data: bytes) -> None:
    """Creates a file at once, and never takes the place of another.

    Args:
        location: where no file is.
        data: its content, flushed to the disk before it gets its name.
    Raises:
        FileExistsError: a file is there.
        OSError: there is no file, and nothing is left beside it.
    """
    folder, name = os.path.split(os.path.abspath(location))
    handle, temporary = tempfile.mkstemp(prefix=_prefix(name), suffix=_TEMPORARY, dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _copy_mode_and_owner(location, temporary)
        _give_name(temporary, location)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(temporary)


def _give_name(temporary: str, location: str) -> None:
    """Gives a file a name that no other has."""
    try:
        os.link(temporary, location)  # unlike a renaming, it fails where something is
    except FileExistsError:
        raise
    except OSError:  # a file system without links: the name is taken first
        with open(location, "xb"):
            pass
        os.replace(temporary, location)


_Change: TypeAlias = "Callable[[Entry], tuple[str, str]]"


def _back(entry: Entry) -> tuple[str, str]:
    return entry.after, entry.before


def _forth(entry: Entry) -> tuple[str, str]:
    return entry.before, entry.after


@contextlib.contextmanager
def sole_writer_of(journal: Journal) -> Iterator[None]:
    """Makes sure that the run itself, or another, is not writing any more.

    Raises:
        JournalError: where it is.
    """
    try:
        with sole_writer(_own_folder(journal.top)):
            yield
    except BusyError as error:
        raise JournalError(str(error)) from error


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Does not let Ctrl-C stop what brings files back, which takes moments."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


def _bring_all(journal: Journal, change: _Change, status: JournalStatus) -> WriteResult:
    """Takes every file of a journal from one content to the other."""
    contents = journal.contents()
    failures: dict[str, Finding] = {}
    _sweep(map(journal.locate, journal.entries), journal.top)
    for entry in journal.entries:
        old, new = change(entry)
        failure = bring(journal.locate(entry), contents[old], contents[new], journal.top)
        if failure is not None:
            failures[entry.path] = failure
    _flush_folders(journal.locate(entry) for entry in journal.entries)
    if not failures:
        _mark(journal, status)
    written = tuple(entry.path for entry in journal.entries if entry.path not in failures)
    return WriteResult(written, failures, journal.folder)


def bring(location: str, old: bytes, new: bytes, top: str) -> Finding | None:
    """Takes one file from its old content to the new; one that holds the new already is done.

    Args:
        location: the file; a link to a file stays one, and the file it leads to is replaced.
        old: what it is to hold, or it is left alone.
        new: what it is to become.
        top: the project's top, which no link may lead out of.
    """
    try:
        real = reading.real_location(location, top)
        current = reading.read(real, top)
        if current == new:
            return None
        if current != old:
            return _failure(CHANGED_ON_DISK, "changed on disk since it was read: run again")
        if is_read_only(real):
            message = "could not be written: it is read-only. Make it writable and run again"
            return _failure(UNWRITABLE, message)
        write_atomically(real, new)
    except FileNotFoundError:
        return _failure(CHANGED_ON_DISK, "is gone from the disk since it was read: run again")
    except OSError as error:
        reason = error.strerror or str(error)
        return _failure(UNWRITABLE, f"could not be written: {reason}{_ADVICE.get(error.errno or 0, '')}")
    return None


_ADVICE = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), ". Make room and run again"),
    **dict.fromkeys(
        (errno.EACCES, errno.EPERM), ". Give yourself the permission to write to its folder and run again"
    ),
}
"""What to do, by what the system said."""


def is_read_only(location: str) -> bool:
    """Whether a file is marked as one not to be written, which holds for root as well."""
    return not (os.access(location, os.W_OK) and os.stat(location).st_mode & 0o222)


def _leads_out(path: str) -> bool:
    """Whether a path of a journal names something that is not below the project's top."""
    return (
        os.path.isabs(path) or ".." in path.replace("\\", "/").split("/") or bool(os.path.splitdrive(path)[0])
    )


def _prefix(name: str) -> str:
    return f".{name[:64]}."


def _sweep(locations: Iterable[str], top: str) -> None:
    """Removes what a run that was killed left beside files."""
    prefixes: dict[str, set[str]] = {}
    for location in locations:
        try:
            folder, name = os.path.split(reading.real_location(location, top))
        except OSError:  # it will be said of the file
            continue
        prefixes.setdefault(folder, set()).add(_prefix(name))
    for folder, ours in prefixes.items():
        with contextlib.suppress(OSError):
            for left in os.listdir(folder):
                stem = left.removesuffix(_TEMPORARY)
                if stem != left and stem[:-_RANDOM] in ours:
                    os.unlink(os.path.join(folder, left))


def _failure(rule: Rule, message: str) -> Finding:
    return Finding(rule.code, Level.ERROR, message, None, 1, 1)


def _copy_mode_and_owner(source: str, copy: str) -> None:
    """Gives a new file what the one it replaces has; a file that replaces none gets what a new one gets."""
    try:
        status = os.lstat(source)
    except FileNotFoundError:
        status = None
    if status is None or not stat.S_ISREG(status.st_mode):
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(copy, 0o666 & ~umask)
        return
    if hasattr(os, "chown"):
        with contextlib.suppress(PermissionError):
            os.chown(copy, status.st_uid, status.st_gid)
    os.chmod(copy, stat.S_IMODE(status.st_mode))  # after chown, which clears the set-user-id bit


def _flush_folders(locations: Iterable[str]) -> None:
    """Makes renames last through a loss of power, where the system lets folders be flushed."""
    if os.name != "posix":
        return
    for folder in {os.path.dirname(os.path.realpath(location)) for location in locations}:
        with contextlib.suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _open_journal(results: Sequence[FileResult], project: Project) -> Journal:
    top = project.top
    now = time.time()
    stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime(now)) + f".{int(now % 1 * 1000):03}Z"
    entries = _entries(results, project)
    created = time.strftime(_CREATED, time.gmtime(now))
    os.makedirs(os.path.join(_own_folder(top), "journal"), exist_ok=True)
    folder = tempfile.mkdtemp(prefix=stamp + "-", dir=_journals(top))
    journal = Journal(folder, JournalStatus.WRITING, entries, created)
    try:
        _store_contents(os.path.join(folder, _CONTENTS), results)
        _write_index(journal)
        _flush_folders((os.path.join(folder, _INDEX), folder))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)  # on a full disk above all
        raise
    return journal


def _no_journal(top: str, error: OSError) -> JournalError:
    reason = error.strerror or str(error)
    return JournalError(
        f"nothing was written: no journal of the run can be kept in {os.path.join(top, JOURNAL_FOLDER)}: "
        f"{reason}{_ADVICE.get(error.errno or 0, '')}"
    )


def _entries(results: Sequence[FileResult], project: Project) -> tuple[Entry, ...]:
    top = project.top
    paths = (os.path.relpath(project.locate(result.path), top).replace(os.sep, "/") for result in results)
    return tuple(
        Entry(path, digest(result.before), digest(result.after))
        for path, result in zip(paths, results, strict=True)
    )


def _own_folder(top: str) -> str:
    """The project's folder for journals; it is made where there is none.

    Raises:
        OSError: where it cannot be.
    """
    folder = os.path.join(top, JOURNAL_FOLDER)
    if os.path.islink(folder):
        raise OSError(errno.ELOOP, "it is a link: remove it")
    os.makedirs(folder, exist_ok=True)
    ignore = os.path.join(folder, ".gitignore")
    if not os.path.lexists(ignore):
        write_atomically(ignore, b"*\n")
    return folder


def _journals(top: str) -> str:
    """The folder that a project's journals are in.

    Raises:
        OSError: where there is none, or it is reached by a link.
    """
    folder = os.path.join(top, JOURNAL_FOLDER, "journal")
    if os.path.realpath(folder) != os.path.join(os.path.realpath(top), JOURNAL_FOLDER, "journal"):
        raise OSError(errno.ELOOP, "it is a link: remove it")
    if not os.path.isdir(folder):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), folder)
    return folder


def _store_contents(location: str, results: Iterable[FileResult]) -> None:
    stored: set[str] = set()
    with open(location, "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as contents:
            for data in (content for result in results for content in (result.before, result.after)):
                name = digest(data)
                if name not in stored:
                    stored.add(name)
                    contents.writestr(name, data)
        file.flush()
        os.fsync(file.fileno())


def _write_index(journal: Journal) -> None:
    index = {
        "format": _FORMAT,
        "tool": {"name": "keras-migrate", "version": __version__},
        "created": journal.created,
        "status": journal.status.value,
        "files": [asdict(entry) for entry in journal.entries],
    }
    write_atomically(os.path.join(journal.folder, _INDEX), json.dumps(index, indent=1).encode())


def _mark(journal: Journal, status: JournalStatus) -> None:
    """Notes how far a run came; if that cannot be noted, every file's content still tells it."""
    with contextlib.suppress(OSError):
        _write_index(replace(journal, status=status))


def _prune(parent: str) -> None:
    """Removes the oldest journals; those of runs that were killed half-way stay, as they are still needed."""
    with contextlib.suppress(OSError):
        for name in sorted(os.listdir(parent))[:-KEPT_JOURNALS]:
            folder = os.path.join(parent, name)
            if not os.path.exists(os.path.join(folder, _INDEX)) or _is_finished(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_finished(folder: str) -> bool:
    try:
        return Journal.read(folder).status is not JournalStatus.WRITING
    except JournalError:
        return False


def digest(data: bytes) -> str:
    """What a content is called in journals."""
    return hashlib.sha256(data).hexdigest()
