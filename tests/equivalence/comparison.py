"""What the old stack gave, and how what the migrated program gives is compared with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from equivalence.programs import GOLDENS, Program
from equivalence.recording import EXACT, KEYS, PREDICTION, TRAINING

TOLERANCES = {PREDICTION: 1e-5, TRAINING: 1e-4}
"""The greatest difference that is none, absolute up to 1 and relative to the old value above."""

RENAMED_KEYS = {
    "acc": "accuracy",
    "mean_squared_error": "mse",
    "mean_absolute_error": "mae",
    "mean_absolute_percentage_error": "mape",
    "mean_squared_logarithmic_error": "msle",
    "lr": "learning_rate",
}
"""Old key of a history → the key that stands for the same in ``tf.keras``.

What a metric logs as depends on how ``metrics=[…]`` spells it and on the release: ``'accuracy'`` was ``acc``
up to 2.2.5, ``'mse'`` was ``mean_squared_error``; the rate that callbacks log is ``learning_rate`` in
Keras 3.
Keys are compared after both sides were brought to the new name; the prefix ``val_`` and the name of an output
stay. That the program itself finds its keys is proved by its own subscripts: it reads
``history.history['val_acc']`` and keeps what it finds.
"""


@dataclass(frozen=True)
class Comparison:
    """One kept value, old and new.

    Attributes:
        name: of the value.
        how: it was to be compared.
        difference: the greatest; for floats relative to the old value where that is above 1, for everything
            else 0 or infinity; infinite where shapes differ or the value is missing.
        gating: whether it has to agree: not where the old stack does not repeat.
        old: the golden value.
        new: what the migrated program gave; ``None`` where it is missing.
    """

    name: str
    how: str
    difference: float
    gating: bool
    old: Any
    new: Any

    @property
    def agrees(self) -> bool:
        """Whether old and new are the same as far as is promised."""
        return self.difference <= TOLERANCES.get(self.how, 0)

    def __str__(self) -> str:
        told = f"differs by {self.difference:.2g}" if self.how in TOLERANCES else "differs"
        return f"{self.name} {told}: {_short(self.old)} was {_short(self.new)}"


def golden_of(program: Program, source: str) -> list[dict[str, Any]]:
    """The golden of a program on an old release."""
    path = GOLDENS / source / f"{program.name}.json"
    golden: list[dict[str, Any]] = json.loads(path.read_text())
    return golden


def compare(
    golden: Sequence[Mapping[str, Any]], kept: Mapping[str, Mapping[str, Any]]
) -> Iterator[Comparison]:
    """Compares everything that the old stack gave with what the new one gives."""
    new_names = {_renamed(name, entry["how"]): entry["value"] for name, entry in kept.items()}
    for entry in golden:
        how, old = entry["how"], entry["value"]
        new = new_names.pop(_renamed(entry["name"], how), None)
        if how == KEYS and new is not None:
            old, new = (sorted(map(renamed_key, keys)) for keys in (old, new))
        difference = _difference(old, new) if how in TOLERANCES else (0.0 if old == new else float("inf"))
        gating = bool(entry.get("repeats", True)) or difference == float("inf")
        yield Comparison(entry["name"], how, difference, gating, old, new)
    for name, new in new_names.items():
        yield Comparison(name, EXACT, float("inf"), True, None, new)


def _renamed(name: str, how: str) -> str:
    """The name of a kept value, where it ends in a key of a history with the new name of that."""
    head, space, key = name.rpartition(" ")
    return f"{head}{space}{renamed_key(key)}" if how == TRAINING else name


def renamed_key(key: str) -> str:
    """A key of a history under its new name."""
    for old, new in RENAMED_KEYS.items():
        if key == old or key.endswith("_" + old):
            return key[: len(key) - len(old)] + new
    return key


def _difference(old: Any, new: Any) -> float:
    """The greatest difference of two floats or lists of floats."""
    if new is None or np.shape(old) != np.shape(new):
        return float("inf")
    one, other = np.asarray(old, "float64"), np.asarray(new, "float64")
    if not one.size:
        return 0.0
    apart = np.abs(one - other) / np.maximum(1.0, np.abs(one))
    return float("inf") if np.isnan(apart).any() else float(apart.max())


def _short(value: Any) -> str:
    """A value for a message."""
    text = str(value)
    return text if len(text) < 100 else text[:100] + "…"
