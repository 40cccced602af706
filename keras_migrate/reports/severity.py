"""How much a finding weighs where there are only notes, warnings and errors."""

from __future__ import annotations

from enum import Enum

from keras_migrate.findings import FileResult, Finding, Level


class Severity(str, Enum):
    """What most programs that read reports tell apart."""

    NOTE = "note"
    """Nothing is left to do; it only deserves a look."""
    WARNING = "warning"
    """``keras-migrate migrate`` will change it."""
    ERROR = "error"
    """It needs a person."""


def severity(result: FileResult, finding: Finding) -> Severity:
    """How much a finding weighs in the check of a file that was not written.

    Args:
        result: the file.
        finding: one of its findings.
    """
    if finding.level in (Level.MANUAL, Level.ERROR):
        return Severity.ERROR
    return Severity.WARNING if result.changed else Severity.NOTE
