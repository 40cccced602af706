"""The run as JUnit XML: a suite for each file that mentions Keras, a case in it for each finding."""

from __future__ import annotations

import re
from xml.etree import ElementTree as XML

from keras_migrate.findings import FileResult, Finding, Level
from keras_migrate.registry import all_rules
from keras_migrate.reports.notebook_places import cell_place
from keras_migrate.reports.repository_paths import path_in_repository
from keras_migrate.reports.severity import Severity, severity
from keras_migrate.runner import RunResult

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COUNTS = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def report(run: RunResult) -> str:
    """XML that is well-formed whatever is in file names and messages."""
    names = {code: rule.name for code, rule in all_rules().items()} if run.results else {}
    suites = XML.Element("testsuites", name="keras-migrate")
    for result in run.results:
        _add_suite(suites, path_in_repository(run, result.path), result, names)
    for path in run.clean:
        _add_suite(suites, path_in_repository(run, path), FileResult(path, b"", b""), names)
    _count(suites)
    suites.set("time", f"{run.seconds:.3f}")
    XML.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{XML.tostring(suites, "unicode")}\n'


def _add_suite(suites: XML.Element, path: str, result: FileResult, names: dict[str, str]) -> None:
    suite = XML.SubElement(suites, "testsuite", name=_allowed(path))
    for finding in result.findings:
        name = f"{finding.rule} {names.get(finding.rule, '')}".rstrip()
        _add_case(suite, path, name, result, finding)
    if not result.findings:
        XML.SubElement(suite, "testcase", name="keras-migrate", classname=_allowed(path))
    _count(suite)


def _add_case(suite: XML.Element, path: str, name: str, result: FileResult, finding: Finding) -> None:
    place = cell_place(finding) or f"line {finding.line}, column {finding.column}"
    case = XML.SubElement(
        suite,
        "testcase",
        name=_allowed(f"{name} ({place})"),
        classname=_allowed(path),
        file=_allowed(path),
        line=str(finding.line),
    )
    text = _allowed(f"{path}:{finding.line}:{finding.column} {finding.level.value}: {finding.message}")
    if result.skipped:
        XML.SubElement(case, "skipped", message=_allowed(finding.message))
    elif finding.level is Level.ERROR:
        _problem(case, "error", finding, text)
    elif severity(result, finding) is not Severity.NOTE:
        _problem(case, "failure", finding, text)
    else:
        XML.SubElement(case, "system-out").text = text


def _problem(case: XML.Element, kind: str, finding: Finding, text: str) -> None:
    problem = XML.SubElement(case, kind, type=finding.level.value, message=_allowed(finding.message))
    problem.text = text


def _count(element: XML.Element) -> None:
    """Writes down how many cases there are below an element, and what came of them."""
    element.set("tests", str(sum(1 for _ in element.iter("testcase"))))
    for attribute, tag in _COUNTS.items():
        element.set(attribute, str(sum(1 for _ in element.iter(tag))))


def _allowed(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
