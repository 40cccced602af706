"""What was found in model files: for a person at a terminal, and as JSON for other programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from keras_migrate import __version__
from keras_migrate.findings import Level, Rule, Status
from keras_migrate.model_files.checking import ModelResult
from keras_migrate.reports.json_report import finding_fields
from keras_migrate.target import KNOWN_RELEASES, Target

_WORDS = {"as it is": "as it is", "copy": "by a copy", "by code": "not by `load_model`"}


def lines(
    results: Sequence[ModelResult], rules: Mapping[str, Rule], shown: Mapping[str, str]
) -> Iterator[str]:
    """What a person is told of each file.

    Args:
        results: the files.
        rules: every rule by its code.
        shown: how paths are written, by the paths of the results and of their copies.
    """
    for result in results:
        yield shown[result.path] + (f": {_described(result)}" if result.saved else "")
        if result.loads:
            yield f"  loads: {_loads(result.loads)}"
        for finding in result.findings:
            name = rules[finding.rule].name
            place = f"line {finding.line}: " if finding.line > 1 else ""
            yield f"  {finding.level.value} {finding.rule} {name}: {place}{finding.message}"
        if result.copy is not None:
            yield f"  {_copy(result, shown)}"


def closing_line(results: Sequence[ModelResult], target: Target) -> str:
    """The run in one line."""
    counts = Counter(result.status for result in results)
    written = sum(result.copy is not None and result.copy.written for result in results)
    files = "1 model file" if len(results) == 1 else f"{len(results)} model files"
    copies = f"{written} copied" if written else f"{counts[Status.CHANGED]} would be copied"
    return (
        f"{files} looked at, {copies}, {counts[Status.MANUAL]} left to a person, {counts[Status.FAILED]} "
        "failed; "
        f"target TensorFlow {target}"
    )


def report(results: Sequence[ModelResult], target: Target) -> str:
    """The same as JSON, with a line end."""
    document = {
        "tool": {"name": "keras-migrate", "version": __version__},
        "target": str(target),
        "target_reason": target.reason or None,
        "files": [_file(result) for result in results],
        "summary": _summary(results),
    }
    return json.dumps(document, indent=2) + "\n"


def _described(result: ModelResult) -> str:
    assert result.saved is not None
    return f"{result.written_by}; {result.saved.holds}"


def _loads(loads: Mapping[str, str]) -> str:
    old, new = loads["2.15"], loads[KNOWN_RELEASES[-1]]
    if old == new:
        return f"all targets {_WORDS[old]}"
    return f"2.15 and +legacy {_WORDS[old]}, {KNOWN_RELEASES[1]} to {KNOWN_RELEASES[-1]} {_WORDS[new]}"


def _copy(result: ModelResult, shown: Mapping[str, str]) -> str:
    assert result.copy is not None
    path = shown[result.copy.path]
    if result.copy.written:
        return f"written: {path}"
    return f"its copy is there: {path}" if result.copy.exists else f"--fix writes {path}"


def _file(result: ModelResult) -> dict[str, Any]:
    saved = result.saved
    model = None
    if saved is not None:
        model = {
            "written_by": result.written_by,
            "keras_version": saved.keras_version,
            "backend": saved.backend,
            "form": saved.form.value,
            "architecture": saved.config is not None,
            "weights": saved.weights is not None,
            "compiled": saved.training is not None,
            "optimizer_state": saved.optimizer_state,
            "loads": result.loads,
        }
    copy = result.copy
    return {
        "path": result.path,
        "status": result.status.value,
        "model": model,
        "copy": None if copy is None else {"path": copy.path, "written": copy.written, "exists": copy.exists},
        "findings": [finding_fields(finding) for finding in result.findings],
    }


def _summary(results: Sequence[ModelResult]) -> dict[str, Any]:
    statuses = Counter(result.status for result in results)
    rules: dict[str, dict[str, int]] = {}
    for finding in (finding for result in results for finding in result.findings):
        rules.setdefault(finding.rule, {level.value: 0 for level in Level})[finding.level.value] += 1
    return {
        "files": len(results),
        **{status.value: statuses[status] for status in Status},
        "rules": dict(sorted(rules.items())),
    }
