"""The run as JSON, for other programs. Fields are only ever added."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from keras_migrate import __version__
from keras_migrate.findings import FileResult, Finding, Status
from keras_migrate.runner import RunResult
from keras_migrate.source import Source


def report(run: RunResult) -> str:
    """The report of a run.

    Args:
        run: the run, with what went wrong in writing added if it was written.
    Returns:
        JSON, the same for the same run down to the byte, with a line end.
    """
    return json.dumps(document(run), indent=2) + "\n"


def document(run: RunResult) -> dict[str, Any]:
    """The same as plain data."""
    clean = (FileResult(path, b"", b"") for path in run.clean)
    files = sorted((*run.results, *clean), key=lambda result: result.path)
    return {
        "tool": {"name": "keras-migrate", "version": __version__},
        "target": str(run.target),
        "target_reason": run.target.reason or None,
        "source": _source(run),
        "configuration": run.project.relative(run.configuration) if run.configuration else None,
        "files": [_file(result, run.sources.get(result.path)) for result in files],
        "summary": _summary(run),
    }


def _source(run: RunResult) -> dict[str, Any] | None:
    """The release that most files were written for, and how many were for which."""
    if not run.sources:
        return None
    source = run.source
    counts = sorted(run.source_releases().items())
    return {
        "release": source.release,
        "guessed": source.guessed,
        "reason": source.reason,
        "files": dict(counts),
    }


def _file(result: FileResult, source: Source | None) -> dict[str, Any]:
    return {
        "path": result.path,
        "status": result.status.value,
        "source": None if source is None else source.release,
        "findings": [finding_fields(finding) for finding in result.findings],
    }


def finding_fields(finding: Finding) -> dict[str, Any]:
    """A finding as plain data, the same in every report."""
    cell = {} if finding.cell is None else {"cell": asdict(finding.cell)}
    return {
        "rule": finding.rule,
        "level": finding.level.value,
        "message": finding.message,
        "symbol": finding.symbol,
        "line": finding.line,
        "column": finding.column,
        "new_line": finding.new_line,
        **cell,
    }


def _summary(run: RunResult) -> dict[str, Any]:
    statuses = {status.value: len(run.of_status(status)) for status in Status}
    statuses[Status.UNCHANGED.value] += len(run.clean)
    rules = {
        code: {
            "rewritten": count.rewritten,
            "review": count.review,
            "manual": count.manual,
            "error": count.error,
        }
        for code, count in run.by_rule().items()
    }
    return {"files": run.seen, "without_keras": run.passed_over, **statuses, "rules": rules}
