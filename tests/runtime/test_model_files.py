"""Files that old Keras wrote, on the real TensorFlow: what ``keras-migrate models`` says of them holds.

A file that loads as it is predicts what it predicted; one that needs a copy fails or predicts otherwise, and
its copy predicts the same; one that is left to code is refused.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fixture_pairs import ROOT

from keras_migrate.model_files.checking import ModelResult, check, write_copy
from keras_migrate.model_files.saved_model import Form
from keras_migrate.project import Project
from keras_migrate.target import Target

tf = pytest.importorskip("tensorflow", reason="needs TensorFlow: nox -s runtime-2.15 runtime-2.21")
pytest.importorskip("h5py")

MODELS = ROOT / "fixtures" / "models"
FILES = sorted(
    path
    for folder in MODELS.glob("keras-*")
    for path in folder.iterdir()
    if not path.name.endswith((".predicted.json", "_weights.h5"))
)
TARGET = Target(".".join(tf.__version__.split(".")[:2]))


def doubled(x: Any) -> Any:
    """The project's own activation in ``custom.h5``."""
    return x * 2


class Scale(tf.keras.layers.Layer):  # type: ignore[misc]
    """The project's own layer in ``custom.h5``."""

    def __init__(self, factor: float = 2.0, **settings: Any) -> None:
        super().__init__(**settings)
        self.factor = factor

    def call(self, inputs: Any) -> Any:
        return inputs * self.factor


@tf.keras.utils.register_keras_serializable()
def keras2_hard_sigmoid(x: Any) -> Any:
    """As migrated code has it."""
    return tf.clip_by_value(0.2 * x + 0.5, 0.0, 1.0)


OWN = {"doubled": doubled, "Scale": Scale}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_verdict(path: Path, tmp_path: Path) -> None:
    """What is said of a file is what happens to it."""
    result = _checked(path, tmp_path)
    assert result.loads is not None
    verdict = result.loads[str(TARGET)]
    if verdict == "as it is":
        assert _difference(path, path) < 1e-5
        return
    try:
        difference = _difference(path, path)
    except Exception:
        difference = np.inf
    assert difference > 1e-5, "it loads as it is, and predicts the same"
    if verdict == "copy":
        assert result.copy is not None
        assert result.copy.written
        assert _difference(tmp_path / result.copy.path, path) < 1e-5


@pytest.mark.parametrize("name", ["dense", "gates"])
def test_weights_of_keras_1(name: str, tmp_path: Path) -> None:
    """Weights of Keras 1 are loaded into a model made by code, those of recurrent layers not by Keras 3."""
    path = MODELS / "keras-1.2.2" / f"{name}_weights.h5"
    result = _checked(path, tmp_path)
    layers = tf.keras.layers
    model = tf.keras.Sequential(
        [tf.keras.Input((5,)), layers.Dense(4, activation="relu"), layers.Dense(2)]
        if name == "dense"
        else [
            tf.keras.Input((3, 2)),
            layers.LSTM(4, recurrent_activation=keras2_hard_sigmoid),
            layers.Dense(1),
        ]
    )
    assert result.loads is not None
    if result.loads[str(TARGET)] == "by code":
        with pytest.raises(ValueError, match="Weight count mismatch"):
            model.load_weights(path)
        return
    model.load_weights(path)
    inputs, outputs = _predicted(path.with_name(f"{name}.predicted.json"))
    assert np.abs(model.predict(inputs, verbose=0) - outputs).max() < 1e-5


def test_weights_under_the_new_name(tmp_path: Path) -> None:
    """Old weights whose name ends in ``.weights.h5`` are refused, and loaded by the other name."""
    path = tmp_path / "dense.weights.h5"
    path.write_bytes((MODELS / "keras-1.2.2" / "dense_weights.h5").read_bytes())
    result = check(Project.of([str(tmp_path)]), path.name, TARGET)
    assert result is not None
    layers = tf.keras.layers
    model = tf.keras.Sequential([tf.keras.Input((5,)), layers.Dense(4, activation="relu"), layers.Dense(2)])
    with pytest.raises((ValueError, KeyError, OSError)):
        model.load_weights(path)
    written = write_copy(Project.of([str(tmp_path)]), result)
    assert written.copy is not None
    model.load_weights(tmp_path / written.copy.path)


def _checked(path: Path, folder: Path) -> ModelResult:
    """What is said of a file, with its copy written to a folder."""
    (folder / path.name).write_bytes(path.read_bytes())
    project = Project.of([str(folder)])
    result = check(project, path.name, TARGET)
    assert result is not None
    return write_copy(project, result)


def _difference(path: Path, original: Path) -> float:
    """How far a model is from what it predicted with old Keras."""
    tf.keras.backend.clear_session()
    stem = original.name.partition(".")[0].removesuffix("_text")
    if path.suffix == ".h5":
        model = tf.keras.models.load_model(path, custom_objects=OWN)
    else:
        model = tf.keras.models.model_from_json(path.read_text(), custom_objects=OWN)
        model.load_weights(original.with_name(f"{stem}_weights.h5"))
    inputs, outputs = _predicted(original.with_name(f"{stem}.predicted.json"))
    return float(np.abs(model.predict(inputs, verbose=0) - outputs).max())


def _predicted(path: Path) -> tuple[Any, Any]:
    record = json.loads(path.read_text())
    inputs = [np.array(each, dtype="float32") for each in record["inputs"]]
    return (inputs if len(inputs) > 1 else inputs[0]), np.array(record["outputs"])


def test_forms_are_all_there() -> None:
    """The files are of every form."""
    assert {form.value for form in Form} == {"hdf5" if f.suffix == ".h5" else f.suffix[1:] for f in FILES}
