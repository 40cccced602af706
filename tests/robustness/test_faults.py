"""What the system does to a run: full disks, no permissions, odd files, processes that die, Ctrl-C.

After each, every file is old or new and whole, the message names the file and says what to do, the exit code
is as documented, and ``keras-migrate undo`` brings everything back.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import fake_engine
import pytest
import write_steps
from click.testing import CliRunner, Result

from keras_migrate import reading, writer
from keras_migrate.cli import main
from keras_migrate.cli.exit_codes import FAILED, INTERRUPTED, NOTHING_LEFT
from keras_migrate.runner import RunResult
from keras_migrate.sole_writer import sole_writer
from keras_migrate.writer import Journal, JournalStatus

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links, pipes, signals and rights of POSIX")

OLD = "from keras.layers import Dense\n"
NEW = "from tensorflow.keras.layers import Dense\n"
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
NOBODY = 65534


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of three files in the current folder."""
    top = tmp_path / "top"
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1]))
    plant(top)
    monkeypatch.chdir(top)
    return top


def plant(top: Path) -> None:
    for path in ("a.py", "pkg/b.py", "pkg/c.py"):
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(OLD)


def contents(top: str | Path = ".") -> dict[str, str]:
    files = (path for path in Path(top).rglob("*") if path.is_file() and not path.is_symlink())
    return {
        path.relative_to(top).as_posix(): path.read_text()
        for path in files
        if writer.JOURNAL_FOLDER not in path.parts
    }


ALL_OLD = dict.fromkeys(("a.py", "pkg/b.py", "pkg/c.py"), OLD)
ALL_NEW = dict.fromkeys(ALL_OLD, NEW)


def invoke(*arguments: str) -> Result:
    result = CliRunner().invoke(main, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def migrate(*arguments: str) -> Result:
    return invoke("migrate", "--write", "--quiet", "--jobs", "1", *arguments)


def assert_undone(expected: dict[str, str]) -> None:
    done = invoke("undo")
    assert done.exit_code == NOTHING_LEFT, done.stderr
    assert contents() == expected


class TestFullDisk:
    @pytest.fixture
    def small(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
        """A disk of a megabyte."""
        disk = tmp_path / "disk"
        disk.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True
        )
        if mounted.returncode != 0:
            pytest.skip("needs the right to mount a small tmpfs: run as root of a container that may mount")
        try:
            monkeypatch.chdir(disk)
            plant(disk)
            yield disk
        finally:
            os.chdir("/")
            subprocess.run(["umount", "-l", disk], check=True)

    def fill(self, disk: Path, leave: int) -> Path:
        filler = disk / "filler"
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        filler.write_bytes(b"x" * (free - leave))
        return filler

    def test_of_the_journal_stops_the_run_before_any_file_is_touched(self, small: Path) -> None:
        filler = self.fill(small, 0)
        result = migrate()
        assert result.exit_code == FAILED
        assert "nothing was written" in result.stderr
        assert "No space left on device. Make room and run again" in result.stderr
        filler.unlink()
        assert contents() == ALL_OLD
        assert Journal.all_of(small) == ()
        assert migrate().exit_code == NOTHING_LEFT
        assert contents() == ALL_NEW

    def test_of_a_file_costs_that_file(self, small: Path) -> None:
        long = OLD + "# what is packed well takes no room in the journal\n" * 6000
        (small / "big.py").write_text(long)
        before = contents()
        filler = self.fill(small, 100_000)
        result = migrate()
        filler.unlink()
        assert result.exit_code == FAILED
        assert result.stdout == (
            "big.py:1:1 KM909 could not be written: No space left on device. Make room and run again\n"
        )
        assert contents() == {**ALL_NEW, "big.py": long}
        assert_undone(before)

    def test_read_only(self, small: Path) -> None:
        if subprocess.run(["mount", "-o", "remount,ro", small], capture_output=True).returncode != 0:
            pytest.skip("needs the right to mount again")
        result = migrate()
        assert (result.exit_code, contents()) == (FAILED, ALL_OLD)
        assert "Read-only file system" in result.stderr


def test_a_file_that_may_not_grow_so_long_is_left_as_it_was() -> None:
    long = OLD + "# what is packed well takes no room in the journal\n" * 6000
    Path("big.py").write_text(long)

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        result = migrate()
        assert (
            result.exit_code,
            "big.py:1:1 KM909 could not be written: File too large" in result.stdout,
        ) == (
            FAILED,
            True,
        )

    invoke("migrate", "--dry-run", "--jobs", "1")  # loads all that it takes
    assert write_steps.in_child(limited) == 0
    assert contents() == {**ALL_NEW, "big.py": long}
    assert_undone({**ALL_OLD, "big.py": long})


class TestRights:
    @pytest.fixture
    def shared(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
        """A project of nobody's, in a folder that everybody may look into."""
        folder = Path(tempfile.mkdtemp())
        folder.chmod(0o755)
        top = folder / "top"
        plant(top)
        if ROOT:
            for path in (top, *top.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
        monkeypatch.chdir(top)
        yield top
        os.chdir("/")
        shutil.rmtree(folder)

    def as_nobody(self, check: Callable[[], None]) -> None:
        """Runs a check without the rights of root, if there are any."""
        invoke("migrate", "--dry-run", "--jobs", "1")  # loads all that it takes
        invoke("undo", "--list")

        def unprivileged() -> None:
            if ROOT:
                os.setgroups([])
                os.setresgid(NOBODY, NOBODY, NOBODY)
                os.setresuid(NOBODY, NOBODY, NOBODY)
            check()

        assert write_steps.in_child(unprivileged) == 0

    def test_a_file_that_may_not_be_read(self, shared: Path) -> None:
        (shared / "pkg" / "b.py").chmod(0)

        def check() -> None:
            result = migrate()
            assert result.exit_code == FAILED
            assert result.stdout == "pkg/b.py:1:1 KM908 could not be read: Permission denied\n"

        self.as_nobody(check)
        (shared / "pkg" / "b.py").chmod(0o644)
        assert contents() == {**ALL_NEW, "pkg/b.py": OLD}
        assert_undone(ALL_OLD)

    def test_a_module_that_may_not_be_read_costs_no_file_that_imports_it(self, shared: Path) -> None:
        (shared / "shim.py").write_text("from keras import layers\n")
        (shared / "a.py").write_text("import keras\nfrom shim import layers\nlayers.Dense(3)\n")
        (shared / "shim.py").chmod(0)

        def check() -> None:
            result = migrate()
            assert result.exit_code == FAILED
            assert result.stdout == "shim.py:1:1 KM908 could not be read: Permission denied\n"
            assert "from tensorflow import keras" in Path("a.py").read_text()

        self.as_nobody(check)

    def test_a_folder_that_may_not_be_written_to(self, shared: Path) -> None:
        (shared / "pkg").chmod(0o555)

        def check() -> None:
            result = migrate()
            assert result.exit_code == FAILED
            reason = (
                "could not be written: Permission denied. Give yourself the permission to write to its folder"
            )
            assert [line.partition(" and run")[0] for line in result.stdout.splitlines()] == [
                f"pkg/{name}.py:1:1 KM909 {reason}" for name in "bc"
            ]
            assert contents() == {**ALL_OLD, "a.py": NEW}
            assert_undone(ALL_OLD)

        self.as_nobody(check)

    def test_a_project_that_may_not_be_written_to(self, shared: Path) -> None:
        shared.chmod(0o555)

        def check() -> None:
            result = migrate()
            assert (result.exit_code, contents()) == (FAILED, ALL_OLD)
            assert "nothing was written: no journal of the run can be kept" in result.stderr
            assert "Permission denied. Give yourself the permission" in result.stderr

        self.as_nobody(check)

    def test_a_folder_that_may_not_be_listed(self, shared: Path) -> None:
        (shared / "pkg").chmod(0)

        def check() -> None:
            result = migrate()
            assert result.exit_code == FAILED
            assert result.stdout.startswith("pkg:1:1 KM908 could not be read: ")
            assert Path("a.py").read_text() == NEW

        self.as_nobody(check)
        (shared / "pkg").chmod(0o755)

    def test_a_file_that_is_marked_read_only_even_for_root(self) -> None:
        Path("a.py").chmod(0o444)
        result = migrate()
        assert result.exit_code == FAILED
        assert result.stdout == (
            "a.py:1:1 KM909 could not be written: it is read-only. Make it writable and run again\n"
        )
        assert contents() == {**ALL_NEW, "a.py": OLD}
        assert stat.S_IMODE(os.stat("a.py").st_mode) == 0o444
        assert_undone(ALL_OLD)

    def test_a_file_that_the_file_system_keeps(self) -> None:
        if (
            shutil.which("chattr") is None
            or subprocess.run(["chattr", "+i", "a.py"], capture_output=True).returncode
        ):
            pytest.skip("needs root and a file system with chattr")
        try:
            result = migrate()
        finally:
            subprocess.run(["chattr", "-i", "a.py"], check=True)
        assert result.exit_code == FAILED
        assert result.stdout.startswith("a.py:1:1 KM909 could not be written: it is read-only. Make it")
        assert contents() == {**ALL_NEW, "a.py": OLD}
        assert_undone(ALL_OLD)


class TestChangedMeanwhile:
    """Between reading and writing something else happens to ``pkg/b.py``."""

    def change(self, monkeypatch: pytest.MonkeyPatch, what: Callable[[Path], object]) -> Result:
        write = writer.write

        def changed(*arguments: object) -> object:
            what(Path("pkg/b.py"))
            return write(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(writer, "write", changed)
        return migrate()

    @pytest.mark.parametrize(
        ("what", "reason"),
        [
            (lambda path: path.write_text("mine"), "KM907 changed on disk since it was read: run again"),
            (lambda path: path.unlink(), "KM907 is gone from the disk since it was read: run again"),
            (lambda path: path.unlink() or path.mkdir(), "KM909 could not be written: Is a directory"),
            (
                lambda path: path.unlink() or os.mkfifo(path),
                "KM909 could not be written: it is a pipe, a device",
            ),
            (
                lambda path: path.unlink() or path.symlink_to("b.py"),
                "KM909 could not be written: the link leads",
            ),
            (
                lambda path: path.unlink() or path.symlink_to("/dev/zero"),
                "KM909 could not be written: it leads out",
            ),
        ],
        ids=["changed", "deleted", "folder", "pipe", "loop", "device"],
    )
    def test_is_left_alone(
        self, monkeypatch: pytest.MonkeyPatch, what: Callable[[Path], object], reason: str
    ) -> None:
        result = self.change(monkeypatch, what)
        assert result.exit_code == FAILED
        assert result.stdout.startswith(f"pkg/b.py:1:1 {reason}")
        others = {path: text for path, text in contents().items() if path != "pkg/b.py"}
        assert others == {"a.py": NEW, "pkg/c.py": NEW}
        assert invoke("undo").exit_code == NOTHING_LEFT
        assert {**contents(), "pkg/b.py": OLD} == ALL_OLD

    def test_into_a_link_to_the_same_content_outside_is_not_written_through(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        outside = tmp_path / "outside.py"
        outside.write_text(OLD)
        result = self.change(monkeypatch, lambda path: path.unlink() or path.symlink_to(outside))
        assert result.exit_code == FAILED
        assert "it leads out of" in result.stdout
        assert outside.read_text() == OLD

    def test_a_folder_into_a_link_outside_is_not_written_through(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        outside = tmp_path / "outside"

        def swap(path: Path) -> None:
            shutil.move(path.parent, outside)
            path.parent.symlink_to(outside)

        result = self.change(monkeypatch, swap)
        assert result.exit_code == FAILED
        assert result.stdout.count("it leads out of") == 2
        assert contents(outside) == {"b.py": OLD, "c.py": OLD}


class TestOddFiles:
    """Each is passed over or a finding; none is waited for."""

    pytestmark = pytest.mark.timeout(60)

    def test_are_passed_over_in_folders(self, tmp_path: Path) -> None:
        outside = tmp_path / "outside"
        plant(outside)
        (outside / ".gitignore").write_text("*.py\n")
        Path("link.py").symlink_to(outside / "a.py")
        Path("folder").symlink_to(outside)
        Path("loop.py").symlink_to("loop.py")
        Path("one.py").symlink_to("other.py")
        Path("other.py").symlink_to("one.py")
        Path("round").symlink_to(".")
        Path("zero.py").symlink_to("/dev/zero")
        Path("zero.ipynb").symlink_to("/dev/zero")
        os.mkfifo("pipe.py")
        Path("folder.py").mkdir()
        for name in ("README.md", "requirements.txt", "model.json"):
            os.mkfifo(name)
        os.mkfifo("pkg/.gitignore")
        os.mkfifo("pkg/__init__.py")
        Path("setup.cfg").symlink_to("/dev/zero")
        Path(".gitignore").symlink_to(outside / ".gitignore")
        if ROOT:
            os.mknod("device.py", stat.S_IFCHR | 0o666, os.makedev(1, 5))
        result = migrate()
        assert (result.exit_code, result.stdout) == (NOTHING_LEFT, "")
        assert {path: text for path, text in contents().items() if path in ALL_OLD} == ALL_NEW
        assert contents(outside) == {**ALL_OLD, ".gitignore": "*.py\n"}
        for name in ("model.json", "README.md"):
            Path(name).unlink()
        assert invoke("models").exit_code == NOTHING_LEFT
        assert invoke("undo").exit_code == NOTHING_LEFT

    @pytest.mark.parametrize(
        ("make", "code", "reason"),
        [
            (lambda path, away: path.symlink_to(away), FAILED, "KM908 could not be read: it leads out of"),
            (lambda path, away: path.symlink_to(path), 2, "neither a file nor a folder"),
            (lambda path, away: os.mkfifo(path), 2, "neither a file nor a folder"),
            (lambda path, away: path.symlink_to("/dev/zero"), 2, "neither a file nor a folder"),
        ],
        ids=["outside", "loop", "pipe", "device"],
    )
    def test_that_are_named_are_refused(
        self, tmp_path: Path, make: Callable[[Path, Path], object], code: int, reason: str
    ) -> None:
        away = tmp_path / "away.py"
        away.write_text(OLD)
        make(Path("odd.py"), away)
        result = migrate("odd.py")
        assert result.exit_code == code
        assert reason in result.output
        assert "odd.py" in result.output
        assert away.read_text() == OLD

    def test_modules_that_lead_out_are_not_read(self, tmp_path: Path) -> None:
        outside = tmp_path / "outside"
        outside.mkdir()
        (outside / "shim.py").write_text("from keras import layers\n")
        Path("shim.py").symlink_to(outside / "shim.py")
        Path("pkg2").symlink_to(outside)
        Path("a.py").write_text(
            "import keras\nfrom shim import layers as L\nfrom pkg2.shim import layers as M\n"
        )
        opened: list[str] = []

        def look() -> None:
            sys.addaudithook(
                lambda event, given: (
                    opened.append(os.path.realpath(given[0]))
                    if event == "open" and isinstance(given[0], str)
                    else None
                )
            )
            assert migrate().exit_code == NOTHING_LEFT
            assert opened
            assert [path for path in opened if path.startswith(str(outside))] == []

        assert write_steps.in_child(look) == 0

    @pytest.mark.parametrize("name", ["keras-migrate.toml", "pyproject.toml"])
    def test_a_configuration_that_leads_out_is_an_error(self, tmp_path: Path, name: str) -> None:
        outside = tmp_path / "outside.toml"
        outside.write_text("[tool.keras-migrate]\ntarget = '2.15'\n")
        Path(name).symlink_to(outside)
        result = migrate()
        assert (result.exit_code, contents()) == (2, ALL_OLD)
        assert "cannot be read: it leads out of" in result.stderr

    def test_a_file_beyond_all_measure_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with open("pkg/b.py", "r+") as file:
            file.truncate(reading.LARGEST + 1)
        result = migrate()
        assert result.exit_code == FAILED
        assert result.stdout == (
            "pkg/b.py:1:1 KM908 could not be read: it is longer than 256 MB: leave it out with --exclude\n"
        )


class TestLinkedJournal:
    """What the tool keeps for itself is not put elsewhere either."""

    @pytest.mark.parametrize("link", [".keras-migrate", ".keras-migrate/journal"])
    def test_stops_the_run(self, tmp_path: Path, link: str) -> None:
        outside = tmp_path / "outside"
        outside.mkdir()
        Path(link).parent.mkdir(exist_ok=True)
        Path(link).symlink_to(outside)
        result = migrate()
        assert (result.exit_code, contents()) == (FAILED, ALL_OLD)
        assert "it is a link: remove it" in result.stderr
        assert list(outside.iterdir()) == []

    def test_of_the_lock_is_not_followed(self, tmp_path: Path) -> None:
        outside = tmp_path / "outside"
        Path(".keras-migrate").mkdir()
        Path(".keras-migrate/lock").symlink_to(outside)
        assert migrate().exit_code == FAILED
        assert not outside.exists()

    def test_entries_behind_a_link_are_not_restored(self, tmp_path: Path) -> None:
        assert migrate().exit_code == NOTHING_LEFT
        outside = tmp_path / "outside"
        shutil.move("pkg", outside)
        Path("pkg").symlink_to(outside)
        for force in ((), ("--force",)):
            result = invoke("undo", *force)
            assert result.exit_code == FAILED
            assert "pkg/b.py: leads out of the project by way of a link" in result.stderr
        assert contents(outside) == {"b.py": NEW, "c.py": NEW}

    def test_a_report_takes_the_place_of_a_link(self, tmp_path: Path) -> None:
        precious = tmp_path / "precious"
        precious.write_text("mine")
        Path("report.json").symlink_to(precious)
        assert migrate("--report", "report.json").exit_code == NOTHING_LEFT
        assert precious.read_text() == "mine"
        assert '"KM101"' in Path("report.json").read_text() or '"KM102"' in Path("report.json").read_text()


class TestTwoAtOnce:
    def test_the_second_waits_for_the_first(self) -> None:
        migrate()
        with sole_writer(os.path.abspath(writer.JOURNAL_FOLDER)):
            Path("a.py").write_text(OLD)
            second, undone = migrate(), invoke("undo", "--complete")
        for result in (second, undone):
            assert result.exit_code == FAILED
            assert "another keras-migrate is writing to this project: wait until it is done" in result.stderr
        assert Path("a.py").read_text() == OLD
        assert migrate().exit_code == NOTHING_LEFT

    def test_one_that_is_writing_is_told_from_one_that_was_killed(self) -> None:
        migrate()
        index = Path(Journal.all_of(".")[-1]) / "journal.json"
        index.write_text(index.read_text().replace('"complete"', '"writing"'))
        assert "stopped half-way" in invoke("undo", "--list").stdout
        with sole_writer(os.path.abspath(writer.JOURNAL_FOLDER)):
            assert "under way" in invoke("undo", "--list").stdout
            assert invoke("undo").exit_code == FAILED
        assert contents() == ALL_NEW
        assert_undone(ALL_OLD)


@pytest.mark.skipif(sys.platform != "linux", reason="forks its workers")
class TestProcessesThatDie:
    def many(self) -> dict[str, str]:
        shutil.rmtree("pkg")
        Path("a.py").unlink()
        names = [f"m{number:03}.py" for number in range(40)]
        for name in names:
            Path(name).write_text(OLD)
        return dict.fromkeys(names, NEW)

    def test_once_cost_nothing(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        expected = self.many()
        monkeypatch.setattr(
            "keras_migrate.engine.migrate_bytes", fake_engine.DiesOnce(str(tmp_path / "died"))
        )
        result = invoke("migrate", "--write", "--quiet", "--jobs", "2")
        assert (result.exit_code, contents()) == (NOTHING_LEFT, expected)
        assert (tmp_path / "died").exists()

    def test_by_a_file_cost_that_file(self, monkeypatch: pytest.MonkeyPatch) -> None:
        expected = self.many()
        Path("broken.py").write_text(OLD)
        monkeypatch.setattr("keras_migrate.engine.migrate_bytes", fake_engine.die)
        result = invoke("migrate", "--write", "--quiet", "--jobs", "2")
        assert (result.exit_code, contents()) == (FAILED, {**expected, "broken.py": OLD})
        assert result.stdout.startswith("broken.py:1:1 KM999 internal error, please report: the process that")


class TestCtrlC:
    """Writing is stopped at every step in ``test_stopped_writes.py``."""

    def interrupted(self, monkeypatch: pytest.MonkeyPatch, place: str) -> Result:
        def interrupt(*_: object, **__: object) -> None:
            signal.raise_signal(signal.SIGINT)

        monkeypatch.setattr(place, interrupt)
        return migrate()

    @pytest.mark.parametrize(
        "place",
        [
            "keras_migrate.project.reading.read",
            "keras_migrate.runner.discover",
            "keras_migrate.engine.migrate_bytes",
        ],
        ids=["reading", "finding", "migrating"],
    )
    def test_before_writing(self, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
        result = self.interrupted(monkeypatch, place)
        assert (result.exit_code, result.stderr) == (INTERRUPTED, "\nStopped. Nothing was written.\n")
        assert contents() == ALL_OLD

    def test_with_several_processes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("keras_migrate.engine.migrate_bytes", fake_engine.slow)
        timer = threading.Timer(1.5, lambda: os.kill(os.getpid(), signal.SIGINT))
        started = time.monotonic()
        timer.start()
        result = invoke("migrate", "--write", "--quiet", "--jobs", "2")
        assert (result.exit_code, result.stderr) == (INTERRUPTED, "\nStopped. Nothing was written.\n")
        assert time.monotonic() - started < 50
        assert contents() == ALL_OLD

    def test_after_writing_says_that_it_was_written(self, monkeypatch: pytest.MonkeyPatch) -> None:
        once = RunResult.once_written

        def interrupt(*_: object, **__: object) -> None:
            signal.raise_signal(signal.SIGINT)

        monkeypatch.setattr("keras_migrate.reports.terminal.show_needs_person", interrupt)
        assert once is RunResult.once_written
        result = migrate()
        assert result.exit_code == INTERRUPTED
        assert "The changes were written; 'keras-migrate undo' takes them back." in result.stderr
        assert contents() == ALL_NEW
        assert_undone(ALL_OLD)

    def test_twice_while_writing_still_brings_everything_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        replace = os.replace
        calls = 0

        def interrupting(source: str, target: str) -> None:
            nonlocal calls
            replace(source, target)
            if target.endswith(".py"):
                calls += 1
                signal.raise_signal(signal.SIGINT)

        monkeypatch.setattr(os, "replace", interrupting)
        result = migrate()
        assert calls == 2  # one file written, and brought back
        assert (result.exit_code, result.stderr) == (INTERRUPTED, "\nStopped. Nothing was written.\n")
        assert contents() == ALL_OLD
        assert Journal.read(Journal.all_of(".")[-1]).status is JournalStatus.RESTORED

    def test_that_cannot_be_taken_back_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        write = writer.write_atomically

        def failing(location: str, data: bytes) -> None:
            if location.endswith("b.py"):
                raise KeyboardInterrupt
            if location.endswith("a.py") and data == OLD.encode():
                raise OSError(5, "Input/output error")
            write(location, data)

        monkeypatch.setattr(writer, "write_atomically", failing)
        result = migrate()
        assert result.exit_code == FAILED
        assert "stopped, and these files could not be brought back: a.py" in result.stderr
        monkeypatch.undo()
