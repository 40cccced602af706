"""The names that TensorFlow 1 had and TensorFlow 2 has not: what they are called now.

Computed from TensorFlow's own names, with ``tensorflow_names.toml`` for what no table of names can tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ...catalog import tensorflow_has, tensorflow_members
from ...catalog.tensorflow_1 import same_object
from ...findings import Level
from ...target import Target
from ..tables import Entry, load, matching


@dataclass(frozen=True, slots=True)
class NewName:
    """What became of a name of TensorFlow 1.

    Attributes:
        old: the name, without what follows it.
        path: the name in the target; ``None`` where there is nothing.
        level: how much it asks of a person.
        message: what happened or what to do.
        graph: whether it only works in a graph, which eager execution does not make.
    """

    old: str
    path: str | None
    level: Level
    message: str
    graph: bool = False


@lru_cache(maxsize=1)
def table() -> dict[str, list[Entry]]:
    """The entries of ``tensorflow_names.toml`` by old name, or by ``module.*`` for all below a module."""
    found: dict[str, list[Entry]] = {}
    for entry in load("graphs/tensorflow_names.toml")["name"]:
        for old in entry["old"]:
            found.setdefault(old, []).append(entry)
    return found


@lru_cache(maxsize=4096)
def new_name(path: str, target: Target) -> NewName | None:
    """What became of a name of TensorFlow outside Keras.

    Args:
        path: ``tensorflow.log``, perhaps with members that follow it, ``tensorflow.Session.run``.
        target: the release to migrate to.
    Returns:
        ``None`` where the target has the name, or nothing is known of it.
    """
    old = _missing(path, target)
    if old is None or old.rpartition(".")[2].startswith("__"):
        return None
    entry = _entry(old, target)
    if entry is not None:
        return _listed(old, entry, target)
    same = same_object(old)
    if same is not None and tensorflow_has(same, target):
        return NewName(old, same, Level.REWRITTEN, f"`{_short(old)}` is `{_short(same)}`")
    kept = _kept(old)
    if tensorflow_has(kept, target):
        return NewName(old, kept, Level.REWRITTEN, f"`{_short(old)}` is `{_short(kept)}`")
    return None


def _listed(old: str, entry: Entry, target: Target) -> NewName:
    """What the table says about a name."""
    if "manual" in entry:
        gone = f"`{_short(old)}` is not in TensorFlow {target}"
        return NewName(old, None, Level.MANUAL, f"{gone}. {entry['manual']}")
    new = _kept(old) if entry["to"] == "compat.v1" else entry["to"]
    message = f"`{_short(old)}` is `{_short(new)}`" if new != old else f"`{_short(old)}` is still there"
    if "graph" in entry:
        return NewName(old, new, Level.MANUAL, f"{message}. {entry['graph']}", graph=True)
    if "note" in entry:
        return NewName(old, new, Level.REVIEW, f"{message}. {entry['note']}")
    return NewName(old, new, Level.REWRITTEN, message)


def _entry(old: str, target: Target) -> Entry | None:
    """The table's entry about a name or about all below one of the modules that it is in."""
    found = list(table().get(old, ()))
    head = old
    while "." in head:
        head = head.rpartition(".")[0]
        found += table().get(f"{head}.*", ())
    return matching(found, target)


def _missing(path: str, target: Target) -> str | None:
    """A name up to the first part that a target's TensorFlow lacks; ``None`` if it has all of it."""
    if path in table():
        return path
    parts = path.split(".")
    here = parts[0]
    for part in parts[1:]:
        if here != "tensorflow" and not tensorflow_members(here, target):
            return None  # a class or function: its members are not known
        here = f"{here}.{part}"
        if not tensorflow_has(here, target):
            return _with_members(here, path)
    return None


def _with_members(module: str, path: str) -> str:
    """A missing name itself, where the first part that is missing is a module of TensorFlow 1."""
    while path != module and tensorflow_members(_kept(module), Target()):
        module += "." + path.removeprefix(f"{module}.").partition(".")[0]
    return module


def _kept(path: str) -> str:
    """The same name where TensorFlow 2 keeps those of TensorFlow 1."""
    return path.replace("tensorflow.", "tensorflow.compat.v1.", 1)


def _short(path: str) -> str:
    return path.replace("tensorflow.", "tf.", 1)
