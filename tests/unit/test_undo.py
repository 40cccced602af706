"""``keras-migrate undo``: all files of a run come back or none; nothing that was written since is lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import fake_engine
import pytest
from click.testing import CliRunner, Result

from keras_migrate import writer
from keras_migrate.cli import main
from keras_migrate.writer import Journal, JournalStatus

OLD = "from keras import layers\n"
NEW = "from tensorflow.keras import layers\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project to work in, and an engine that does little."""
    monkeypatch.setattr("keras_migrate.engine.migrate_bytes", fake_engine.fail)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pkg").mkdir()
    plant(OLD)
    return tmp_path


def plant(text: str) -> None:
    for name in ("a.py", "pkg/b.py"):
        Path(name).write_text(text)


def contents() -> dict[str, str]:
    return {name: Path(name).read_text() for name in ("a.py", "pkg/b.py") if Path(name).exists()}


ALL_OLD, ALL_NEW = ({"a.py": text, "pkg/b.py": text} for text in (OLD, NEW))


def invoke(*arguments: str) -> Result:
    result = CliRunner().invoke(main, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def undo(*arguments: str) -> Result:
    return invoke("undo", *arguments)


def migrate() -> Journal:
    assert invoke("migrate", "--write", "--quiet").exit_code == 0
    return Journal.read(Journal.all_of(".")[-1])


def stop_half_way() -> None:
    """Makes the last run one that was killed after its first file."""
    index = Path(Journal.all_of(".")[-1]) / "journal.json"
    index.write_text(json.dumps({**json.loads(index.read_text()), "status": "writing"}))
    Path("pkg/b.py").write_text(OLD)


class TestLastRun:
    def test_is_undone(self) -> None:
        journal = migrate()
        result = undo()
        assert (result.exit_code, contents()) == (0, ALL_OLD)
        assert result.stdout.splitlines()[:2] == ["a.py: restored", "pkg/b.py: restored"]
        assert result.stdout.splitlines()[-1].startswith("2 files restored: the run of ")
        assert Journal.read(journal.folder).status is JournalStatus.RESTORED

    def test_is_found_from_a_folder_below(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        migrate()
        monkeypatch.chdir(folder / "pkg")
        assert undo().exit_code == 0
        monkeypatch.chdir(folder)
        assert contents() == ALL_OLD

    def test_is_found_by_the_path_of_the_project(
        self, folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        migrate()
        monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
        result = undo()
        assert result.exit_code == 2
        assert "no run is recorded for" in result.stderr
        assert undo(str(folder)).exit_code == 0

    def test_then_the_one_before_it_then_none(self) -> None:
        migrate()
        plant("x\n" + OLD)
        migrate()
        undo()
        assert contents() == {"a.py": "x\n" + OLD, "pkg/b.py": "x\n" + OLD}
        plant(NEW)
        undo()
        assert contents() == ALL_OLD
        result = undo()
        assert (result.exit_code, result.stdout) == (0, "Every run that is recorded was undone already.\n")

    def test_dry_run_only_says_so(self) -> None:
        migrate()
        result = undo("--dry-run")
        assert (result.exit_code, contents()) == (1, ALL_NEW)
        assert "pkg/b.py: would be restored" in result.stdout

    def test_leaves_out_what_the_run_could_not_write(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def changing(path: str, data: bytes, *others: object) -> object:
            if path == "a.py":
                Path("a.py").write_text("mine")
            return fake_engine.rename(path, data, *others)  # type: ignore[arg-type]

        monkeypatch.setattr("keras_migrate.engine.migrate_bytes", changing)
        assert invoke("migrate", "--write").exit_code == 4
        assert undo().exit_code == 0
        assert contents() == {"a.py": "mine", "pkg/b.py": OLD}


class TestRefuses:
    @pytest.mark.parametrize("arguments", [(), ("--dry-run",)])
    def test_all_where_one_file_changed_since(self, arguments: tuple[str, ...]) -> None:
        migrate()
        Path("pkg/b.py").write_text("mine")
        result = undo(*arguments)
        assert (result.exit_code, contents()) == (4, {"a.py": NEW, "pkg/b.py": "mine"})
        assert "nothing was touched" in result.stderr
        assert "  pkg/b.py: changed since\n" in result.stderr
        assert "a.py:" not in result.stderr
        assert "--force" in result.stderr

    def test_all_where_one_file_is_gone(self) -> None:
        migrate()
        Path("a.py").unlink()
        result = undo()
        assert (result.exit_code, contents()) == (4, {"pkg/b.py": NEW})
        assert "  a.py: gone\n" in result.stderr

    def test_a_run_whose_files_a_later_run_changed_and_names_that(self) -> None:
        first = migrate()
        plant(NEW + "from keras import x\n")
        second = migrate()
        result = undo("--run", first.name)
        assert result.exit_code == 4
        assert f"Undo the later runs first: {second.name}." in result.stderr

    def test_a_damaged_journal(self) -> None:
        journal = migrate()
        (Path(journal.folder) / "contents.zip").write_bytes(b"nonsense")
        result = undo()
        assert (result.exit_code, contents()) == (4, ALL_NEW)
        assert "damaged" in result.stderr

    @pytest.mark.parametrize("path", ["../out.py", "/out.py", "pkg/../../out.py", "..\\out.py"])
    def test_a_journal_that_leads_out_of_the_project(self, path: str) -> None:
        journal = migrate()
        index = Path(journal.folder) / "journal.json"
        known = json.loads(index.read_text())
        known["files"][0]["path"] = path
        index.write_text(json.dumps(known))
        result = undo()
        assert (result.exit_code, contents()) == (4, ALL_NEW)
        assert "outside of the project" in result.stderr


class TestForce:
    def test_keeps_what_it_replaces(self) -> None:
        journal = migrate()
        Path("pkg/b.py").write_text("mine")
        result = undo("--force")
        assert (result.exit_code, contents()) == (0, ALL_OLD)
        (kept,) = (Path(journal.folder) / "replaced").rglob("b.py")
        assert kept.read_text() == "mine"
        assert f"pkg/b.py: restored; what it held is kept in {kept.relative_to(Path.cwd())}" in result.stdout

    def test_makes_anew_what_is_gone(self) -> None:
        migrate()
        shutil.rmtree("pkg")
        assert undo("--force").exit_code == 0
        assert contents() == ALL_OLD

    def test_dry_run_touches_nothing(self) -> None:
        migrate()
        Path("pkg/b.py").write_text("mine")
        result = undo("--force", "--dry-run")
        assert (result.exit_code, contents()) == (1, {"a.py": NEW, "pkg/b.py": "mine"})
        assert "2 files would be restored" in result.stdout


class TestStoppedHalfWay:
    def test_is_undone(self) -> None:
        migrate()
        stop_half_way()
        assert undo().exit_code == 0
        assert contents() == ALL_OLD

    def test_is_completed(self) -> None:
        journal = migrate()
        stop_half_way()
        result = undo("--complete")
        assert (result.exit_code, contents()) == (0, ALL_NEW)
        assert result.stdout.startswith("pkg/b.py: changed\n1 file changed: the run of ")
        assert Journal.read(journal.folder).status is JournalStatus.COMPLETE

    def test_of_undo_itself_is_finished_by_the_same_command(self) -> None:
        migrate()
        Path("a.py").write_text(OLD)
        assert undo().exit_code == 0
        assert contents() == ALL_OLD

    def test_a_failure_leaves_the_run_to_be_undone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        journal = migrate()
        write = writer.write_atomically

        def refuse(location: str, data: bytes) -> None:
            if location.endswith("b.py"):
                raise PermissionError(13, "Permission denied")
            write(location, data)

        with monkeypatch.context() as patch:
            patch.setattr(writer, "write_atomically", refuse)
            result = undo()
        assert result.exit_code == 4
        assert "pkg/b.py: could not be written: Permission denied" in result.stderr
        assert Journal.read(journal.folder).status is JournalStatus.COMPLETE
        assert undo().exit_code == 0
        assert contents() == ALL_OLD

    def test_an_undone_run_can_be_made_again(self) -> None:
        migrate()
        undo()
        assert undo("--complete").exit_code == 0
        assert contents() == ALL_NEW


class TestNamedRun:
    def test_is_named_by_how_its_name_begins(self) -> None:
        first = migrate()
        plant(OLD)
        migrate()
        undo()
        plant(NEW)
        assert undo("--run", first.name[:-2]).exit_code == 0
        assert contents() == ALL_OLD

    def test_has_to_be_one(self) -> None:
        migrate()
        plant(OLD)
        migrate()
        assert "2 runs are called '20" in undo("--run", "20").stderr
        assert "no run is called 'nine'" in undo("--run", "nine").stderr


class TestList:
    def test_has_runs_with_files_the_last_first(self) -> None:
        first = migrate()
        plant(OLD)
        second = migrate()
        undo()
        lines = undo("--list").stdout.splitlines()
        assert lines[0].split()[0] == second.name
        assert lines[0].endswith("  2 files  undone")
        assert lines[1:3] == ["    a.py", "    pkg/b.py"]
        assert lines[3].split()[0] == first.name
        assert lines[3].endswith("  2 files  can be undone")

    def test_names_what_was_stopped_and_what_cannot_be_read(self) -> None:
        migrate()
        stop_half_way()
        assert "stopped half-way" in undo("--list").stdout
        (Path(Journal.all_of(".")[-1]) / "journal.json").write_text("{}")
        assert "no journal can be read" in undo("--list").stdout

    def test_without_a_run(self) -> None:
        assert undo("--list").stdout == "No run is recorded.\n"


class TestPruning:
    def test_keeps_the_last_and_those_that_were_stopped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(writer, "KEPT_JOURNALS", 2)
        stopped = migrate()
        stop_half_way()
        plant(OLD)
        journals = []
        for _ in range(3):
            journals.append(migrate().folder)
            plant(OLD)
        assert Journal.all_of(".") == (stopped.folder, *journals[1:])


def test_help_fits_a_terminal() -> None:
    assert max(map(len, undo("--help").stdout.splitlines())) <= 80
