"""Names of Keras in prose: what takes the place of one that a reference of a document names."""

from __future__ import annotations

from ...catalog import moves
from ...target import Target
from .symbols import Successor, split, successor, was_module


def of_name(name: str, target: Target) -> Successor | None:
    """What becomes of a dotted name in prose; ``None`` where standalone Keras never had it.

    Args:
        name: ``keras.layers.Dense``.
        target: the TensorFlow release to migrate to.
    """
    symbol, rest = split(name)
    module = was_module(symbol)
    if (rest and module) or not (module or moves.known(symbol)):
        return None
    return successor(name, target)
