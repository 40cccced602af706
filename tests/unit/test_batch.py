"""``keras-migrate batch`` from the manifest to the summary: three repositories, and all that can go wrong."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import legacy_repositories as legacy
import pytest
from click.testing import CliRunner, Result
from waiting import is_alive, number_in, wait_for

from keras_migrate.cli import main

COMMAND = [sys.executable, "-m", "keras_migrate", "batch"]
GIT = shutil.which("git")
OUTPUT = Path("keras-migrate-batch")
posix = pytest.mark.skipif(os.name != "posix", reason="signals and scripts of POSIX")


def make(folder: Path) -> Path:
    """A folder with a repository, a folder without git, and a manifest that names them and a broken URL."""
    digits = legacy.repository(folder / "digits")
    legacy.git(digits, "tag", "v1")
    legacy.folder(digits, {"train.py": "x = 1\n"})
    legacy.commit(digits)
    legacy.folder(folder / "words", {"train.py": legacy.OLD, "more.py": legacy.NEEDS_PERSON})
    broken = (folder / "nowhere.git").as_uri()
    (folder / "repositories.txt").write_text(f"digits#v1\nwords\n{broken}\n")
    return folder


@pytest.fixture(autouse=True)
def without_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing hangs on what the user's git is told."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)


@pytest.fixture
def three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The three repositories, as the current folder."""
    folder = make(tmp_path / "here")
    monkeypatch.chdir(folder)
    return folder


@dataclass
class Finished:
    """The same after a run for each kind of result, and what the runs printed."""

    folder: Path
    before: dict[str, bytes]
    branches: Result
    patches: Result


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    folder = make(tmp_path_factory.mktemp("batch"))
    before = legacy.contents(folder)
    (folder / "pages").mkdir()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patched.chdir(folder)
        branches = batch("repositories.txt")
        report = ("--format", "json", "--report", "pages/all.html")
        patches = batch("repositories.txt", "--result", "patch", "--output", "patched", *report)
    return Finished(folder, before, branches, patches)


def batch(*arguments: str) -> Result:
    result = CliRunner().invoke(main, ["batch", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def told(*arguments: str) -> dict[str, Any]:
    """The summary as JSON, by the names of the repositories."""
    report = json.loads(batch(*arguments, "--format", "json", "--quiet").stdout)
    return {each["name"]: each for each in report["repositories"]} | {"summary": report["summary"]}


def manifest(*lines: str) -> str:
    Path("some.txt").write_text("\n".join(lines) + "\n")
    return "some.txt"


@pytest.fixture
def git_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts a git before the real one which first runs lines of a shell."""

    def put(lines: str) -> None:
        folder = legacy.folder(tmp_path / "bin", {"git": f'#!/bin/sh\n{lines}\nexec {GIT} "$@"\n'})
        (folder / "git").chmod(0o755)
        monkeypatch.setenv("PATH", os.pathsep.join([str(folder), os.environ["PATH"]]))

    return put


class TestThreeRepositories:
    def test_each_is_left_as_a_branch_and_the_broken_one_is_named(self, finished: Finished) -> None:
        result = finished.branches
        assert result.exit_code == 4
        lines = result.stdout.splitlines()
        rows = [line.split() for line in lines if " migrated " in line or " failed " in line][:3]
        assert rows == [
            ["digits", "migrated", "2.21", "1", "1", "1"],
            ["words", "migrated", "2.21", "2", "2", "2", "1"],
            ["nowhere", "failed"],
        ]
        assert "  nowhere: '" in result.stdout
        assert "does not appear to be a git repository" in result.stdout
        assert f"Results: branch keras-migrate/2.21 of {OUTPUT / 'repositories' / 'NAME'}" in lines
        assert lines[-1].startswith(
            "3 repositories, 2 migrated, 0 with nothing to change, 1 failed; 3 files changed, 1 place needs a"
        )
        for name in ("digits", "words"):
            clone = finished.folder / OUTPUT / "repositories" / name
            assert (clone / "train.py").read_text() == legacy.NEW
            assert legacy.git(clone, "branch", "--show-current") == "keras-migrate/2.21"
            page = finished.folder / OUTPUT / "reports" / f"{name}.html"
            assert f"<title>{name}:" in page.read_text()

    def test_progress_is_told_on_standard_error(self, finished: Finished) -> None:
        told = sorted(line.split("] ")[1] for line in finished.branches.stderr.splitlines())
        assert told[0] == "digits: 1 file changed, 0 places need a person"
        assert told[1].startswith("nowhere: failed: ")
        assert told[2] == "words: 2 files changed, 1 place needs a person"

    def test_the_originals_are_as_they_were(self, finished: Finished) -> None:
        now = legacy.contents(finished.folder)
        made = (str(OUTPUT), "patched", "pages")
        assert {name: data for name, data in now.items() if not name.startswith(made)} == finished.before

    def test_patches_give_what_the_branches_hold(self, finished: Finished, tmp_path: Path) -> None:
        assert list((finished.folder / "patched" / "repositories").iterdir()) == []
        for name in ("digits", "words"):
            copy = tmp_path / name
            shutil.copytree(finished.folder / name, copy)
            if name == "digits":
                legacy.git(copy, "checkout", "-q", "v1")
            legacy.git(copy, "apply", str(finished.folder / "patched" / "patches" / f"{name}.patch"))
            assert legacy.contents(copy) == legacy.contents(finished.folder / OUTPUT / "repositories" / name)

    def test_what_json_says(self, finished: Finished) -> None:
        report = json.loads(finished.patches.stdout)
        digits, words, nowhere = report["repositories"]
        assert digits["commit"] == legacy.git(finished.folder / "digits", "rev-parse", "v1")
        assert digits["result"] == "patches/digits.patch"
        assert (nowhere["outcome"], nowhere["commit"]) == ("failed", "")
        files = {"files": 2, "without_keras": 0, "changed": 2, "unchanged": 0}
        assert words["files"] == {**files, "manual": 0, "failed": 0, "skipped": 0}
        assert report["summary"] == {
            "repositories": 3,
            "migrated": 2,
            "unchanged": 0,
            "failed": 1,
            "files": {**words["files"], "files": 3, "changed": 3},
            "findings": {"rewritten": 3, "review": 0, "manual": 1, "error": 0},
        }

    def test_the_page_names_all_and_links_to_their_reports(self, finished: Finished) -> None:
        page = finished.folder / "pages" / "all.html"
        text = page.read_text()
        assert "<script" not in text
        assert "does not appear to be a git repository" in text
        for link in ("reports/digits.html", "patches/words.patch"):
            href = f"../patched/{link}"
            assert f'href="{href}"' in text
            assert (page.parent / href).is_file()


@pytest.mark.usefixtures("three")
class TestOptions:
    def test_a_json_report_is_what_json_prints(self) -> None:
        printed = batch(manifest("words"), "--format", "json", "--report", "all.json").stdout
        assert Path("all.json").read_text() == printed

    def test_where_patches_are_is_said(self) -> None:
        result = batch(manifest("words"), "--result", "patch")
        assert f"Results: {OUTPUT / 'patches' / 'NAME.patch'}, for 'git apply'" in result.stdout
        assert result.exit_code == 3

    def test_quiet_tells_only_what_failed(self) -> None:
        result = batch(manifest("./nowhere"), "--quiet")
        assert result.stdout.startswith("Failed:\n  nowhere: ")
        assert result.stderr == ""

    def test_the_manifest_decides_before_the_command(self) -> None:
        Path("fleet.toml").write_text(
            '[[repository]]\npath = "words"\n[[repository]]\npath = "digits"\nref = "v1"\ntarget = "2.15"\n'
        )
        report = told("fleet.toml", "--target", "2.18", "--exclude", "more.py")
        assert [report[name]["branch"] for name in ("words", "digits")] == [
            "keras-migrate/2.18",
            "keras-migrate/2.15",
        ]
        assert report["words"]["files"]["files"] == 1

    def test_a_target_that_a_repository_pins_is_its_own(self) -> None:
        legacy.folder(Path("words"), {"requirements.txt": "tensorflow==2.15.1\n"})
        assert told(manifest("words"))["words"]["target"] == "2.15"

    def test_the_configuration_of_a_repository_counts_where_nothing_else_says_more(self) -> None:
        own = {"keras-migrate.toml": 'target = "2.16"\nimport-style = "tf"\nexclude = ["old.py"]\n'}
        for name in ("one", "two"):
            legacy.folder(Path(name), {**own, "a.py": legacy.OLD + "Dense(1)\n", "old.py": legacy.OLD})
        legacy.folder(Path("three"), {"keras-migrate.toml": '\ntagret = "2.15"\n', "a.py": legacy.OLD})
        manifest = '[[repository]]\npath = "one"\n[[repository]]\npath = "two"\ntarget = "2.15"\n'
        Path("fleet.toml").write_text(manifest + '[[repository]]\npath = "three"\n')
        result = json.loads(batch("fleet.toml", "--format", "json").stdout)
        one, two, three = result["repositories"]
        assert (one["target"], two["target"]) == ("2.16", "2.15")
        assert one["files"]["changed"] == two["files"]["changed"] == 1
        assert "tf.keras" in (OUTPUT / "repositories" / "one" / "a.py").read_text()
        problem = "keras-migrate.toml:2: unknown key `tagret`. Did you mean `target`?"
        assert (three["outcome"], three["reason"]) == ("failed", problem)

    def test_nothing_to_change_leaves_no_clone(self) -> None:
        report = told(manifest("digits"))["digits"]
        assert (report["outcome"], report["result"], report["branch"]) == ("unchanged", "", "")
        assert list((OUTPUT / "repositories").iterdir()) == []
        assert batch("some.txt").exit_code == 0


@pytest.mark.usefixtures("three")
class TestRefusals:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["nowhere.txt"], "nowhere.txt: the manifest cannot be read"),
            (["repositories.txt", "--output", "digits"], "holds other things"),
            (["repositories.txt", "--output", "words/out"], "is inside of"),
            (["repositories.txt", "--report", "x.txt"], "it is written as .html or .json"),
            (["repositories.txt", "--executor", "slurm"], "name 'local', or a scheduler as dask=tcp://host"),
            (["repositories.txt", "--executor", "dask="], "name 'local', or a scheduler as dask=tcp://host"),
            (["repositories.txt", "--executor", "dask=x", "--jobs", "2"], "--jobs is for this machine"),
            (["repositories.txt", "--select", "KM9999"], "--select: no such rule"),
            (["repositories.txt", "--exclude", "!"], "--exclude: not a pattern"),
            (["repositories.txt", "--timeout", "0"], "--timeout"),
        ],
    )
    def test_what_cannot_be_done_is_said_before_anything_is(
        self, three: Path, arguments: list[str], said: str
    ) -> None:
        before = legacy.contents(three)
        result = batch(*arguments)
        assert result.exit_code == 2
        assert said in " ".join(result.stderr.split())
        assert legacy.contents(three) == before

    def test_dask_is_asked_for_where_it_is_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "distributed", None)
        result = batch("repositories.txt", "--executor", "dask=tcp://localhost:1")
        assert result.exit_code == 2
        assert "pip install 'keras-migrate[dask]'" in result.stderr


@pytest.mark.usefixtures("three")
class TestAgain:
    def test_what_is_finished_stays_and_what_failed_is_tried_again(self, three: Path) -> None:
        batch("repositories.txt")
        states = {p.name: p.stat().st_mtime_ns for p in (OUTPUT / "state").iterdir()}
        legacy.repository(three / "nowhere.git")
        report = told("repositories.txt")
        assert report["nowhere"]["outcome"] == "migrated"
        assert [report[name]["earlier"] for name in ("digits", "words", "nowhere")] == [True, True, False]
        after = {p.name: p.stat().st_mtime_ns for p in (OUTPUT / "state").iterdir()}
        assert [name for name in states if states[name] != after[name]] == ["nowhere.json"]
        assert "(3 done by an earlier run)" in batch("repositories.txt").stdout

    def test_restart_begins_anew(self) -> None:
        batch(manifest("words"))
        assert told("some.txt")["words"]["earlier"]
        assert not told("some.txt", "--restart")["words"]["earlier"]

    def test_a_changed_entry_is_done_anew(self) -> None:
        batch(manifest("digits#v1", "words"))
        report = told(manifest("digits#main", "words"))
        assert (report["digits"]["earlier"], report["words"]["earlier"]) == (False, True)
        assert report["digits"]["outcome"] == "unchanged"
        assert not (OUTPUT / "repositories" / "digits").exists()

    def test_another_version_does_all_anew(self, monkeypatch: pytest.MonkeyPatch) -> None:
        batch(manifest("words"))
        monkeypatch.setattr("keras_migrate.batch.run.__version__", "99")
        assert not told("some.txt")["words"]["earlier"]

    def test_work_of_a_person_in_a_clone_is_kept(self) -> None:
        batch(manifest("words"))
        legacy.folder(OUTPUT / "repositories" / "words", {"more.py": "mine = 1\n"})
        result = batch("some.txt", "--restart")
        assert "words: The earlier clone was worked in since; it is kept in " in result.stdout
        assert (OUTPUT / "kept" / "words.1" / "more.py").read_text() == "mine = 1\n"


@posix
@pytest.mark.usefixtures("three")
class TestTroubles:
    def test_a_process_that_is_killed_is_tried_again(self, git_that: Any, tmp_path: Path) -> None:
        git_that(f'case "$*" in *digits*) mkdir {tmp_path}/once 2>/dev/null && kill -9 $PPID;; esac')
        result = batch("repositories.txt")
        assert (tmp_path / "once").exists()
        assert "digits: The first try came to nothing: its process was killed by SIGKILL" in result.stdout
        assert (OUTPUT / "repositories" / "digits" / "train.py").read_text() == legacy.NEW
        assert list((OUTPUT / "work").iterdir()) == []

    def test_a_file_that_kills_its_process_fails_alone(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lines = "import os, signal\nfrom keras_migrate import engine\nreal = engine.migrate_bytes\n"
        lines += "def migrate_bytes(path, *more):\n"
        lines += "    if path == 'deadly.py': os.kill(os.getpid(), signal.SIGKILL)\n"
        lines += "    return real(path, *more)\nengine.migrate_bytes = migrate_bytes\n"
        legacy.folder(tmp_path / "hook", {"sitecustomize.py": lines})
        monkeypatch.setenv("PYTHONPATH", str(tmp_path / "hook"))
        legacy.folder(Path("words"), {"deadly.py": legacy.OLD})
        result = batch(manifest("words"))
        assert result.exit_code == 4
        assert "words: The first try came to nothing: its process was killed by SIGKILL" in result.stdout
        report = json.loads((OUTPUT / "reports" / "words.json").read_text())
        statuses = {each["path"]: each["status"] for each in report["files"]}
        assert statuses == {"deadly.py": "failed", "more.py": "changed", "train.py": "changed"}

    def test_one_that_is_killed_again_fails_and_the_others_do_not(self, git_that: Any) -> None:
        git_that('case "$*" in *digits*) kill -9 $PPID;; esac')
        report = told("repositories.txt")
        assert report["digits"]["reason"] == (
            "its process was killed by SIGKILL (out of memory, perhaps), as at the first try"
        )
        assert report["words"]["outcome"] == "migrated"

    def test_one_that_takes_too_long_is_ended_with_all_that_it_started(
        self, git_that: Any, tmp_path: Path
    ) -> None:
        git_that(f"echo $$ > {tmp_path}/pid; sleep 300")
        report = told(manifest("digits#v1"), "--timeout", "10")
        assert report["digits"]["reason"] == "it was not done within 10 s (--timeout)"
        process = number_in(tmp_path / "pid")
        assert process is not None
        wait_for(lambda: not is_alive(process))
        assert list((OUTPUT / "work").iterdir()) == []

    def test_without_processes_all_fail_and_say_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
        assert told(manifest("words"))["words"]["reason"] == (
            "its process could not be started: No such file or directory"
        )

    def test_a_folder_that_cannot_be_written_ends_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def record(*_: object) -> None:
            raise OSError(28, "No space left on device", "state/words.json")

        monkeypatch.setattr("keras_migrate.batch.state.OutputFolder.record", record)
        result = batch(manifest("words"), "--quiet")
        assert (result.exit_code, result.stderr) == (4, "Error: state/words.json: No space left on device\n")

    def test_a_git_that_fails_is_the_failure_of_one(self, git_that: Any) -> None:
        git_that('case "$*" in *words*update-index*) echo "fatal: no room" >&2; exit 128;; esac')
        report = told("repositories.txt")
        assert (report["words"]["outcome"], report["words"]["reason"]) == ("failed", "no room")
        assert report["digits"]["outcome"] == "migrated"

    def test_killed_half_way_it_goes_on_from_there(self, git_that: Any, tmp_path: Path, three: Path) -> None:
        git_that(f'case "$*" in *words*) echo $$ > {tmp_path}/pid; sleep 300;; esac')
        command = [*COMMAND, "repositories.txt", "--jobs", "1"]
        # words is the second: digits is finished by then, and the third has not begun
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            wait_for(lambda: number_in(tmp_path / "pid") is not None)
            process.send_signal(signal.SIGKILL)
        assert sorted(path.name for path in (OUTPUT / "state").iterdir()) == ["digits.json"]
        wait_for(lambda: not is_alive(number_in(tmp_path / "pid") or 0))
        commit = legacy.git(OUTPUT / "repositories" / "digits", "rev-parse", "HEAD")
        git_that("")
        report = told("repositories.txt")
        assert [report[name]["earlier"] for name in ("digits", "words", "nowhere")] == [True, False, False]
        assert report["words"]["outcome"] == "migrated"
        assert legacy.git(OUTPUT / "repositories" / "digits", "rev-parse", "HEAD") == commit
        assert list((OUTPUT / "work").iterdir()) == []

    def test_an_interrupt_stops_it_and_all_that_it_started(self, git_that: Any, tmp_path: Path) -> None:
        git_that(f'case "$*" in *words*) echo $$ > {tmp_path}/pid; sleep 300;; esac')
        with subprocess.Popen(
            [*COMMAND, "repositories.txt", "--jobs", "1"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        ) as process:
            wait_for(lambda: number_in(tmp_path / "pid") is not None)
            process.send_signal(signal.SIGINT)
            out, errors = process.communicate(timeout=30)
        assert process.returncode == 130, errors
        assert out == ""
        assert errors.endswith("\nStopped. What is finished stays: the same command goes on from here.\n")
        wait_for(lambda: not is_alive(number_in(tmp_path / "pid") or 0))

    def test_the_current_folder_is_not_imported_from(self, three: Path) -> None:
        legacy.folder(three, {"json.py": "raise SystemExit('owned')\n", "keras_migrate/__init__.py": ""})
        assert told(manifest("words"))["words"]["outcome"] == "migrated"
