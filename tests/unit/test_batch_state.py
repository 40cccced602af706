"""The folder of a batch: what counts as finished, what is kept, and who may use it."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import legacy_repositories as legacy
import pytest

from keras_migrate.batch.results import Outcome, RepositoryResult
from keras_migrate.batch.state import OutputFolder, OutputFolderError, mark_result

DONE = RepositoryResult(
    "a",
    "/x/a",
    "main",
    Outcome.MIGRATED,
    remarks=("Look.",),
    commit="c",
    files={"files": 3},
    findings={"manual": 1},
    branch="keras-migrate/2.21",
    result="repositories/a",
    reports={"html": "reports/a.html"},
    seconds=1.5,
)


@pytest.fixture
def folder(tmp_path: Path) -> OutputFolder:
    made = OutputFolder(str(tmp_path / "out"))
    made.prepare()
    return made


def plant_clone(folder: OutputFolder) -> Path:
    """What a run leaves of a repository."""
    clone = legacy.repository(Path(folder.locate("repositories", "a")))
    mark_result(str(clone), legacy.git(clone, "rev-parse", "HEAD"))
    legacy.folder(Path(folder.locate("reports")), {"a.html": "", "a.json": "{}"})
    return clone


class TestFolder:
    def test_it_can_be_used_again(self, folder: OutputFolder) -> None:
        folder.prepare()

    def test_one_with_other_things_is_refused(self, tmp_path: Path) -> None:
        legacy.folder(tmp_path / "mine")
        with pytest.raises(OutputFolderError, match="holds other things: name a folder that is empty"):
            OutputFolder(str(tmp_path / "mine")).prepare()
        assert [path.name for path in (tmp_path / "mine").iterdir()] == ["train.py"]

    def test_one_that_cannot_be_made_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(OutputFolderError, match="cannot be written"):
            OutputFolder(str(tmp_path / "file" / "out")).prepare()

    def test_one_of_another_format_is_refused(self, folder: OutputFolder) -> None:
        Path(folder.locate("batch.json")).write_text('{"format": 99}')
        with pytest.raises(OutputFolderError, match="another keras-migrate"):
            folder.prepare()

    def test_one_run_at_a_time(self, folder: OutputFolder) -> None:
        with (
            folder.locked(),
            pytest.raises(OutputFolderError, match="another run is at work"),
            folder.locked(),
        ):
            pass
        with folder.locked():
            pass

    def test_a_new_run_ends_the_earlier(self, folder: OutputFolder) -> None:
        first = folder.begin()
        legacy.folder(Path(folder.locate("work", "half")))
        assert folder.run() == first
        assert folder.begin() == folder.run() != first
        assert os.listdir(folder.locate("work")) == []

    def test_elsewhere_there_is_no_run(self, tmp_path: Path) -> None:
        assert OutputFolder(str(tmp_path)).run() is None


class TestStates:
    def test_what_was_recorded_comes_back(self, folder: OutputFolder) -> None:
        plant_clone(folder)
        folder.record(DONE, "f")
        assert folder.finished("a", "f") == DONE

    def test_another_entry_or_tool_does_not_count(self, folder: OutputFolder) -> None:
        plant_clone(folder)
        folder.record(DONE, "f")
        assert folder.finished("a", "g") is None

    def test_what_failed_is_not_finished(self, folder: OutputFolder) -> None:
        folder.record(replace(DONE, outcome=Outcome.FAILED, result="", reports={}), "f")
        assert folder.finished("a", "f") is None

    def test_what_is_gone_is_not_finished(self, folder: OutputFolder) -> None:
        plant_clone(folder)
        folder.record(DONE, "f")
        os.unlink(folder.locate("reports", "a.html"))
        assert folder.finished("a", "f") is None

    @pytest.mark.parametrize(
        "content", ["", "{", "[]", "{}", '{"fingerprint": "f"}', '{"fingerprint": "f", "result": {"x": 1}}']
    )
    def test_a_damaged_state_is_none(self, folder: OutputFolder, content: str) -> None:
        Path(folder.locate("state", "a.json")).write_text(content)
        assert folder.finished("a", "f") is None

    def test_it_is_json(self, folder: OutputFolder) -> None:
        folder.record(DONE, "f")
        state = json.loads(Path(folder.locate("state", "a.json")).read_text())
        assert state["result"]["outcome"] == "migrated"


class TestForgetting:
    def test_a_clone_as_it_was_left_is_removed(self, folder: OutputFolder) -> None:
        clone = plant_clone(folder)
        assert folder.forget("a") == ""
        assert not clone.exists()
        assert os.listdir(folder.locate("reports")) == []

    def test_attributes_that_see_changes_everywhere_make_no_work_of_a_person(
        self, folder: OutputFolder
    ) -> None:
        clone = plant_clone(folder)
        legacy.folder(clone, {"train.py": "x = 1\r\n"})
        legacy.commit(clone)
        legacy.folder(clone, {".gitattributes": "*.py text\n"})
        legacy.git(clone, "add", ".gitattributes")
        legacy.git(clone, "commit", "-qm", "Attributes")
        (clone / "train.py").touch()
        mark_result(str(clone), legacy.git(clone, "rev-parse", "HEAD"))
        assert legacy.git(clone, "status", "--porcelain") == "M train.py"
        assert folder.forget("a") == ""

    def test_work_of_a_person_is_kept(self, folder: OutputFolder) -> None:
        for number, change in enumerate(("commit", "change", "new", "ignored", "stash", "branch"), 1):
            clone = plant_clone(folder)
            if change == "commit":
                legacy.commit(clone)
            elif change == "change":
                legacy.folder(clone, {"train.py": "x = 1\n"})
            elif change == "new":
                legacy.folder(clone, {"new.py": ""})
            elif change == "ignored":
                legacy.folder(clone, {".git/info/exclude": "*.h5\n", "model.h5": ""})
            elif change == "stash":
                legacy.folder(clone, {"train.py": "x = 1\n"})
                legacy.git(clone, "stash", "-q")
            else:
                legacy.git(clone, "checkout", "-qb", "mine")
                legacy.commit(clone)
                legacy.git(clone, "checkout", "-q", "main")
            before = legacy.contents(clone)
            kept = Path(folder.locate("kept", f"a.{number}"))
            assert folder.forget("a") == f"The earlier clone was worked in since; it is kept in {kept}."
            assert legacy.contents(kept) == before
            assert not clone.exists()

    def test_what_is_no_clone_is_kept(self, folder: OutputFolder) -> None:
        legacy.folder(Path(folder.locate("repositories", "a")))
        assert "it is kept in" in folder.forget("a")
