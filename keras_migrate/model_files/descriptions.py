"""Architectures as JSON and YAML text."""

from __future__ import annotations

import json
from typing import Any

from keras_migrate.model_files.saved_model import Config, Form, SavedModel

_DEEPEST = 100
"""Levels of lists and objects; models within models have some ten each."""
_MOST_VALUES = 2_000_000
"""The architecture of the largest known model has some hundred thousand."""


class UnreadableTextError(Exception):
    """The text is not what its name says.

    Attributes:
        line: 1-based line at which reading ended.
    """

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def may_describe(data: bytes) -> bool:
    """Whether a text is worth reading: most JSON and YAML files of a project are of other things."""
    return b"class_name" in data or (b"Sequential" in data and b"layers" in data)


def read_json(name: str, data: bytes) -> SavedModel | None:
    """Reads what ``model.to_json()`` gave.

    Returns:
        What it holds; ``None`` for JSON of another kind.
    Raises:
        UnreadableTextError: where it is no JSON.
    """
    try:
        found = json.loads(data.decode("utf-8-sig"))
        if isinstance(found, str):  # json.dump(model.to_json(), file)
            found = json.loads(found)
    except json.JSONDecodeError as error:
        raise UnreadableTextError(f"no JSON: {error.msg}", error.lineno) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise UnreadableTextError(f"no JSON: {error}", 1) from error
    check_size(found)
    return _described(name, Form.JSON, found)


def read_yaml(name: str, data: bytes) -> SavedModel | None:
    """Reads what ``model.to_yaml()`` gave. Tuples are read as lists; no object is ever made.

    Returns:
        What it holds; ``None`` for YAML of another kind.
    Raises:
        UnreadableTextError: where it is no YAML, or has objects of Python in it.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import SafeConstructor
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    class PlainConstructor(SafeConstructor):
        """Makes plain data, of tuples too."""

    PlainConstructor.add_constructor("tag:yaml.org,2002:python/tuple", SafeConstructor.construct_yaml_seq)
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = PlainConstructor
    try:
        found = reader.load(data)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise UnreadableTextError(
            f"not read: {error.problem or error.context}", mark.line + 1 if mark else 1
        ) from error
    except (YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise UnreadableTextError(f"not read: {error}", 1) from error
    check_size(found)
    return _described(name, Form.YAML, found)


def text_of(config: Config, saved: SavedModel) -> bytes:
    """An architecture as JSON, as ``to_json`` would write it."""
    said = {"keras_version": saved.keras_version, "backend": saved.backend}
    return json.dumps({**config, **{key: value for key, value in said.items() if value}}).encode()


def check_size(found: Any) -> None:
    """Makes sure that all of a description can be walked over: aliases of YAML repeat what they stand for.

    Raises:
        UnreadableTextError: where it is too deep or too large.
    """
    pending = [(found, 0)]
    count = 0
    while pending:
        value, depth = pending.pop()
        count += 1
        if depth > _DEEPEST or count > _MOST_VALUES:
            raise UnreadableTextError("too deep or too large for an architecture", 1)
        if isinstance(value, dict):
            pending += [(each, depth + 1) for each in value.values()]
        elif isinstance(value, (list, tuple)):
            pending += [(each, depth + 1) for each in value]


def _described(name: str, form: Form, found: Any) -> SavedModel | None:
    if not isinstance(found, dict):
        return None
    if not isinstance(found.get("class_name"), str) or not isinstance(found.get("config"), (dict, list)):
        early = found.get("name") in ("Sequential", "Graph") and "layers" in found
        if not early:
            return None
    version, backend = found.get("keras_version"), found.get("backend")
    config = {key: value for key, value in found.items() if key not in ("keras_version", "backend")}
    return SavedModel(name, form, version and str(version), backend and str(backend), config)
