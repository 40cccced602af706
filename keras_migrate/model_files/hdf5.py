"""Model files in HDF5. Needs h5py, which is imported when the first of them is met."""

from __future__ import annotations

import io
import json
from importlib import import_module
from itertools import count
from typing import Any

from keras_migrate.model_files.descriptions import check_size
from keras_migrate.model_files.saved_model import Config, Form, SavedModel

SIGNATURE = b"\x89HDF\r\n\x1a\n"
"""What files of HDF5 begin with."""

_CONFIG, _TRAINING, _STATE = "model_config", "training_config", "optimizer_weights"


class MissingLibraryError(Exception):
    """h5py is not installed."""


class DamagedFileError(Exception):
    """The file cannot be read; the message says why."""


def read(name: str, data: bytes) -> SavedModel | None:
    """Reads a model file.

    Args:
        name: its name, without the folder.
        data: its content.
    Returns:
        What it holds; ``None`` for HDF5 that no Keras wrote.
    Raises:
        MissingLibraryError: without h5py.
        DamagedFileError: where it is cut off, or a configuration in it is no JSON.
        UnreadableTextError: where a configuration is too deep or too large.
    """
    library = _library()
    try:
        with library.File(io.BytesIO(data), "r") as file:
            return _read(name, file)
    except (OSError, RuntimeError, KeyError, ValueError) as error:
        raise DamagedFileError(f"the file is damaged or cut off: {error}") from error


def with_config(data: bytes, config: Config) -> bytes:
    """A copy of a whole model with another architecture, not compiled.

    The weights stay as they are. What the model was compiled with and the state of the optimizer are left
    out.

    Args:
        data: the content of a model file.
        config: the architecture.
    """
    made = io.BytesIO()
    library = _library()
    with library.File(io.BytesIO(data), "r") as old, library.File(made, "w") as new:
        for key, value in old.attrs.items():
            if key not in (_CONFIG, _TRAINING):
                new.attrs[key] = value
        new.attrs[_CONFIG] = json.dumps(config)
        for key in old:
            if key != _STATE:
                old.copy(key, new)
    return made.getvalue()


def _library() -> Any:
    try:
        return import_module("h5py")  # an optional extra, which has no types
    except ImportError as error:
        raise MissingLibraryError from error


def _read(name: str, file: Any) -> SavedModel | None:
    if _CONFIG in file.attrs:
        stored = file.get("model_weights")
    elif "layer_names" in file.attrs:
        stored = file
    else:
        return None
    return SavedModel(
        name,
        Form.HDF5,
        _text(file.attrs.get("keras_version")) or (stored and _text(stored.attrs.get("keras_version"))),
        _text(file.attrs.get("backend")) or (stored and _text(stored.attrs.get("backend"))),
        _json(file.attrs.get(_CONFIG)),
        _json(file.attrs.get(_TRAINING)),
        None if stored is None else _weights(stored),
        _STATE in file,
    )


def _weights(group: Any) -> dict[str, tuple[str, ...]]:
    layers = [_text(layer) or "" for layer in _parts(group, "layer_names")]
    return {
        layer: tuple(_text(each) or "" for each in _parts(group[layer], "weight_names")) for layer in layers
    }


def _parts(group: Any, name: str) -> list[Any]:
    """An attribute that is a list; long ones are stored in parts."""
    if name in group.attrs:
        return list(group.attrs[name])
    found: list[Any] = []
    for number in count():
        part = group.attrs.get(f"{name}{number}")
        if part is None:
            return found
        found += list(part)
    raise AssertionError


def _text(value: Any) -> str | None:
    return (
        value.decode("utf-8", "replace")
        if isinstance(value, bytes)
        else None
        if value is None
        else str(value)
    )


def _json(value: Any) -> Config | None:
    text = _text(value)
    if text is None:
        return None
    config = json.loads(text)
    check_size(config)
    if not isinstance(config, dict):
        raise ValueError("a configuration in it is no mapping")
    return config
