"""Where the repositories are worked on: processes of this machine, or a cluster of dask.distributed."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from concurrent import futures
from functools import partial
from importlib import import_module
from typing import Any

from keras_migrate import __version__
from keras_migrate.batch.attempt import Stop, attempt
from keras_migrate.batch.results import RepositoryResult
from keras_migrate.batch.work import Job, failed

Executor = Callable[[Sequence[Job], "float | None"], Generator[RepositoryResult, None, None]]
"""Works on jobs, each with so many seconds, and yields results as they come; closed, it stops the rest."""

_PATIENCE = 30
"""Seconds to wait for a scheduler, and for the first worker."""


class ExecutorError(Exception):
    """The cluster cannot be used; the message says why, and what to do."""


def local(processes: int) -> Executor:
    """Processes of this machine.

    Args:
        processes: how many at once.
    """

    def run(jobs: Sequence[Job], timeout: float | None) -> Generator[RepositoryResult, None, None]:
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
        distributed = import_module("distributed")
    except ImportError as error:
        raise ExecutorError(
            "dask.distributed is not installed: pip install 'keras-migrate[dask]', here and on the workers"
        ) from error
    return partial(_on_cluster, distributed, scheduler)


def _on_cluster(
    distributed: Any, scheduler: str, jobs: Sequence[Job], timeout: float | None
) -> Generator[RepositoryResult, None, None]:
    """The same with what dask.distributed offers, which tells no types."""
    try:
        client = distributed.Client(scheduler, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ExecutorError(f"no dask scheduler answers at {scheduler}: {error}") from error
    tasks: dict[Any, Job] = {}
    try:
        _check_workers(distributed, client, scheduler)
        for job in jobs:
            key = f"keras-migrate-{job.repository.name}-{job.run}"
            tasks[client.submit(attempt, job, timeout, key=key, pure=False)] = job
        for task in distributed.as_completed(tasks, loop=client.loop):
            yield _outcome(task, tasks[task])
    finally:
        client.cancel(list(tasks))
        client.close()


def _check_workers(distributed: Any, client: Any, scheduler: str) -> None:
    """Waits for the first worker, and checks that all have this version of the tool."""
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except distributed.TimeoutError as error:
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
