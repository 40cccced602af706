"""Runs the migrations of programs on the TensorFlow of this interpreter."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import tensorflow as tf
from equivalence import recording as recording_module
from equivalence.comparison import Comparison, compare, golden_of
from equivalence.programs import GOLDENS, Program
from equivalence.recording import Recording, execute

RELEASE = ".".join(tf.__version__.split(".")[:2])
"""The target that this interpreter stands for."""

_KEPT: dict[tuple[str, bytes], dict[str, Any]] = {}
"""What was kept by programs that were run already: both old releases often give the same migration."""


def run(program: Program, source: str, code: bytes) -> list[Comparison]:
    """Runs the migration of a program and compares what it keeps with the golden.

    Args:
        program: the program.
        source: the old release.
        code: what the tool wrote for that release.
    """
    reads_files = any((GOLDENS / source).glob(f"{program.name}.*.h5"))
    key = (source if reads_files else program.name, code)
    if key not in _KEPT:
        with _folder() as folder, redirect_stdout(io.StringIO()):
            _KEPT[key] = (_kept_alone if program.alone else _kept_here)(program, source, code, folder)
    return list(compare(golden_of(program, source), _KEPT[key]))


def _kept_here(program: Program, source: str, code: bytes, folder: Path) -> dict[str, Any]:
    """What a program keeps when it is run in this process."""
    recording = Recording(program.name, str(GOLDENS / source), False)
    try:
        execute(code, str(program.path), recording)
    finally:
        tf.keras.backend.clear_session()
    return recording.kept


def _kept_alone(program: Program, source: str, code: bytes, folder: Path) -> dict[str, Any]:
    """What a program keeps when it is run in a process of its own.

    Raises:
        RuntimeError: if it fails, with the end of what it printed.
    """
    path, out = folder / f"{program.name}.py", folder / "kept.json"
    path.write_bytes(code)
    command = [sys.executable, recording_module.__file__, program.name, GOLDENS / source, path, out]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    kept: dict[str, Any] = json.loads(out.read_text())
    return kept


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder of its own to work in."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield Path(folder)
        finally:
            os.chdir(before)
