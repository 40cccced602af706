"""What became of a symbol of Keras or TensorFlow 1 that a person names as code would, or by its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from ...answers import Answer, Kind
from ...catalog import LEGACY_RELEASES, for_target, legacy, moves
from ...target import Target
from ..calls.argument_tables import entries
from ..graphs.tensorflow_names import NewName, new_name
from ..names.symbols import (
    MOVED_IMPORT,
    MOVED_SYMBOL,
    Successor,
    module_successor,
    split,
    successor,
    table,
    was_module,
)
from .outcomes import outcomes
from .rule_order import deriving, showing, using

_SHORT = {"K": "keras.backend", "KTF": "keras.backend", "tf": "tensorflow", "k": "keras"}
"""What code calls modules by habit."""

_CONDITIONS = {"when", "given", "value", "applied", "targets"}
"""Keys of entries about arguments that are not true of every call."""

_OLD_TENSORFLOW = "KM710"
_NEEDS_GRAPH = "KM711"


def symbols_named(name: str) -> tuple[str, ...]:
    """The paths in standalone Keras that a name may stand for, one for each object.

    Args:
        name: a whole path (``keras.layers.core.Dense``, ``tf.keras.layers.Dense``), the end of one
            (``np_utils.to_categorical``) or a bare name (``Convolution2D``).
    """
    whole = below_keras(name)
    if whole is not None and _is_known(whole):
        return (whole,)
    ending = name if whole is None else whole.removeprefix("keras.")
    found: dict[str, list[str]] = {}
    for path in _ending_with(ending.rpartition(".")[2]):
        if path.endswith(f".{ending}"):
            found.setdefault(moves.canonical(path), []).append(path)
    return tuple(min(paths, key=_plainness) for _, paths in sorted(found.items()))


def tensorflow_symbol(name: str, targets: Sequence[Target]) -> Answer | None:
    """What became of a name of TensorFlow 1; ``None`` for what is no such name or is still there.

    Args:
        name: ``tf.Session``, ``tensorflow.contrib.rnn``.
        targets: the releases to look at.
    """
    path = _expanded(name)
    if not path.startswith("tensorflow.") or moves.normalise(path) is not None:
        return None
    found = outcomes(targets, lambda target: new_name(path, target), _of_tensorflow)
    if not found:
        return None
    graph = any((new := new_name(path, target)) is not None and new.graph for target in targets)
    return Answer(
        Kind.SYMBOL,
        path,
        "A name of TensorFlow 1.",
        (_NEEDS_GRAPH,) if graph else (_OLD_TENSORFLOW,),
        outcomes=found,
    )


def about_symbol(path: str, targets: Sequence[Target]) -> Answer:
    """Where a symbol of standalone Keras lives now, or what takes its place.

    Args:
        path: one of :func:`symbols_named`, or a path that standalone Keras never had.
        targets: the releases to look at.
    """
    canonical = moves.canonical(path)
    leaf = path.rpartition(".")[2]
    treating = (*using(canonical), *deriving(canonical))
    became = tuple(dict.fromkeys(_rule(path, target) for target in targets))
    shown = showing(leaf, treating)
    rules = dict.fromkeys((*became, *shown) if _moves(path, targets) else (*shown, *became))
    telling = [code for code in rules if code != MOVED_IMPORT.code] or list(rules)
    return Answer(
        Kind.SYMBOL,
        path,
        _arguments(path, canonical, targets),
        tuple(telling),
        moves.known(split(path)[0]) if path == split(path)[0] else (),
        outcomes(targets, lambda target: successor(path, target), _became),
    )


def _rule(path: str, target: Target) -> str:
    """The rule that writes a symbol, or what a module had, for a target."""
    found = successor(path, target)
    members_moved = found.path is None and was_module(path) and module_successor(path, target) is not None
    return MOVED_SYMBOL.code if members_moved else found.rule.code


def exists(path: str, targets: Sequence[Target]) -> bool:
    """Whether any release of Keras that is known has a path, the targets' included."""
    return _is_known(path) or any(f"tensorflow.{path}" in for_target(target) for target in targets)


def names() -> frozenset[str]:
    """The last parts of all public paths of standalone Keras, to suggest from."""
    return frozenset(_by_leaf())


def is_moved(path: str, target: Target) -> bool:
    """Whether the tool writes a symbol in a way that the target has."""
    return successor(path, target).path is not None


def is_gone(path: str, targets: Sequence[Target]) -> bool:
    """Whether nothing takes the place of a symbol on any of some targets."""
    return not any(is_moved(path, target) for target in targets)


def _moves(path: str, targets: Sequence[Target]) -> bool:
    """Whether something takes the place of a symbol on all of some targets."""
    return all(is_moved(path, target) for target in targets)


def _became(found: Successor) -> tuple[str, str | None]:
    return found.message, found.path


def _of_tensorflow(found: NewName) -> tuple[str, str | None]:
    return found.message, found.path


def _arguments(path: str, canonical: str, targets: Sequence[Target]) -> str:
    """Which arguments of a callable have other names, in a sentence."""
    new = next((found for target in targets if (found := successor(path, target).path) is not None), "")
    renamed = {
        old: row["to"]
        for old, rows in entries(canonical, new).items()
        for row in rows
        if "to" in row and row["to"] != old and not _CONDITIONS & row.keys()
    }
    if not renamed:
        return ""
    said = ", ".join(f"`{old}` is `{to}`" for old, to in sorted(renamed.items()))
    return f"Arguments that have another name now: {said}."


def _expanded(name: str) -> str:
    head, dot, rest = name.partition(".")
    return f"{_SHORT[head]}{dot}{rest}" if dot and head in _SHORT else name


def below_keras(name: str) -> str | None:
    """A qualified name as error messages or code have it, as one below ``keras``.

    Args:
        name: ``keras.api._v2.keras.backend.tf``, ``tensorflow.keras.layers.core``.
    Returns:
        ``keras.backend.tf``, ``keras.layers.core``; ``None`` for what is not of Keras.
    """
    inner = name.replace("keras.api._v2.", "").replace("keras._tf_keras.", "").replace("keras.src.", "keras.")
    return moves.normalise(_expanded(inner))


def _is_known(path: str) -> bool:
    head, rest = split(path)
    return not rest and (bool(moves.known(head)) or head in table() or moves.canonical(head) in table())


@cache
def _by_leaf() -> dict[str, tuple[str, ...]]:
    """All public paths of standalone Keras by their last part."""
    found: dict[str, dict[str, None]] = {}
    for path in _all_paths():
        leaf = path.rpartition(".")[2]
        if not any(part.startswith("_") for part in path.split(".")):
            found.setdefault(leaf, {})[path] = None
    return {leaf: tuple(paths) for leaf, paths in found.items()}


def _all_paths() -> Iterator[str]:
    for release in reversed(LEGACY_RELEASES):
        yield from legacy(release)
    for key in table():
        if not key.endswith("*"):
            yield key


def _ending_with(leaf: str) -> tuple[str, ...]:
    return _by_leaf().get(leaf, ())


def _plainness(path: str) -> tuple[bool, int, int, str]:
    """Orders the paths of one object by how likely code has them, the likeliest first."""
    return path.count(".") < 2, path.count("."), len(path), path
