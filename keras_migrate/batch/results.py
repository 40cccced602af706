"""What came of a repository, and of all of them: plain data that states and reports are made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from keras_migrate.findings import Level, Status

FILE_COUNTS = ("files", "without_keras", *(status.value for status in Status))
"""What is counted of files: those looked at, and of them those without Keras and those of each status."""


class Outcome(str, Enum):
    """What became of a repository."""

    MIGRATED = "migrated"
    """It was changed."""
    UNCHANGED = "unchanged"
    """There was nothing to change."""
    FAILED = "failed"
    """It could not be fetched, worked on, or handed over."""


@dataclass(frozen=True, slots=True)
class RepositoryResult:
    """What came of one repository. Paths are relative to the batch's folder, with forward slashes.

    Attributes:
        name: what the manifest calls it.
        location: where it is: a path or a URL.
        ref: the branch, tag or commit that was asked for; empty for what is checked out there.
        outcome: what became of it.
        reason: why it failed; empty where it did not.
        remarks: what a person should know beside that, a sentence each.
        commit: what was migrated; empty for a folder without git.
        target: the TensorFlow release.
        source: the release of Keras that most of it was written for; empty where there is no Keras.
        files: how many there are of each of `FILE_COUNTS`.
        findings: how many there are of which level.
        branch: the branch with the result; empty where the result is a patch, or there is none.
        result: the folder of the clone, or the patch; empty where nothing was changed.
        reports: its own reports, by format.
        seconds: how long it took.
    """

    name: str
    location: str
    ref: str
    outcome: Outcome
    reason: str = ""
    remarks: tuple[str, ...] = ()
    commit: str = ""
    target: str = ""
    source: str = ""
    files: Mapping[str, int] = field(default_factory=dict)
    findings: Mapping[str, int] = field(default_factory=dict)
    branch: str = ""
    result: str = ""
    reports: Mapping[str, str] = field(default_factory=dict)
    seconds: float = field(default=0.0, compare=False)

    @classmethod
    def of_fields(cls, fields: Mapping[str, Any]) -> RepositoryResult:
        """Takes it back from JSON.

        Raises:
            KeyError, TypeError, ValueError: where it is none.
        """
        outcome, remarks = Outcome(fields["outcome"]), tuple(fields["remarks"])
        return cls(**{**fields, "outcome": outcome, "remarks": remarks})

    def with_remark(self, remark: str) -> RepositoryResult:
        """The same with one more sentence."""
        return replace(self, remarks=(*self.remarks, remark))


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What came of a batch.

    Attributes:
        manifest: the file that names the repositories.
        folder: absolute path of the folder with the results.
        results: of every repository, in the order of the manifest.
        earlier: names of those that an earlier run had done.
        seconds: how long this run took.
    """

    manifest: str
    folder: str
    results: tuple[RepositoryResult, ...]
    earlier: frozenset[str] = frozenset()
    seconds: float = field(default=0.0, compare=False)

    def of_outcome(self, outcome: Outcome) -> tuple[RepositoryResult, ...]:
        """The repositories of one outcome."""
        return tuple(result for result in self.results if result.outcome is outcome)

    def files(self) -> Counter[str]:
        """How many files of all repositories are of which status."""
        return _total(FILE_COUNTS, (result.files for result in self.results))

    def findings(self) -> Counter[str]:
        """How many findings of all repositories are of which level."""
        return _total([level.value for level in Level], (result.findings for result in self.results))


def _total(names: Iterable[str], counts: Iterable[Mapping[str, int]]) -> Counter[str]:
    total = Counter(dict.fromkeys(names, 0))
    for each in counts:
        total.update(each)
    return total
