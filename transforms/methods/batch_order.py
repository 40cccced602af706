"""The order in which the batches of Keras' iterators and sequences are taken, which `fit` shuffles now."""

from __future__ import annotations

import libcst as cst

from ...findings import Level
from ...options import Defaults
from ...values import Value
from ..calls.argument_tables import literal
from ..calls.call_adaptation import Adaptation
from ..edits.argument_layout import appended, keyword
from ..edits.line_breaks import keep_short
from ..reading.keras_calls import Argument
from ..silent_changes.defaults import CHANGED_DEFAULT

_SHUFFLES = {"flow": 3, "flow_from_directory": 6}
"""The methods that make an iterator, and the place of their argument `shuffle`."""


def keep_order(work: Adaptation, arguments: list[Argument]) -> None:
    """Has the batches of an iterator or a sequence taken in its own order.

    Up to Keras 2.0 ``fit_generator`` took them so. Later releases shuffle the batches of a sequence, and the
    iterators over images are sequences since. Where an iterator shuffles its samples anyway, nothing changes.

    Args:
        work: the call of ``fit_generator``.
        arguments: its arguments by name.
    """
    file, call = work.file, work.call
    if work.old is None or work.old.accepts("shuffle") or "shuffle" in call.written or not arguments:
        return
    values = file.values.of(arguments[0].node.value)
    if not any(_has_order(value) for value in values):
        return
    message = (
        f"`{call.name}` took batches in the order of the generator up to Keras 2.0. `fit` shuffles those of "
        "an iterator over images or of a `Sequence`"
    )
    symbol = f"{call.symbol}.shuffle"
    if file.options.defaults is Defaults.ADOPT:
        file.report(CHANGED_DEFAULT, Level.REVIEW, call.node.func, message + file.guess_note, symbol)
        return
    level = file.level_if_guessed(call.level)
    if file.report(CHANGED_DEFAULT, level, call.node.func, message + file.guess_note, symbol):
        added = keyword("shuffle", cst.Name("False"))
        file.edit(call.node, call.frame, lambda current: appended(current, [added]))
        keep_short(file, call.node, call.frame)


def _has_order(value: Value) -> bool:
    """Whether a value gives its batches in an order of its own."""
    if value.kind != "iterator" or not isinstance(value.node, cst.Call):
        return value.kind in ("iterator", "sequence")
    made, function = value.node, value.node.func
    name = function.attr.value if isinstance(function, cst.Attribute) else ""
    named = {arg.keyword.value: arg.value for arg in made.args if arg.keyword is not None}
    placed = [arg.value for arg in made.args if arg.keyword is None]
    place = _SHUFFLES.get(name, len(placed))
    shuffle = named.get("shuffle") or (placed[place] if place < len(placed) else None)
    return shuffle is not None and literal(shuffle) != "True"
