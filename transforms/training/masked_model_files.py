"""Models with masks, which Keras 3 writes to HDF5 files and does not read from them."""

from __future__ import annotations

import re

from ...findings import Level, Rule
from ...transform import File, Transform, Use
from ..reading.file_names import endings

MASKED_MODEL_FILE = Rule(
    "KM615",
    "masked-model-file",
    "Report models that are loaded from HDF5 files where the project builds some with masks.",
    "`Embedding(mask_zero=True)` and `Masking` compute a mask from their input. In Keras 3 that is an "
    "operation of the model, and `load_model` does not know it in an HDF5 file: `Unknown layer: 'NotEqual'`. "
    "A `Sequential` is read, and so is every model from a file whose name ends in `.keras` (tried on "
    "TensorFlow 2.21.0).",
    before="from keras.layers import Dense, Embedding, Input, LSTM\n"
    "from keras.models import Model, load_model\n\n"
    "words = Input((5,))\nmodel = Model(words, Dense(1)(LSTM(3)(Embedding(10, 4, mask_zero=True)(words))))\n"
    "model.save('model.h5')\nmodel = load_model('model.h5')\n",
    targets=">=2.16",
)

TRANSFORM = Transform("masked model files", MASKED_MODEL_FILE)

_MASKS = re.compile(rb"\bmask_zero\s*=\s*True\b|\bMasking\(")
_FUNCTIONAL = re.compile(rb"\bModel\(")


def makes_masks(data: bytes) -> tuple[str, ...]:
    """Whether the text of a file builds models with masks that are not ``Sequential``: a text if so."""
    return ("masks",) if _MASKS.search(data) and _FUNCTIONAL.search(data) else ()


@TRANSFORM.use("keras.models.load_model")
def report_masked_model(file: File, use: Use) -> None:
    """Reports that a model is loaded which may have a mask."""
    call = use.call
    if not file.target.keras3 or call is None or not call.args or not use.standalone:
        return
    found = endings(file, call.args[0].value)
    if found is not None and all(ending.text.endswith(".keras") for ending in found):
        return
    if not makes_masks(file.code.encode()) and not any(file.nearby(makes_masks)):
        return
    message = (
        "a model with a mask, as this project builds some, cannot be loaded from an HDF5 file on TensorFlow "
        f"{file.target} if it is no `Sequential` (`Unknown layer: 'NotEqual'`): save it under a name that "
        "ends in `.keras`, and load that"
    )
    file.report(MASKED_MODEL_FILE, Level.REVIEW, use.reference.node, message, use.symbol)
