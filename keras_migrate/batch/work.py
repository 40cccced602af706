"""One repository from the fetch to its result, in a process of its own.

Started as ``python -m keras_migrate.batch.work``: a pickled `Job` comes in on standard input, and what came
of it goes out on standard output as JSON. The process ends, with all that it started, when standard input is
closed: nothing goes on when the one that wanted it is gone.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, replace

from keras_migrate.batch.checkout import Checkout, CheckoutError, check_out
from keras_migrate.batch.delivery import Committed, Delivery, commit, patch
from keras_migrate.batch.git import GitError
from keras_migrate.batch.manifest import Repository, without_credentials
from keras_migrate.batch.results import FILE_COUNTS, Outcome, RepositoryResult
from keras_migrate.batch.state import OutputFolder, mark_result
from keras_migrate.findings import Level
from keras_migrate.plugins import PluginError
from keras_migrate.runner import RunResult


@dataclass(frozen=True, slots=True)
class Job:
    """A repository to work on.

    Attributes:
        repository: the entry of the manifest.
        folder: of the batch.
        run: the name of the run that wants it.
        delivery: what to leave the result as.
        processes: how many share the files. With one, a file that kills its process kills the whole job;
            with more it is found, and the others are migrated.
    """

    repository: Repository
    folder: OutputFolder
    run: str
    delivery: Delivery = Delivery.BRANCH
    processes: int = 1


class _AbandonedError(Exception):
    """Nobody waits for the result any more."""


def work(job: Job) -> RepositoryResult:
    """Fetches, migrates and hands over a repository.

    Args:
        job: what to do.
    Returns:
        What came of it, whatever went wrong.
    """
    started = time.perf_counter()
    try:
        result = _worked_out(job)
    except (CheckoutError, GitError, PluginError, _AbandonedError) as error:
        result = failed(job, str(error))
    except OSError as error:
        result = failed(job, f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except MemoryError:
        result = failed(job, "there was not enough memory")
    except Exception as error:
        result = failed(job, f"internal error, please report: {type(error).__name__}: {error}")
    return replace(result, seconds=round(time.perf_counter() - started, 3))


def failed(job: Job, reason: str) -> RepositoryResult:
    """The result of a repository that came to nothing."""
    repository = job.repository
    shown = " ".join(without_credentials(reason).split())
    return RepositoryResult(repository.name, repository.shown, repository.ref, Outcome.FAILED, shown)


def unwanted(job: Job) -> str:
    """Why a job is not to be done here, as a sentence; empty where it is."""
    run = job.folder.run()
    if run is None:
        return (
            f"{job.folder.path} is not to be seen from this machine: the output folder has to be on a file "
            "system that all workers share"
        )
    return "" if run == job.run else "another run has begun in the same output folder"


def _worked_out(job: Job) -> RepositoryResult:
    with tempfile.TemporaryDirectory(dir=job.folder.locate("work"), ignore_cleanup_errors=True) as temporary:
        checkout = check_out(job.repository, os.path.join(temporary, job.repository.name))
        run = _migrated(job, checkout)
        committed = commit(checkout, run) if run.changed else None
        if reason := unwanted(job):
            raise _AbandonedError(reason)
        return _handed_over(job, checkout, run if committed is None else committed.run, committed)


def _migrated(job: Job, checkout: Checkout) -> RunResult:
    from keras_migrate import runner
    from keras_migrate.configuration import ConfigurationError
    from keras_migrate.project import Project

    settings = job.repository.settings
    try:
        options = settings.options(Project.of([checkout.folder]))
    except ConfigurationError as error:
        raise CheckoutError(error.seen_from(checkout.folder)) from error
    return runner.run([checkout.folder], options, settings.exclude, job.processes)


def _handed_over(
    job: Job, checkout: Checkout, run: RunResult, committed: Committed | None
) -> RepositoryResult:
    """Puts the result and the reports where they belong, in the place of those of an earlier run."""
    from keras_migrate.reports import json_report
    from keras_migrate.reports.formats import report
    from keras_migrate.writer import write_atomically

    name, folder = job.repository.name, job.folder
    change = committed if committed is not None and committed.after != committed.before else None
    texts = {f"reports/{name}.{suffix}": _encoded(report(suffix, run)) for suffix in ("html", "json")}
    result = branch = ""
    if change is not None and job.delivery is Delivery.PATCH:
        result = f"patches/{name}.patch"
        texts[result] = patch(checkout, change)
    elif change is not None:
        result, branch = f"repositories/{name}", change.branch
        mark_result(checkout.folder, change.after)
    remark = folder.forget(name)
    for path, text in texts.items():
        write_atomically(folder.locate(path), text)
    if branch:
        os.rename(checkout.folder, folder.locate(result))
    summary = json_report.document(run)["summary"]
    return RepositoryResult(
        name,
        job.repository.shown,
        job.repository.ref,
        Outcome.UNCHANGED if change is None else Outcome.MIGRATED,
        remarks=(remark,) if remark else (),
        commit=checkout.commit,
        target=str(run.target),
        source=run.source.release if run.sources else "",
        files={name: summary[name] for name in FILE_COUNTS},
        findings={level.value: len(run.at_level(level)) for level in Level},
        branch=branch,
        result=result,
        reports={suffix: f"reports/{name}.{suffix}" for suffix in ("html", "json")},
    )


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")  # names of files need not be text


def main() -> None:
    """Does the job that is on standard input."""
    job = pickle.load(sys.stdin.buffer)
    threading.Thread(target=_end_with_the_other_side, daemon=True).start()
    answer = json.dumps(asdict(work(job)))
    sys.stdout.write(answer)
    sys.stdout.flush()


def _end_with_the_other_side() -> None:
    """Ends everything here when nobody holds the other end of standard input any more."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    main()
