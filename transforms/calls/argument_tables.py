"""What is known of arguments: the entries of ``arguments.toml``, and the signatures of old releases."""

from __future__ import annotations

from functools import cache, lru_cache

import libcst as cst

from ...catalog import LEGACY_RELEASES, Signature, legacy, moves
from ...walk import dotted
from ..tables import Entry, load


@lru_cache(maxsize=1024)
def entries(symbol: str, path: str) -> dict[str, list[Entry]]:
    """The entries about a callable by argument; without any, those about what took its place.

    Args:
        symbol: the key of the callable in the tables.
        path: where the target has what became of it.
    """
    old = moves.normalise(path)
    successors = _entries_of(moves.canonical(old)) if old is not None else {}
    return {**successors, **_entries_of(symbol)}


def _entries_of(symbol: str) -> dict[str, list[Entry]]:
    """The entries about one callable by argument; its own before those of its whole module."""
    found: dict[str, list[Entry]] = {}
    table = _entries_by_callable()
    for key in (symbol, f"{symbol.rpartition('.')[0]}.*"):
        for old, rows in table.get(key, {}).items():
            found.setdefault(old, []).extend(rows)
    return found


@cache
def _entries_by_callable() -> dict[str, dict[str, list[Entry]]]:
    """All entries by the key of their callable and the argument's old name."""
    found: dict[str, dict[str, list[Entry]]] = {}
    for entry in load("calls/arguments.toml")["argument"]:
        for owner in entry["of"]:
            key = owner if owner.endswith("*") else moves.canonical(owner)
            for old in entry["old"]:
                found.setdefault(key, {}).setdefault(old, []).append(entry)
    return found


@cache
def special(name: str) -> frozenset[str]:
    """One of the lists of callables that are treated in a way of their own."""
    return frozenset(map(moves.canonical, load("calls/arguments.toml")["special"][name]))


@lru_cache(maxsize=1024)
def old_signature(path: str, symbol: str, release: str) -> Signature | None:
    """The signature of a callable as one old release had it, or else the newest that has it.

    Args:
        path: the path by which the code reaches it.
        symbol: its key in the tables, which is asked for where the path is not known.
        release: the release of standalone Keras.
    """
    for each in (release, *reversed(LEGACY_RELEASES)):
        for name in (path, symbol):
            found = legacy(each).get(name)
            if found is not None and found.signature is not None:
                return found.signature
    return None


def literal(node: cst.BaseExpression) -> str:
    """A literal in the form in which ``when`` writes it; empty for anything else.

    Numbers are written as floats, a tuple or list only by how it begins: ``(None, …)``.
    """
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, (cst.Integer, cst.Float)):
        try:
            return repr(float(node.value.replace("_", "")))
        except ValueError:  # 0x10, 0b1
            return node.value
    if isinstance(node, cst.SimpleString):
        return repr(node.raw_value)
    if isinstance(node, (cst.Tuple, cst.List)) and len(node.elements) > 1:
        first = node.elements[0]
        if isinstance(first, cst.Element) and dotted(first.value) == "None":
            return "(None, …)"
    return ""
