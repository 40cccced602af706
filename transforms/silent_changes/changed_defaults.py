"""Which defaults of a callable are others in the target than they were, worked out from the signatures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from ...catalog import Signature, for_target, legacy, moves
from ...source import KNOWN_SOURCES, Source
from ...target import Target
from ..calls.argument_tables import entries, old_signature
from ..calls.keras1_arguments import keras1
from ..names.symbols import successor
from ..tables import Entry, load


@dataclass(frozen=True, slots=True)
class ChangedDefault:
    """One argument of a callable whose default is another one now.

    Attributes:
        argument: its name in the target.
        names: every name that it had or has.
        old: what leaving it out meant, as code.
        new: what that means now, as code; empty where it can no longer be left out.
        why: what becomes of a program with the new default, as a sentence without its full stop.
        certain: whether it meant that in every release that the code can be written for.
        small: whether it hardly matters.
    """

    argument: str
    names: frozenset[str]
    old: str
    new: str
    why: str
    certain: bool
    small: bool


@lru_cache(maxsize=1024)
def changed_defaults(path: str, symbol: str, source: Source, target: Target) -> tuple[ChangedDefault, ...]:
    """The arguments of a callable that mean something else in the target where they are not written.

    Args:
        path: the path by which the code reaches it.
        symbol: its key in the tables.
        source: the release that the code was written for.
        target: the TensorFlow release to migrate to.
    """
    rows = _rows().get(symbol)
    new_path = successor(path, target).path if rows else None
    new = for_target(target).get(new_path) if new_path is not None else None
    if rows is None or new_path is None or new is None or new.signature is None:
        return ()
    found: list[ChangedDefault] = []
    for argument, row in rows.items():
        names = old_names(symbol, new_path, argument)
        change = _change(path, symbol, row, names, source, new.signature)
        if change is not None:
            found.append(change)
    return tuple(found)


def method_default(owner: str, method: str, source: Source, target: Target) -> ChangedDefault | None:
    """The argument of a method of a class that means something else in the target where it is not written.

    Args:
        owner: the key of the class in the tables.
        method: the method's name.
        source: the release that the code was written for.
        target: the TensorFlow release to migrate to.
    """
    row = next(iter(_rows().get(f"{owner}.{method}", {}).values()), None)
    new = for_target(target).get(f"tensorflow.{owner}")
    signature = new.methods.get(method) if new is not None else None
    if row is None or signature is None:
        return None
    names = frozenset({row["argument"], *row.get("names", ())})
    return _change(owner, owner, row, names, source, signature, method)


def _change(
    path: str,
    symbol: str,
    row: Entry,
    names: frozenset[str],
    source: Source,
    new: Signature,
    method: str = "",
) -> ChangedDefault | None:
    """The difference in one argument, if there is one."""
    declared = any(one.name == row["argument"] for one in new.parameters)
    now = new.default(row["argument"]) or ("" if declared else None)
    was = _meant(path, symbol, row, names, source.catalog, method)
    if now is None or was is None or (now and equal(was, now)) or was in row.get("same", ()):
        return None
    catalogs = (Source(release).catalog for release in KNOWN_SOURCES)
    everywhere = {_meant(path, symbol, row, names, catalog, method) for catalog in catalogs}
    certain = not source.guessed or everywhere == {was} or "write" in row
    return ChangedDefault(row["argument"], names, was, now, row["why"], certain, row.get("small", False))


def _meant(
    path: str, symbol: str, row: Entry, names: frozenset[str], release: str, method: str
) -> str | None:
    """What is to be written in the target for what leaving an argument out meant in one release."""
    default = _old_default(path, symbol, row, names, release, method)
    written: dict[str, str] = row.get("write", {})
    return written.get(default, default) if default is not None else None


def _old_default(
    path: str, symbol: str, row: Entry, names: frozenset[str], release: str, method: str
) -> str | None:
    """What leaving an argument out meant in one release, as code; ``None`` where it could not be left out."""
    signature = old_signature(path, symbol, release) if not method else old_method(symbol, method, release)
    if signature is None:
        return None
    for parameter in signature.parameters:
        if parameter.name in names:
            return parameter.default
    default: str | None = row.get("value")
    return default


def old_method(owner: str, method: str, release: str) -> Signature | None:
    """The signature of a method of a class in one release of standalone Keras."""
    found = legacy(release).get(owner)
    return found.methods.get(method) if found is not None else None


def old_names(symbol: str, path: str, argument: str) -> frozenset[str]:
    """Every name that an argument had or has.

    Args:
        symbol: the key of its callable in the tables.
        path: where the target has what became of that.
        argument: the name that it has in the target.
    """
    renamed = {
        old
        for old, rows in entries(symbol, path).items()
        if any(row.get("to") == argument and "value" not in row for row in rows)
    }
    first = {old for old, new in keras1(symbol).renamed.items() if new == argument}
    return frozenset({argument, *renamed, *first})


def equal(old: str, new: str) -> bool:
    """Whether two defaults are the same value, differently written."""
    if old == new:
        return True
    try:
        return float(old) == float(new)
    except ValueError:
        return False


@cache
def symbols() -> tuple[str, ...]:
    """The keys of the callables that have defaults to look at, methods left out."""
    return tuple(_rows())


@cache
def _rows() -> dict[str, dict[str, Entry]]:
    """The entries about changed defaults by callable and argument."""
    found: dict[str, dict[str, Entry]] = {}
    for row in load("silent_changes/defaults.toml")["changed"]:
        for owner in row["of"]:
            found.setdefault(moves.canonical(owner), {})[row["argument"]] = row
    return found
