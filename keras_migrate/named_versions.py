"""Versions of Keras that a project's model files and README name."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from keras_migrate import reading
from keras_migrate.pins import names_in

_HEAD, _TAIL = 65_536, 4_096
"""Bytes looked at of a model file: HDF5 has its attributes at the beginning, JSON and YAML at the end."""
_MOST_FILES = 20
"""Model files looked at in one folder."""

_MODEL_FILE = re.compile(r".*\.(?:h5|hdf5|json|ya?ml)", re.IGNORECASE)
_MODEL_FOLDER = re.compile(r".*(?:model|weight|checkpoint).*", re.IGNORECASE)
_README = re.compile(r"readme(?:\.(?:md|rst|txt))?", re.IGNORECASE)

_IN_TEXT = re.compile(rb"keras_version[\\\"': ]+([012]\.\d+\.\d+)(?![-\w])")
_IN_HDF5 = re.compile(rb"GCOL.{12,2048}?\x00([012]\.\d+\.\d+)\x00", re.DOTALL)
"""HDF5 keeps strings apart from the attributes that have them, in a heap."""
_IN_README = re.compile(
    r"(?<![\w.-])keras\]?(?:\([^)\n]*\))?[ *:(`]{0,9}(?:==|version|v)?[ `]{0,9}([012]\.\d+(?:\.\d+)?)\b",
    re.IGNORECASE,
)


def in_model_files(folder: str, top: str) -> Iterator[tuple[str, str]]:
    """The versions that models were saved with.

    Args:
        folder: where to look; folders in it that are called after models or weights are looked into.
        top: the project's top, which no link may lead out of.
    Yields:
        Files, relative to the folder, and versions.
    """
    names = names_in(folder)
    below = [name for name in names if _MODEL_FOLDER.fullmatch(name) and not name.endswith(".py")]
    files = [name for name in names if _MODEL_FILE.fullmatch(name)]
    for inner in below:
        found = names_in(os.path.join(folder, inner))
        files += [f"{inner}/{name}" for name in found if _MODEL_FILE.fullmatch(name)]
    for file in files[:_MOST_FILES]:
        version = _saved_with(_ends(os.path.join(folder, file), top))
        if version is not None:
            yield file, version


def _saved_with(data: bytes) -> str | None:
    if data.startswith(b"\x89HDF"):
        match = _IN_HDF5.search(data) if b"keras_version" in data else None
    else:
        match = _IN_TEXT.search(data)
    return None if match is None else match[1].decode()


def in_readme(folder: str, top: str) -> Iterator[tuple[str, str]]:
    """The versions that the README of a folder names: ``Keras 2.0.8``, but not ``Keras >= 2.0``."""
    for name in filter(_README.fullmatch, names_in(folder)):
        text = _ends(os.path.join(folder, name), top).decode("utf-8", "replace")
        for version in dict.fromkeys(_IN_README.findall(text)):
            yield name, version


def _ends(path: str, top: str) -> bytes:
    """The beginning and the end of a file; nothing of one that cannot be read."""
    try:
        with reading.open_regular(path, top) as file:
            head = file.read(_HEAD)
            if file.seek(0, os.SEEK_END) > _HEAD:
                file.seek(-_TAIL, os.SEEK_END)
                head += file.read()
            return head
    except OSError:
        return b""
