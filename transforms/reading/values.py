"""What Keras' classes and functions make of each other; the tables are in ``values.toml``."""

from __future__ import annotations

from functools import cache, lru_cache

from ...catalog import LEGACY_RELEASES, Symbol, for_target, legacy, moves
from ...target import Target
from ..names.symbols import split
from ..tables import load

_KERAS_2 = Target("2.15")


def symbol(name: str) -> tuple[str, tuple[str, ...]] | None:
    """The canonical symbol of a qualified name and the members that follow it; ``None`` for others."""
    old = moves.normalise(name)
    if old is None:
        return None
    path, members = split(old)
    if members and path and not is_class(moves.canonical(path)):  # an inner module of a package split off
        now = moves.normalise(moves.destination(old, _KERAS_2) or "")
        path, members = split(now) if now is not None else (path, members)
    return (moves.canonical(path), members) if path else None


@lru_cache(maxsize=1024)
def is_class(symbol: str) -> bool:
    """Whether a symbol is a class in the newest release that has it."""
    found = _newest(symbol)
    return found is not None and found.kind == "class"


@lru_cache(maxsize=1024)
def lineage(symbol: str) -> tuple[str, ...]:
    """A class and its bases, nearest first, by canonical symbols."""
    found = _newest(symbol)
    bases = found.bases if found is not None else ()
    return tuple(dict.fromkeys([symbol, *map(moves.canonical, bases)]))


@lru_cache(maxsize=1024)
def kind(lineage: tuple[str, ...]) -> str:
    """The kind of an instance of a class with that lineage; empty for none of interest."""
    return next((found for each in lineage if (found := _classes().get(each))), "")


def returned(symbol: str) -> str:
    """The kind of what a function gives; empty where that is not known."""
    own = _functions().get(symbol)
    return own if own is not None else _modules().get(symbol.rpartition(".")[0], "")


def attribute(kind: str, name: str) -> str:
    """The kind of an attribute of an instance; empty where that is not known."""
    return _table("attributes").get(kind, {}).get(name, "")


def method(kind: str, name: str) -> str:
    """The kind of what a method gives; kind ``class`` for those of classes."""
    return _table("methods").get(kind, {}).get(name, "")


def called(kind: str) -> str:
    """The kind of what an instance gives when it is called."""
    return _words("called").get(kind, "")


def named(parameter: str) -> str:
    """The kind that the name of a parameter suggests."""
    names = _words("parameters")
    return names.get(parameter) or names.get(f"_{parameter.rpartition('_')[2]}", "")


@cache
def _classes() -> dict[str, str]:
    return {moves.canonical(path): kind for kind, paths in _table("classes").items() for path in paths}


@cache
def _functions() -> dict[str, str]:
    return {moves.canonical(path): kind for kind, paths in _table("functions").items() for path in paths}


@cache
def _modules() -> dict[str, str]:
    """What every function of a module gives that is not named in the table."""
    return {path: kind for kind, paths in _table("modules").items() for path in paths}


def _table(name: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = load("reading/values.toml")[name]
    return found


def _words(name: str) -> dict[str, str]:
    found: dict[str, str] = load("reading/values.toml")[name]
    return found


def _newest(symbol: str) -> Symbol | None:
    """The symbol in the newest release that has it: of standalone Keras, else of tf.keras."""
    for release in reversed(LEGACY_RELEASES):
        found = legacy(release).get(symbol)
        if found is not None:
            return found
    return for_target(_KERAS_2).get(f"tensorflow.{symbol}")
