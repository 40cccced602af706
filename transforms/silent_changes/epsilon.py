"""The epsilon of optimizers that add it under the root of the gradients' mean square now."""

from __future__ import annotations

import re

import libcst as cst

from ...findings import Level, Rule
from ...transform import File, Transform, Use
from ..calls.argument_tables import literal
from ..calls.call_adaptation import signature_meant
from ..calls.named_arguments import REMOVED_ARGUMENT
from ..edits.argument_layout import appended, keyword
from ..edits.line_breaks import keep_short
from ..reading.keras_calls import call_of

EPSILON_UNDER_ROOT = Rule(
    "KM305",
    "epsilon-under-root",
    "Give the square of an epsilon that is added under a root now.",
    "`RMSprop` and `Adagrad` divided a gradient by `sqrt(v) + epsilon` and divide it by `sqrt(v + epsilon)` "
    "now, so that an epsilon of 0.01 has the effect that 0.1 had, and the default of 1e-7 slows what has "
    "gradients below 0.0003. The square is as near as one can come; it is written for the default as well "
    "(KM301, KM303).",
    before="from keras.optimizers import RMSprop\n\n"
    "optimizer = RMSprop(lr=0.00025, rho=0.95, epsilon=0.01)\n",
    after="from tensorflow.keras.optimizers import RMSprop\n\n"
    "optimizer = RMSprop(learning_rate=0.00025, rho=0.95, epsilon=0.01 ** 2)\n",
)

TRANSFORM = Transform("epsilon", EPSILON_UNDER_ROOT)

_SMALL = 1e-7
_SQUARED = "1e-14"
"""The square of the default."""
_POWER_OF_TEN = re.compile(r"1\.?0*[eE]-0*([0-9]+)")


@TRANSFORM.use("keras.optimizers.RMSprop", "keras.optimizers.Adagrad")
def square_epsilon(file: File, use: Use) -> None:
    """Squares the epsilon that a call gives."""
    call = call_of(file, use)
    if call is None or not call.standalone:
        return
    old = signature_meant(file, call)
    given = {each.name: each for each in (*call.slots(old.positional if old else ()), *call.keywords)}
    epsilon = given.get("epsilon")
    if epsilon is None:
        return
    place, symbol = call.place or epsilon.node, f"{call.symbol}.epsilon"
    value = epsilon.node.value
    changed = f"`{call.name}` adds `epsilon` under the root now"
    if literal(value) == "None" and file.options.enabled(REMOVED_ARGUMENT.code):  # which drops it
        message = f"{changed}, where `{_SQUARED}` has the effect of the default that `None` stood for"
        if file.report(EPSILON_UNDER_ROOT, Level.REWRITTEN, place, message, symbol):
            file.edit(call.node, call.frame, _with_epsilon)
        return
    if not isinstance(value, cst.BaseNumber):
        message = f"{changed}. Pass the square of a number, and leave it out where it is `None`"
        file.report(EPSILON_UNDER_ROOT, Level.MANUAL, place, message, symbol)
        return
    small = _is_small(value)
    message = f"{changed}, so its square is written"
    if not small:
        message += (
            ". Steps are near to what they were, and not the same where gradients are about as small as "
            "`epsilon`"
        )
    level = Level.REWRITTEN if small else Level.REVIEW
    if file.report(EPSILON_UNDER_ROOT, level, place, message, symbol):
        frame = (epsilon.node, (call.node, call.frame))
        file.edit(value, frame, _squared)
        keep_short(file, value, frame)


def _is_small(value: cst.BaseNumber) -> bool:
    """Whether an epsilon is so small that steps with its square are the same for all that matters."""
    try:
        return float(literal(value)) <= _SMALL
    except ValueError:
        return False


def _squared(value: cst.BaseExpression) -> cst.BaseExpression:
    """The square of a number; that of a power of ten as one."""
    power = _POWER_OF_TEN.fullmatch(value.value) if isinstance(value, cst.Float) else None
    if power is not None:
        return value.with_changes(value=f"1e-{2 * int(power[1])}")
    return cst.BinaryOperation(value, cst.Power(), cst.Integer("2"))


def _with_epsilon(call: cst.Call) -> cst.Call:
    """A call with the square of the default."""
    return appended(call, [keyword("epsilon", cst.Float(_SQUARED))])
