"""The ways of migrating that are compared."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

TARGETS = ("2.15", "2.21")
OLD = "old"
"""What stands for the target where the original runs on its own stack."""

RENAMES = (
    (re.compile(r"^(\s*)import keras(\s*(?:#.*)?)$", re.M), r"\1from tensorflow import keras\2"),
    (
        re.compile(r"^(\s*)import keras\.([\w.]+) as (\w+)(\s*(?:#.*)?)$", re.M),
        r"\1import tensorflow.keras.\2 as \3\4",
    ),
    (re.compile(r"^(\s*)from keras\b", re.M), r"\1from tensorflow.keras"),
)
"""What people do by hand: only the imports change."""


def rename(folder: Path, environment: Path, target: str) -> None:
    """Renames the imports of Keras in every file."""
    for path in sorted(folder.rglob("*.py")):
        text = path.read_bytes().decode()
        for pattern, replacement in RENAMES:
            text = pattern.sub(replacement, text)
        path.write_bytes(text.encode())


def upgrade(folder: Path, environment: Path, target: str) -> None:
    """Runs TensorFlow's own ``tf_upgrade_v2``, of the target, on every file."""
    for path in sorted(folder.rglob("*.py")):
        made = path.with_suffix(".upgraded")
        command = [environment / "bin" / "tf_upgrade_v2", "--infile", path, "--outfile", made]
        done = subprocess.run([*map(str, command)], cwd=folder, capture_output=True, check=False)
        if done.returncode == 0 and made.is_file():
            made.replace(path)
        (folder / "report.txt").unlink(missing_ok=True)


def both(folder: Path, environment: Path, target: str) -> None:
    """Renames, then runs ``tf_upgrade_v2``."""
    rename(folder, environment, target)
    upgrade(folder, environment, target)


def ours(folder: Path, environment: Path, target: str) -> None:
    """Runs ``keras-migrate`` as a user would, and leaves its findings in ``findings.json``."""
    report = folder / "findings.json"
    options = ["--target", target, "--write", "--allow-dirty", "--quiet", "--report", str(report)]
    command = [sys.executable, "-m", "keras_migrate", "migrate", *options, "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3) or not report.is_file():
        raise SystemExit(f"keras-migrate ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    failed = [one["path"] for one in json.loads(report.read_text())["files"] if one["status"] == "failed"]
    if failed:
        raise SystemExit(f"keras-migrate failed on {failed}")


VARIANTS: dict[str, Callable[[Path, Path, str], None]] = {
    "rename": rename,
    "tf_upgrade_v2": upgrade,
    "both": both,
    "keras-migrate": ours,
}


def migrate(source: Path, folder: Path, variant: str, environment: Path, target: str) -> None:
    """Makes one variant for one target.

    Args:
        source: the sources, made small.
        folder: where the migrated copy goes; what is there is deleted.
        variant: a key of ``VARIANTS``, or ``original`` for a plain copy.
        environment: the virtual environment with the target.
        target: the TensorFlow release.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder)
    if variant in VARIANTS:
        VARIANTS[variant](folder, environment, target)
