"""Every entry of ``arguments.toml`` is true of the releases on both sides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from keras_migrate.transforms.names.symbols import successor
from keras_migrate.transforms.tables import applies, load

from keras_migrate.catalog import LEGACY_RELEASES, Signature, for_target, legacy, moves
from keras_migrate.target import Target

TABLE = load("calls/arguments.toml")
TARGETS = [Target.parse(text) for text in ("2.15", "2.16", "2.18", "2.21", "2.21+legacy")]
EFFECTS = {"to", "drop", "manual", "values"}
KEYS = EFFECTS | {
    "of", "old", "targets", "when", "given", "applied", "refused", "standalone", "value", "level", "note"
}  # fmt: skip
each_entry = pytest.mark.parametrize(
    "entry", TABLE["argument"], ids=lambda entry: f"{entry['of'][0]}-{entry['old'][0]}"
)


def owners(entry: dict[str, Any]) -> Iterator[str]:
    """The callables that an entry is about, those of a whole module one by one."""
    for owner in entry["of"]:
        if not owner.endswith("*"):
            yield owner
            continue
        module = owner.removesuffix(".*")
        for name in sorted(
            frozenset[str]().union(*(legacy(each).members(module) for each in LEGACY_RELEASES))
        ):
            path = f"{module}.{name}"
            if not name.startswith("_") and any(old_signature(path, each) for each in LEGACY_RELEASES):
                yield path


def old_signature(path: str, release: str) -> Signature | None:
    """The signature of a callable in an old release."""
    symbol = legacy(release).get(path)
    return symbol.signature if symbol is not None and symbol.kind in ("class", "function") else None


def new_signature(path: str, target: Target) -> Signature | None:
    """The signature of what became of a callable."""
    new = successor(moves.canonical(path), target).path
    symbol = for_target(target).get(new) if new is not None else None
    return symbol.signature if symbol is not None and not symbol.stub else None


def targets(entry: dict[str, Any]) -> list[Target]:
    """The targets that an entry is about."""
    return [target for target in TARGETS if applies(entry.get("targets", ""), target)]


@each_entry
def test_has_one_effect(entry: dict[str, Any]) -> None:
    """An entry says one thing, in words that exist."""
    assert len(EFFECTS & entry.keys()) == 1
    assert entry.keys() <= KEYS
    assert "note" in entry or not entry.get("drop"), "why may it be dropped?"
    assert targets(entry)


@each_entry
def test_old_names_existed(entry: dict[str, Any]) -> None:
    """Each callable existed, and each argument was accepted by one of them in some release."""
    found = list(owners(entry))
    for path in found:
        assert any(path in legacy(release) for release in LEGACY_RELEASES), path
    for old in entry["old"]:
        assert any(
            (signature := old_signature(path, release)) is not None
            and (signature.accepts(old) or old in signature.ignored)
            for path in found
            for release in LEGACY_RELEASES
        ), old


@each_entry
def test_new_names_are_accepted(entry: dict[str, Any]) -> None:
    """What is renamed has its new name in every target; with a whole module, in one of its callables."""
    if "to" not in entry:
        pytest.skip("renames nothing")
    for target in targets(entry):
        found = [signature for path in owners(entry) if (signature := new_signature(path, target))]
        accepted = [signature.accepts(entry["to"]) for signature in found]
        whole = any(owner.endswith("*") for owner in entry["of"])
        assert any(accepted) if whole else accepted and all(accepted), f"{entry['to']} on {target}"


@each_entry
def test_nothing_useful_is_dropped(entry: dict[str, Any]) -> None:
    """What is dropped whatever its value is refused or ignored by every target."""
    if not entry.get("drop") or {"when", "applied", "given", "refused"} & entry.keys():
        pytest.skip("drops nothing, or only what is the default")
    for target in targets(entry):
        for path in owners(entry):
            signature = new_signature(path, target)
            if signature is not None:
                for old in entry["old"]:
                    if any(
                        (was := old_signature(path, each)) and was.accepts(old) for each in LEGACY_RELEASES
                    ):
                        assert not signature.accepts(old), f"{path}({old}=) works on {target}"


@pytest.mark.parametrize("index", range(len(TABLE["argument"])))
def test_no_entry_is_dead(index: int) -> None:
    """Some earlier entry without conditions does not take everything."""
    entry = TABLE["argument"][index]
    conditions = {"when", "given", "applied", "refused", "standalone", "values"}
    for earlier in TABLE["argument"][:index]:
        if conditions & earlier.keys() or not set(earlier["old"]) >= set(entry["old"]):
            continue
        covered = {moves.canonical(path) for path in earlier["of"]} >= {
            moves.canonical(path) for path in entry["of"]
        }
        assert not (covered and set(targets(earlier)) >= set(targets(entry))), earlier


@pytest.mark.parametrize("name", TABLE["special"])
def test_special_callables_exist(name: str) -> None:
    """Each was a callable of every release of Keras 2."""
    for owner in TABLE["special"][name]:
        assert old_signature(owner, "2.0.8") is not None
        assert old_signature(owner, "2.3.1") is not None
