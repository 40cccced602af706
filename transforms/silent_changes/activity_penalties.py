"""Penalties on what a layer gives, which are divided by the size of the batch now."""

from __future__ import annotations

from ...findings import Level, Rule
from ...transform import File, Transform, Use
from ..calls.argument_tables import literal
from ..calls.call_adaptation import signature_meant
from ..reading.keras_calls import call_of

ACTIVITY_PENALTY = Rule(
    "KM306",
    "activity-penalty",
    "Report a penalty on activities, which is divided by the size of the batch now.",
    "`activity_regularizer=` and `ActivityRegularization` added the penalty of a whole batch to the loss in "
    "standalone Keras; tf.keras divides it by the number of samples. The factor is the size of the "
    "batches, which the layer does not know, so that it has to be multiplied in by a person.",
    before="from keras.layers import Dense\n\nlayer = Dense(8, activity_regularizer='l1')\n",
)

TRANSFORM = Transform("activity penalties", ACTIVITY_PENALTY)

_LAYER = "keras.layers.ActivityRegularization"
_ARGUMENT = "activity_regularizer"


@TRANSFORM.use()
def report_activity_penalty(file: File, use: Use) -> None:
    """Reports a layer that punishes what it gives."""
    if not use.symbol.startswith("keras.layers."):
        return
    call = call_of(file, use)
    if call is None or not call.standalone:
        return
    old = signature_meant(file, call)
    given = {each.name: each for each in (*call.slots(old.positional if old else ()), *call.keywords)}
    penalties = [
        given[name] for name in (("l1", "l2") if call.symbol == _LAYER else (_ARGUMENT,)) if name in given
    ]
    written = [each for each in penalties if literal(each.node.value) not in ("None", "0", "0.", "0.0")]
    if not written:
        return
    message = (
        "the penalty of activities is divided by the size of the batch now and was not: "
        "multiply its factor by the `batch_size` of the training for the same loss"
    )
    place = call.place or written[0].node
    file.report(ACTIVITY_PENALTY, Level.MANUAL, place, message, f"{call.symbol}.{written[0].name}")
