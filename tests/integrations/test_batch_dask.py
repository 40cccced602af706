"""A batch on a cluster of dask.distributed: a real scheduler and two workers, one of them killed half-way."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import legacy_repositories as legacy
import pytest
from waiting import is_alive, wait_for

pytest.importorskip("distributed", reason="needs dask.distributed: pip install 'keras-migrate[dask]'")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and scripts of POSIX")

NAMES = ("one", "two", "three")


@dataclass
class Cluster:
    """A scheduler and its workers, each a process."""

    address: str
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture
def repositories(tmp_path: Path) -> Path:
    """Some repositories, and a git that holds the first fetch of each up until a file says to go on."""
    for name in NAMES:
        legacy.repository(tmp_path / name, {"train.py": legacy.OLD + f"name = '{name}'\n"})
    (tmp_path / "manifest.txt").write_text("\n".join((*NAMES, "nowhere")) + "\n")
    (tmp_path / "begun").mkdir()
    git = legacy.folder(
        tmp_path / "bin",
        {
            "git": f'#!/bin/sh\ncase "$*" in *clone*) echo $PPID > {tmp_path}/begun/$$\n'
            f"while [ ! -e {tmp_path}/go ]; do sleep 0.05; done;; esac\n"
            f'exec {shutil.which("git")} "$@"\n'
        },
    )
    (git / "git").chmod(0o755)
    return tmp_path


@pytest.fixture
def cluster(repositories: Path) -> Iterator[Cluster]:
    """A cluster of two workers, which do one thing at a time and find the slow git."""
    path = os.pathsep.join([str(repositories / "bin"), os.environ["PATH"]])
    started: list[subprocess.Popen[bytes]] = []

    def start(kind: str, *arguments: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{kind}", *arguments, "--no-dashboard"],
            cwd=repositories,
            env={**os.environ, "PATH": path},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        started.append(process)
        return process

    scheduler_file = repositories / "scheduler.json"
    try:
        start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(scheduler_file))
        wait_for(lambda: scheduler_file.exists() and scheduler_file.read_text().strip().endswith("}"))
        address = json.loads(scheduler_file.read_text())["address"]
        workers = [start("worker", address, "--no-nanny", "--nthreads", "1") for _ in range(2)]
        yield Cluster(address, workers)
    finally:
        for process in reversed(started):
            process.kill()
        for process in started:
            process.wait()


def batch(folder: Path, output: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "keras_migrate", "batch", "manifest.txt", "--output", output]
    return subprocess.Popen(
        [*command, "--format", "json", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def summary(process: subprocess.Popen[str]) -> dict[str, Any]:
    """What a batch says in the end, without what differs from run to run."""
    out, errors = process.communicate(timeout=100)
    assert process.returncode == 4, errors  # for the one that is nowhere
    return {each["name"]: each | {"seconds": 0} for each in json.loads(out)["repositories"]}


def test_nothing_is_lost_with_a_worker(repositories: Path, cluster: Cluster) -> None:
    begun = repositories / "begun"
    with batch(repositories, "cluster", "--executor", f"dask={cluster.address}") as process:
        wait_for(lambda: len(list(begun.iterdir())) == 2)  # both workers are at work
        cluster.workers[0].send_signal(signal.SIGKILL)
        cluster.workers[0].wait()
        # What it had started ends with it: one of the two processes that fetch is gone.
        wait_for(lambda: sum(is_alive(int(path.name)) for path in begun.iterdir()) == 1)
        (repositories / "go").touch()
        on_cluster = summary(process)
    with batch(repositories, "local", "--jobs", "2") as process:
        here = summary(process)
    assert on_cluster == here
    assert [here[name]["outcome"] for name in (*NAMES, "nowhere")] == ["migrated"] * 3 + ["failed"]
    for name in NAMES:
        made = [repositories / output / "repositories" / name for output in ("cluster", "local")]
        assert (made[0] / "train.py").read_text() == f"{legacy.NEW}name = '{name}'\n"
        assert len({legacy.git(clone, "rev-parse", "HEAD^{tree}") for clone in made}) == 1
        reports = [repositories / output / "reports" / f"{name}.json" for output in ("cluster", "local")]
        assert len({re.sub(r'"seconds": [\d.]+', "", report.read_text()) for report in reports}) == 1
    assert list((repositories / "cluster" / "work").iterdir()) == []


def test_a_scheduler_that_does_not_answer_is_named(
    repositories: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from keras_migrate.batch import executors

    monkeypatch.setattr(executors, "_PATIENCE", 1)
    with pytest.raises(executors.ExecutorError, match=r"no dask scheduler answers at tcp://127\.0\.0\.1:1"):
        next(executors.dask("tcp://127.0.0.1:1")([], None))
