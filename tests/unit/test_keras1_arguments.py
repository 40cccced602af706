"""Every entry of ``keras1_arguments.toml`` is true of Keras 1 and of Keras 2, and calls are read by it."""

from __future__ import annotations

from typing import Any

import libcst as cst
import pytest
from keras_migrate.transforms.calls.keras1_arguments import keras1, meanings
from keras_migrate.transforms.tables import load

from keras_migrate.catalog import Signature, legacy, moves

TABLE = load("calls/keras1_arguments.toml")


def signature(path: str, release: str) -> Signature | None:
    """The signature of a callable in an old release."""
    symbol = legacy(release).get(path)
    return symbol.signature if symbol is not None else None


@pytest.mark.parametrize("row", TABLE["call"], ids=lambda row: row["of"][0])
def test_names_are_true(row: dict[str, Any]) -> None:
    """The old names are those of Keras 1, the new ones are those of Keras 2."""
    renamed, joined = row.get("renamed", {}), row.get("joined", {})
    old_names = {*renamed, *(part for parts in joined.values() for part in parts)}
    known: set[str] = set()
    for owner in row["of"]:
        first, second = signature(owner, "1.2.2"), signature(owner, "2.2.4")
        assert second is not None, owner
        if "Atrous" not in owner:  # only a stub of it is left in Keras 2
            assert {name for name in (*renamed.values(), *joined) if not second.accepts(name)} == set(), owner
            assert {name for name in old_names if name in second.positional} == set(), owner
        if first is not None:
            known |= {name for name in old_names if first.accepts(name)}
        assert keras1(moves.canonical(owner)).renamed == renamed
    assert known == old_names or not any(signature(owner, "1.2.2") for owner in row["of"])


def test_places_are_those_of_keras_1() -> None:
    """What Keras 2 does not take by position has a place in the signature of Keras 1."""
    for row in TABLE["call"]:
        for owner in row["of"]:
            first = signature(owner, "1.2.2")
            if first is not None and "positional" in row:
                sizes = sum(len(parts) - 1 for parts in row.get("joined", {}).values())
                assert len(first.positional) >= row["positional"] + sizes, owner


def read(code: str, path: str, *, likely: bool = True) -> dict[str, str]:
    """What the arguments of a call are called in Keras 2, by what Keras 1 called them."""
    call = cst.parse_expression(code)
    assert isinstance(call, cst.Call)
    found = meanings(call, 0, path, moves.canonical(path), likely=likely)
    return {meaning.was: meaning.name for meaning in found.values()}


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        ("f(64, 3, 3)", "Convolution2D", {"nb_row, nb_col": "kernel_size", "nb_col": ""}),
        ("f(64, nb_row=3, nb_col=3)", "Convolution2D", {"nb_row, nb_col": "kernel_size", "nb_col": ""}),
        ("f(64, 3, nb_col=3)", "Convolution2D", {"nb_row, nb_col": "kernel_size", "nb_col": ""}),
        ("f(64, (3, 3), border_mode='same')", "Convolution2D", {"border_mode": "padding"}),
        ("f(64, (3, 3), (2, 2))", "Convolution2D", {}),
        ("f(64, 3, 3, padding='same')", "Conv2D", {}),
        ("f(64, *sizes)", "Convolution2D", {}),
        ("f(64, 'uniform', 'relu')", "Dense", {"init": "kernel_initializer", "activation": "activation"}),
        ("f(64, activation='relu')", "Dense", {}),
        ("f(output_dim=64, input_dim=3)", "Dense", {"output_dim": "units"}),
        ("f(1e-6, 0, 1)", "BatchNormalization", {"epsilon": "epsilon", "mode": "mode", "axis": "axis"}),
    ],
)
def test_reads_calls(code: str, name: str, expected: dict[str, str]) -> None:
    """Keywords and places of Keras 1 get the names of Keras 2; calls that both take alike are left."""
    assert read(code, f"keras.layers.{name}") == expected


def test_places_are_read_in_code_for_keras_1_only() -> None:
    """``Dense(64, 'relu')`` is an initialisation in Keras 1, and an activation from Keras 2.4 on."""
    assert read("f(64, 'relu')", "keras.layers.Dense", likely=False) == {}
