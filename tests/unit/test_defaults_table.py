"""Every default that differs between an old release and a target is decided about in ``defaults.toml``."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, NamedTuple

import pytest
from keras_migrate.transforms.names.symbols import successor
from keras_migrate.transforms.silent_changes.changed_defaults import equal, old_names
from keras_migrate.transforms.tables import load

from keras_migrate.catalog import LEGACY_RELEASES, Signature, Symbol, for_target, legacy, moves
from keras_migrate.target import Target

TABLE = load("silent_changes/defaults.toml")
TARGETS = [Target.parse(text) for text in ("2.15", "2.16", "2.18", "2.21", "2.21+legacy")]


class Difference(NamedTuple):
    """One argument that means something else where it is not written.

    Attributes:
        callable: the key of a class or function, or of a class with the name of a method.
        argument: its name in the target.
        old: the default of an old release, as code.
        new: the default of a target, as code.
    """

    callable: str
    argument: str
    old: str
    new: str


def modules(release: str) -> Iterator[str]:
    """The modules of Keras itself in an old release that lead from one to the other."""
    catalog = legacy(release)
    seen, pending = set[str](), ["keras"]
    while pending:
        module = pending.pop()
        found = catalog.get(module)
        if found is None or found.kind != "module" or found.name in seen:
            continue
        if (found.name or "").partition(".")[0] not in ("keras", "keras_applications", "keras_preprocessing"):
            continue
        seen.add(found.name or "")
        yield module
        pending += [f"{module}.{name}" for name in sorted(catalog.members(module))]


def callables(release: str) -> Iterator[tuple[str, Symbol]]:
    """The public classes and functions of an old release, by their keys."""
    catalog = legacy(release)
    for module in modules(release):
        for name in sorted(catalog.members(module)):
            symbol = None if name.startswith("_") else catalog.get(f"{module}.{name}")
            if symbol is None or symbol.kind not in ("class", "function"):
                continue
            if (symbol.name or "").startswith("keras"):
                yield moves.canonical(symbol.path), symbol


def compared(key: str, path: str, old: Signature, new: Signature) -> Iterator[Difference]:
    """The differences between two signatures of a callable, in what could be left out in the old."""
    for parameter in new.parameters:
        names = old_names(key, path, parameter.name) | other_names(key, parameter.name)
        was = next((each.default for each in old.parameters if each.name in names), None)
        now = parameter.default or ""
        if was is not None and not parameter.kind.startswith("var") and not (now and equal(was, now)):
            yield Difference(key, parameter.name, was, now)


def other_names(key: str, argument: str) -> frozenset[str]:
    """The names of an argument that only ``defaults.toml`` knows."""
    rows = (row for row in TABLE["changed"] if key in row["of"] and argument == row["argument"])
    return frozenset(name for row in rows for name in row.get("names", ()))


@cache
def differences() -> frozenset[Difference]:
    """Every difference between any old release and any target."""
    found: set[Difference] = set()
    for target in TARGETS:
        for release in LEGACY_RELEASES:
            for key, symbol in callables(release):
                path = successor(key, target).path
                now = for_target(target).get(path) if path is not None else None
                if path is None or now is None or now.stub:
                    continue
                if symbol.signature is not None and now.signature is not None:
                    found.update(compared(key, path, symbol.signature, now.signature))
                for name, signature in symbol.methods.items():
                    new = now.methods.get(name)
                    if signature is not None and new is not None and not name.startswith("_"):
                        found.update(compared(f"{key}.{name}", path, signature, new))
    return frozenset(found)


def changes(row: dict[str, Any], difference: Difference) -> bool:
    """Whether a row writes out the old value of a difference."""
    keys = {moves.canonical(owner) for owner in row["of"]}
    return difference.callable in keys and difference.argument == row["argument"]


def leaves(row: dict[str, Any], difference: Difference) -> bool:
    """Whether a row leaves a difference alone."""
    return difference.argument in row["arguments"] and any(
        fnmatchcase(difference.callable, pattern) for pattern in row["of"]
    )


def test_every_difference_is_decided() -> None:
    """What differs is written out, or left alone for a reason."""
    undecided = [
        difference
        for difference in sorted(differences())
        if not any(changes(row, difference) for row in TABLE["changed"])
        and not any(leaves(row, difference) for row in TABLE["left"])
    ]
    assert undecided == []


@pytest.mark.parametrize("row", TABLE["left"], ids=lambda row: f"{row['of'][0]}-{row['arguments'][0]}")
def test_what_is_left_differs(row: dict[str, Any]) -> None:
    """Each pattern and argument of a row is about some difference, and no other row writes it out."""
    fitting = [difference for difference in differences() if leaves(row, difference)]
    for pattern in row["of"]:
        assert any(fnmatchcase(each.callable, pattern) for each in fitting), pattern
    assert {each.argument for each in fitting} == set(row["arguments"])
    assert not [each for each in fitting for other in TABLE["changed"] if changes(other, each)]
    assert row["why"]


@pytest.mark.parametrize("row", TABLE["changed"], ids=lambda row: f"{row['of'][0]}-{row['argument']}")
def test_what_is_written_out_differs(row: dict[str, Any]) -> None:
    """Each callable of a row has the argument in every target, and its default differs in one of them."""
    for owner in row["of"]:
        key = moves.canonical(owner)
        if "value" not in row:
            assert any(each.callable == key and changes(row, each) for each in differences()), owner
        for target in TARGETS:
            signature = new_signature(key, target)
            assert signature.accepts(row["argument"])
            if "value" in row:
                assert not equal(row["value"], signature.default(row["argument"]) or "")
    seen = {each.old for each in differences() if changes(row, each)}
    assert set(row.get("same", ())) <= seen
    assert not row["why"].endswith(".")


def new_signature(key: str, target: Target) -> Signature:
    """The signature of what became of a callable; of a method by its class."""
    path = successor(key, target).path
    now = for_target(target).get(path) if path is not None else None
    if now is None:
        owner, _, method = key.rpartition(".")
        now = for_target(target).get(f"tensorflow.{owner}")
        signature = now.methods[method] if now is not None else None
    else:
        signature = now.signature
    assert signature is not None
    return signature
