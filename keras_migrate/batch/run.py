"""A batch from its manifest to what came of it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import closing

from keras_migrate import __version__
from keras_migrate.batch.checkout import is_git
from keras_migrate.batch.delivery import Delivery
from keras_migrate.batch.executors import Executor
from keras_migrate.batch.manifest import Repository
from keras_migrate.batch.results import BatchResult, RepositoryResult
from keras_migrate.batch.state import OutputFolder, OutputFolderError
from keras_migrate.batch.work import Job

Progress = Callable[[RepositoryResult, int, int], None]
"""Is told of each repository that is finished, how many are, and of how many."""


def run(
    manifest: str,
    repositories: Sequence[Repository],
    output: str | os.PathLike[str],
    executor: Executor,
    *,
    delivery: Delivery = Delivery.BRANCH,
    timeout: float | None = None,
    restart: bool = False,
    progress: Progress = lambda result, done, total: None,
) -> BatchResult:
    """Migrates many repositories; what an earlier run in the same folder has finished is taken from there.

    Args:
        manifest: the file that names them, for the reports.
        repositories: its entries.
        output: the folder for everything that is made; created if need be.
        executor: what works on them.
        delivery: what to leave the results as.
        timeout: seconds that one repository may take.
        restart: whether to begin anew, whatever is finished.
        progress: is called for each repository that is finished.
    Returns:
        What came of each. The failure of one never keeps the others from being done.
    Raises:
        OutputFolderError: where the folder cannot be used.
        ExecutorError: where the executor cannot.
    """
    started = time.perf_counter()
    folder = OutputFolder(os.path.realpath(output))
    _check_apart(repositories, folder.path)
    folder.prepare()
    with folder.locked():
        fingerprints = {each.name: each.fingerprint(__version__, delivery.value) for each in repositories}
        found = {} if restart else {n: folder.finished(n, mark) for n, mark in fingerprints.items()}
        results = {name: result for name, result in found.items() if result is not None}
        earlier = frozenset(results)
        token = folder.begin()
        jobs = [Job(each, folder, token, delivery) for each in repositories if each.name not in earlier]
        for job in jobs:
            folder.disown(job.repository.name)
        if jobs:
            with closing(executor(jobs, timeout)) as finished:
                for result in finished:
                    folder.record(result, fingerprints[result.name])
                    results[result.name] = result
                    progress(result, len(results), len(repositories))
        folder.sweep()
    done = tuple(results[each.name] for each in repositories)
    return BatchResult(manifest, folder.path, done, earlier, time.perf_counter() - started)


def _check_apart(repositories: Sequence[Repository], output: str) -> None:
    """Refuses an output folder inside of a folder that is to be copied: it would be copied too."""
    for each in repositories:
        if each.is_url or is_git(each.location):
            continue
        location = os.path.join(os.path.realpath(each.location), "")
        if os.path.join(output, "").startswith(location):
            raise OutputFolderError(
                f"the output folder {output} is inside of {each.location}, which is to be copied: "
                "name one outside with --output"
            )
