"""The migrated notebooks of ``fixtures/notebooks`` run on the installed TensorFlow."""

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
NOTEBOOKS = sorted((ROOT / "fixtures" / "notebooks").glob(f"*.after.{TARGET}.ipynb"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.name)
def test_notebook_runs(notebook: Path, tmp_path: Path) -> None:
    """All cells run one after the other; what is for IPython or the shell gives nothing."""
    code = code_in(notebook.name, notebook.read_bytes()).decode()
    names = sorted(set(re.findall(r"\bipython_\d+_\d+_(?=\(\))", code)))
    stand_ins = "".join(f"def {name}():\n    return []\n\n\n" for name in names)
    (tmp_path / "cells.py").write_text(stand_ins + code, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "cells.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
