"""The run for a person who reads the log of a check: a line for each finding, and what is to be done."""

from __future__ import annotations

import io

from rich.console import Console
from rich.text import Text

from keras_migrate.findings import FileResult, Finding
from keras_migrate.registry import all_rules
from keras_migrate.reports import palette, terminal
from keras_migrate.reports.diff import printable
from keras_migrate.runner import RunResult


def report(run: RunResult) -> str:
    """The report without colors."""
    stream = io.StringIO()
    show(terminal.output(stream, "never"), run)
    return stream.getvalue()


def show(console: Console, run: RunResult) -> None:
    """Prints the report."""
    show_findings(console, run)
    for line in terminal.assumptions(run):
        console.print(printable(line), soft_wrap=True)
    console.print(terminal.closing_line(run, written=False), soft_wrap=True)
    if run.changed:
        console.print("Run 'keras-migrate migrate' to see these changes and to make them.", soft_wrap=True)


def show_findings(console: Console, run: RunResult) -> None:
    """Prints only the findings, file by file."""
    names = {code: rule.name for code, rule in all_rules().items()} if run.results else {}
    for result in run.results:
        for finding in result.findings:
            console.print(_line(run, result, finding, names.get(finding.rule, "")), soft_wrap=True)


def _line(run: RunResult, result: FileResult, finding: Finding, name: str) -> Text:
    place = f"{terminal.shown_path(run, result.path)}:{terminal.place(finding)}"
    level = palette.LEVEL[finding.level]
    rule = f"{finding.rule} {name}".rstrip()
    return Text.assemble(
        (place, palette.PATH),
        " ",
        (rule, level),
        " ",
        (finding.level.value, level),
        f": {printable(finding.message)}",
    )
