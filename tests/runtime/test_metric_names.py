"""The tables of metrics and of identifiers that are gone, against the real TensorFlow of this interpreter."""

from __future__ import annotations

from typing import Any

import pytest

np = pytest.importorskip("numpy", reason="needs TensorFlow: nox -s runtime-2.15 runtime-2.21")
tf = pytest.importorskip("tensorflow", reason="needs TensorFlow: nox -s runtime-2.15 runtime-2.21")

from keras_migrate.transforms.tables import applies, load  # noqa: E402
from keras_migrate.transforms.training.compiled_metrics import Metric, logged  # noqa: E402
from keras_migrate.transforms.training.identifiers import entry_for  # noqa: E402

from keras_migrate.target import Target  # noqa: E402

TARGET = Target.parse(".".join(tf.__version__.split(".")[:2]))
KERAS_2_NAMES = [
    "acc",
    "accuracy",
    "mse",
    "MSE",
    "mean_squared_error",
    "mae",
    "MAE",
    "mean_absolute_error",
    "mape",
    "MAPE",
    "mean_absolute_percentage_error",
    "msle",
    "MSLE",
    "mean_squared_logarithmic_error",
    "binary_accuracy",
    "categorical_accuracy",
    "top_k_categorical_accuracy",
    "binary_crossentropy",
    "categorical_crossentropy",
    "poisson",
    "cosine",
    "cosine_proximity",
    "hinge",
    "squared_hinge",
    "logcosh",
    "kullback_leibler_divergence",
]
"""Every name that a metric of Keras 2.2.4 could be given by, but those of sparse labels and 'ce'."""

LOSSES = [
    "mse",
    "MSE",
    "mean_squared_error",
    "mae",
    "MAE",
    "mean_absolute_error",
    "mape",
    "MAPE",
    "mean_absolute_percentage_error",
    "msle",
    "MSLE",
    "mean_squared_logarithmic_error",
    "squared_hinge",
    "hinge",
    "categorical_hinge",
    "logcosh",
    "categorical_crossentropy",
    "binary_crossentropy",
    "kullback_leibler_divergence",
    "kld",
    "KLD",
    "poisson",
    "cosine_proximity",
    "cosine",
]
"""Every name that a loss of Keras 2.2.4 could be given by, but those of sparse labels."""


def keys(loss: Any, metric: Any) -> list[str]:
    """What a model that is compiled with a metric logs besides its loss."""
    tf.keras.backend.clear_session()
    model = tf.keras.Sequential([tf.keras.layers.Dense(3, activation="softmax")])
    model.compile("sgd", loss, metrics=[metric] if metric is not None else None)
    x = np.random.RandomState(0).rand(4, 2)
    history = model.fit(x, np.eye(3)[[0, 1, 2, 0]], verbose=0).history
    return [key for key in history if key != "loss"]


@pytest.mark.parametrize("name", KERAS_2_NAMES)
def test_logged_name(name: str) -> None:
    """The target logs each metric under the name that the table computes for it."""
    entry = entry_for("metric", name, "2.2", TARGET)
    if entry is not None and "new" not in entry:
        with pytest.raises((ValueError, TypeError)):
            keys("mse", name)
        return
    given = entry["new"] if entry is not None else name
    assert keys("mse", given) == [logged(Metric(name, True), TARGET)[1]]


@pytest.mark.parametrize("name", LOSSES)
def test_loss_is_known(name: str) -> None:
    """Every loss of Keras 2.2.4 has a name that the target knows."""
    entry = entry_for("loss", name, "2.2", TARGET)
    assert keys(entry["new"] if entry is not None else name, None) == []


@pytest.mark.parametrize(
    ("kind", "name", "source"),
    [
        (entry["kind"], name, entry.get("source", ["2.2"])[0])
        for entry in load("training/identifiers.toml")["identifier"]
        for name in entry["old"]
        if applies(entry.get("targets", ""), TARGET) and entry["kind"] == "loss"
    ],
)
def test_entry_is_needed(kind: str, name: str, source: str) -> None:
    """The target refuses what the table says that it does not know."""
    with pytest.raises((ValueError, TypeError)):
        keys(name, None)


@pytest.mark.parametrize("name", sorted(load("training/metric_names.toml")["functions"]))
def test_logged_function(name: str) -> None:
    """A function of the target is logged under the name that the table has."""
    new = load("training/metric_names.toml")["functions"][name][1]
    function = getattr(tf.keras.losses, name, None) or getattr(tf.keras.losses, new, None)
    if function is None:
        aliases = {"mean_squared_error": "MSE", "mean_absolute_error": "MAE"}
        function = getattr(tf.keras.losses, aliases[new])
    assert keys("mse", function) == [new]
