"""What a finding is recognised by from one run to the next, though lines move."""

from __future__ import annotations

import hashlib
from collections import Counter

from keras_migrate.findings import FileResult, Finding
from keras_migrate.reports.diff import lines


def fingerprints(result: FileResult, path: str) -> tuple[str, ...]:
    """One for each finding of a file, no two alike.

    It is made of the path, the rule, the symbol and the text of the old line, not of its number; findings
    that share all of these are counted from the top. Messages are left out: they change between releases.

    Args:
        result: the file.
        path: what it is called in the report.
    Returns:
        Hexadecimal digests, in the order of the findings.
    """
    old = lines(result.before, result.encoding)
    seen: Counter[tuple[str, ...]] = Counter()
    made = []
    for finding in result.findings:
        parts = (path, finding.rule, finding.symbol or "", _line(finding, old))
        seen[parts] += 1
        text = "\0".join((*parts, str(seen[parts])))
        made.append(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())
    return tuple(made)


def _line(finding: Finding, old: list[str]) -> str:
    """The old line of a finding without its indentation; nothing where it has none."""
    return old[finding.line - 1].strip() if 0 < finding.line <= len(old) else ""
