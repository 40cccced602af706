"""Where the repositories are worked on: processes of this machine, or a cluster of dask.distributed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent import futures
from functools import partial
from typing import TYPE_CHECKING, Any

from keras_migrate import __version__
from keras_migrate.batch.attempt import Stop, attempt
from keras_migrate.batch.results import RepositoryResult
from keras_migrate.batch.work import Job, failed

if TYPE_CHECKING:
    from distributed import Client

Executor = Callable[[Sequence[Job], "float | None"], Iterator[RepositoryResult]]
"""Works on jobs, each with so many seconds, and yields the results as they come."""

_PATIENCE = 30
"""Seconds to wait for a scheduler, and for the first worker."""


class ExecutorError(Exception):
    """The cluster cannot be used; the message says why, and what to do."""


def local(processes: int) -> Executor:
    """Processes of this machine.

    Args:
        processes: how many at once.
    """

    def run(jobs: Sequence[Job], timeout: float | None) -> Iterator[RepositoryResult]:
        stop = Stop()
        with futures.ThreadPoolExecutor(processes) as threads:
            try:
                for done in futures.as_completed(
                    [threads.submit(attempt, job, timeout, stop) for job in jobs]
                ):
                    yield done.result()
            except BaseException:
                stop()
                raise

    return run


def dask(scheduler: str) -> Executor:
    """The workers of a dask.distributed cluster, which see the output folder under the same path.

    Args:
        scheduler: its address, ``tcp://host:8786``.
    Raises:
        ExecutorError: dask.distributed is not installed.
    """
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise ExecutorError(
            "dask.distributed is not installed: pip install 'keras-migrate[dask]', here and on the workers"
        ) from error
    return partial(_on_cluster, scheduler)


def _on_cluster(scheduler: str, jobs: Sequence[Job], timeout: float | None) -> Iterator[RepositoryResult]:
    from distributed import as_completed

    client = _connected(scheduler)
    try:
        _check_workers(client, scheduler)
        tasks = {
            client.submit(attempt, job, timeout, pure=False, key=f"{job.repository.name}-{job.run}"): job
            for job in jobs
        }
        for task in as_completed(tasks):
            yield _outcome(task, tasks[task])
    finally:
        client.close()


def _connected(scheduler: str) -> Client:
    from distributed import Client

    try:
        return Client(scheduler, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ExecutorError(f"no dask scheduler answers at {scheduler}: {error}") from error


def _check_workers(client: Client, scheduler: str) -> None:
    """Waits for the first worker, and checks that all have this version of the tool."""
    from distributed import TimeoutError as TooLate

    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TooLate as error:
        raise ExecutorError(f"the dask scheduler at {scheduler} has no workers: start some") from error
    try:
        versions = client.run(_version)
    except Exception as error:  # the worker's: it cannot import this module
        raise ExecutorError(
            f"the workers of {scheduler} lack keras-migrate: install 'keras-migrate[dask]' on all ({error})"
        ) from error
    for worker, version in versions.items():
        if version != __version__:
            raise ExecutorError(
                f"the dask worker {worker} has keras-migrate {version}, and this is {__version__}: "
                "install the same on all"
            )


def _version() -> str:
    """What a worker has."""
    return __version__


def _outcome(task: Any, job: Job) -> RepositoryResult:
    try:
        result = task.result()
    except Exception as error:  # such as workers that die one after the other
        return failed(job, f"the dask cluster gave it up: {type(error).__name__}: {error}")
    assert isinstance(result, RepositoryResult)
    return result
