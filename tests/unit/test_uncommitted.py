"""Files with changes that git does not have are pointed out before they are written."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import fake_engine
import pytest
from click.testing import CliRunner, Result

from keras_migrate.cli import main
from keras_migrate.uncommitted import UnknownStateError, uncommitted

OLD = "from keras import layers\n"
NEW = "from tensorflow.keras import layers\n"


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two committed files, and an engine that does little."""
    monkeypatch.setattr("keras_migrate.engine.migrate_bytes", fake_engine.fail)
    for name, value in {"NAME": "A", "EMAIL": "a@example.org"}.items():
        monkeypatch.setenv(f"GIT_AUTHOR_{name}", value)
        monkeypatch.setenv(f"GIT_COMMITTER_{name}", value)
    top = tmp_path / "top"
    (top / "pkg").mkdir(parents=True)
    monkeypatch.chdir(top)
    git("init", "-q")
    Path("a.py").write_text(OLD)
    Path("pkg/b.py").write_text(OLD)
    git("add", ".")
    git("commit", "-qm", "All")
    return top


def git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True, capture_output=True)


def dirty(*names: str) -> list[str]:
    return [os.path.relpath(path) for path in uncommitted(os.path.abspath(name) for name in names)]


class TestUncommitted:
    def test_are_changed_staged_and_unknown_files(self) -> None:
        Path("new.py").write_text("")
        assert dirty("a.py", "pkg/b.py", "new.py") == ["new.py"]
        Path("a.py").write_text("mine")
        assert dirty("a.py", "pkg/b.py") == ["a.py"]
        git("add", "a.py")
        assert dirty("a.py", "pkg/b.py") == ["a.py"]
        git("commit", "-qm", "Mine")
        assert dirty("a.py", "pkg/b.py") == []

    def test_are_only_those_that_are_asked_for(self) -> None:
        Path("pkg/b.py").write_text("mine")
        assert dirty("a.py") == []

    def test_are_not_those_that_git_ignores(self) -> None:
        Path(".gitignore").write_text("made.py\n")
        Path("made.py").write_text("")
        assert dirty("made.py") == []

    def test_have_any_name(self) -> None:
        names = ["a b.py", "*.py", "ünï.py", 'quo"te.py', ":(top)x.py"]
        for name in names:
            Path(name).write_text("")
        assert dirty(*names, "a.py") == names

    def test_are_found_where_links_lead(self) -> None:
        Path("link.py").symlink_to("a.py")
        git("add", "link.py")
        git("commit", "-qm", "Link")
        assert dirty("link.py") == []
        Path("a.py").write_text("mine")
        assert dirty("link.py") == ["link.py"]

    def test_are_found_in_each_repository(self, tmp_path: Path) -> None:
        (tmp_path / "outside.py").write_text("")
        Path("inner").mkdir()
        subprocess.run(["git", "init", "-q"], cwd="inner", check=True)
        Path("inner/c.py").write_text("")
        Path("a.py").write_text("mine")
        assert dirty("../outside.py", "a.py", "inner/c.py", "pkg/b.py") == ["a.py", "inner/c.py"]

    def test_are_found_from_hooks(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        Path("a.py").write_text("mine")
        monkeypatch.setenv("GIT_DIR", str(tmp_path))
        monkeypatch.setenv("GIT_INDEX_FILE", "nowhere")
        assert dirty("a.py", "pkg/b.py") == ["a.py"]

    def test_are_many(self) -> None:
        names = [f"m{number}.py" for number in range(1100)]
        for name in names:
            Path(name).write_text("")
        assert dirty(*names, "a.py") == names

    def test_are_none_without_git(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        Path("a.py").write_text("mine")
        monkeypatch.setenv("PATH", str(tmp_path))
        assert dirty("a.py") == []

    def test_git_that_fails_is_no_answer(self) -> None:
        Path(".git/HEAD").write_text("nonsense")
        with pytest.raises(UnknownStateError, match=r"not a git repository"):
            dirty("a.py")


def migrate(*arguments: str) -> Result:
    result = CliRunner().invoke(main, ["migrate", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


class TestWrite:
    def test_refuses_and_says_what_to_do(self) -> None:
        Path("pkg/b.py").write_text("x = 1\n" + OLD)
        result = migrate("--write")
        assert result.exit_code == 4
        assert result.stderr.splitlines()[:2] == [
            "Error: nothing was written: 1 file has changes that are not committed:",
            "  pkg/b.py",
        ]
        assert "Commit or stash it first" in result.stderr
        assert "--allow-dirty" in result.stderr
        assert Path("a.py").read_text() == OLD
        assert not Path(".keras-migrate").exists()

    def test_allow_dirty_writes_and_undo_brings_the_users_changes_back(self) -> None:
        Path("pkg/b.py").write_text("x = 1\n" + OLD)
        assert migrate("--write", "--allow-dirty").exit_code == 0
        assert Path("pkg/b.py").read_text() == "x = 1\n" + NEW
        assert CliRunner().invoke(main, ["undo"]).exit_code == 0
        assert Path("pkg/b.py").read_text() == "x = 1\n" + OLD

    def test_other_files_may_be_dirty(self) -> None:
        Path("notes.txt").write_text("mine")
        Path("clean.py").write_text("import os\n")
        assert migrate("--write").exit_code == 0

    def test_a_second_run_has_nothing_to_refuse(self) -> None:
        assert migrate("--write").exit_code == 0
        assert migrate("--write").exit_code == 0

    def test_looking_is_never_refused(self) -> None:
        Path("a.py").write_text("x = 1\n" + OLD)
        assert migrate("--dry-run").exit_code == 1

    def test_goes_on_with_a_warning_where_git_fails(self) -> None:
        Path(".git/HEAD").write_text("nonsense")
        result = migrate("--write")
        assert result.exit_code == 0
        assert "Warning: git cannot say" in result.stderr
        assert Path("a.py").read_text() == NEW

    def test_names_only_so_many(self) -> None:
        for number in range(30):
            Path(f"m{number:02}.py").write_text(OLD)
        lines = migrate("--write").stderr.splitlines()
        assert lines[0].startswith("Error: nothing was written: 30 files have changes")
        assert lines[21] == "  and 10 more"
