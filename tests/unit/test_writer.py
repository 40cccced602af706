"""Writing: every file at once or not at all, and everything can be brought back."""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from keras_migrate import writer
from keras_migrate.findings import FileResult, Finding, Level
from keras_migrate.project import Project
from keras_migrate.writer import Journal, JournalError, JournalStatus, WriteResult, complete, restore, write


def planned(root: Path, *paths: str) -> list[FileResult]:
    """Files on disk, and the plan to change them."""
    results = []
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(f"old {path}".encode())
        results.append(FileResult(path, f"old {path}".encode(), f"new {path}".encode()))
    return results


def contents(root: Path) -> dict[str, str]:
    """The files below a folder, journals apart."""
    files = (path for path in root.rglob("*") if path.is_file() and writer.JOURNAL_FOLDER not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_text() for path in files}


def codes(result: WriteResult) -> dict[str, str]:
    return {path: finding.rule for path, finding in result.failures.items()}


def written(root: Path, results: Iterable[FileResult]) -> WriteResult:
    return write(results, Project.of([root]))


def journal_of(result: WriteResult) -> Journal:
    assert result.journal is not None
    return Journal.read(result.journal)


class TestWrite:
    def test_replaces_what_changes_and_nothing_else(self, tmp_path: Path) -> None:
        results = [*planned(tmp_path, "a.py", "pkg/b.py"), FileResult("c.py", b"same", b"same")]
        assert written(tmp_path, results).written == ("a.py", "pkg/b.py")
        assert contents(tmp_path) == {"a.py": "new a.py", "pkg/b.py": "new pkg/b.py"}

    def test_without_a_change_leaves_no_trace(self, tmp_path: Path) -> None:
        assert written(tmp_path, [FileResult("c.py", b"same", b"same")]) == WriteResult((), {})
        assert list(tmp_path.iterdir()) == []

    def test_passes_over_files_that_failed(self, tmp_path: Path) -> None:
        (result,) = planned(tmp_path, "a.py")
        error = Finding("KM999", Level.ERROR, "", None, 1, 1)
        written(tmp_path, [FileResult(result.path, result.before, result.after, (error,))])
        assert contents(tmp_path) == {"a.py": "old a.py"}

    def test_bytes_are_written_as_they_are(self, tmp_path: Path) -> None:
        data = b"\xef\xbb\xbfx\r\ny\rz\n\xff"
        (tmp_path / "a.py").write_bytes(b"old")
        written(tmp_path, [FileResult("a.py", b"old", data)])
        assert (tmp_path / "a.py").read_bytes() == data

    @pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
    @pytest.mark.parametrize("mode", [0o644, 0o755, 0o600, 0o664])
    def test_keeps_the_mode(self, tmp_path: Path, mode: int) -> None:
        results = planned(tmp_path, "a.py")
        (tmp_path / "a.py").chmod(mode)
        written(tmp_path, results)
        assert stat.S_IMODE((tmp_path / "a.py").stat().st_mode) == mode

    @pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root gives files away")
    def test_keeps_the_owner(self, tmp_path: Path) -> None:
        results = planned(tmp_path, "a.py")
        os.chown(tmp_path / "a.py", 1234, 2345)
        written(tmp_path, results)
        status = (tmp_path / "a.py").stat()
        assert (status.st_uid, status.st_gid) == (1234, 2345)

    def test_writes_through_a_link(self, tmp_path: Path) -> None:
        planned(tmp_path, "real/a.py")
        (tmp_path / "link.py").symlink_to("real/a.py")
        result = written(tmp_path, [FileResult("link.py", b"old real/a.py", b"new")])
        assert (tmp_path / "link.py").is_symlink()
        assert (tmp_path / "real" / "a.py").read_text() == "new"
        restore(journal_of(result))
        assert (tmp_path / "link.py").is_symlink()
        assert (tmp_path / "real" / "a.py").read_text() == "old real/a.py"

    def test_flushes_each_file_before_it_takes_the_old_ones_place(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        events: list[str] = []
        fsync, replace = os.fsync, os.replace

        def noting_fsync(handle: int) -> None:
            events.append("file" if stat.S_ISREG(os.fstat(handle).st_mode) else "folder")
            fsync(handle)

        def noting_replace(source: str, target: str) -> None:
            events.append(f"replace {Path(target).name}")
            replace(source, target)

        monkeypatch.setattr(os, "fsync", noting_fsync)
        monkeypatch.setattr(os, "replace", noting_replace)
        written(tmp_path, planned(tmp_path, "a.py"))
        at = events.index("replace a.py")
        assert events[at - 1] == "file"
        assert "replace journal.json" in events[:at]
        assert events[at + 1] == "folder"


class TestWhatGoesWrong:
    def test_a_file_that_changed_on_disk_is_not_overwritten(self, tmp_path: Path) -> None:
        results = planned(tmp_path, "a.py", "b.py")
        (tmp_path / "a.py").write_text("mine")
        result = written(tmp_path, results)
        assert codes(result) == {"a.py": "KM907"}
        assert result.failures["a.py"].message == "changed on disk since it was read: run again"
        assert result.written == ("b.py",)
        assert contents(tmp_path) == {"a.py": "mine", "b.py": "new b.py"}

    def test_a_file_that_is_gone_is_not_made_again(self, tmp_path: Path) -> None:
        results = planned(tmp_path, "a.py")
        (tmp_path / "a.py").unlink()
        assert codes(written(tmp_path, results)) == {"a.py": "KM907"}
        assert contents(tmp_path) == {}

    def test_a_full_disk_costs_only_the_file_and_leaves_nothing_behind(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        results = planned(tmp_path, "a.py", "b.py", "c.py")
        fdopen = os.fdopen

        class Full:
            def __init__(self, handle: int) -> None:
                self.file = fdopen(handle, "wb")

            def __enter__(self) -> Full:
                return self

            def __exit__(self, *_: object) -> None:
                self.file.close()

            def write(self, data: bytes) -> None:
                self.file.write(data[:3])
                raise OSError(errno.ENOSPC, "No space left on device")

        def full_for_b(handle: int, mode: str) -> object:
            name = os.readlink(f"/proc/self/fd/{handle}") if sys.platform == "linux" else ""
            return Full(handle) if "b.py" in name else fdopen(handle, mode)

        if sys.platform != "linux":
            pytest.skip("needs /proc")
        monkeypatch.setattr(os, "fdopen", full_for_b)
        result = written(tmp_path, results)
        assert codes(result) == {"b.py": "KM909"}
        assert "No space left" in result.failures["b.py"].message
        assert contents(tmp_path) == {"a.py": "new a.py", "b.py": "old b.py", "c.py": "new c.py"}

    def test_a_refused_replacement_leaves_nothing_behind(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        results = planned(tmp_path, "a.py", "b.py")
        replace = os.replace

        def refusing(source: str, target: str) -> None:
            if target.endswith("a.py"):
                raise PermissionError(errno.EACCES, "Permission denied")
            replace(source, target)

        monkeypatch.setattr(os, "replace", refusing)
        result = written(tmp_path, results)
        assert codes(result) == {"a.py": "KM909"}
        assert contents(tmp_path) == {"a.py": "old a.py", "b.py": "new b.py"}

    def test_a_read_only_file_is_left_alone(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        results = planned(tmp_path, "a.py")
        (tmp_path / "a.py").chmod(0o444)
        monkeypatch.setattr(
            os, "access", lambda path, mode: not str(path).endswith("a.py")
        )  # root may write all
        result = written(tmp_path, results)
        assert codes(result) == {"a.py": "KM909"}
        assert contents(tmp_path) == {"a.py": "old a.py"}

    def test_without_a_journal_nothing_is_written(self, tmp_path: Path) -> None:
        results = planned(tmp_path, "a.py")
        (tmp_path / writer.JOURNAL_FOLDER).write_text("in the way")
        with pytest.raises(JournalError, match="nothing was written"):
            written(tmp_path, results)
        assert (tmp_path / "a.py").read_text() == "old a.py"

    def test_an_interrupt_brings_back_what_was_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        results = planned(tmp_path, "a.py", "b.py", "c.py")
        replace = os.replace
        interrupted = False

        def interrupting(source: str, target: str) -> None:
            nonlocal interrupted
            replace(source, target)
            if target.endswith("b.py") and not interrupted:
                interrupted = True
                raise KeyboardInterrupt

        monkeypatch.setattr(os, "replace", interrupting)
        with pytest.raises(KeyboardInterrupt):
            written(tmp_path, results)
        assert contents(tmp_path) == {path: f"old {path}" for path in ("a.py", "b.py", "c.py")}


class TestJournal:
    def test_tells_what_the_run_did(self, tmp_path: Path) -> None:
        result = written(tmp_path, planned(tmp_path, "a.py", "pkg/b.py"))
        journal = journal_of(result)
        assert journal.status is JournalStatus.COMPLETE
        assert [entry.path for entry in journal.entries] == ["a.py", "pkg/b.py"]
        assert journal.top == str(tmp_path)
        assert set(journal.contents().values()) == {
            b"old a.py",
            b"new a.py",
            b"old pkg/b.py",
            b"new pkg/b.py",
        }
        assert Journal.all_of(tmp_path) == (result.journal,)

    def test_stands_at_the_projects_top_and_out_of_gits_sight(self, tmp_path: Path) -> None:
        subprocess.run(["git", "init", "-q", tmp_path], check=True)
        result = written(tmp_path / "src", planned(tmp_path / "src", "a.py"))
        journal = journal_of(result)
        assert journal.top == str(tmp_path)
        assert [entry.path for entry in journal.entries] == ["src/a.py"]
        seen = subprocess.run(
            ["git", "-C", tmp_path, "status", "--short"], check=True, capture_output=True, text=True
        )
        assert seen.stdout == "?? src/\n"

    def test_of_each_run_is_its_own_oldest_first(self, tmp_path: Path) -> None:
        first = written(tmp_path, planned(tmp_path, "a.py"))
        time.sleep(0.002)
        second = written(tmp_path, planned(tmp_path, "a.py"))
        assert Journal.all_of(tmp_path) == (first.journal, second.journal)

    def test_that_is_damaged_is_an_error_before_any_file_is_touched(self, tmp_path: Path) -> None:
        result = written(tmp_path, planned(tmp_path, "a.py", "b.py"))
        journal = journal_of(result)
        (Path(journal.folder) / "contents.zip").write_bytes(b"nonsense")
        with pytest.raises(JournalError, match="damaged"):
            restore(journal)
        assert contents(tmp_path) == {"a.py": "new a.py", "b.py": "new b.py"}
        (Path(journal.folder) / "journal.json").write_text("{}")
        with pytest.raises(JournalError):
            Journal.read(journal.folder)

    def test_of_a_later_format_is_not_guessed_at(self, tmp_path: Path) -> None:
        journal = journal_of(written(tmp_path, planned(tmp_path, "a.py")))
        index = Path(journal.folder) / "journal.json"
        index.write_text(json.dumps({**json.loads(index.read_text()), "format": 99}))
        with pytest.raises(JournalError, match="later"):
            Journal.read(journal.folder)


class TestRestore:
    def test_brings_everything_back(self, tmp_path: Path) -> None:
        journal = journal_of(written(tmp_path, planned(tmp_path, "a.py", "pkg/b.py")))
        assert restore(journal).written == ("a.py", "pkg/b.py")
        assert contents(tmp_path) == {"a.py": "old a.py", "pkg/b.py": "old pkg/b.py"}
        assert Journal.read(journal.folder).status is JournalStatus.RESTORED

    def test_leaves_alone_what_was_changed_since(self, tmp_path: Path) -> None:
        journal = journal_of(written(tmp_path, planned(tmp_path, "a.py", "b.py")))
        (tmp_path / "a.py").write_text("mine")
        assert codes(restore(journal)) == {"a.py": "KM907"}
        assert contents(tmp_path) == {"a.py": "mine", "b.py": "old b.py"}

    def test_twice_is_once(self, tmp_path: Path) -> None:
        journal = journal_of(written(tmp_path, planned(tmp_path, "a.py")))
        restore(journal)
        assert restore(journal).failures == {}
        assert contents(tmp_path) == {"a.py": "old a.py"}

    def test_can_be_taken_back(self, tmp_path: Path) -> None:
        journal = journal_of(written(tmp_path, planned(tmp_path, "a.py")))
        restore(journal)
        complete(journal)
        assert contents(tmp_path) == {"a.py": "new a.py"}


SLOW_WRITE = """
import os, sys, time
from keras_migrate.findings import FileResult
from keras_migrate.project import Project
from keras_migrate.writer import write

root, paths = sys.argv[1], sys.argv[2:]
replace = os.replace

def slow(source, target):
    print("replacing", os.path.basename(target), flush=True)
    time.sleep(0.2)
    replace(source, target)

os.replace = slow
write(
    [FileResult(path, f"old {path}".encode(), f"new {path}".encode()) for path in paths],
    Project.of([root]),
)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nothing kills like SIGKILL")
class TestKilled:
    PATHS = tuple(f"m{number}.py" for number in range(6))

    def kill_at(self, root: Path, path: str) -> Journal:
        """Starts to write, kills the process while a file is replaced, and reads the journal it leaves."""
        planned(root, *self.PATHS)
        command = [sys.executable, "-c", SLOW_WRITE, root, *self.PATHS]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if line.split()[-1] == path:
                    break
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        (folder,) = Journal.all_of(root)
        return Journal.read(folder)

    def files(self, root: Path) -> list[str]:
        return [(root / path).read_text() for path in self.PATHS]

    def test_half_way_leaves_every_file_old_or_new(self, tmp_path: Path) -> None:
        journal = self.kill_at(tmp_path, "m3.py")
        assert journal.status is JournalStatus.WRITING
        kept = [text.split()[0] for text in self.files(tmp_path)]
        assert kept[:3] == ["new"] * 3
        assert kept[4:] == ["old"] * 2

    def test_half_way_can_be_undone(self, tmp_path: Path) -> None:
        journal = self.kill_at(tmp_path, "m3.py")
        assert restore(journal).failures == {}
        assert self.files(tmp_path) == [f"old {path}" for path in self.PATHS]
        assert sorted(contents(tmp_path)) == sorted(self.PATHS)  # nothing half written stays beside them

    def test_half_way_can_be_completed(self, tmp_path: Path) -> None:
        journal = self.kill_at(tmp_path, "m3.py")
        assert complete(journal).failures == {}
        assert self.files(tmp_path) == [f"new {path}" for path in self.PATHS]
        assert Journal.read(journal.folder).status is JournalStatus.COMPLETE


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o027, 0o640), (0o077, 0o600)])
def test_a_file_that_replaces_none_gets_the_mode_of_a_new_one(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        writer.create_atomically(str(tmp_path / "created.py"), b"x = 1\n")
        assert os.umask(umask) == umask  # the process's own is as it was
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "created.py").stat().st_mode) == mode


def test_journals_on_disk_stay_readable(tmp_path: Path) -> None:
    """What earlier releases wrote has format 1."""
    folder = tmp_path / ".keras-migrate" / "journal" / "20260101T000000.000Z-abc"
    folder.mkdir(parents=True)
    entry = {"path": "a.py", "before": "0" * 64, "after": "1" * 64}
    index = {"format": 1, "created": "2026-01-01T00:00:00Z", "status": "complete", "files": [entry]}
    (folder / "journal.json").write_text(json.dumps(index))
    assert [each.path for each in Journal.read(folder).entries] == ["a.py"]
    (folder / "journal.json").write_text(json.dumps({**index, "format": 2}))
    with pytest.raises(JournalError, match="later"):
        Journal.read(folder)


def test_twenty_runs_can_be_undone() -> None:
    """The README says so."""
    assert writer.KEPT_JOURNALS == 20
