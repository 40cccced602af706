"""Bilinear resizing, which samples another grid now."""

from __future__ import annotations

from ...findings import Level, Rule
from ...transform import File, Transform, Use
from ..calls.argument_tables import literal
from ..calls.call_adaptation import signature_meant
from ..reading.keras_calls import call_of

BILINEAR_RESIZING = Rule(
    "KM304",
    "bilinear-resizing",
    "Report bilinear resizing, which samples another grid.",
    "`UpSampling2D(interpolation='bilinear')` and `K.resize_images` put the centres of pixels half a pixel "
    "from their edges now, and did not in standalone Keras: every output differs, most at the borders. "
    "No argument brings the old grid back; the message has the call of TensorFlow that does.",
    before="from keras.layers import UpSampling2D\n\nlayer = UpSampling2D(2, interpolation='bilinear')\n",
)

TRANSFORM = Transform("bilinear resizing", BILINEAR_RESIZING)

_OLD_GRID = "tf.compat.v1.image.resize_bilinear({images}, {size})"
_LAYER = "keras.layers.UpSampling2D"


@TRANSFORM.use(_LAYER, "keras.backend.resize_images")
def report_bilinear(file: File, use: Use) -> None:
    """Reports a call that resizes bilinearly."""
    call = call_of(file, use)
    if call is None or not call.standalone:
        return
    old = signature_meant(file, call)
    given = {each.name: each for each in (*call.slots(old.positional if old else ()), *call.keywords)}
    interpolation = given.get("interpolation")
    if interpolation is None or literal(interpolation.node.value) != "'bilinear'":
        return
    if call.symbol == _LAYER:
        size = "tf.shape(x)[1:3] * size"
        advice = f"`Lambda(lambda x: {_OLD_GRID.format(images='x', size=size)})`"
    else:
        advice = f"`{_OLD_GRID.format(images='x', size='[height, width]')}`"
    message = (
        f"`{call.name}` with 'bilinear' samples another grid on TensorFlow {file.target}, half a pixel off. "
        f"Where the outputs must be those of old, for trained weights say, write {advice}"
    )
    place = call.place or interpolation.node
    file.report(BILINEAR_RESIZING, Level.MANUAL, place, message, f"{call.symbol}.interpolation")
