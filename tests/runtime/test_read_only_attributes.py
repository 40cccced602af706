"""The table of attributes that cannot be set, tried on the real classes of this interpreter's TensorFlow."""

from __future__ import annotations

from functools import reduce
from typing import Any

import pytest
from keras_migrate.transforms.tables import applies, load

from keras_migrate import Target

tf = pytest.importorskip("tensorflow", reason="needs TensorFlow: nox -s runtime-2.15 runtime-2.21")
TARGET = Target(".".join(tf.__version__.split(".")[:2]))

CASES = [
    (entry["of"], name, entry.get("to"))
    for entry in load("subclassing/read_only_attributes.toml")["attribute"]
    if applies(entry.get("targets", ""), TARGET)
    for name in entry["names"]
]
VALUES = ([], {}, "text", 1, object())


def instance(path: str) -> Any:
    """An instance of a class of Keras that is derived from it without adding anything."""
    base = reduce(getattr, path.split(".")[1:], tf.keras)
    arguments = {"Dense": (3,), "Embedding": (3, 3)}.get(base.__name__, (3, 3) if "Conv" in path else ())
    return type("Own", (base,), {})(*arguments)


@pytest.mark.parametrize(("path", "name", "behind"), CASES)
def test_cannot_be_set(path: str, name: str, behind: str | None) -> None:
    for value in VALUES:
        with pytest.raises(AttributeError):
            setattr(instance(path), name, value)


@pytest.mark.parametrize(("path", "behind"), [(path, behind) for path, _, behind in CASES if behind])
def test_behind_it_can(path: str, behind: str) -> None:
    made = instance(path)
    setattr(made, behind, "text")
    assert getattr(made, behind) == "text"
