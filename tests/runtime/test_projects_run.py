"""The legacy projects of ``fixtures/projects``, migrated by the command and run on the real TensorFlow."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fixture_pairs import ROOT

tensorflow = pytest.importorskip("tensorflow", reason="needs TensorFlow: nox -s runtime-2.15 runtime-2.21")


@pytest.mark.parametrize(
    ("name", "script", "code", "says"),
    [
        ("digits", "train.py", 0, "the saved weights give the same predictions"),
        ("shims", "run.py", 0, "the model was saved, and loaded in another file"),
        ("gestures", "run.py", 3, "the tests, the notebook and the example of the README ran"),
    ],
)
def test_a_project_runs(tmp_path: Path, name: str, script: str, code: int, says: str) -> None:
    """The project trains, saves and reads its weights back; nothing that it runs is left for a person."""
    project = tmp_path / name
    shutil.copytree(ROOT / "fixtures" / "projects" / name, project)
    target = ".".join(tensorflow.__version__.split(".")[:2])
    tool = Path(sys.executable).with_name("keras-migrate")
    command = [tool, "migrate", str(project), "--target", target, "--write"]
    migrated = subprocess.run(command, capture_output=True, text=True, check=False)
    assert migrated.returncode == code, migrated.stdout + migrated.stderr
    trained = subprocess.run(
        [sys.executable, script], cwd=project, capture_output=True, text=True, check=False
    )
    assert trained.returncode == 0, trained.stderr
    assert says in trained.stdout
