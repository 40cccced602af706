"""Killed or interrupted at any step of writing or taking back: every file is old or new, and whole.

``pytest tests/robustness/test_stopped_writes.py --all-steps`` stops at every step; without it, at some.
"""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import write_steps

from keras_migrate.findings import FileResult
from keras_migrate.options import Options
from keras_migrate.project import Project
from keras_migrate.runner import run
from keras_migrate.writer import JOURNAL_FOLDER, Journal, JournalStatus, complete, restore, write

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that are forked off")

FILES = 200
SAMPLE = 12
"""Steps at which to stop where not all are asked for."""
KILL, INTERRUPT = signal.SIGKILL, signal.SIGINT
MODES = (0o644, 0o755, 0o600, 0o664)


class Tree:
    """A project of many files, and what a run makes of them."""

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        self.old = {f"pkg{number % 7}/m{number:03}.py": self._code(number) for number in range(FILES)}
        self.plant()
        self.project = Project.of([root])
        self.results: tuple[FileResult, ...] = run([root], Options(), jobs=1).results
        self.new = {result.path: result.after for result in self.results}
        assert self.new.keys() == self.old.keys()
        assert all(self.old[path] != self.new[path] for path in self.old)

    @staticmethod
    def _code(number: int) -> bytes:
        return f"from keras.layers import Dense\n\nlayer = Dense({number})\n".encode() + b"# line\n" * number

    def plant(self) -> None:
        """Brings everything to where it was before the run."""
        shutil.rmtree(os.path.join(self.root, JOURNAL_FOLDER), ignore_errors=True)
        for number, (path, data) in enumerate(self.old.items()):
            location = Path(self.root, path)
            location.parent.mkdir(exist_ok=True)
            location.write_bytes(data)
            location.chmod(MODES[number % len(MODES)])

    def write(self) -> None:
        write(self.results, self.project)

    def journal(self) -> Journal | None:
        """The journal that a run left, if it came so far."""
        folders = Journal.all_of(self.root)
        return Journal.read(folders[-1]) if folders else None

    def assert_whole(self) -> None:
        """Every file has its old bytes or its new ones, and its mode."""
        for number, path in enumerate(self.old):
            location = os.path.join(self.root, path)
            data = Path(location).read_bytes()
            assert data in (self.old[path], self.new[path]), f"{path} is neither old nor new: {data[:80]!r}"
            assert stat.S_IMODE(os.stat(location).st_mode) == MODES[number % len(MODES)], path

    def assert_is(self, files: dict[str, bytes]) -> None:
        """The files hold this, and nothing else is beside them."""
        self.assert_whole()
        found = dict(self._found())
        assert found.keys() == files.keys()
        assert found == files

    def _found(self) -> Iterable[tuple[str, bytes]]:
        for path in Path(self.root).rglob("*"):
            if path.is_file() and JOURNAL_FOLDER not in path.parts:
                yield path.relative_to(self.root).as_posix(), path.read_bytes()


@pytest.fixture(scope="module")
def planted() -> Iterator[Tree]:
    memory = "/dev/shm"  # where flushing costs nothing
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Tree(Path(folder))


@pytest.fixture
def tree(planted: Tree) -> Tree:
    planted.plant()
    return planted


@pytest.fixture
def most(request: pytest.FixtureRequest) -> int:
    """At how many steps to stop."""
    return sys.maxsize if request.config.getoption("--all-steps") else SAMPLE


def told(what: str, steps: int, stops: int) -> None:
    print(f"{what}: {stops} of {steps} steps")


def test_a_run_is_many_steps(tree: Tree) -> None:
    assert write_steps.count(tree.root, tree.write) > 5 * FILES


def test_a_run_killed_at_any_step_is_undone_and_completed(tree: Tree, most: int) -> None:
    steps = write_steps.count(tree.root, tree.write)
    halves = 0
    stops = write_steps.some(steps, most)
    for step in stops:
        tree.plant()
        assert write_steps.stopped(tree.root, tree.write, step, KILL) == -KILL, step
        tree.assert_whole()
        journal = tree.journal()
        if journal is None:  # it had not begun to write
            tree.assert_is(tree.old)
            continue
        halves += journal.status is JournalStatus.WRITING
        assert restore(journal).failures == {}, step
        tree.assert_is(tree.old)
        assert complete(journal).failures == {}, step
        tree.assert_is(tree.new)
    assert halves > len(stops) // 2
    told("run killed", steps, len(stops))


@pytest.mark.parametrize(("finish", "goal"), [(restore, "old"), (complete, "new")])
def test_undoing_or_completing_killed_at_any_step_is_finished_by_the_same(
    tree: Tree, most: int, finish: object, goal: str
) -> None:
    assert callable(finish)
    half = write_steps.count(tree.root, tree.write) // 2
    tree.plant()
    assert write_steps.stopped(tree.root, tree.write, half, KILL) == -KILL

    def half_way() -> Journal:
        journal = tree.journal()
        assert journal is not None
        return journal

    journal = half_way()
    kept = {path: Path(tree.root, path).read_bytes() for path in tree.old}

    def plant() -> None:
        for path, data in kept.items():
            Path(tree.root, path).write_bytes(data)

    write_steps.count(tree.root, lambda: finish(journal))  # removes what the killed run left beside a file
    plant()
    steps = write_steps.count(tree.root, lambda: finish(journal))
    stops = write_steps.some(steps, most)
    for step in stops:
        plant()
        assert write_steps.stopped(tree.root, lambda: finish(journal), step, KILL) == -KILL
        tree.assert_whole()
        assert finish(half_way()).failures == {}
        tree.assert_is(getattr(tree, goal))
    told(f"{finish.__name__} killed", steps, len(stops))


def test_a_run_interrupted_at_any_step_leaves_everything_as_it_was(tree: Tree, most: int) -> None:
    steps = write_steps.count(tree.root, tree.write)
    stops = write_steps.some(steps, most)
    for step in stops:
        tree.plant()
        assert write_steps.stopped(tree.root, tree.write, step, INTERRUPT) == 130, step
        tree.assert_is(tree.old)
        journal = tree.journal()
        assert journal is None or journal.status is JournalStatus.RESTORED, step
    told("run interrupted", steps, len(stops))


COMMAND = """
import os, signal, sys
import write_steps
from keras_migrate.cli import main

root, at, by = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
steps = 0

def step():
    global steps
    steps += 1
    if steps == at:
        os.kill(os.getpid(), by)

write_steps.install(root, step)
main(sys.argv[4:])
"""


def command(tree: Tree, at: int, by: signal.Signals, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the tool as its users do, and sends it a signal at a step of its writing."""
    return subprocess.run(
        [sys.executable, "-c", COMMAND, tree.root, str(at), str(int(by)), *arguments],
        cwd=tree.root,  # not the checkout: the package there has no transforms
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        timeout=120,
    )


class TestCommand:
    def test_killed_and_undone(self, tree: Tree) -> None:
        killed = command(tree, FILES * 3, KILL, "migrate", "--write", "--quiet", tree.root)
        assert killed.returncode == -KILL
        tree.assert_whole()
        listed = command(tree, 0, KILL, "undo", "--list", tree.root)
        assert "200 files  stopped half-way" in listed.stdout
        undone = command(tree, 0, KILL, "undo", tree.root)
        assert undone.returncode == 0, undone.stderr
        tree.assert_is(tree.old)

    def test_interrupted(self, tree: Tree) -> None:
        stopped = command(tree, FILES * 3, INTERRUPT, "migrate", "--write", "--quiet", tree.root)
        assert (stopped.returncode, stopped.stderr) == (130, "\nStopped. Nothing was written.\n")
        tree.assert_is(tree.old)
