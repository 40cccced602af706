"""The blocks of the migrated ``fixtures/documents`` run on the installed TensorFlow."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from fixture_pairs import KERAS_2, KERAS_3, ROOT

from keras_migrate.documents.program import code_in

tensorflow = pytest.importorskip("tensorflow", reason="needs TensorFlow: nox -s runtime-2.15 runtime-2.21")
TARGET = KERAS_2 if tensorflow.__version__.startswith("2.15") else KERAS_3
DOCUMENTS = ROOT / "fixtures" / "documents"
TEXTS = sorted(path for path in DOCUMENTS.glob(f"*.after.{TARGET}.*") if path.suffix != ".py")
MODULES = sorted(DOCUMENTS.glob(f"*.after.{TARGET}.py"))


def run(folder: Path, *arguments: str) -> None:
    """Runs Python in a folder, which has to end well."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.name)
def test_blocks_run(text: Path, tmp_path: Path) -> None:
    """All blocks run one after the other; they check themselves."""
    code = code_in(text.name, text.read_bytes()).decode()
    assert re.search(r"^from tensorflow", code, re.MULTILINE)
    (tmp_path / "blocks.py").write_text(code, encoding="utf-8")
    run(tmp_path, "blocks.py")


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_examples_of_docstrings_hold(module: Path, tmp_path: Path) -> None:
    """The examples give what they say."""
    (tmp_path / "examples.py").write_bytes(module.read_bytes())
    run(tmp_path, "-m", "doctest", "examples.py")
