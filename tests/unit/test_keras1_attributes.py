"""Every entry of ``keras1_attributes.toml`` is about layers of Keras 1, with one way for each attribute."""

from __future__ import annotations

from typing import Any

import libcst as cst
import pytest
from keras_migrate.transforms import ORDER
from keras_migrate.transforms.subclassing.keras1_attributes import layers
from keras_migrate.transforms.tables import load

from keras_migrate.catalog import legacy, moves

TABLE = load("subclassing/keras1_attributes.toml")
OLD = {moves.canonical(path) for path in legacy("1.2.2") if path.startswith("keras.layers")}


@pytest.mark.parametrize("row", TABLE["attribute"], ids=lambda row: row["of"][0])
def test_layers_were_there(row: dict[str, Any]) -> None:
    assert {symbol for symbol in row["of"] if symbol not in OLD} == set()


@pytest.mark.parametrize("symbol", sorted(layers()))
def test_an_attribute_is_either_reached_or_explained(symbol: str) -> None:
    found = layers()[symbol]
    assert found.names.keys() & found.manual.keys() == set()
    for way in found.names.values():
        assert [node.value for node in _names(cst.parse_expression(way))][-1:] == ["_"]


def _names(node: cst.CSTNode) -> list[cst.Name]:
    """The names that an expression begins with, but not its attributes."""
    if isinstance(node, cst.Name):
        return [node]
    skipped = node.attr if isinstance(node, cst.Attribute) else None
    return [name for child in node.children if child is not skipped for name in _names(child)]


def test_all_are_looked_for() -> None:
    looked = {name for transform in ORDER for name in transform.on_attribute}
    assert {name for each in layers().values() for name in (*each.names, *each.manual)} <= looked
