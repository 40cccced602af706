"""The run as SARIF 2.1.0, for code scanning and editors: findings, the texts of their rules, and fixes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from keras_migrate import __version__
from keras_migrate.findings import FileResult, Finding, Level, Rule, Status
from keras_migrate.registry import all_rules
from keras_migrate.reports.diff import Block, blocks, lines
from keras_migrate.reports.fingerprints import fingerprints
from keras_migrate.reports.notebook_places import cell_place, message
from keras_migrate.reports.repository_paths import path_in_repository
from keras_migrate.reports.severity import severity
from keras_migrate.runner import RunResult

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_TOP = "SRCROOT"
_FINGERPRINT = "kerasMigrate/v1"
_NOWHERE = 0
"""The line of what is in the file no more: it is found in the file as a whole."""
_CHANGING = (Level.REWRITTEN, Level.REVIEW)


def report(run: RunResult) -> str:
    """The report of a run, as JSON.

    Each change of a file is in the fix of exactly one of its findings, so that all fixes together make the
    new file. Lines and columns are those of the file as it is: the old one, or, once it was written, the new
    one, in which nothing is left to fix.
    """
    return json.dumps(document(run), indent=2) + "\n"


def document(run: RunResult) -> dict[str, Any]:
    """The same as plain data."""
    codes = sorted({finding.rule for result in run.results for finding in result.findings})
    indexes = {code: index for index, code in enumerate(codes)}
    rules = all_rules() if codes else {}
    files = (_as_written(result) if run.written else result for result in run.results)
    results = [each for result in files for each in _results(run, result, indexes)]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "keras-migrate",
                        "version": __version__,
                        "semanticVersion": __version__,
                        "rules": [_rule(code, rules) for code in codes],
                    }
                },
                "invocations": [{"executionSuccessful": not run.failed}],
                "originalUriBaseIds": {_TOP: {"description": {"text": "The top of the repository."}}},
                "columnKind": "unicodeCodePoints",
                "newlineSequences": ["\r\n", "\n", "\r"],
                "results": results,
                "properties": {"target": str(run.target)},
            }
        ],
    }


def _rule(code: str, rules: Mapping[str, Rule]) -> dict[str, Any]:
    rule = rules.get(code)
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.explanation, "markdown": rule.explanation},
        "help": {"text": _help(rule, "{}"), "markdown": _help(rule, "```\n{}\n```")},
        "properties": {"tags": ["keras", "tensorflow", "migration"]},
    }


def _help(rule: Rule, code: str) -> str:
    """The text of a rule with its example.

    Args:
        rule: the rule.
        code: what its code is put into.
    """
    parts = [rule.explanation]
    for lead, example in (("Before:", rule.before), ("After:", rule.after)):
        if example:
            parts += [lead, code.format(example.rstrip("\n"))]
    return "\n\n".join(parts)


def _as_written(result: FileResult) -> FileResult:
    """A file that was changed, seen from its new content."""
    if result.status is not Status.CHANGED:
        return result
    findings = tuple(
        replace(
            each,
            line=each.new_line or _NOWHERE,
            column=1,
            cell=each.cell and replace(each.cell, line=each.cell.new_line or each.cell.line),
        )
        for each in result.findings
    )
    return replace(result, before=result.after, findings=findings)


def _results(run: RunResult, result: FileResult, indexes: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    path = path_in_repository(run, result.path)
    artifact = {"uri": quote(os.fsencode(path)), "uriBaseId": _TOP}
    fixes = _fixes(result, artifact)
    marks = fingerprints(result, path)
    for finding, mark, fix in zip(result.findings, marks, fixes, strict=True):
        yield {
            "ruleId": finding.rule,
            "ruleIndex": indexes[finding.rule],
            "level": severity(result, finding).value,
            "message": {"text": message(finding)},
            "locations": [_location(finding, artifact)],
            "partialFingerprints": {_FINGERPRINT: mark},
            **({"fixes": [fix]} if fix else {}),
            "properties": {"level": finding.level.value, "symbol": finding.symbol},
        }


def _location(finding: Finding, artifact: Mapping[str, str]) -> dict[str, Any]:
    region = {"startLine": finding.line, "startColumn": finding.column}
    where = {"region": region} if finding.line != _NOWHERE else {}
    place = cell_place(finding)
    cell = {"message": {"text": place}} if place else {}
    return {"physicalLocation": {"artifactLocation": artifact, **where}, **cell}


def _fixes(result: FileResult, artifact: Mapping[str, str]) -> list[dict[str, Any] | None]:
    """For each finding of a file the fix that goes with it."""
    fixes: list[dict[str, Any] | None] = [None] * len(result.findings)
    if not (result.changed and result.findings and _is_text(result)):
        return fixes
    old, new = lines(result.before, result.encoding), lines(result.after, result.encoding)
    owned: dict[int, list[Block]] = {}
    for block in blocks(old, new):
        for part in _parts(block, result.findings):
            owned.setdefault(_owner(part, result.findings), []).append(part)
    for index, theirs in owned.items():
        replacements = [_replacement(block, old, new) for block in theirs]
        changes = [{"artifactLocation": artifact, "replacements": replacements}]
        text = "What keras-migrate makes of these lines; 'keras-migrate migrate' changes the whole file."
        fixes[index] = {"description": {"text": text}, "artifactChanges": changes}
    return fixes


def _parts(block: Block, findings: Sequence[Finding]) -> Iterator[Block]:
    """A change cut where findings say which old line became which new one."""
    old, new = block.old.start, block.new.start
    pairs = sorted((f.line - 1, f.new_line - 1) for f in findings if f.new_line and f.level in _CHANGING)
    for old_line, new_line in pairs:
        if old < old_line < block.old.stop and new < new_line < block.new.stop:
            yield Block(range(old, old_line), range(new, new_line))
            old, new = old_line, new_line
    yield Block(range(old, block.old.stop), range(new, block.new.stop))


def _is_text(result: FileResult) -> bool:
    """Whether lines can stand for the bytes of both versions."""
    try:
        result.before.decode(result.encoding)
        result.after.decode(result.encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _owner(block: Block, findings: Sequence[Finding]) -> int:
    """The index of the finding that a change goes with: one in it that changes code, else the nearest."""
    changing = [index for index, finding in enumerate(findings) if finding.level in _CHANGING]
    return min(changing or range(len(findings)), key=lambda index: _distance(block, findings[index]))


def _distance(block: Block, finding: Finding) -> int:
    """How many lines a finding is away from a change."""
    gone = _gap(block.old, finding.line - 1)
    return gone if finding.new_line is None else min(gone, _gap(block.new, finding.new_line - 1))


def _gap(span: range, line: int) -> int:
    if line in span:
        return 0
    return 1 + min(abs(line - span.start), abs(line - span.stop))


def _replacement(block: Block, old: Sequence[str], new: Sequence[str]) -> dict[str, Any]:
    start, end = _position(block.old.start, old), _position(block.old.stop, old)
    region = {"startLine": start[0], "startColumn": start[1], "endLine": end[0], "endColumn": end[1]}
    text = "".join(new[block.new.start : block.new.stop])
    return {"deletedRegion": region, **({"insertedContent": {"text": text}} if text else {})}


def _position(index: int, old: Sequence[str]) -> tuple[int, int]:
    """Line and column, from 1, where a line begins; the end of the file after the last."""
    if index < len(old) or not old or old[-1].endswith(("\n", "\r")):
        return index + 1, 1
    return len(old), len(old[-1]) + 1
