"""Many files: what a run makes of each, whatever happens to one of them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import fake_engine
import pytest

from keras_migrate import Defaults, Target, UnknownSourceError, migrate_source, reading, runner
from keras_migrate.findings import FileResult, Level, Status
from keras_migrate.options import Options
from keras_migrate.registry import all_rules
from keras_migrate.runner import Migrate, RuleCount, RunResult
from keras_migrate.source import Source


def tree(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def many(root: Path, count: int = 60) -> Path:
    return tree(root, {f"m{i:03}.py": f"from keras import layers  # {i}\n" for i in range(count)})


def run(root: Path, migrate: Migrate = fake_engine.rename, jobs: int | None = 1) -> RunResult:
    return runner.run([root], Options(), jobs=jobs, migrate=migrate)


def codes(result: FileResult) -> list[str]:
    return [finding.rule for finding in result.findings]


class TestWhichFiles:
    def test_a_file_without_keras_is_read_and_no_more(self, tmp_path: Path) -> None:
        tree(tmp_path, {"a.py": "import Keras, KERAS\n", "b.py": "import os\n"})
        result = run(tmp_path, fake_engine.die)
        assert (result.seen, result.passed_over, result.results) == (2, 2, ())

    def test_a_file_that_needs_nothing_is_only_named(self, tmp_path: Path) -> None:
        tree(tmp_path, {"a.py": "# keras\n", "b.py": "from keras import layers\n"})
        result = run(tmp_path)
        assert result.clean == ("a.py",)
        assert [r.path for r in result.results] == ["b.py"]
        assert result.seen == 2

    def test_counts_by_rule_and_level(self, tmp_path: Path) -> None:
        tree(
            tmp_path, {"a.py": "from keras import x\nfrom keras import y\n", "b.py": "keras  # look, gone\n"}
        )
        assert run(tmp_path).by_rule() == {
            "KM101": RuleCount(rewritten=2),
            "KM201": RuleCount(review=1),
            "KM401": RuleCount(manual=1),
        }

    def test_progress_ends_with_all(self, tmp_path: Path) -> None:
        told: list[tuple[int, int]] = []
        many(tmp_path, 5)
        runner.run(
            [tmp_path], Options(), jobs=1, progress=lambda *it: told.append(it), migrate=fake_engine.rename
        )
        assert told == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


class TestProcesses:
    def test_the_result_does_not_depend_on_their_number(self, tmp_path: Path) -> None:
        many(tmp_path)
        assert (
            run(tmp_path, jobs=1)
            == run(tmp_path, jobs=2)
            == run(tmp_path, jobs=5)
            == run(tmp_path, jobs=None)
        )

    def test_several_share_the_work(self, tmp_path: Path) -> None:
        result = run(many(tmp_path), fake_engine.process_of, jobs=2)
        processes = {finding.message for r in result.results for finding in r.findings}
        assert str(os.getpid()) not in processes

    def test_one_job_is_this_process(self, tmp_path: Path) -> None:
        result = run(many(tmp_path), fake_engine.process_of, jobs=1)
        assert {finding.message for r in result.results for finding in r.findings} == {str(os.getpid())}

    def test_few_files_deserve_none_of_their_own(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(runner, "processors", lambda: 8)
        result = run(many(tmp_path, 10), fake_engine.process_of, jobs=None)
        assert {finding.message for r in result.results for finding in r.findings} == {str(os.getpid())}

    @pytest.mark.parametrize(("files", "expected"), [(1, 1), (16, 1), (17, 2), (40, 3), (1000, 8)])
    def test_more_files_deserve_more(
        self, monkeypatch: pytest.MonkeyPatch, files: int, expected: int
    ) -> None:
        monkeypatch.setattr(runner, "processors", lambda: 8)
        candidates = iter([runner._Candidate(i, f"{i}.py", b"keras", Source()) for i in range(files)])
        jobs, left = runner._deserved_jobs(candidates)
        assert jobs == expected
        assert [candidate.index for candidate in left] == list(range(files))

    def test_they_may_be_spawned(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        import multiprocessing

        monkeypatch.setattr(runner, "_start_method", lambda: multiprocessing.get_context("spawn"))
        assert run(many(tmp_path, 20), jobs=2) == run(tmp_path, jobs=1)

    def test_where_none_can_be_started_this_one_does_the_work(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(runner, "_pool", lambda jobs: None)
        assert run(many(tmp_path), jobs=2) == run(tmp_path, jobs=1)

    def test_a_script_that_forgot_its_guard_still_gets_its_result_once(self, tmp_path: Path) -> None:
        many(tmp_path / "code")
        script = tmp_path / "script.py"
        script.write_text(
            "import fake_engine, multiprocessing\n"
            "from keras_migrate import Options, runner\n"
            "runner._start_method = lambda: multiprocessing.get_context('spawn')\n"
            f"paths = [{str(tmp_path / 'code')!r}]\n"
            "result = runner.run(paths, Options(), jobs=2, migrate=fake_engine.rename)\n"
            "print(len(result.changed), 'changed')\n"
        )
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        done = subprocess.run(
            [sys.executable, script], capture_output=True, text=True, env=environment, timeout=60
        )
        assert done.stdout == "60 changed\n"


class TestWhatGoesWrong:
    @pytest.mark.parametrize("jobs", [1, 2])
    @pytest.mark.parametrize("migrate", [fake_engine.fail, fake_engine.panic])
    def test_an_error_in_the_engine_is_a_finding_of_its_file(
        self, tmp_path: Path, migrate: Migrate, jobs: int
    ) -> None:
        tree(many(tmp_path, 20), {"m005_broken.py": "from keras import a\n"})
        result = run(tmp_path, migrate, jobs)
        (failed,) = result.failed
        assert (failed.path, codes(failed)) == ("m005_broken.py", ["KM999"])
        assert failed.after == failed.before
        assert len(result.changed) == 20

    def test_its_message_is_one_line_that_asks_for_a_report(self, tmp_path: Path) -> None:
        tree(tmp_path, {"broken.py": "import keras\n"})
        (failed,) = run(tmp_path, fake_engine.fail).failed
        assert failed.findings[0].message == (
            "internal error, please report: ZeroDivisionError: one line and another"
        )

    def test_a_process_that_dies_costs_one_file(self, tmp_path: Path) -> None:
        tree(many(tmp_path), {"m010_broken.py": "import keras\n", "m050_broken.py": "import keras\n"})
        result = run(tmp_path, fake_engine.die, jobs=2)
        assert [r.path for r in result.failed] == ["m010_broken.py", "m050_broken.py"]
        assert {code for r in result.failed for code in codes(r)} == {"KM999"}
        assert len(result.changed) == 60
        assert [r.path for r in result.results] == sorted(r.path for r in result.results)

    def test_a_file_that_cannot_be_read_is_a_finding(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        many(tmp_path, 2)

        read = reading.read

        def refusing(location: str, top: str) -> bytes:
            if location.endswith("m000.py"):
                raise PermissionError(13, "Permission denied")
            return read(location, top)

        monkeypatch.setattr(reading, "read", refusing)
        result = run(tmp_path)
        assert [(r.path, codes(r)) for r in result.failed] == [("m000.py", ["KM908"])]
        assert result.failed[0].findings[0].message == "could not be read: Permission denied"
        assert len(result.changed) == 1

    def test_a_folder_that_cannot_be_listed_is_a_finding(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tree(tmp_path, {"closed/a.py": "import keras\n", "b.py": "from keras import layers\n"})
        monkeypatch.setattr(runner, "discover", lambda *_, **__: iter(["b.py", "closed"]))
        assert [(r.path, codes(r)) for r in run(tmp_path).failed] == [("closed", ["KM908"])]

    def test_a_file_that_vanishes_is_a_finding(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        many(tmp_path, 1)
        monkeypatch.setattr(runner, "discover", lambda *_, **__: iter(["gone.py", "m000.py"]))
        result = run(tmp_path)
        assert [(r.path, codes(r), r.status) for r in result.failed] == [
            ("gone.py", ["KM908"], Status.FAILED)
        ]
        assert "No such file" in result.failed[0].findings[0].message
        assert len(result.changed) == 1

    def test_an_interrupt_ends_the_run(self, tmp_path: Path) -> None:
        tree(tmp_path, {"broken.py": "import keras\n"})
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path, fake_engine.interrupted)

    def test_an_interrupt_does_not_wait_for_the_processes(self, tmp_path: Path) -> None:
        pool = runner._pool(2)
        assert pool is not None
        work = runner._Work(fake_engine.slow, Options(), runner.Project())
        chunks = iter([[runner._Candidate(i, f"{i}.py", b"keras", Source())] for i in range(20)])

        def interrupt_after_first_chunks() -> None:
            generator = runner._until_broken(pool, interrupted(), work, 2)
            next(generator)

        def interrupted():  # type: ignore[no-untyped-def]
            yield next(chunks)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            interrupt_after_first_chunks()
        for process in list((pool._processes or {}).values()):
            process.join(10)
            assert not process.is_alive()


class TestCodeWithoutAFile:
    def test_is_worked_out_alike(self) -> None:
        result = runner.run_code("<stdin>", b"from keras import x\n", Options(), migrate=fake_engine.rename)
        assert result.changed[0].after == b"from tensorflow.keras import x\n"
        assert result.seen == 1

    def test_without_keras_is_passed_over(self) -> None:
        assert runner.run_code("<stdin>", b"x\n", Options(), migrate=fake_engine.die).passed_over == 1


class TestFromPython:
    def test_takes_one_path_or_several(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("keras_migrate.engine.migrate_bytes", fake_engine.rename)
        many(tmp_path, 2)
        assert len(runner.migrate_paths(tmp_path).changed) == 2
        assert len(runner.migrate_paths([tmp_path / "m000.py"], jobs=1).changed) == 1
        assert len(runner.migrate_paths(str(tmp_path), excludes=["m000.py"]).changed) == 1

    def test_writes_nothing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("keras_migrate.engine.migrate_bytes", fake_engine.rename)
        many(tmp_path, 1)
        runner.migrate_paths(tmp_path)
        assert (tmp_path / "m000.py").read_text() == "from keras import layers  # 0\n"
        assert [entry.name for entry in tmp_path.iterdir()] == ["m000.py"]

    def test_refuses_what_does_not_exist(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError, match="nowhere"):
            runner.migrate_paths(tmp_path / "nowhere")
        with pytest.raises(ValueError, match="no path"):
            runner.migrate_paths([])

    def test_the_project_s_pins_decide(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("keras_migrate.engine.migrate_bytes", fake_engine.rename)
        tree(many(tmp_path, 1), {"requirements.txt": "keras==2.1.6\ntensorflow==2.15.0\n"})
        result = runner.migrate_paths(tmp_path)
        assert result.target.release == "2.15"
        assert result.sources == {"m000.py": Source("2.1", False, "requirements.txt asks for keras==2.1.6")}
        asked = Options(Target("2.16"), source=Source("2.3", False, "I know"))
        result = runner.migrate_paths(tmp_path, options=asked)
        assert (result.target, result.source) == (asked.target, asked.source)

    def test_code_is_for_the_release_that_is_named_or_that_it_looks_like(self) -> None:
        code = "from keras.layers import LSTM, Convolution2D\nLSTM(3)\n"
        old = "Convolution2D(8, 3, 3, border_mode='same')\n"
        assert b"hard_sigmoid" in migrate_source(code, target="2.15").after
        assert b"hard_sigmoid" not in migrate_source(code, target="2.15", source="2.3").after
        assert b"hard_sigmoid" not in migrate_source(code, target="2.15", defaults=Defaults.ADOPT).after
        (finding,) = (f for f in migrate_source(code + old, target="2.15").findings if f.rule == "KM301")
        assert (finding.level, "Keras 1.2" in finding.message) == (Level.REVIEW, True)

    def test_an_unknown_release_is_an_error(self) -> None:
        with pytest.raises(UnknownSourceError, match=r"unknown source '3\.1'"):
            migrate_source("import keras\n", source="3.1")


def test_every_rule_that_is_found_here_is_known() -> None:
    assert {"KM907", "KM908", "KM909", "KM999"} <= all_rules().keys()


def test_levels_are_counted_by_name() -> None:
    assert {level.value for level in Level} == {"rewritten", "review", "manual", "error"}
