"""The layers that a configuration describes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeGuard

from ...model_files.saved_model import Config

MODELS = ("Sequential", "Model", "Functional")


def is_described(value: Any) -> TypeGuard[Config]:
    """Whether a value describes an object."""
    return isinstance(value, dict) and isinstance(value.get("class_name"), str) and "config" in value


def is_model(described: Config) -> bool:
    """Whether what is described is a model of layers, and not a class of the project's own of that name."""
    config = described["config"]
    return described["class_name"] in MODELS and (isinstance(config, list) or "layers" in config)


def layers_of(model: Config) -> list[Config]:
    """The descriptions of the layers of a model; Keras up to 2.2.2 wrote those of ``Sequential`` as a "
    "list."""
    config = model["config"]
    found = config if isinstance(config, list) else config["layers"]
    return [layer for layer in found if is_described(layer)]


def all_layers(described: Config) -> Iterator[Config]:
    """Every layer below a model or layer, in models and wrappers too; the models themselves as well."""
    yield described
    if is_model(described):
        for layer in layers_of(described):
            yield from all_layers(layer)
    elif isinstance(described["config"], dict):
        for value in described["config"].values():
            for each in value if isinstance(value, list) else [value]:
                if is_layer(each):
                    yield from all_layers(each)


def is_layer(value: Any) -> TypeGuard[Config]:
    """Whether a value describes a layer or cell: only these have a name or layers, or wrap such."""
    if not is_described(value):
        return False
    config = value["config"]
    return isinstance(config, list) or (isinstance(config, dict) and ("name" in config or "cells" in config))


def input_shape(described: Config) -> list[Any] | None:
    """The shape that a model or layer says to be fed with, batch size first."""
    config = described["config"]
    if isinstance(config, dict):
        for key in ("batch_input_shape", "batch_shape"):
            if config.get(key) is not None:
                return list(config[key])
    if not is_model(described):
        return None
    layers = layers_of(described)
    if not layers:
        return None
    if isinstance(config, dict) and len(config.get("input_layers") or ()) == 1:
        fed = config["input_layers"][0]
        named = next(
            (each for each in layers if each.get("name") == (fed[0] if isinstance(fed, list) else fed)), None
        )
        return None if named is None else input_shape(named)
    return None if described["class_name"] != "Sequential" else input_shape(layers[0])
