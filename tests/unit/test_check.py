"""``keras-migrate check``: what it prints where, and its exit codes. It writes nothing but its report."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as XML

import click
import fake_engine
import pytest
from click.testing import CliRunner, Result

from keras_migrate.cli import main
from keras_migrate.reports.formats import FORMATS

OLD = "from keras import layers\n"
NEW = "from tensorflow.keras import layers\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, and an engine that does little."""
    monkeypatch.setattr("keras_migrate.engine.migrate_bytes", fake_engine.fail)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(*arguments: str, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(main, ["check", *arguments], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def plant(**files: str) -> None:
    for name, text in files.items():
        Path(f"{name}.py").write_text(text)


@pytest.mark.parametrize("name", FORMATS)
class TestEveryFormat:
    @pytest.mark.parametrize(
        ("files", "code"),
        [
            ({"a": "import os\n", "b": NEW}, 0),
            ({"a": OLD}, 1),
            ({"a": OLD, "b": "keras  # gone\n"}, 3),
            ({"a": OLD, "b": "keras  # gone\n", "broken": OLD}, 4),
        ],
    )
    def test_has_the_exit_codes_and_writes_nothing(
        self, name: str, files: dict[str, str], code: int, folder: Path
    ) -> None:
        plant(**files)
        assert check("--format", name).exit_code == code
        assert {path.stem: path.read_text() for path in folder.iterdir()} == files

    def test_says_the_same_in_a_file_and_on_standard_output(self, name: str, folder: Path) -> None:
        plant(a=OLD)
        if name == "junit":
            pytest.skip("it says how long it took")
        printed = check("--format", name).stdout
        result = check("--format", name, "--output", "report")
        written = (folder / "report").read_text()
        assert strip_time(written) == strip_time(printed)
        assert "a.py:1:1 KM101" in result.stdout
        assert check("--format", name, "--output", "report", "--quiet").stdout == ""


def strip_time(text: str) -> str:
    return text.rpartition("; ")[0] if text.startswith("a.py:") else text


class TestCheck:
    def test_is_text_by_default(self) -> None:
        plant(a=OLD)
        first, *_, closing, hint = check().stdout.splitlines()
        assert first == "a.py:1:1 KM101 moved-import rewritten: moved"
        assert closing.startswith("1 file looked at, 1 would change")
        assert hint == "Run 'keras-migrate migrate' to see these changes and to make them."

    def test_quiet_is_only_the_findings(self) -> None:
        plant(a=OLD)
        assert check("-q").stdout == "a.py:1:1 KM101 moved-import rewritten: moved\n"
        plant(a=NEW)
        assert check("-q").stdout == ""

    def test_the_name_of_the_file_decides_for_the_format(self, folder: Path) -> None:
        plant(a=OLD)
        check("--output", "a.sarif")
        assert json.loads((folder / "a.sarif").read_text())["version"] == "2.1.0"
        check("--output", "a.json", "--format", "junit")
        XML.parse(folder / "a.json")

    def test_takes_the_options_that_migrate_takes(self, folder: Path) -> None:
        pages = {name: main.get_command(click.Context(main), name) for name in ("check", "migrate")}
        options = {
            name: {option for parameter in page.params for option in parameter.opts}
            for name, page in pages.items()
            if page is not None
        }
        assert options["check"] - options["migrate"] == {"--format", "--output"}
        assert options["check"] >= {
            "--target", "--source", "--defaults", "--python2", "--import-style", "--select", "--ignore",
            "--exclude", "--jobs",
        }  # fmt: skip
        plant(a=OLD, b=OLD)
        assert "b.py" not in check("--exclude", "b.py").stdout

    def test_reads_standard_input(self) -> None:
        result = check("-", "--format", "github", stdin=OLD)
        assert result.exit_code == 1
        assert result.stdout.startswith("::warning file=<stdin>,line=1,col=1,title=KM101 moved-import::")

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--format", "xml"], "'xml' is not one of"),
            (["--output", "no/where.json"], "no such folder"),
            (["nowhere"], "no such file or folder: nowhere"),
        ],
    )
    def test_2_and_what_is_wrong(self, arguments: list[str], message: str) -> None:
        result = check(*arguments)
        assert result.exit_code == 2
        assert message in " ".join(result.stderr.split())

    def test_4_where_the_report_cannot_be_written(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(location: str, data: bytes) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("keras_migrate.writer.write_atomically", refuse)
        result = check("--output", "a.json")
        assert result.exit_code == 4
        assert "could not be written to a.json: Permission denied" in result.stderr

    def test_an_interrupt_stops_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("keras_migrate.engine.migrate_bytes", fake_engine.interrupted)
        plant(broken=OLD)
        result = check("--jobs", "1")
        assert (result.exit_code, result.stderr) == (130, "\nStopped.\n")

    def test_help_fits_a_terminal(self) -> None:
        assert max(map(len, check("--help").stdout.splitlines())) <= 80
