"""What a crossentropy decides besides, names of losses, and models that are loaded: old code, new code."""

from __future__ import annotations

import pytest
from keras_migrate.transforms.tables import load
from keras_migrate.transforms.training.identifiers import entry_for

from keras_migrate import Target, migrate_source

HEAD = """from keras.layers import Activation, Conv2D, Dense, Dropout, Input, TimeDistributed
from keras.models import Model, Sequential
"""


def rules(code: str, target: str = "2.21") -> set[str]:
    """The rules of the findings of this family in code."""
    result = migrate_source(HEAD + code, target=target)
    assert migrate_source(result.after, target=target).after == result.after
    return {
        each.rule for each in result.findings if each.rule in ("KM605", "KM606", "KM608", "KM609", "KM610")
    }


BINARY = "m.compile('sgd', 'binary_crossentropy', metrics=['accuracy'])\n"
CATEGORICAL = "m.compile('sgd', loss='categorical_crossentropy')\n"


@pytest.mark.parametrize(
    ("model", "found"),
    [
        ("m = Sequential([Dense(1, activation='sigmoid')])\n", set()),
        ("m = Sequential([Dense(3, activation='sigmoid')])\n", {"KM608"}),
        ("m = Sequential([Dense(2, activation='softmax')])\n", {"KM608", "KM609"}),
        ("m = Sequential()\nm.add(Dense(1))\nm.add(Activation('sigmoid'))\n", set()),
        (
            "m = Sequential()\nm.add(Dense(4))\nm.add(Dropout(.5))\nm.add(Activation('softmax'))\n",
            {"KM608", "KM609"},
        ),
        ("x = Input((4,))\nm = Model(x, Dense(1, activation='sigmoid')(x))\n", set()),
        ("x = Input((4,))\ny = Dense(n)(x)\nm = Model(inputs=x, outputs=y)\n", {"KM608"}),
        ("x = Input((4,))\nm = Model(x, Activation('sigmoid')(Conv2D(1, 1)(x)))\n", set()),
        ("x = Input((4,))\nm = Model([x], [TimeDistributed(Dense(1))(x)])\n", set()),
        ("layer = Dense(1)\nm = build()\n", {"KM608"}),
    ],
)
def test_binary_crossentropy(model: str, found: set[str]) -> None:
    """With one output nothing changes; with several the accuracy does, and with a softmax the loss too."""
    assert rules(model + BINARY) == found


@pytest.mark.parametrize(
    ("model", "found"),
    [
        ("m = Sequential([Dense(3, activation='softmax')])\n", set()),
        ("m = Sequential([Dense(3, activation='sigmoid')])\n", {"KM609"}),
        ("m = Sequential([Dense(3), Activation('sigmoid')])\n", {"KM609"}),
        ("m = build()\n", set()),
    ],
)
def test_categorical_crossentropy(model: str, found: set[str]) -> None:
    """Only a sigmoid is taken for a softmax."""
    assert rules(model + CATEGORICAL) == found


@pytest.mark.parametrize(
    ("old", "target", "new"),
    [
        ("'logcosh'", "2.15", "'logcosh'"),
        ("'logcosh'", "2.21", "'log_cosh'"),
        ('"kullback_leibler_divergence"', "2.21", '"kl_divergence"'),
        ("'cosine'", "2.15", "'cosine_similarity'"),
        ("['mse', 'cosine_proximity']", "2.21", "['mse', 'cosine_similarity']"),
        ("{'a': 'logcosh'}", "2.21", "{'a': 'log_cosh'}"),
        ("'mse' if x else 'logcosh'", "2.21", "'mse' if x else 'log_cosh'"),
    ],
)
def test_losses(old: str, target: str, new: str) -> None:
    """A loss is named as the target does, wherever it stands in the argument."""
    code = f"{HEAD}m = Sequential()\nm.compile('sgd', {old})\n"
    assert f"m.compile('sgd', {new})" in migrate_source(code, target=target).after.decode()


def test_crossentropy_as_metric() -> None:
    """'ce' stood for the crossentropy that is the loss."""
    compiled = "m = Sequential()\nm.compile('sgd', 'categorical_crossentropy', metrics=['ce'])\n"
    after = migrate_source(f"{HEAD}{compiled}h.history['ce']\n").after.decode()
    assert "metrics=['categorical_crossentropy'])\nh.history['categorical_crossentropy']" in after


def test_compile_of_others() -> None:
    """A regular expression is compiled as well."""
    assert rules("import re\nre.compile('logcosh')\n") == set()


def test_keras_1_metrics() -> None:
    """What Keras 1 had is only looked for in its code."""
    code = "m = Sequential()\nm.compile('sgd', 'mse', metrics=['precision'])\n"
    assert rules(code) == set()
    result = migrate_source(HEAD + code, source="1.2")
    assert "KM605" in {each.rule for each in result.findings}


@pytest.mark.parametrize(
    "entry", load("training/identifiers.toml")["identifier"], ids=lambda entry: entry["old"][0]
)
def test_identifier_entries(entry: dict[str, object]) -> None:
    """An entry says what to use or what to do, and nothing that is not read."""
    assert entry.keys() <= {"kind", "old", "new", "manual", "targets", "source", "note", "function"}
    assert entry["kind"] in ("loss", "metric", "optimizer")
    assert "new" in entry or "manual" in entry
    assert isinstance(entry["old"], list)


def test_first_entry_decides() -> None:
    """What depends on the release comes before what does not."""
    old = entry_for("metric", "cosine", "2.2", Target("2.21"))
    new = entry_for("metric", "cosine", "2.3", Target("2.21"))
    assert "note" in (old or {})
    assert "note" not in (new or {"note": ""})
