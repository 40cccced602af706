"""The command line: what each option does, what is printed where, and the exit codes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import fake_engine
import pytest
from click.testing import CliRunner, Result

from keras_migrate import __version__, writer
from keras_migrate.cli import main
from keras_migrate.engine import migrate_bytes
from keras_migrate.findings import FileResult
from keras_migrate.options import Defaults, ImportStyle, Options
from keras_migrate.project import Project
from keras_migrate.source import Source
from keras_migrate.target import Target

OLD = "from keras import layers\n"
NEW = "from tensorflow.keras import layers\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, and an engine that does little."""
    monkeypatch.setattr("keras_migrate.engine.migrate_bytes", fake_engine.fail)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def asked_for(monkeypatch: pytest.MonkeyPatch) -> list[Options]:
    """What the engine is asked for, file by file."""
    seen: list[Options] = []

    def noting(path: str, data: bytes, options: Options, project: Project) -> FileResult:
        seen.append(options)
        return FileResult(path, data, data)

    monkeypatch.setattr("keras_migrate.engine.migrate_bytes", noting)
    return seen


def migrate(*arguments: str | Path, stdin: str | bytes | None = None) -> Result:
    result = CliRunner().invoke(main, ["migrate", *map(str, arguments)], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def plant(**files: str) -> None:
    for name, text in files.items():
        Path(f"{name}.py").write_text(text)


class TestExitCodes:
    @pytest.mark.parametrize("arguments", [(), ("--dry-run",), ("--write",)])
    def test_0_where_nothing_is_to_be_done(self, arguments: tuple[str, ...]) -> None:
        plant(a="import os\n", b=NEW)
        assert migrate(*arguments).exit_code == 0

    def test_1_where_changes_would_be_made(self) -> None:
        plant(a=OLD)
        assert migrate("--dry-run").exit_code == 1
        assert migrate().exit_code == 1

    def test_0_where_they_were_made(self) -> None:
        plant(a=OLD)
        assert migrate("--write").exit_code == 0
        assert migrate("--write").exit_code == 0

    def test_3_where_a_person_is_needed_whether_written_or_not(self) -> None:
        plant(a=OLD + "keras  # gone\n")
        assert migrate("--dry-run").exit_code == 3
        assert migrate("--write").exit_code == 3
        assert migrate("--write").exit_code == 3

    def test_0_where_something_is_only_to_be_looked_at(self) -> None:
        plant(a=OLD + "keras  # look\n")
        assert migrate("--write").exit_code == 0

    def test_4_where_a_file_could_not_be_processed_over_3_over_1(self) -> None:
        plant(a=OLD, b="keras  # gone\n", broken=OLD)
        assert migrate("--dry-run").exit_code == 4
        result = migrate("--write")
        assert result.exit_code == 4
        assert Path("a.py").read_text() == NEW
        assert Path("broken.py").read_text() == OLD

    def test_4_where_a_file_could_not_be_written(self, monkeypatch: pytest.MonkeyPatch) -> None:
        plant(a=OLD, b=OLD)

        def changing(path: str, data: bytes, options: Options, project: Project) -> FileResult:
            if path == "a.py":
                Path("a.py").write_text("mine")
            return fake_engine.rename(path, data, options, project)

        monkeypatch.setattr("keras_migrate.engine.migrate_bytes", changing)
        result = migrate("--write")
        assert result.exit_code == 4
        assert "a.py:1:1 KM907 changed on disk since it was read: run again" in result.stdout
        assert (Path("a.py").read_text(), Path("b.py").read_text()) == ("mine", NEW)

    def test_4_and_nothing_written_without_a_journal(self) -> None:
        plant(a=OLD)
        Path(writer.JOURNAL_FOLDER).write_text("in the way")
        result = migrate("--write")
        assert result.exit_code == 4
        assert "nothing was written" in result.stderr
        assert Path("a.py").read_text() == OLD

    def test_interrupted_writes_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("keras_migrate.engine.migrate_bytes", fake_engine.interrupted)
        plant(a=OLD, broken=OLD)
        result = migrate("--write", "--jobs", "1")
        assert result.exit_code == 130
        assert "Nothing was written" in result.stderr
        assert Path("a.py").read_text() == OLD


class TestUsage:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--dry-run", "--write"], "--dry-run and --write contradict each other"),
            (["--quiet", "--verbose"], "--quiet and --verbose contradict each other"),
            (["nowhere"], "no such file or folder: nowhere"),
            (["-", "."], "'-' stands for standard input"),
            (["--target", "1.0"], "unknown target '1.0'"),
            (["--target", "2.15+legacy"], "2.15 already is Keras 2"),
            (["--source", "2.4"], "unknown source '2.4': name a release of standalone Keras (1.2, 2.0,"),
            (["--defaults", "keep"], "'keep' is not one of 'pin', 'adopt'"),
            (["--report", "out.xml"], "reports are written as .json"),
            (["--report", "out"], "reports are written as .json"),
            (["--report", "no/where.json"], "no such folder"),
            (["--select", "KM777"], "no such rule: 'KM777'"),
            (["--ignore", "KM1,nonsense"], "no such rule: 'nonsense'"),
            (["--import-style", "as"], "'as' is not one of"),
            (["--exclude", "!"], "--exclude: not a pattern in gitignore syntax: '!'"),
            (["--jobs", "0"], "0 is not in the range"),
            (["--color", "pink"], "'pink' is not one of"),
            (["--nonsense"], "No such option"),
        ],
    )
    def test_2_and_what_is_wrong(self, arguments: list[str], message: str) -> None:
        plant(a=OLD)
        result = migrate(*arguments)
        assert result.exit_code == 2
        assert message.lower() in " ".join(result.stderr.lower().split())
        assert result.stdout == ""

    def test_a_mistyped_rule_gets_a_suggestion(self) -> None:
        assert "Did you mean KM999" in migrate("--select", "KM99O").stderr
        assert "Did you mean internal-error" in migrate("--ignore", "internal-eror").stderr

    def test_a_command_that_was_left_out_gets_a_hint(self) -> None:
        plant(a=OLD)
        result = CliRunner().invoke(main, ["a.py"])
        assert result.exit_code == 2
        assert "Did you mean 'migrate a.py'?" in result.stderr
        assert "Did you mean 'migrate'?" in CliRunner().invoke(main, ["migrat"]).stderr


class TestOptions:
    def test_reach_the_engine(self, asked_for: list[Options]) -> None:
        plant(a=OLD)
        migrate(
            *(
                "--target",
                "2.16+legacy",
                "--import-style",
                "tf",
                "--select",
                "KM9,KM908",
                "--ignore",
                "km999",
            ),
            *("--source", "1.2.2", "--defaults", "adopt"),
        )
        assert asked_for == [
            Options(
                Target("2.16", legacy=True),
                ImportStyle.ATTRIBUTE,
                frozenset({"KM9", "KM908"}),
                frozenset({"KM999"}),
                Source("1.2", False, "--source says so"),
                Defaults.ADOPT,
            )
        ]

    def test_have_defaults(self, asked_for: list[Options]) -> None:
        plant(a=OLD)
        migrate()
        assert asked_for == [Options(source=Source())]

    def test_pins_of_the_project_take_their_place(self, asked_for: list[Options]) -> None:
        plant(a=OLD)
        Path("requirements.txt").write_text("keras==2.1.6\ntensorflow==2.16.1\n")
        migrate()
        found = next(each for each in asked_for if each.source is not None)
        assert (found.target.release, found.source) == (
            "2.16",
            Source("2.1", False, "requirements.txt asks for keras==2.1.6"),
        )
        asked_for.clear()
        migrate("--target", "2.15", "--source", "2.3")
        assert {each.target.release for each in asked_for} == {"2.15"}
        assert {each.source.release for each in asked_for if each.source is not None} == {"2.3"}

    def test_code_from_standard_input_speaks_for_itself(self, asked_for: list[Options]) -> None:
        Path("requirements.txt").write_text("keras==2.1.6\ntensorflow==2.16.1\n")
        migrate("-", stdin="import keras\nmodel.fit(x, y, nb_epoch=3)\n")
        assert asked_for[0] == Options(source=Source("1.2", True, "it has nb_epoch= (Keras 1.2)"))

    def test_select_can_be_repeated_and_takes_names(self, asked_for: list[Options]) -> None:
        plant(a=OLD)
        migrate("--select", "internal-error", "--select", "KM907 , KM908")
        assert asked_for[0].select == {"KM999", "KM907", "KM908"}

    def test_exclude_can_be_repeated(self) -> None:
        plant(a=OLD, b=OLD, c=OLD)
        migrate("--write", "--exclude", "a.py", "--exclude", "/b.*")
        assert [Path(f"{name}.py").read_text() for name in "abc"] == [OLD, OLD, NEW]

    def test_paths_are_the_current_folder_by_default(self) -> None:
        plant(a=OLD)
        assert "a.py" in migrate("--dry-run").stdout

    def test_paths_may_be_files_and_folders(self) -> None:
        Path("one").mkdir()
        Path("two").mkdir()
        plant(**{"one/a": OLD, "two/a": OLD, "two/b": OLD})
        migrate("--write", "one", "two/a.py")
        assert [Path(f"{name}.py").read_text() for name in ("one/a", "two/a", "two/b")] == [NEW, NEW, OLD]


class TestDryRun:
    @pytest.mark.parametrize("arguments", [(), ("--dry-run",), ("--verbose",), ("--quiet",)])
    def test_writes_nothing_at_all(self, folder: Path, arguments: tuple[str, ...]) -> None:
        plant(a=OLD)
        migrate(*arguments)
        assert [path.name for path in folder.iterdir()] == ["a.py"]
        assert Path("a.py").read_text() == OLD

    def test_shows_the_diff_the_summary_and_how_to_write(self) -> None:
        plant(a=OLD)
        lines = migrate().stdout.splitlines()
        assert lines[1].split() == ["1", "-", "from", "keras", "import", "layers"]
        assert any(re.match(r" KM101 .* 1", line) for line in lines)
        assert lines[-2].startswith("1 file looked at, 1 would change, 0 left to a person, 0 failed;")
        assert lines[-1] == "Nothing was written. Run again with --write to make these changes."

    def test_no_diff(self) -> None:
        plant(a=OLD)
        assert "tensorflow.keras" not in migrate("--no-diff").stdout


class TestWrite:
    def test_shows_the_summary_and_on_request_the_diff(self) -> None:
        plant(a=OLD)
        result = migrate("--write", "--diff")
        assert "+ from tensorflow.keras import layers" in result.stdout
        assert "1 file looked at, 1 changed," in result.stdout
        plant(a=OLD)
        assert "tensorflow.keras" not in migrate("--write").stdout

    def test_nothing_before_every_file_was_worked_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        plant(a=OLD, b=OLD, z=OLD)

        def watching(path: str, data: bytes, options: Options, project: Project) -> FileResult:
            assert Path("a.py").read_text() == OLD
            return fake_engine.rename(path, data, options, project)

        monkeypatch.setattr("keras_migrate.engine.migrate_bytes", watching)
        assert migrate("--write", "--jobs", "1").exit_code == 0

    def test_leaves_a_journal(self) -> None:
        plant(a=OLD)
        migrate("--write")
        (journal,) = writer.Journal.all_of(".")
        writer.restore(writer.Journal.read(journal))
        assert Path("a.py").read_text() == OLD


class TestWhatIsPrinted:
    def test_quiet_is_only_what_needs_a_person(self) -> None:
        plant(a=OLD + "keras  # gone\n# look\n", broken=OLD)
        assert migrate("--quiet").stdout.splitlines() == [
            "broken.py:1:1 KM999 internal error, please report: ZeroDivisionError: one line and another",
            "a.py:2:1 KM401 is gone: write it anew",
        ]
        plant(a=OLD, broken="")
        assert migrate("--quiet").output == ""

    def test_verbose_also_lists_files_that_stay(self) -> None:
        plant(a=OLD, b="# keras\n", c="import os\n")
        out = migrate("--verbose").stdout
        assert "b.py: unchanged" in out
        assert "1 file does not mention Keras" in out

    def test_diff_can_be_asked_for_though_quiet(self) -> None:
        plant(a=OLD)
        assert "+ from tensorflow.keras" in migrate("--quiet", "--diff").stdout

    def test_color_never_and_always(self) -> None:
        plant(a=OLD)
        assert "\x1b[" not in migrate("--color", "never").stdout
        assert "\x1b[" in migrate("--color", "always").stdout

    def test_no_progress_where_it_is_no_terminal(self) -> None:
        plant(a=OLD)
        assert migrate("--write").stderr == ""


class TestReport:
    def test_is_written_as_json(self) -> None:
        plant(a=OLD)
        migrate("--report", "out.JSON")
        document = json.loads(Path("out.JSON").read_text())
        assert document["target"] == "2.21"
        assert [(file["path"], file["status"]) for file in document["files"]] == [("a.py", "changed")]

    def test_is_written_as_sarif(self) -> None:
        plant(a=OLD)
        assert migrate("--dry-run", "--report", "out.sarif").exit_code == 1
        (run,) = json.loads(Path("out.sarif").read_text())["runs"]
        assert [result["ruleId"] for result in run["results"]] == ["KM101"]

    def test_knows_what_could_not_be_written(self, monkeypatch: pytest.MonkeyPatch) -> None:
        plant(a=OLD)

        def changing(path: str, data: bytes, options: Options, project: Project) -> FileResult:
            Path("a.py").write_text("mine")
            return fake_engine.rename(path, data, options, project)

        monkeypatch.setattr("keras_migrate.engine.migrate_bytes", changing)
        migrate("--write", "--report", "out.json")
        (file,) = json.loads(Path("out.json").read_text())["files"]
        assert file["status"] == "failed"
        assert [finding["rule"] for finding in file["findings"]] == ["KM101", "KM907"]


class TestStandardInput:
    def test_code_goes_to_standard_output_and_findings_to_standard_error(self) -> None:
        result = migrate("-", stdin=OLD + "keras  # gone\n")
        assert result.stdout == NEW + "keras  # gone\n"
        assert result.stderr == "<stdin>:2:1 KM401 is gone: write it anew\n"
        assert result.exit_code == 3

    def test_is_a_filter_that_succeeds(self) -> None:
        result = migrate("-", stdin=OLD)
        assert (result.exit_code, result.stdout, result.stderr) == (0, NEW, "")

    def test_comes_through_byte_for_byte_where_nothing_is_to_be_done(self) -> None:
        odd = b"\xef\xbb\xbfx = '\xff'\r\ny\rno end"
        assert migrate("-", stdin=odd).stdout_bytes == odd

    def test_comes_through_where_it_cannot_be_processed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def failing(*_: object) -> FileResult:
            raise ZeroDivisionError

        monkeypatch.setattr("keras_migrate.engine.migrate_bytes", failing)
        result = migrate("-", stdin=OLD)
        assert (result.exit_code, result.stdout) == (4, OLD)
        assert "KM999" in result.stderr

    def test_dry_run_shows_the_diff_instead(self) -> None:
        result = migrate("-", "--dry-run", stdin=OLD)
        assert result.exit_code == 1
        assert "+ from tensorflow.keras import layers" in result.stdout

    def test_with_the_engine_that_ships(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("keras_migrate.engine.migrate_bytes", migrate_bytes)
        result = migrate("-", stdin="from keras.layers import Dense\n")
        assert result.stdout == "from tensorflow.keras.layers import Dense\n"


class TestHelp:
    def test_version(self) -> None:
        assert CliRunner().invoke(main, ["--version"]).stdout == f"keras-migrate {__version__}\n"

    def test_of_the_group_names_the_commands_and_exit_codes(self) -> None:
        out = CliRunner().invoke(main, ["--help"]).stdout
        assert re.search(r"^  migrate +\S", out, re.MULTILINE)
        assert "Exit codes:" in out

    def test_of_the_command_names_every_option_and_gives_examples(self) -> None:
        out = migrate("--help").stdout
        command = main.get_command(click.Context(main), "migrate")
        assert command is not None
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, parameter.name
                assert all(name in out for name in parameter.opts)
        assert "keras-migrate migrate --dry-run src tests" in out

    def test_fits_a_terminal(self) -> None:
        assert max(map(len, migrate("--help").stdout.splitlines())) <= 80
