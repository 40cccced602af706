"""Every entry of ``methods.toml`` and ``attributes.toml`` is true of the releases on both sides."""

from __future__ import annotations

from typing import Any

import pytest
from keras_migrate.transforms.methods.method_arguments import new_signature, old_signature
from keras_migrate.transforms.tables import applies, load

from keras_migrate.catalog import LEGACY_RELEASES
from keras_migrate.target import Target

TARGETS = [Target.parse(text) for text in ("2.15", "2.16", "2.21", "2.21+legacy")]
RENAMED = {"fit_generator": "fit", "evaluate_generator": "evaluate", "predict_generator": "predict"}
ARGUMENTS = load("methods/methods.toml")["argument"]
ATTRIBUTES = load("methods/attributes.toml")["attribute"]
KERAS_0 = {"class_mode", "show_accuracy"}
"""Arguments that were gone in the first release that there is a catalog of."""
KINDS = set(load("reading/values.toml")["classes"]) | {"tensor"}

each_argument = pytest.mark.parametrize(
    "entry", ARGUMENTS, ids=lambda each: f"{each['of'][0]}-{each['old'][0]}"
)
each_attribute = pytest.mark.parametrize("entry", ATTRIBUTES, ids=lambda each: each["names"][0])


@each_argument
def test_old_arguments_existed(entry: dict[str, Any]) -> None:
    """Each argument was taken by one of the methods in some release."""
    for old in set(entry["old"]) - KERAS_0:
        signatures = [old_signature(method, each) for method in entry["of"] for each in LEGACY_RELEASES]
        assert any(signature is not None and signature.accepts(old) for signature in signatures), old


@each_argument
def test_new_arguments_are_accepted(entry: dict[str, Any]) -> None:
    """What is renamed is taken under its new name by every target, or the next entry is about that target."""
    if "to" not in entry:
        pytest.skip("renames nothing")
    for target in TARGETS:
        for method in entry["of"]:
            signature = new_signature(RENAMED.get(method, method), target)
            assert signature is not None
            later = ARGUMENTS[ARGUMENTS.index(entry) + 1 :]
            others = [
                each for each in later if method in each["of"] and set(entry["old"]) <= set(each["old"])
            ]
            assert signature.accepts(entry["to"]) or any(applies(each["targets"], target) for each in others)


@each_attribute
def test_attributes_say_one_thing(entry: dict[str, Any]) -> None:
    """An entry is about known kinds, has one effect, and says why."""
    assert set(entry["of"]) <= KINDS
    assert len({"to", "write", "manual"} & entry.keys()) == 1
    assert "manual" in entry or entry["note"]
    assert entry.keys() <= {
        "of", "names", "targets", "called", "assigned", "unique", "to", "write", "manual", "level", "note"
    }  # fmt: skip
