"""Programs for Python 2 print the same once they were converted."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from keras_migrate import Level, migrate_source

PROGRAMS = sorted((Path(__file__).parents[2] / "fixtures" / "python2").glob("*.py"))
"""Beside each, with the suffix ``.out``, lies what Python 2.7 prints."""

each_program = pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)


def printed(python: str, program: Path) -> str:
    """What a program prints."""
    command = [python, str(program)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


@each_program
def test_converted(program: Path, tmp_path: Path) -> None:
    result = migrate_source(program.read_bytes(), python2="convert")
    assert not [each for each in result.findings if each.level in (Level.MANUAL, Level.ERROR)]
    converted = tmp_path / program.name
    converted.write_bytes(result.after)
    assert printed(sys.executable, converted) == program.with_suffix(".out").read_text()


@each_program
def test_recorded(program: Path) -> None:
    python = shutil.which("python2.7")
    if python is None or subprocess.run([python, "-V"], capture_output=True).returncode:
        pytest.skip("no python2.7 on the path")
    assert printed(python, program) == program.with_suffix(".out").read_text()
