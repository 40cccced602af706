"""How many examples and tests pass, and why the others do not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from execution import Record, Records, Results
from explanation import Explanation, Findings, differences
from sources import NOT_PUBLIC
from variants import OLD, TARGETS, VARIANTS

OURS = "keras-migrate"
ORIGINAL = "original"


@dataclass(frozen=True)
class Failure:
    """A test or example that passed on the old stack and fails on a target after the tool's migration."""

    identifier: str
    target: str
    record: Record
    explanation: Explanation | None


def results_path(work: Path, variant: str, target: str) -> Path:
    """Where the results of one variant on one target are kept."""
    return work / "results" / f"{variant}-{target}.json"


def passing(records: Records) -> set[str]:
    """The ids of what passed."""
    return {identifier for identifier, record in records.items() if record["outcome"] == "passed"}


def counted(identifiers: Iterable[str]) -> dict[str, set[str]]:
    """What passed on the old stack, by the kind of thing that it is."""
    kinds: dict[str, set[str]] = {"examples": set(), "tests of the public API": set(), "other tests": set()}
    for identifier in identifiers:
        if identifier.startswith("examples/"):
            kinds["examples"].add(identifier)
        elif identifier.startswith(tuple(NOT_PUBLIC)):
            kinds["other tests"].add(identifier)
        else:
            kinds["tests of the public API"].add(identifier)
    return kinds


def failures(work: Path, target: str) -> Iterator[Failure]:
    """What the tool's migration does not keep on a target, of what passed on the old stack."""
    old = counted(passing(Results(results_path(work, ORIGINAL, OLD)).records))
    records = Results(results_path(work, OURS, target)).records
    findings = Findings(work / "variants" / f"{OURS}-{target}")
    known = differences()
    for identifier in sorted(old["examples"] | old["tests of the public API"]):
        record = records.get(identifier) or records.get(identifier.partition("::")[0])
        record = record or {"outcome": "failed", "error": "was not run", "places": []}
        if record["outcome"] == "passed":
            continue
        explanation = findings.explain(identifier, record)
        for one in known:
            if explanation is None and one.explains(identifier, target, record):
                explanation = Explanation("difference", one.why)
        yield Failure(identifier, target, record, explanation)


def measured(work: Path) -> list[str]:
    """The targets that the tool's migration was run on."""
    return [target for target in TARGETS if results_path(work, OURS, target).is_file()]


def table(work: Path) -> str:
    """The pass counts of all variants, as Markdown."""
    old = counted(passing(Results(results_path(work, ORIGINAL, OLD)).records))
    kinds = ("examples", "tests of the public API")
    heads = [f"{kind}, {target}" for kind in kinds for target in TARGETS]
    lines = ["| rewriting | " + " | ".join(heads) + " |", "| --- |" + " --- |" * len(heads)]
    lines.append(
        "| none, on the old stack | "
        + " | ".join(str(len(old[kind])) for kind in kinds for _ in TARGETS)
        + " |"
    )
    for variant in VARIANTS:
        cells = []
        for kind in kinds:
            for target in TARGETS:
                path = results_path(work, variant, target)
                kept = passing(Results(path).records) & old[kind]
                share = f" ({100 * len(kept) / max(1, len(old[kind])):.0f} %)" if variant == OURS else ""
                cells.append(f"{len(kept)}{share}" if path.is_file() else "")
        lines.append(f"| {variant} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def explained(work: Path) -> str:
    """Each failure that is left, with its reason."""
    parts = []
    for target in measured(work):
        found = list(failures(work, target))
        kinds = Counter(one.explanation.kind if one.explanation else "not explained" for one in found)
        counts = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
        parts.append(f"## {target}: {len(found)} left, {counts}")
        for one in found:
            reason = f"{one.explanation.kind}: {one.explanation.text}" if one.explanation else "NOT EXPLAINED"
            places = [f"{Path(path).name}:{line}" for path, line in reversed(one.record["places"])]
            parts += [
                one.identifier,
                f"    {one.record['error']}",
                f"    at {' < '.join(places)}",
                f"    {reason}",
            ]
    return "\n".join(parts)


def ranked(work: Path) -> str:
    """The errors of what is left, the most frequent first, with their counts for each target."""
    groups: dict[str, dict[str, list[Failure]]] = {}
    for target in measured(work):
        for one in failures(work, target):
            error = re.sub(r"0x[0-9a-f]+|\d+(\.\d+)?(e-?\d+)?", "#", one.record["error"])[:110]
            groups.setdefault(error, {}).setdefault(target, []).append(one)
    lines = []
    order = sorted(groups, key=lambda error: -sum(len(found) for found in groups[error].values()))
    for error in order:
        counts = " / ".join(str(len(groups[error].get(target, ()))) for target in TARGETS)
        first = next(iter(groups[error].values()))[0]
        place = ":".join(map(str, first.record["places"][-1])) if first.record["places"] else ""
        unexplained = sum(one.explanation is None for found in groups[error].values() for one in found)
        lines.append(f"{counts} ({unexplained} not explained) | {error} | {first.identifier} at {place}")
    return "\n".join(lines)
