"""Runs the migrations of programs on the TensorFlow of this interpreter."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import tensorflow as tf
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
        recording = Recording(program.name, str(GOLDENS / source), False)
        with _folder(), redirect_stdout(io.StringIO()):
            try:
                execute(code, str(program.path), recording)
            finally:
                tf.keras.backend.clear_session()
        _KEPT[key] = recording.kept
    return list(compare(golden_of(program, source), _KEPT[key]))


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
