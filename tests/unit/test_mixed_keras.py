"""Programs that bring objects of another Keras together with those of tf.keras."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_migrate import migrate_paths
from keras_migrate.findings import Finding
from keras_migrate.options import Options
from keras_migrate.target import Target

KERAS = "import os\nfrom keras.models import Sequential\n"
CRF = "from keras_contrib.layers import CRF\n"


def said(folder: Path, target: str = "2.21", **files: str) -> list[tuple[str, Finding]]:
    """What is said of mixing, with the paths, in a project of these files."""
    (folder / "setup.py").touch()
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    run = migrate_paths(folder, options=Options(Target.parse(target)), jobs=1)
    return [(result.path, each) for result in run.results for each in result.findings if each.rule == "KM130"]


def test_both_places_in_one_file(tmp_path: Path) -> None:
    ((path, finding),) = said(tmp_path, model=f"{KERAS}{CRF}{CRF}")
    assert (path, finding.line, finding.level.value) == ("model.py", 3, "manual")
    assert "`model.py:2` uses tf.keras" in finding.message


def test_both_places_in_two_files(tmp_path: Path) -> None:
    ((path, finding),) = said(tmp_path, nets__crf=CRF, nets__model=KERAS)
    assert (path, finding.line) == ("nets/crf.py", 1)
    assert "`nets/model.py:2` uses tf.keras" in finding.message


@pytest.mark.parametrize(
    "files",
    [
        {"crf": CRF},
        {"model": KERAS + CRF, "keras_contrib__layers": "class CRF: pass\n"},
        {"model": f"{KERAS}os.environ['TF_KERAS'] = '1'\nimport keras_bert\n"},
        {"model": f"{KERAS}import keras_bert\n", "conftest": "os.environ.setdefault('TF_KERAS', '1')\n"},
        {"model": f"{KERAS}import segmentation_models as sm\nsm.set_framework('tf.keras')\n"},
        {"model": f"{KERAS}import efficientnet.tfkeras as efn\n"},
        {"model": f"{KERAS}from tensorflow.python.keras.layers import Dense\nDense(3)\n"},
    ],
)
def test_nothing_is_mixed(tmp_path: Path, files: dict[str, str]) -> None:
    """No tf.keras; a copy in the project; packages that were told to use tf.keras; what moves to it."""
    assert said(tmp_path, **files) == []


@pytest.mark.parametrize(
    ("module", "target", "level"),
    [
        ("rl.agents", "2.21", "review"),
        ("keras_bert", "2.15", "review"),
        ("keras_contrib", "2.15", "manual"),
        ("keras_resnet", "2.21", "review"),
        ("keras_resnet", "2.21+legacy", "manual"),
    ],
)
def test_levels(tmp_path: Path, module: str, target: str, level: str) -> None:
    ((_, finding),) = said(tmp_path, target, model=f"{KERAS}import {module}\n")
    assert finding.level.value == level


def test_the_old_copy_in_tensorflow(tmp_path: Path) -> None:
    code = f"{KERAS}from tensorflow.python.keras.engine import data_adapter\ndata_adapter.unpack()\n"
    ((_, finding),) = said(tmp_path, model=code)
    assert finding.line == 3
    assert "`model.py:2`" in finding.message
