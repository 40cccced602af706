"""Configurations of Keras 2 as Keras 3 reads them, from HDF5 as well as from JSON.

Each step answers to something that Keras 3 was seen to refuse or to misread in what Keras 2 wrote:

- ``Sequential`` took its shape from ``batch_input_shape`` of its first layer; Keras 3 takes that for a shape
  without the batch. An ``InputLayer`` in front says it in a way that both understand.
- Wrapped layers, and all layers in JSON, are looked up by their module.
- A call of a nested model was counted from 1, as the model's own graph was 0; Keras 3 counts it from 0.
- Names of functions that are not Keras' own are only found in the form of an object.
- ``'hard_sigmoid'`` is another function in Keras 3; the old one goes by the name under which migrated code
  registers it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...model_files.saved_model import Config
from ..silent_changes.hard_sigmoid_function import NAME
from ..tables import load
from .configurations import MODELS, input_shape, is_layer, is_model, layers_of

TABLE = "models/model_files.toml"

HARD_SIGMOID = f"Custom>{NAME}"
"""The name under which migrated code registers the old function."""


def converted(described: Config, builtin: Callable[[str], bool]) -> Config:
    """The description of a model or layer for Keras 3.

    Args:
        described: as Keras 2 or tf.keras wrote it; it is not changed.
        builtin: whether Keras 3 has a layer of a name.
    """
    kept: Config = {key: described[key] for key in ("name", "inbound_nodes") if key in described}
    if is_model(described):
        sequential = described["class_name"] == "Sequential"
        config = _sequential(described, builtin) if sequential else _functional(described, builtin)
        name = "Sequential" if sequential else "Model"
        return {"module": "keras", "class_name": name, "config": config, "registered_name": None, **kept}
    name = described["class_name"]
    config = _layer_config(described["config"], name, builtin)
    place = (
        {"module": "keras.layers", "registered_name": None}
        if builtin(name)
        else {"module": described.get("module"), "registered_name": described.get("registered_name") or name}
    )
    return {"class_name": name, "config": config, **place, **kept}


def _layer_config(old: Config, class_name: str, builtin: Callable[[str], bool]) -> Config:
    config = {key: _value(key, value, builtin) for key, value in old.items() if key != "batch_input_shape"}
    if class_name == "InputLayer" and old.get("batch_input_shape") is not None:
        config["batch_shape"] = old["batch_input_shape"]
    axis = config.get("axis")
    if class_name == "BatchNormalization" and isinstance(axis, list) and len(axis) == 1:
        config["axis"] = axis[0]
    return config


def _value(key: str, value: Any, builtin: Callable[[str], bool]) -> Any:
    if is_layer(value):
        return converted(value, builtin)
    if key == "cells" and isinstance(value, list):
        return [converted(each, builtin) if is_layer(each) else each for each in value]
    if key in load(TABLE)["activations"]["keys"] and isinstance(value, str):
        return _activation(value)
    return value


def _activation(name: str) -> str | Config:
    if name in load(TABLE)["keras3"]["activations"]:
        return name
    registered = HARD_SIGMOID if name == "hard_sigmoid" else name
    return {
        "module": "builtins",
        "class_name": "function",
        "config": registered,
        "registered_name": "function",
    }


def _sequential(model: Config, builtin: Callable[[str], bool]) -> Config:
    layers = layers_of(model)
    old = model["config"]
    config: Config = {"name": "sequential"} if isinstance(old, list) else dict(old)
    config["layers"] = [converted(layer, builtin) for layer in layers]
    shape = input_shape(layers[0]) if layers else None
    if shape is not None and layers[0]["class_name"] != "InputLayer":
        config["layers"].insert(0, _input_layer(layers[0], shape))
        config.pop("build_input_shape", None)
    return config


def _input_layer(first: Config, shape: list[Any]) -> Config:
    inner = first["config"] if isinstance(first["config"], dict) else {}
    name = f"{inner.get('name') or first['class_name'].lower()}_input"
    numeric = first["class_name"] not in ("Embedding", *MODELS)
    dtype = inner.get("dtype") if numeric and isinstance(inner.get("dtype"), str) else None
    return {
        "module": "keras.layers",
        "class_name": "InputLayer",
        "config": {"batch_shape": shape, "dtype": dtype or "float32", "name": name},
        "registered_name": None,
    }


def _functional(model: Config, builtin: Callable[[str], bool]) -> Config:
    config = dict(model["config"])
    layers = layers_of(model)
    shifted = _counted_from_one(config, layers)
    config["layers"] = [
        {
            **converted(layer, builtin),
            "inbound_nodes": _references(layer.get("inbound_nodes", []), shifted),
        }
        for layer in layers
    ]
    for key in ("input_layers", "output_layers"):
        references = _references(config[key], shifted)
        config[key] = references[0] if _is_list_of_one(references) else references
    return config


def _is_list_of_one(references: Any) -> bool:
    """Whether there is one input or output, which Keras 3 has without a list, or it would hand out lists."""
    return isinstance(references, list) and len(references) == 1 and _is_reference(references[0])


def counted_from_one(model: Config) -> frozenset[str]:
    """The names of the models in a functional model whose calls are counted from 1."""
    return _counted_from_one(model["config"], layers_of(model))


def _counted_from_one(config: Config, layers: list[Config]) -> frozenset[str]:
    calls = {layer.get("name"): len(layer.get("inbound_nodes", [])) for layer in layers if is_model(layer)}
    found: set[str] = set()

    def look(value: Any) -> None:
        if _is_reference(value):
            if value[0] in calls and value[1] >= calls[value[0]] > 0:
                found.add(value[0])
        elif isinstance(value, list):
            for each in value:
                look(each)

    look([config.get("output_layers", []), *(layer.get("inbound_nodes", []) for layer in layers)])
    return frozenset(found)


def _references(value: Any, shifted: frozenset[str]) -> Any:
    """References to outputs of layers, ``[name, call, tensor, …]``, wherever they stand."""
    if _is_reference(value):
        return [value[0], value[1] - (value[0] in shifted), *value[2:]]
    return [_references(each, shifted) for each in value] if isinstance(value, list) else value


def _is_reference(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) >= 3
        and isinstance(value[0], str)
        and isinstance(value[1], int)
    )
