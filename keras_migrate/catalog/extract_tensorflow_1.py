"""Reads off an installed TensorFlow 2 what became of the names of TensorFlow 1, and writes it down.

TensorFlow 2 has all of TensorFlow 1 below ``compat.v1``. Objects are compared by identity: where one has a
name in TensorFlow 2 itself, code can use that. Run it with TensorFlow installed::

    python -m keras_migrate.catalog.extract_tensorflow_1 OUT.json.gz

The table has names without ``tensorflow.``:

- ``same``: a name that only TensorFlow 1 has → the name of the very same object in TensorFlow 2;
- ``changed``: a name that both have, for different functions or classes → their parameters in 1 and in 2.
"""

from __future__ import annotations

import gzip
import inspect
import json
import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

from keras_migrate.catalog import tensorflow_members
from keras_migrate.target import Target

_OLD = "tensorflow.compat.v1"
_LEFT_OUT = ("compat", "keras", "estimator", "python", "core", "tools")


def objects(root: str, module: ModuleType, target: Target) -> Iterator[tuple[str, Any]]:
    """The public names below a module, without its own name in front, and what they stand for.

    Args:
        root: the name of the module that it is.
        module: the module.
        target: the release whose list of names is gone through.
    """
    for leaf in sorted(tensorflow_members(root, target)):
        if leaf.startswith("_") or leaf in _LEFT_OUT:
            continue
        try:
            thing = getattr(module, leaf)
        except (AttributeError, ImportError):
            continue
        if isinstance(thing, ModuleType) or tensorflow_members(f"{root}.{leaf}", target):
            for name, inner in objects(f"{root}.{leaf}", thing, target):
                yield f"{leaf}.{name}", inner
        else:
            yield leaf, thing


def parameters(thing: Any) -> list[str] | None:
    """The parameters of a function or constructor, behind TensorFlow's decorators, without ``self``."""
    if not inspect.isclass(thing):
        thing = import_module("tensorflow.python.util.tf_decorator").unwrap(thing)[1]
    try:
        found = list(inspect.signature(thing).parameters.values())
    except (TypeError, ValueError):
        return None
    return [str(one).partition("=")[0].partition(":")[0].strip() for one in found]


def likeness(new: str, old: str) -> tuple[bool, bool, int, str]:
    """Orders the names that an object has in TensorFlow 2, the one most like its old name first."""
    leaf, old_leaf = new.rpartition(".")[2], old.rpartition(".")[2]
    return leaf != old_leaf, leaf.replace("_", "") not in old.replace("_", ""), new.count("."), new


def table(release: str) -> dict[str, Any]:
    """Compares the names of TensorFlow 1 with those of the installed TensorFlow 2."""
    tensorflow = import_module("tensorflow")
    target = Target(release)
    old = dict(objects(_OLD, tensorflow.compat.v1, target))
    new = dict(objects("tensorflow", tensorflow, target))
    names: dict[int, list[str]] = {}
    for name, thing in new.items():
        if callable(thing):
            names.setdefault(id(thing), []).append(name)
    same: dict[str, str] = {}
    changed: dict[str, list[list[str]]] = {}
    for name, thing in old.items():
        if not callable(thing):
            continue
        if name not in new:
            others = names.get(id(thing))
            if others:
                same[name] = min(others, key=lambda other: likeness(other, name))
        elif new[name] is not thing and callable(new[name]):
            before, after = parameters(thing), parameters(new[name])
            if before is not None and after is not None and before != after:
                changed[name] = [before, after]
    return {
        "format": 1,
        "versions": {"tensorflow": tensorflow.__version__},
        "same": same,
        "changed": changed,
    }


def main() -> None:
    """Writes the table of the installed TensorFlow."""
    made = table(".".join(import_module("tensorflow").__version__.split(".")[:2]))
    text = json.dumps(made, separators=(",", ":"), sort_keys=True)
    with open(sys.argv[1], "wb") as file:
        file.write(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    main()
