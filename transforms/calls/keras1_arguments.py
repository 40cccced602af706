"""Calls in the words of Keras 1, read as Keras 2 would have written them.

A call is Keras 1's where it has a keyword that only Keras 1 had, or more positional arguments than Keras 2
takes. Everything else about its arguments is decided by the names of Keras 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import libcst as cst

from ...catalog import Signature, legacy, moves
from ...findings import Rule
from ..tables import load

KERAS1_ARGUMENT = Rule(
    "KM208",
    "keras-1-argument",
    "Call with the arguments of Keras 2.",
    "Keras 2 gave most arguments other names, took the sizes of a kernel as one tuple, and hardly any by "
    "position. It still understood Keras 1, with a warning; `tf.keras` does not.",
    before="from keras.layers import Convolution2D\n\n"
    "layer = Convolution2D(64, 3, 3, border_mode='same', subsample=(2, 2))\n",
    after="from tensorflow.keras.layers import Convolution2D\n\n"
    "layer = Convolution2D(64, (3, 3), padding='same', strides=(2, 2))\n",
)

_KERAS_2 = frozenset({"data_format", "padding", "strides"})
"""Keywords with which Keras 2 refused the sizes of a kernel one by one."""

_NOT_A_SIZE = (cst.Tuple, cst.List, cst.BaseString)
"""What can stand in the place of one of a kernel's sizes only if it is something else."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What Keras 2 makes of one argument of Keras 1.

    Attributes:
        was: what Keras 1 called it.
        name: what Keras 2 calls it; empty where it is part of another one.
        slot: whether it is given by position, in the same place.
        joined: the positions of the arguments of whose values it is a tuple.
        value: the code of its value, where that is written in another way.
    """

    was: str
    name: str
    slot: bool = False
    joined: tuple[int, ...] = ()
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Keras1:
    """What Keras 1 called the arguments of a callable, as ``keras1_arguments.toml`` has it."""

    positional: int | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)
    joined: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def words(self) -> set[str]:
        """The keywords that only Keras 1 had."""
        return {*self.renamed, *(part for parts in self.joined.values() for part in parts)}


_NOTHING = Keras1()


def keras1(symbol: str) -> Keras1:
    """What Keras 1 called the arguments of a callable."""
    return _by_callable().get(symbol, _NOTHING)


@cache
def _by_callable() -> dict[str, Keras1]:
    found: dict[str, Keras1] = {}
    for row in load("calls/keras1_arguments.toml")["call"]:
        names = Keras1(row.get("positional"), row.get("renamed", {}), row.get("joined", {}))
        found.update(dict.fromkeys(map(moves.canonical, row["of"]), names))
    return found


def signature(path: str, symbol: str) -> Signature | None:
    """The signature that a callable had in Keras 1, by the path in the code or by its key in the tables."""
    found = legacy("1.2.2").get(path) or legacy("1.2.2").get(symbol)
    return found.signature if found is not None else None


def meanings(call: cst.Call, first: int, path: str, symbol: str, *, likely: bool) -> dict[int, Meaning]:
    """What the arguments of a call of Keras 1 mean in Keras 2, by their position in it.

    Those that Keras 2 takes as they are, are left out, and all of a call that is not one of Keras 1.

    Args:
        call: the call.
        first: how many of its arguments come before those of the callable.
        path: the path by which the code reaches the callable.
        symbol: its key in the tables.
        likely: whether the code around it is written for Keras 1, so that a call is which can be.
    """
    names = keras1(symbol)
    named = {
        arg.keyword.value: i for i, arg in enumerate(call.args) if arg.keyword is not None and i >= first
    }
    placed = [i for i, arg in enumerate(call.args) if arg.keyword is None and not arg.star and i >= first]
    limit = len(placed) if names.positional is None else names.positional
    beyond, spoken = len(placed) > limit, bool(named.keys() & names.words)
    if not spoken and not (beyond and (likely or names.joined)):
        return {}
    old = signature(path, symbol)
    slots = old.positional[: len(placed)] if old is not None else ()
    if beyond and (len(slots) < len(placed) or not _is_keras1(call, placed, named, names)):
        return {}
    was = {**dict(zip(slots, placed, strict=False)), **named}
    found = _joined(names, was, first + min(limit, len(placed)))
    for name, index in was.items():
        new = names.renamed.get(name, name)
        as_it_is = new == name if name in named else index < first + limit
        if index not in found and not as_it_is:
            found[index] = Meaning(name, new, value=_value(name, call.args[index].value))
    return found


def _is_keras1(call: cst.Call, placed: Sequence[int], named: Mapping[str, int], names: Keras1) -> bool:
    """Whether a call with too many positional arguments for Keras 2 can be one of Keras 1."""
    if any(arg.star == "*" for arg in call.args):
        return False
    if not names.joined:
        return True
    count = len(next(iter(names.joined.values())))
    sizes = [call.args[index].value for index in placed[1 : 1 + count]]
    return not named.keys() & _KERAS_2 and not any(isinstance(size, _NOT_A_SIZE) for size in sizes)


def _joined(names: Keras1, was: Mapping[str, int], end: int) -> dict[int, Meaning]:
    """The arguments of which Keras 2 makes a tuple, where all of them are given.

    Args:
        names: what Keras 1 called them.
        was: the positions of the arguments by what Keras 1 called them.
        end: the position after the last that stays where it is.
    """
    found: dict[int, Meaning] = {}
    for new, parts in names.joined.items():
        if all(part in was for part in parts):
            indexes = tuple(was[part] for part in parts)
            for part, index in zip(parts, indexes, strict=True):
                found[index] = Meaning(part, "")
            shown = ", ".join(parts)
            found[indexes[0]] = Meaning(shown, new, slot=indexes[0] < end, joined=indexes)
    return found


def _value(name: str, value: cst.BaseExpression) -> str | None:
    """The code of a literal that Keras 2 writes in another way."""
    words = load("calls/keras1_arguments.toml")["values"].get(name)
    if words is None or not isinstance(value, cst.SimpleString):
        return None
    code: str | None = words.get(value.raw_value)
    return code.replace("'", value.quote) if code is not None else None
