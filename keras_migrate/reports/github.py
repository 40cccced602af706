"""The run as workflow commands of GitHub Actions, which shows each finding at its line of a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from keras_migrate.findings import FileResult, Finding
from keras_migrate.registry import all_rules
from keras_migrate.reports.notebook_places import message
from keras_migrate.reports.repository_paths import path_in_repository
from keras_migrate.reports.severity import Severity, severity
from keras_migrate.runner import RunResult

_COMMANDS = {Severity.NOTE: "notice", Severity.WARNING: "warning", Severity.ERROR: "error"}
_IN_TEXT = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTIES = _IN_TEXT | str.maketrans({":": "%3A", ",": "%2C"})


def report(run: RunResult) -> str:
    """A command a line for each finding."""
    return "".join(f"{line}\n" for line in _commands(run))


def _commands(run: RunResult) -> Iterator[str]:
    names = {code: rule.name for code, rule in all_rules().items()} if run.results else {}
    for result in run.results:
        for finding in result.findings:
            title = f"{finding.rule} {names.get(finding.rule, '')}".rstrip()
            yield _command(path_in_repository(run, result.path), title, result, finding)


def _command(path: str, title: str, result: FileResult, finding: Finding) -> str:
    properties = {"file": path, "line": str(finding.line), "col": str(finding.column), "title": title}
    listed = ",".join(f"{name}={value.translate(_IN_PROPERTIES)}" for name, value in properties.items())
    command = _COMMANDS[severity(result, finding)]
    return f"::{command} {listed}::{message(finding).translate(_IN_TEXT)}"
