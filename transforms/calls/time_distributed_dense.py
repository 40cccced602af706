"""Keras 1's ``TimeDistributedDense``, which is a ``Dense`` of sequences now."""

from __future__ import annotations

from ...catalog import moves
from ...findings import Level
from ...transform import File, Transform, Use
from ..edits.argument_edits import Changes, tuple_of
from ..edits.line_breaks import keep_short
from ..reading.keras_calls import call_of
from .keras1_arguments import KERAS1_ARGUMENT, keras1

TRANSFORM = Transform("dense layers over time")

_SYMBOL = moves.canonical("keras.layers.TimeDistributedDense")
_SLOTS = (
    "output_dim",
    "init",
    "activation",
    "weights",
    "W_regularizer",
    "b_regularizer",
    "activity_regularizer",
    "W_constraint",
    "b_constraint",
    "bias",
    "input_dim",
    "input_length",
)


@TRANSFORM.use(_SYMBOL)
def use_dense(file: File, use: Use) -> None:
    """Gives ``Dense``, which takes the place of the class, the arguments of Keras 2."""
    call = call_of(file, use)
    if call is None or not call.sure or call.star is not None or any(arg.star for arg in call.node.args):
        return
    given = {argument.name: argument for argument in (*call.slots(_SLOTS), *call.keywords)}
    if len(given) != len(call.node.args) - call.first:
        return
    changes = Changes()
    renamed = keras1(moves.canonical("keras.layers.Dense")).renamed
    for name, argument in given.items():
        positional = argument.node.keyword is None and argument.index > call.first
        if positional or (name in renamed and argument.node.keyword is not None):
            changes.names[argument.index] = renamed.get(name, name)
    size, length = given.get("input_dim"), given.get("input_length")
    if size is not None:
        changes.names[size.index] = "input_shape"
        changes.values[size.index] = tuple_of([length.index if length else None, size.index])
    if length is not None:
        changes.drops.add(length.index)
    message = "`TimeDistributedDense` is `Dense` since Keras 2, which takes sequences too: with its arguments"
    place = call.place or use.reference.node
    if not changes or not file.report(KERAS1_ARGUMENT, Level.REWRITTEN, place, message, use.symbol):
        return
    file.handled.add(call.node)
    file.edit(call.node, call.frame, changes.apply)
    keep_short(file, call.node, call.frame)
