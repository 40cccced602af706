"""Which code depends on the learning phase that it sets."""

from __future__ import annotations

import pytest

from keras_migrate import migrate_source

CODE = """\
from keras import backend as K
from keras import layers
from keras.models import Model
K.set_learning_phase({phase})
model = Model(a, layers.{layer}(3)(a))
model.{method}(x)
"""


@pytest.mark.parametrize(
    ("phase", "layer", "method", "level"),
    [
        ("0", "Dropout", "predict", "rewritten"),
        ("False", "Dense", "predict", "rewritten"),
        ("0", "Dropout", "fit", "manual"),
        ("0", "Lambda", "fit", "manual"),
        ("0", "Dense", "fit", "review"),
        ("1", "BatchNormalization", "predict", "manual"),
        ("True", "Conv2D", "predict", "review"),
        ("1", "Bidirectional", "evaluate", "manual"),
    ],
)
def test_phases(phase: str, layer: str, method: str, level: str) -> None:
    """A phase matters where it is against what a method does, to layers that know it."""
    result = migrate_source(CODE.format(phase=phase, layer=layer, method=method).encode(), target="2.21")
    found = [finding.level.value for finding in result.findings if finding.rule == "KM706"]
    assert found == [level]
    assert (b"set_learning_phase" in result.after) == (level == "manual")


def test_phase_of_keras_2() -> None:
    """On Keras 2 a phase stays where it changes nothing."""
    code = CODE.format(phase="0", layer="Dropout", method="predict").encode()
    result = migrate_source(code, target="2.15")
    assert b"K.set_learning_phase(0)" in result.after
    assert not [finding for finding in result.findings if finding.rule == "KM706"]
