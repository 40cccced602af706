"""Attributes of Keras' own layers by the names of Keras 1, in classes derived from them and from outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

import libcst as cst

from ...catalog import moves
from ...findings import Level, Rule
from ...transform import AttributeUse, File, Transform
from ...values import Value
from ..calls.keras1_arguments import keras1
from ..graphs.image_order import compared_with
from ..methods.attributes import written
from ..reading.receivers import is_target, overridden
from ..tables import load

KERAS1_ATTRIBUTE = Rule(
    "KM518",
    "keras-1-attribute",
    "Reach weights and settings of layers by the names of Keras 2.",
    "With the arguments Keras 2 gave the attributes of its layers other names: `W` and `b` are `kernel` and "
    "`bias`, `output_dim` is `units`, `nb_filter` is `filters`. This matters to classes that derive from a "
    "layer, and to code that looks at layers from outside.",
    before="from keras.layers import Dense\n\n\nclass Normed(Dense):\n"
    "    def get_output_shape_for(self, input_shape):\n        return (input_shape[0], self.output_dim)\n",
    after="from tensorflow.keras.layers import Dense\n\n\nclass Normed(Dense):\n"
    "    def compute_output_shape(self, input_shape):\n        return (input_shape[0], self.units)\n",
)

TRANSFORM = Transform("attributes of Keras 1", KERAS1_ATTRIBUTE)

_LAYERS = "keras.layers."
_ORDER = "dim_ordering"
_WEIGHT = "_.kernel"
_BOTH = "bias"
"""Says in Keras 1 whether a layer has a bias, in Keras 2 it is the bias."""


@dataclass(frozen=True, slots=True)
class Names:
    """What became of the attributes of one layer.

    Attributes:
        names: what reaches the same now, with ``_`` for the layer.
        manual: what to do about those that nothing stands for.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    manual: Mapping[str, str] = field(default_factory=dict)


@cache
def attributes_of(symbol: str) -> Names | None:
    """What became of the attributes that a layer had in Keras 1; ``None`` for one without such."""
    rows = [row for row in load("subclassing/keras1_attributes.toml")["attribute"] if symbol in row["of"]]
    arguments = keras1(symbol)
    names = {old: f"_.{new}" for old, new in arguments.renamed.items()}
    for new, parts in arguments.joined.items():
        names.update({part: f"_.{new}[{at}]" for at, part in enumerate(parts)})
    manual: dict[str, str] = {}
    for row in rows:
        for each in row.get("moved", ()):
            names.pop(each, None)
        names.update(row.get("names", {}))
        manual.update(row.get("manual", {}))
    return Names(names, manual) if names or manual else None


@cache
def layers() -> dict[str, Names]:
    """The layers whose attributes had other names in Keras 1."""
    symbols = {each for row in load("subclassing/keras1_attributes.toml")["attribute"] for each in row["of"]}
    symbols |= {
        moves.canonical(each) for row in load("calls/keras1_arguments.toml")["call"] for each in row["of"]
    }
    wanted = sorted(each for each in symbols if each.startswith(_LAYERS))
    return {each: found for each in wanted if (found := attributes_of(each)) is not None}


@TRANSFORM.attribute(
    *dict.fromkeys(name for each in layers().values() for name in (*each.names, *each.manual))
)
def rename(file: File, use: AttributeUse) -> None:
    """Reaches one attribute by what it is now, or says what to do."""
    name = use.node.attr.value
    values = file.values.of(use.node.value)
    if use.node in file.handled or any(each.kind != "layer" or not each.standalone for each in values):
        return
    if overridden(file, use) or (name == _BOTH and file.source.version >= (2, 0)):
        return
    known = [found for each in values for found in _layer(each)]
    if len(known) == len(values):
        _decide(file, use, known, sure=all(each.sure for each in values))
    elif file.source.version < (2, 0):
        _decide(file, use, list(layers().values()), sure=False)


def _layer(value: Value) -> Iterator[Names]:
    """What became of the attributes of a value: of the nearest class of Keras that it is an instance of."""
    nearest = next((each for each in (value.symbol, *value.lineage) if each), "")
    if nearest.startswith(_LAYERS) and nearest not in ("keras.layers.Layer", "keras.layers.Wrapper"):
        yield layers().get(nearest, Names())


def _decide(file: File, use: AttributeUse, known: list[Names], *, sure: bool) -> None:
    """Writes an attribute in the one way that all layers have that it can be of, or says what to do."""
    name = use.node.attr.value
    ways = {each.names[name] for each in known if name in each.names}
    advice = {each.manual[name] for each in known if name in each.manual}
    symbol = f"keras.layers.Layer.{name}"
    if not ways and not advice:
        return
    if advice or len(ways) > 1 or (is_target(use) and _WEIGHT in ways):
        choice = [_choice(ways)] if not (sure and advice) else []
        says = "; or ".join([*choice, *sorted(advice)])
        if sure or ways:
            message = f"`{name}` of a layer is not there any more: {says}"
            file.report(KERAS1_ATTRIBUTE, Level.MANUAL, use.node, message, symbol)
        return
    way = ways.pop()
    level = Level.REWRITTEN if sure else Level.REVIEW
    message = f"`{name}` of a layer is `{way.replace('_.', '')}` since Keras 2"
    if way == _WEIGHT and all(each.names.get("nb_filter") for each in known):
        level = Level.REVIEW
        message += ". Its axes are rows, columns, channels and filters, also where Theano had them otherwise"
    words = compared_with(use.node, use.frame) if name == _ORDER else None
    if name == _ORDER:
        level = level if words is not None else Level.REVIEW
        message += ", and says 'channels_first' for 'th', 'channels_last' for 'tf'"
    if file.report(KERAS1_ATTRIBUTE, level, use.node, message, symbol):
        file.edit(use.node, use.frame, written(way))
        table = load("subclassing/keras1_attributes.toml")["words"].get(name, {})
        for literal, frame in words or ():
            file.edit(literal, frame, lambda node: _in_words(node, table))


def _choice(ways: set[str]) -> str:
    """What an attribute is now, by the layer."""
    names = " or ".join(f"`{way.replace('_.', '')}`" for way in sorted(ways))
    return f"it is {names}, as the layer has it"


def _in_words(node: cst.SimpleString, words: Mapping[str, str]) -> cst.SimpleString:
    return node.with_changes(value=f"{node.prefix}{node.quote}{words[node.raw_value]}{node.quote}")
