"""How many small mistakes in names.py, the imports transform and the writer the tests would notice.

    nox -s mutation -- --sample 100

cosmic-ray makes one small change after the other (``<`` for ``<=``, ``or`` for ``and``, ``True`` for
``False``, a loop that is not entered …) and runs the tests that concern the file. A change that no test fails
on survives and is shown: either it means the same, or a test is missing. Changes of ``|`` are left out, as it
stands in annotations alone.

The changes are written into the checkout that this is called in, so ``nox`` calls it in a copy.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

TESTS = {
    "keras_migrate/names.py": (
        "tests/unit/test_names.py",
        "tests/unit/test_imports.py",
        "tests/unit/test_across_files.py",
        "tests/unit/test_values.py",
        "tests/robustness/test_names_at_run_time.py",
    ),
    "keras_migrate/writer.py": ("tests/unit/test_writer.py", "tests/unit/test_undo.py"),
    "transforms/names/imports.py": (
        "tests/unit/test_imports.py",
        "tests/unit/test_import_styles.py",
        "tests/unit/test_across_files.py",
        "tests/fixtures",
        "-k",
        "not fixtures or KM10 or KM114 or KM116",
    ),
}
"""What is changed, and what pytest is told to run for it."""

SECONDS = 60.0
"""Tests that take longer have noticed the change."""


def cosmic_ray(*arguments: str) -> None:
    """Runs a command of cosmic-ray."""
    subprocess.run([sys.executable, "-m", "cosmic_ray.cli", *arguments], check=True)


def mutants(module: str, sample: int, folder: Path, seed: int) -> tuple[int, int, list[str]]:
    """Tries changes of one file.

    Args:
        module: the file.
        sample: how many changes to try; 0 for all.
        folder: where the notes of the run go.
        seed: decides which.
    Returns:
        How many changes there are, how many were tried, and the diffs of those that survived.
    """
    config, session = folder / "config.toml", folder / f"{Path(module).stem}.sqlite"
    tests = ["-p", "no:cacheprovider", "-p", "no:randomly", "-x", *TESTS[module]]
    command = " ".join(f"'{part}'" for part in [sys.executable, "-m", "pytest", *tests])
    config.write_text(
        f"[cosmic-ray]\nmodule-path = {json.dumps(module)}\ntimeout = {SECONDS}\nexcluded-modules = []\n"
        f'test-command = {json.dumps(command)}\n[cosmic-ray.distributor]\nname = "local"\n'
    )
    cosmic_ray("init", str(config), str(session))
    with sqlite3.connect(session) as database:
        known = database.execute(
            "SELECT job_id FROM mutation_specs WHERE operator_name NOT LIKE '%BitOr_%' "
            "ORDER BY operator_name, start_pos_row, start_pos_col, occurrence"
        )
        jobs = [job for (job,) in known]
        chosen = random.Random(seed).sample(jobs, min(sample or len(jobs), len(jobs)))
        marks = ", ".join("?" * len(chosen))
        for table in ("mutation_specs", "work_items"):
            database.execute(f"DELETE FROM {table} WHERE job_id NOT IN ({marks})", chosen)
    cosmic_ray("exec", str(config), str(session))
    with sqlite3.connect(session) as database:
        results = list(database.execute("SELECT test_outcome, diff FROM work_results"))
    return len(jobs), len(results), [diff for outcome, diff in results if "SURVIVED" in str(outcome).upper()]


def main() -> None:
    """Prints the changes that survived, and the score of each file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("modules", nargs="*", default=list(TESTS), help="only these files")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="try N changes of each file")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()

    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for module in arguments.modules:
            known, tried, survived = mutants(module, arguments.sample, Path(folder), arguments.seed)
            print("\n".join(survived), flush=True)
            noticed = tried - len(survived)
            lines.append(f"{module}: {noticed} of {tried} noticed, {noticed / tried:.0%}; {known} in all")
            print(lines[-1], flush=True)
    print("\n".join(["", *lines]))


if __name__ == "__main__":
    main()
