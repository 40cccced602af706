"""What a model file holds, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

Config: TypeAlias = dict[str, Any]
"""A configuration as JSON has it."""


class Form(str, Enum):
    """How a model file is written."""

    HDF5 = "hdf5"
    JSON = "json"
    YAML = "yaml"


@dataclass(frozen=True, slots=True)
class SavedModel:
    """What one model file holds.

    Attributes:
        name: the name of the file, without its folder.
        form: how it is written.
        keras_version: the Keras that says to have written it; ``None`` where the file does not say.
        backend: the backend that it ran on; ``None`` where the file does not say.
        config: the architecture, with ``class_name`` and ``config``; ``None`` in files of weights.
        training: what the model was compiled with; ``None`` where it was not.
        weights: the names of the weights by their layers; empty where there are none.
        optimizer_state: whether the file has weights of the optimizer.
    """

    name: str
    form: Form
    keras_version: str | None = None
    backend: str | None = None
    config: Config | None = None
    training: Config | None = None
    weights: Mapping[str, tuple[str, ...]] | None = None
    optimizer_state: bool = False

    @property
    def holds(self) -> str:
        """What is in the file, in words."""
        parts = [
            *(["architecture"] if self.config is not None else []),
            *(["weights"] if self.weights is not None else []),
            *(["training configuration"] if self.training is not None else []),
            *(["optimizer state"] if self.optimizer_state else []),
        ]
        return " + ".join(parts) if len(parts) > 1 else f"{parts[0]} only"
