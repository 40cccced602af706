"""Many files: which of them concern Keras, the processes that share them, and what came of the whole run."""

from __future__ import annotations

import faulthandler
import itertools
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from keras_migrate.documents.kinds import dependency_kind, document_kind, names_keras
from keras_migrate.documents.nesting import is_tangled
from keras_migrate.findings import FileResult, Finding, Level, Rule, Status
from keras_migrate.project import CODE_SUFFIXES, MODULE_SUFFIXES, Project, discover
from keras_migrate.source import Source
from keras_migrate.target import Target
from keras_migrate.time_limit import OverTimeError, time_limit

if TYPE_CHECKING:
    from keras_migrate.options import Options
    from keras_migrate.sources import Sources

Migrate = Callable[[str, bytes, "Options", Project], FileResult]
"""What works out one file: ``engine.migrate_bytes``."""
Progress = Callable[[int, int], None]
"""Is told how many files are done, and of how many."""

UNREADABLE = Rule(
    "KM908",
    "unreadable-file",
    "A file or folder could not be read.",
    "The operating system refused to hand out its content. Everything else was worked out as usual. "
    "Give yourself the permission to read it, or leave it out with `--exclude`.",
)
INTERNAL_ERROR = Rule(
    "KM999",
    "internal-error",
    "keras-migrate itself failed on a file.",
    "This is a mistake in keras-migrate and not in your code. The file is untouched and the rest of the run "
    "is not affected. Please report it with the file, or with the part of it that still shows the error.",
)
OUT_OF_TIME = Rule(
    "KM914",
    "out-of-time",
    "A file took longer than the time limit.",
    "The file is untouched and the rest of the run is not affected. Part its longest expression or table, "
    "give it more time with `--time-limit`, or leave it out with `--exclude`.",
)
RULES = (UNREADABLE, INTERNAL_ERROR, OUT_OF_TIME)
"""The rules whose findings are made here."""

_FEW_FILES = 16
"""So many files are worked out sooner than a pool of processes is ready."""
_CHUNK_FILES = 8
_CHUNK_BYTES = 100_000
_CHUNKS_WAITING = 3
"""Chunks a process that may wait or be worked on, so that memory does not grow with the tree."""
TIME_LIMIT = 60.0
"""Seconds that a file may take; most take some hundredths of one."""
_GRACE = 2.0
"""Seconds after which a process is ended that could not end its work in time by itself."""
_SAFE_PATH = "PYTHONSAFEPATH"
_MOST_PROCESSES = 61
"""What Windows can wait for at once."""


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often a rule was found, by what it asks of a person."""

    rewritten: int = 0
    review: int = 0
    manual: int = 0
    error: int = 0


@dataclass(frozen=True, slots=True)
class RunResult:
    """All that is known after the files of a run were worked out.

    Attributes:
        project: where the files are; their paths are relative to its root.
        target: the TensorFlow release that they are migrated to.
        results: every file that changes, has a finding or was skipped, in the order of discovery.
        clean: paths of the files that mention Keras and need nothing.
        passed_over: how many files were read and do not mention Keras.
        seconds: how long it took.
        sources: the release that each file that mentions Keras was written for, by its path.
        configuration: absolute path of the configuration that it went by; empty where there was none.
        written: whether the changes were written, but for those of files that failed.
    """

    project: Project
    target: Target = field(default_factory=Target)
    results: tuple[FileResult, ...] = ()
    clean: tuple[str, ...] = ()
    passed_over: int = 0
    seconds: float = field(default=0.0, compare=False)
    sources: Mapping[str, Source] = field(default_factory=dict)
    configuration: str = ""
    written: bool = False

    @property
    def root(self) -> str:
        """Absolute path of the folder that the paths are relative to."""
        return self.project.root

    @property
    def seen(self) -> int:
        """How many files were looked at."""
        return len(self.results) + len(self.clean) + self.passed_over

    @property
    def changed(self) -> tuple[FileResult, ...]:
        """The files with something to write, without those that failed."""
        return self.of_status(Status.CHANGED)

    def of_status(self, status: Status) -> tuple[FileResult, ...]:
        """The files of one status."""
        return tuple(result for result in self.results if result.status is status)

    def at_level(self, *levels: Level) -> tuple[tuple[FileResult, Finding], ...]:
        """Every finding of these levels with its file, in the order of the files."""
        return tuple((r, finding) for r in self.results for finding in r.findings if finding.level in levels)

    @property
    def failed(self) -> tuple[FileResult, ...]:
        """The files that could not be processed."""
        return self.of_status(Status.FAILED)

    @property
    def needs_person(self) -> bool:
        """Whether something is left that cannot be done mechanically."""
        return bool(self.at_level(Level.MANUAL))

    def by_rule(self) -> dict[str, RuleCount]:
        """How often each rule was found, by its code, sorted."""
        counts: dict[str, RuleCount] = {}
        for _, finding in self.at_level(*Level):
            count, level = counts.get(finding.rule, RuleCount()), finding.level.value
            counts[finding.rule] = replace(count, **{level: getattr(count, level) + 1})
        return dict(sorted(counts.items()))

    @property
    def source(self) -> Source:
        """The release that most files were written for, with the reason that most of those have."""
        releases = self.source_releases()
        counts = Counter(self.sources.values())
        return max(counts, key=lambda source: (releases[source.release], source.release, counts[source]))

    def source_releases(self) -> Counter[str]:
        """How many of the files that mention Keras were written for which release."""
        return Counter(source.release for source in self.sources.values())

    def once_written(self, failures: Mapping[str, Finding]) -> RunResult:
        """The same run once its changes were written.

        Args:
            failures: what went wrong in writing, by the path of the file.
        """
        results = tuple(_with_failure(r, failures.get(r.path)) for r in self.results)
        return replace(self, results=results, written=True)


def _with_failure(result: FileResult, failure: Finding | None) -> FileResult:
    return result if failure is None else replace(result, findings=(*result.findings, failure))


def migrate_paths(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    options: Options | None = None,
    excludes: Iterable[str] = (),
    jobs: int | None = None,
    time_limit: float = TIME_LIMIT,
) -> RunResult:
    """Works out the migration of files and folders. Writes nothing: ``writer.write`` does that.

    A script that calls this with more than one job must guard its own start with
    ``if __name__ == "__main__":``, as all do that use :mod:`multiprocessing`.

    Args:
        paths: a file or folder, or several.
        options: what to migrate to, and how; by default what the project's configuration says, and where
            that says nothing to the TensorFlow that the project pins, else the newest, with every rule.
        excludes: what to pass over in folders, in gitignore syntax relative to the root.
        jobs: how many processes share the work; by default as many as the number of files deserves.
        time_limit: seconds after which a file is given up, with a finding.
    Returns:
        What would become of each file, and what needs a person.
    Raises:
        FileNotFoundError: where a path does not exist.
        BadPatternError: where an exclude is not in gitignore syntax.
        ConfigurationError: where the configuration says something that is not understood.
        PluginError: where a transform of another package cannot be used.
        ValueError: where no path is given, or the paths are on two drives of Windows.
    """
    from keras_migrate.configuration import Configuration

    given = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    if not given:
        raise ValueError("no path given")
    for path in given:
        if not os.path.exists(path):
            raise FileNotFoundError(f"no such file or folder: {os.fspath(path)}")
    options = options or Configuration.of(given).options(Project.of(given))
    return run(given, options, excludes, jobs, time_limit=time_limit)


def run(
    paths: Sequence[str | os.PathLike[str]],
    options: Options,
    excludes: Iterable[str] = (),
    jobs: int | None = None,
    progress: Progress | None = None,
    *,
    time_limit: float = TIME_LIMIT,
    migrate: Migrate | None = None,
) -> RunResult:
    """Works out the migration of every file in the paths that mentions Keras.

    Nothing that is in a file ends the run: what cannot be read, what breaks the engine, what kills a process
    and what takes too long is a finding of its file.

    Args:
        paths: files and folders that exist, at least one.
        options: what the run was asked for.
        excludes: what to pass over in folders, in gitignore syntax relative to the root.
        jobs: how many processes share the work; 1 is this one alone, by default as many as the files deserve.
        progress: is called now and then with the number of files done and the number of all.
        time_limit: seconds after which a file is given up.
        migrate: works out one file, ``engine.migrate_bytes`` by default; a function that can be pickled.
    Returns:
        The results in the order of discovery, whatever the number of processes.
    """
    started = time.perf_counter()
    project = Project.of(paths)
    names = list(discover(project, paths, excludes, excluded=options.excluded))
    tally = _Tally(names, progress or (lambda done, total: None))
    work = _Work(migrate, options, project, time_limit)
    for outcome in _worked_out(_candidates(project, tally, options, time_limit), work, jobs):
        tally.settle(outcome)
    return tally.result(project, options, time.perf_counter() - started)


def run_code(
    name: str,
    data: bytes,
    options: Options,
    *,
    time_limit: float = TIME_LIMIT,
    migrate: Migrate | None = None,
) -> RunResult:
    """Works out the migration of code that is in no file.

    Args:
        name: how findings are to name it.
        data: the code.
        options: what the run was asked for.
        time_limit: seconds after which it is given up.
        migrate: works it out, ``engine.migrate_bytes`` by default.
    """
    started = time.perf_counter()
    project = Project()
    tally = _Tally([name], lambda done, total: None)
    work = _Work(migrate, options, project, time_limit).loaded()
    if b"keras" in data:
        source = options.source or _sources(project).of_code(data)
        candidate: _Candidate | None = tally.candidate(0, data, source)
    else:
        candidate = tally.candidate(0, data) if _is_python2(name, data, options) else None
    if candidate is None:
        tally.pass_over()
    for outcome in () if candidate is None else _here((candidate,), work):
        tally.settle(outcome)
    return tally.result(project, options, time.perf_counter() - started)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A file that mentions Keras, or, without a source, one that is Python 2 and to be converted."""

    index: int
    path: str
    data: bytes
    source: Source | None


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of one file; no result where it needs nothing."""

    index: int
    result: FileResult | None


@dataclass(slots=True)
class _Tally:
    """Counts a run as it goes on."""

    names: list[str]
    progress: Progress
    passed_over: int = 0
    clean: list[int] = field(default_factory=list)
    results: dict[int, FileResult] = field(default_factory=dict)
    sources: dict[int, Source] = field(default_factory=dict)

    def candidate(self, index: int, data: bytes, source: Source | None = None) -> _Candidate:
        if source is not None:
            self.sources[index] = source
        return _Candidate(index, self.names[index], data, source)

    def pass_over(self) -> None:
        self.passed_over += 1
        if self.passed_over % 64 == 0:
            self._tell()

    def settle(self, outcome: _Outcome) -> None:
        if outcome.result is None and outcome.index not in self.sources:
            self.passed_over += 1
        elif outcome.result is None:
            self.clean.append(outcome.index)
        else:
            self.results[outcome.index] = outcome.result
        self._tell()

    def _tell(self) -> None:
        self.progress(self.passed_over + len(self.clean) + len(self.results), len(self.names))

    def result(self, project: Project, options: Options, seconds: float) -> RunResult:
        return RunResult(
            project,
            options.target,
            tuple(self.results[index] for index in sorted(self.results)),
            tuple(self.names[index] for index in sorted(self.clean)),
            self.passed_over,
            seconds,
            {self.names[index]: self.sources[index] for index in sorted(self.sources)},
            options.configuration,
        )


T = TypeVar("T")
P = ParamSpec("P")


def _candidates(project: Project, tally: _Tally, options: Options, seconds: float) -> Iterator[_Candidate]:
    """Reads every file, and yields those that mention Keras or have to be converted; counts the rest.

    Those whose release hangs on the other files of their project are put off, and read again at the end. So
    are those that do not mention Keras but import modules that lead to it.

    Args:
        project: where the files are.
        tally: their names, and where to count.
        options: what the run was asked for.
        seconds: how long a look at one file may take; one that takes longer is settled.
    """

    def in_time(function: Callable[P, T], *arguments: P.args, **settings: P.kwargs) -> T | None:
        try:
            with time_limit(seconds):
                return function(*arguments, **settings)
        except OverTimeError:
            tally.settle(_Outcome(index, _too_slow(tally.names[index], data or b"", seconds)))
            return None

    sources: Sources | None = None
    put_off: list[int] = []
    asking: list[int] = []
    nameless: list[int] = []
    for index, path in enumerate(tally.names):
        data = _read(project, tally, index)
        if data is None:
            continue
        if dependency_kind(project.locate(path).replace("\\", "/")) is not None and not (
            path.endswith(MODULE_SUFFIXES) and b"keras" in data
        ):
            if names_keras(data):
                yield tally.candidate(index, data)
            else:
                asking.append(index)
            continue
        if b"keras" not in data:
            installs = document_kind(path) is not None and names_keras(data)
            if installs or in_time(_is_python2, path, data, options.at(project.locate(path))):
                yield tally.candidate(index, data)
            elif index not in tally.results:
                nameless.append(index)
            continue
        sources = sources or _sources(project)
        known = options.at(project.locate(path)).source or in_time(sources.look, path, data)
        if index in tally.results:
            continue
        if known is None:
            put_off.append(index)
        else:
            yield tally.candidate(index, data, known)
    for index in put_off:
        data = _read(project, tally, index)
        if data is not None and sources is not None:
            known = in_time(sources.settle, tally.names[index])
            if known is not None:
                yield tally.candidate(index, data, known)
    few = len(tally.names) <= _FEW_FILES  # of a project whose other files may name Keras
    for index in nameless if sources is not None or few else ():
        data = _read(project, tally, index)
        if data is None:
            continue
        if not in_time(_reaches_keras, project, tally.names[index], data):
            if index not in tally.results:
                tally.pass_over()
            continue
        sources = sources or _sources(project)
        path = tally.names[index]
        source = options.at(project.locate(path)).source or in_time(sources.look, path, data)
        if index not in tally.results:
            yield _Candidate(index, path, data, source or sources.settle(path))
    if sources is None and not few:
        for _ in nameless:
            tally.pass_over()
    for index in asking:  # what they ask for matters where there is Keras
        data = _read(project, tally, index) if sources is not None else None
        if data is not None:
            yield tally.candidate(index, data)
        elif sources is None:
            tally.pass_over()


def _is_python2(path: str, data: bytes, options: Options) -> bool:
    """Whether a file that does not mention Keras is one to be converted."""
    from keras_migrate.options import Python2

    if options.python2 is not Python2.CONVERT:
        return False
    if document_kind(path) is not None:
        return False
    from keras_migrate.documents.program import code_in
    from keras_migrate.documents.python import DocumentError, PythonDocument
    from keras_migrate.documents.python2 import is_needed

    try:
        return is_needed(PythonDocument.read(code_in(path, data)).text)
    except (DocumentError, RecursionError):
        return False


def _reaches_keras(project: Project, path: str, data: bytes) -> bool:
    """Whether a file that does not name Keras imports a module of its project that leads there."""
    if not path.endswith(CODE_SUFFIXES) or b"import" not in data:
        return False
    from keras_migrate.reached_files import names_or_reaches_keras

    if not path.endswith(MODULE_SUFFIXES):  # a notebook; what reads one takes a moment to load
        from keras_migrate.documents.program import code_in

        data = code_in(path, data)
    return names_or_reaches_keras(project, path, data)


def _sources(project: Project) -> Sources:
    """What decides; it takes a moment to load, and a tree may have nothing to do with Keras."""
    from keras_migrate.sources import Sources

    return Sources(project)


def _read(project: Project, tally: _Tally, index: int) -> bytes | None:
    """The bytes of a file; ``None``, and a finding of the file, where it cannot be read."""
    path = tally.names[index]
    try:
        return project.read(path)
    except OSError as error:
        tally.settle(_Outcome(index, _unreadable(path, error)))
        return None


def _unreadable(path: str, error: OSError) -> FileResult:
    message = f"could not be read: {error.strerror or error}"
    return FileResult(path, b"", b"", (Finding(UNREADABLE.code, Level.ERROR, message, None, 1, 1),))


@dataclass(frozen=True, slots=True)
class _Work:
    """What is to be done with each file; goes to the processes with every chunk."""

    migrate: Migrate | None
    options: Options
    project: Project
    seconds: float = TIME_LIMIT

    def __call__(self, chunk: Sequence[_Candidate]) -> list[_Outcome]:
        return [self._one(candidate) for candidate in chunk]

    def isolated(self, chunk: Sequence[_Candidate]) -> list[_Outcome]:
        """The same in a process that may end: native code that takes too long cannot be stopped otherwise."""
        outcomes = []
        with open(os.devnull, "w") as nowhere:
            for candidate in chunk:
                faulthandler.dump_traceback_later(self.seconds + _GRACE, exit=True, file=nowhere)
                outcomes.append(self._one(candidate))
            faulthandler.cancel_dump_traceback_later()
        return outcomes

    def loaded(self) -> _Work:
        """The same with engine and transforms loaded, so that processes that are forked share them.

        Raises:
            PluginError: where a transform of another package cannot be used.
        """
        if self.migrate is not None:
            return self
        from keras_migrate.engine import migrate_bytes
        from keras_migrate.transform import pipeline

        pipeline()
        return replace(self, migrate=migrate_bytes)

    def _one(self, candidate: _Candidate) -> _Outcome:
        assert self.migrate is not None
        options = self.options.at(self.project.locate(candidate.path))
        options = replace(options, source=candidate.source or options.source)
        try:
            with time_limit(self.seconds):
                result = self.migrate(candidate.path, candidate.data, options, self.project)
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except OverTimeError:
            result = _too_slow(candidate.path, candidate.data, self.seconds)
        except BaseException as error:  # a panic in libcst's native parser is no Exception
            result = _broken(candidate, error)
        needs_nothing = not (result.changed or result.findings or result.skipped)
        return _Outcome(candidate.index, None if needs_nothing else result)


def _broken(candidate: _Candidate, error: BaseException) -> FileResult:
    reason = " ".join(str(error).split())[:300]
    message = f"internal error, please report: {type(error).__name__}: {reason}".rstrip(": ")
    return _internal_error(candidate, message)


def _internal_error(candidate: _Candidate, message: str) -> FileResult:
    finding = Finding(INTERNAL_ERROR.code, Level.ERROR, message, None, 1, 1)
    return FileResult(candidate.path, candidate.data, candidate.data, (finding,))


def _too_slow(path: str, data: bytes, seconds: float) -> FileResult:
    message = (
        f"took longer than {seconds:g} s, and was left alone. Part its longest expression, give it more time "
        "with --time-limit, or leave it out with --exclude"
    )
    return FileResult(path, data, data, (Finding(OUT_OF_TIME.code, Level.ERROR, message, None, 1, 1),))


def _worked_out(candidates: Iterator[_Candidate], work: _Work, jobs: int | None) -> Iterator[_Outcome]:
    """Works the candidates out, in this process or in a pool."""
    first = next(candidates, None)
    if first is None:
        return
    work = work.loaded()
    everything: Iterator[_Candidate] = itertools.chain((first,), candidates)
    if jobs is None:
        jobs, everything = _deserved_jobs(everything)
    if jobs <= 1:
        yield from _here(everything, work)
    else:
        with _no_code_of_the_current_folder():
            yield from _in_processes(_chunks(everything), work, min(jobs, _MOST_PROCESSES))


def _deserved_jobs(candidates: Iterator[_Candidate]) -> tuple[int, Iterator[_Candidate]]:
    """How many processes the files deserve; looks ahead at no more of them than make that clear."""
    available = processors()
    if available == 1:
        return 1, candidates
    ahead = list(itertools.islice(candidates, available * _FEW_FILES))
    deserved = -(-len(ahead) // _FEW_FILES)
    if len(ahead) > _FEW_FILES:
        deserved = max(2, deserved)
    return min(available, deserved), itertools.chain(ahead, candidates)


def processors() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _chunks(candidates: Iterable[_Candidate]) -> Iterator[list[_Candidate]]:
    """Handfuls of files; big files go alone, so that the processes end together."""
    chunk: list[_Candidate] = []
    size = 0
    for candidate in candidates:
        chunk.append(candidate)
        size += len(candidate.data)
        if len(chunk) >= _CHUNK_FILES or size >= _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _here(candidates: Iterable[_Candidate], work: _Work) -> Iterator[_Outcome]:
    """Works files out in this process, and what could keep its native parser busy in one that may end."""
    for candidate in candidates:
        if _can_fork() and is_tangled(candidate.data):
            yield from _one_at_a_time((candidate,), work)
        else:
            yield from work((candidate,))


def _in_processes(chunks: Iterator[list[_Candidate]], work: _Work, jobs: int) -> Iterator[_Outcome]:
    """Shares chunks among processes. What a process that died was working on is tried again, file by file."""
    while True:
        pool = _pool(jobs)
        if pool is None:  # no processes to be had here: an unguarded script, a sandbox
            yield from _here(itertools.chain.from_iterable(chunks), work)
            return
        suspects = yield from _until_broken(pool, chunks, work, jobs)
        if not suspects:
            return
        yield from _one_at_a_time(suspects, work)


def _until_broken(
    pool: ProcessPoolExecutor, chunks: Iterator[list[_Candidate]], work: _Work, jobs: int
) -> Generator[_Outcome, None, list[_Candidate]]:
    """Keeps a pool busy until the chunks are used up or a process dies.

    Returns:
        The files that were under way when one died.
    """
    waiting: dict[Future[list[_Outcome]], list[_Candidate]] = {}
    suspects: list[_Candidate] = []
    try:
        for chunk in chunks:
            try:
                waiting[pool.submit(work.isolated, chunk)] = chunk
            except BrokenProcessPool:
                suspects.extend(chunk)
                break
            if len(waiting) >= jobs * _CHUNKS_WAITING:
                yield from _finished(waiting, suspects)
            if suspects:
                break
        while waiting:
            yield from _finished(waiting, suspects)
    except BaseException:
        _stop(pool)
        raise
    pool.shutdown()
    return sorted(suspects, key=lambda candidate: candidate.index)


def _finished(
    waiting: dict[Future[list[_Outcome]], list[_Candidate]], suspects: list[_Candidate]
) -> Iterator[_Outcome]:
    """Waits for some chunks and yields their outcomes; those whose process died join the suspects."""
    done, _ = wait(waiting, return_when=FIRST_COMPLETED)
    for future in done:
        chunk = waiting.pop(future)
        try:
            outcomes = future.result()
        except BrokenProcessPool:
            suspects.extend(chunk)
            continue
        except Exception as error:  # such as a result that cannot be pickled
            outcomes = [_Outcome(candidate.index, _broken(candidate, error)) for candidate in chunk]
        yield from outcomes


def _one_at_a_time(suspects: Iterable[_Candidate], work: _Work) -> Iterator[_Outcome]:
    """Gives each file a process to itself, so that the one that kills its process is found."""
    pool = _pool(1)
    try:
        for candidate in suspects:
            if pool is None:
                yield _Outcome(candidate.index, _killed(candidate))
                continue
            started = time.perf_counter()
            try:
                outcomes = pool.submit(work.isolated, (candidate,)).result()
            except BrokenProcessPool:
                late = time.perf_counter() - started > work.seconds
                result = _killed(candidate)
                if late:
                    result = _too_slow(candidate.path, candidate.data, work.seconds)
                outcomes = [_Outcome(candidate.index, result)]
                pool.shutdown()
                pool = _pool(1)
            yield from outcomes
    except BaseException:
        if pool is not None:
            _stop(pool)
        raise
    if pool is not None:
        pool.shutdown()


def _killed(candidate: _Candidate) -> FileResult:
    reason = "the process that worked on it died (out of memory, perhaps)"
    return _internal_error(candidate, f"internal error, please report: {reason}")


def _pool(jobs: int) -> ProcessPoolExecutor | None:
    """A pool of processes that answer; ``None`` where processes cannot be started.

    Raises:
        RuntimeError: in a process that is only just starting, which runs its parent's script because that has
            no guard. It has to end there: the parent then does without processes.
    """
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise RuntimeError('guard the start of the script with: if __name__ == "__main__":')
    try:
        pool = ProcessPoolExecutor(jobs, _start_method(), initializer=_leave_interrupts_to_parent)
    except (OSError, ImportError):
        return None
    try:
        pool.submit(os.getpid).result()
    except (BrokenProcessPool, OSError):
        pool.shutdown()  # waits: a broken pool that is collected while it ends can block Python 3.12 and 3.13
        return None
    return pool


def _start_method() -> multiprocessing.context.BaseContext:
    return multiprocessing.get_context("fork" if _can_fork() else "spawn")


@contextmanager
def _no_code_of_the_current_folder() -> Iterator[None]:
    """Keeps a Python that is started meanwhile (3.11 and later) from importing from the current folder."""
    old = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if old is None:
            os.environ.pop(_SAFE_PATH, None)
        else:
            os.environ[_SAFE_PATH] = old


def _can_fork() -> bool:
    """Whether processes can be forked: the fastest start, and sound as long as there is one thread."""
    return sys.platform == "linux" and threading.active_count() == 1


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _stop(pool: ProcessPoolExecutor) -> None:
    """Ends a pool now, without waiting for the files that it is working on."""
    processes = list((getattr(pool, "_processes", None) or {}).values())
    reader = getattr(getattr(pool, "_call_queue", None), "_reader", None)
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    if reader is not None and sys.version_info < (3, 12):
        # There a thread that still writes to processes that are gone, into a pipe that this process itself
        # could read, blocks its end for ever (python/cpython#94777); later ones close that pipe themselves.
        with suppress(OSError):
            reader.close()
