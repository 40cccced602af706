"""What became of the names of TensorFlow 1, looked up in a table that was read off TensorFlow 2.

The table is made by :mod:`keras_migrate.catalog.extract_tensorflow_1`.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from importlib import resources
from typing import Any


@cache
def _table() -> dict[str, Any]:
    file = resources.files(__package__).joinpath("tensorflow-1.json.gz")
    content: dict[str, Any] = json.loads(gzip.decompress(file.read_bytes()))
    return content


def same_object(path: str) -> str | None:
    """The name in TensorFlow 2 of an object that TensorFlow 1 had under another one.

    Args:
        path: ``tensorflow.log``.
    Returns:
        ``tensorflow.math.log``, or ``None`` where there is no such name.
    """
    new: str | None = _table()["same"].get(path.removeprefix("tensorflow."))
    return None if new is None else f"tensorflow.{new}"


def changed_parameters(path: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The parameters of a function of TensorFlow 1, and of the other one that has its name in TensorFlow 2.

    Args:
        path: ``tensorflow.reduce_sum``.
    Returns:
        Both, or ``None`` where the name stands for the same thing in both, or is not in both.
    """
    found = _table()["changed"].get(path.removeprefix("tensorflow."))
    return None if found is None else (tuple(found[0]), tuple(found[1]))
