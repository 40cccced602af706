"""Names of TensorFlow 1: each entry of the table is about one that went, and points at one that is there."""

from __future__ import annotations

import pytest
from keras_migrate.transforms.graphs.tensorflow_names import new_name
from keras_migrate.transforms.tables import Entry, applies, load

from keras_migrate.catalog import tensorflow_has
from keras_migrate.catalog.tensorflow_1 import changed_parameters, same_object
from keras_migrate.findings import Level
from keras_migrate.target import Target

ENTRIES: list[Entry] = load("graphs/tensorflow_names.toml")["name"]
TARGETS = [Target.parse(text) for text in ("2.15", "2.16", "2.18", "2.21", "2.21+legacy")]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["old"][0])
def test_entries(entry: Entry) -> None:
    """An old name is not in any target that the entry is about, and what takes its place is."""
    assert entry.keys() <= {"old", "targets", "to", "note", "graph", "manual"}
    assert ("manual" in entry) != ("to" in entry)
    assert not {"note", "graph"} <= entry.keys()
    for target in TARGETS:
        if not applies(entry.get("targets", ""), target):
            continue
        for old in entry["old"]:
            name = old.replace(".*", ".anything")
            assert not tensorflow_has(name, target) or entry.get("to") == old
            found = new_name(name, target)
            assert found is not None
            assert found.path is None or old.endswith(".*") or tensorflow_has(found.path, target)


def test_computed_names_are_there() -> None:
    """What the objects' identity tells holds for every target."""
    for old, new in {
        "tensorflow.log": "tensorflow.math.log",
        "tensorflow.matrix_inverse": "tensorflow.linalg.inv",
        "tensorflow.python_io.TFRecordWriter": "tensorflow.io.TFRecordWriter",
        "tensorflow.ConfigProto": "tensorflow.compat.v1.ConfigProto",
        "tensorflow.image.resize_images": "tensorflow.compat.v1.image.resize_images",
    }.items():
        for target in TARGETS:
            found = new_name(old, target)
            assert found is not None
            assert (found.path, found.level) == (new, Level.REWRITTEN)
            assert tensorflow_has(new, target)


@pytest.mark.parametrize(
    "name",
    [
        "tensorflow.reduce_sum",
        "tensorflow.compat.v1.Session",
        "tensorflow.keras.layers.Dense",
        "tensorflow.data.Dataset.from_tensors",
        "tensorflow.__version__",
        "tensorflow.python.framework.ops",
        "tensorflow.no_such_name",
    ],
)
def test_names_to_leave(name: str) -> None:
    """Names that are there, that are private, or of which nothing is known."""
    assert new_name(name, Target.parse("2.21")) is None


def test_members_follow() -> None:
    """What follows a name that is gone is not part of it."""
    found = new_name("tensorflow.logging.INFO.bit_length", Target.parse("2.21"))
    assert found is not None
    assert found.old == "tensorflow.logging.INFO"


def test_parameters() -> None:
    """The table knows which functions take other arguments, and which objects are the same."""
    found = changed_parameters("tensorflow.reduce_sum")
    assert found is not None
    assert "keep_dims" in found[0]
    assert "keep_dims" not in found[1]
    assert changed_parameters("tensorflow.zeros") is None
    assert same_object("tensorflow.Session") is None
