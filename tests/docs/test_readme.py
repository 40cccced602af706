"""What the README shows is what happens."""

from __future__ import annotations

import contextlib
import io
import re

from click import Context
from click.testing import CliRunner
from fixture_pairs import ROOT

from keras_migrate.cli import main

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
BLOCKS = BLOCK.findall(README)


def test_python() -> None:
    """The example from Python prints what the README shows below it."""
    (code,) = [text for kind, text in BLOCKS if kind == "python"]
    (shown,) = [text for kind, text in BLOCKS if kind == "text"]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), {})
    assert printed.getvalue().strip() == shown.strip()


def test_options_and_exit_codes() -> None:
    """The README names every option and exit code that the help pages have, and no others."""
    pages = {
        command: CliRunner().invoke(main, [command, "--help"]).stdout
        for command in main.list_commands(Context(main))
    }
    page = pages["migrate"]
    in_help = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", "".join(pages.values()))) - {"--help"}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README)) - {"--group"} == in_help
    codes = re.compile(r"^\s*\|?\s*(\d) [ |]+(\w.*?)\s*\|?$", re.M)
    assert set(codes.findall(README)) >= set(codes.findall(page.partition("Exit codes:")[2]))


def test_ci_runs_the_test_command() -> None:
    """CI sets up and tests by the README's own command."""
    command = [text for kind, text in BLOCKS if kind == "sh"][1].strip()
    assert command in (ROOT / ".ci" / "run").read_text()


def test_sessions_of_contributing_exist() -> None:
    """Every session that CONTRIBUTING names is one of the noxfile's."""
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    noxfile = (ROOT / "noxfile.py").read_text(encoding="utf-8")
    table = contributing.partition("## Sessions")[2].partition("## Style")[0]
    for session in re.findall(r"^\| `([a-z_]+)", table, re.M):
        assert re.search(rf"(def {session}|\"{session}|f\"{session}-)", noxfile), session
