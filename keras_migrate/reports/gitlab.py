"""The run as a Code Quality report of GitLab, which shows in a merge request what it adds and mends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from keras_migrate.findings import Level
from keras_migrate.registry import all_rules
from keras_migrate.reports.fingerprints import fingerprints
from keras_migrate.reports.notebook_places import message
from keras_migrate.reports.repository_paths import path_in_repository
from keras_migrate.reports.severity import Severity, severity
from keras_migrate.runner import RunResult

_SEVERITIES = {
    Level.REWRITTEN: "minor",
    Level.REVIEW: "major",
    Level.MANUAL: "critical",
    Level.ERROR: "blocker",
}


def report(run: RunResult) -> str:
    """A JSON list with an entry for each finding."""
    return json.dumps(list(_entries(run)), indent=2) + "\n"


def _entries(run: RunResult) -> Iterator[dict[str, Any]]:
    names = {code: rule.name for code, rule in all_rules().items()} if run.results else {}
    for result in run.results:
        path = path_in_repository(run, result.path)
        for finding, fingerprint in zip(result.findings, fingerprints(result, path), strict=True):
            note = severity(result, finding) is Severity.NOTE
            yield {
                "type": "issue",
                "check_name": f"{finding.rule} {names.get(finding.rule, '')}".rstrip(),
                "description": f"{finding.rule}: {message(finding)}",
                "categories": ["Compatibility"],
                "severity": "info" if note else _SEVERITIES[finding.level],
                "fingerprint": fingerprint,
                "location": {"path": path, "lines": {"begin": finding.line}},
            }
