"""Prints what each program's migration gives beside what the old stack gave, as a Markdown table.

``python -m tests.equivalence.report [PROGRAM ...]``, from the root, with the TensorFlow to look at.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))

from equivalence.comparison import Comparison, golden_of, renamed_key
from equivalence.execution import RELEASE, run
from equivalence.programs import Program, all_programs, findings
from equivalence.recording import EXACT, KEYS, PREDICTION, TRAINING

from keras_migrate.findings import Level

HEAD = ("program", "from", "to", "parameters", "predictions", "training", "not repeated", "history keys", "")
"""The columns. Numbers are the greatest difference; ``not repeated``: where the old stack does not repeat."""


def rows(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The cells of one row for each program and release."""
    for program in all_programs():
        if names and program.name not in names:
            continue
        for source in program.sources:
            yield (program.name, source, RELEASE, *cells(program, source))


def cells(program: Program, source: str) -> tuple[str, ...]:
    """What is to be said of one program coming from one release."""
    result = program.migrate(RELEASE, source)
    left = findings(result, Level.MANUAL)
    told = ", ".join(f"{rule} in line {line}" for line, rule in sorted(left))
    parameters, keys = described(program, source)
    try:
        compared = run(program, source, result.after)
    except Exception as error:
        return parameters, "", "", "", keys, told or f"fails: {type(error).__name__}: {str(error)[:80]}"
    apart = [one for one in compared if one.gating and not one.agrees]
    verdict = told or ("; ".join(one.name for one in apart) + " differs" if apart else "agrees")
    return parameters, *differences(compared), keys, verdict


def differences(compared: Sequence[Comparison]) -> tuple[str, str, str]:
    """The greatest difference of predictions, of training, and of what does not repeat on the old stack."""
    groups = (
        [one.difference for one in compared if one.gating and one.how == PREDICTION],
        [one.difference for one in compared if one.gating and one.how == TRAINING],
        [one.difference for one in compared if not one.gating],
    )
    return tuple(f"{max(group):.1e}" if group else "" for group in groups)


def described(program: Program, source: str) -> tuple[str, str]:
    """The parameters of a program's models, and the keys of its histories."""
    golden = golden_of(program, source)
    exact = [one for one in golden if one["how"] == EXACT]
    parameters = [one["value"] for one in exact if one["name"].endswith(" parameters")]
    keys = {renamed_key(key) for one in golden if one["how"] == KEYS for key in one["value"]}
    return ", ".join(map(str, parameters)), ", ".join(sorted(keys))


def main(names: Sequence[str]) -> None:
    """Prints the table."""
    print("| " + " | ".join(HEAD) + " |")
    print("| " + " | ".join("---" for _ in HEAD) + " |")
    for row in rows(names):
        print(
            "| " + " | ".join(cell.replace("\n", " ").replace("|", "\\|") for cell in row) + " |", flush=True
        )


if __name__ == "__main__":
    main(sys.argv[1:])
