"""What the doctor says of the real environment that the tests run in."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest
from keras_migrate.transforms.dependencies.installed_packages import editor, meaning, problems, target

from keras_migrate.installed import installed

tensorflow = pytest.importorskip("tensorflow")
HAS = installed()


def test_it_is_what_is_imported() -> None:
    release = ".".join(tensorflow.__version__.split(".")[:2])
    found = target(HAS)
    assert found is not None
    assert (found.release, found.legacy) == (release, HAS.legacy)
    version = tensorflow.keras.__version__ if hasattr(tensorflow.keras, "__version__") else "2."
    assert f"`tf.keras` is Keras {version[0]}" in meaning(HAS)


def test_what_was_installed_together_fits() -> None:
    assert list(problems(HAS)) == []


def test_an_editor_finds_no_folder() -> None:
    """There is no folder ``tensorflow/keras``, and the files are where the doctor says."""
    assert not Path(tensorflow.__file__).with_name("keras").exists()
    named = "keras._tf_keras.keras" if HAS.packages["keras"].startswith("3") else "keras.api._v2.keras"
    assert f"`{named}`" in editor(HAS)
    assert importlib.util.find_spec(named) is not None


def test_legacy_keras_is_asked_for_as_tensorflow_does() -> None:
    assert HAS.legacy == (os.environ.get("TF_USE_LEGACY_KERAS") in ("true", "True", "1"))
