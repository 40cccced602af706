"""The epsilon of optimizers that add it under the root of the gradients' mean square now."""

from __future__ import annotations

import libcst as cst

from ..findings import Level, Rule
from ..transform import File, Transform, Use
from .argument_tables import literal
from .call_adaptation import signature_meant
from .keras_calls import call_of
from .line_breaks import keep_short

EPSILON_UNDER_ROOT = Rule(
    "KM305",
    "epsilon-under-root",
    "Give the square of an epsilon that is added under a root now.",
    "`RMSprop` and `Adagrad` divided a gradient by `sqrt(v) + epsilon` and divide it by `sqrt(v + epsilon)` "
    "now, so that an epsilon of 0.01 has the effect that 0.1 had. Its square is as near as one can come. One "
    "of 1e-7 or less, as the default is, makes no difference that matters, and is left.",
    before="from keras.optimizers import RMSprop\n\n"
    "optimizer = RMSprop(lr=0.00025, rho=0.95, epsilon=0.01)\n",
    after="from tensorflow.keras.optimizers import RMSprop\n\n"
    "optimizer = RMSprop(learning_rate=0.00025, rho=0.95, epsilon=0.01 ** 2)\n",
)

TRANSFORM = Transform("epsilon", EPSILON_UNDER_ROOT)

_SMALL = 1e-7


@TRANSFORM.use("keras.optimizers.RMSprop", "keras.optimizers.Adagrad")
def square_epsilon(file: File, use: Use) -> None:
    """Squares the epsilon that a call gives."""
    call = call_of(file, use)
    if call is None or not call.standalone:
        return
    old = signature_meant(file, call)
    given = {each.name: each for each in (*call.slots(old.positional if old else ()), *call.keywords)}
    epsilon = given.get("epsilon")
    if epsilon is None or _is_small(epsilon.node.value):
        return
    place, symbol = call.place or epsilon.node, f"{call.symbol}.epsilon"
    value = epsilon.node.value
    changed = f"`{call.name}` adds `epsilon` under the root now"
    if not isinstance(value, cst.BaseNumber):
        message = f"{changed}. Pass the square of a number, and leave it out where it is `None`"
        file.report(EPSILON_UNDER_ROOT, Level.MANUAL, place, message, symbol)
        return
    message = (
        f"{changed}, so its square is written. Steps are near to what they were, and not the same where "
        "gradients are about as small as `epsilon`"
    )
    if file.report(EPSILON_UNDER_ROOT, Level.REVIEW, place, message, symbol):
        frame = (epsilon.node, (call.node, call.frame))
        file.edit(value, frame, _squared)
        keep_short(file, value, frame)


def _is_small(value: cst.BaseExpression) -> bool:
    """Whether an epsilon is so small that its place makes no difference, or stands for the default."""
    text = literal(value)
    if text == "None":
        return True
    try:
        return float(text) <= _SMALL
    except ValueError:
        return False


def _squared(value: cst.BaseExpression) -> cst.BaseExpression:
    """The square of a number."""
    return cst.BinaryOperation(value, cst.Power(), cst.Integer("2"))
