"""Masks that meet in a layer that merges its inputs."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Reference
from ...transform import File, Transform, Use

MERGED_MASKS = Rule(
    "KM308",
    "merged-masks",
    "Say where layers that merge masked inputs mask other steps now.",
    "Keras 2 masked a step of merged inputs where any of them is masked, and took an input without mask "
    "as one with no step masked. From TensorFlow 2.16 on a step is masked where all inputs mask it; `Add` "
    "and its like mask nothing where one input has no mask. Masks that are the same stay as they are.",
    before="from keras.layers import Embedding, Input, SimpleRNN, add\n\n"
    "a = Embedding(9, 4, mask_zero=True)(Input((5,)))\nb = Embedding(9, 4, mask_zero=True)(Input((5,)))\n"
    "state = SimpleRNN(2)(add([a, b]))\n",
    after="from tensorflow.keras.layers import Embedding, Input, SimpleRNN, add\n\n"
    "a = Embedding(9, 4, mask_zero=True)(Input((5,)))\nb = Embedding(9, 4, mask_zero=True)(Input((5,)))\n"
    "state = SimpleRNN(2)(add([a, b]))\n",
    targets=">=2.16",
)

TRANSFORM = Transform("merged masks", MERGED_MASKS)

_MERGING = ("add", "average", "concatenate", "maximum", "minimum", "multiply", "subtract")


@TRANSFORM.use(
    "keras.layers.merge",
    "keras.layers.Merge",
    *(f"keras.layers.{name}" for name in _MERGING),
    *(f"keras.layers.{name.capitalize()}" for name in _MERGING),
)
def report_masks(file: File, use: Use) -> None:
    """Reports a layer that merges, in a file that makes masks."""
    if (
        use.call is None
        or not file.target.keras3
        or not any(_makes_mask(each) for each in file.names.references)
    ):
        return
    message = (
        "where several inputs are masked, a step is masked now if all of them mask it, and was if any did; "
        "`Add` and its like mask nothing where one input has no mask. With masks that differ, layers behind "
        "it give other numbers: take the mask that is meant in a layer of your own"
    )
    file.report(MERGED_MASKS, Level.REVIEW, use.reference.node, message, use.symbol)


def _makes_mask(reference: Reference) -> bool:
    """Whether a reference is to something that masks steps."""
    if (reference.attributes[-1:] or (reference.root.value,)) == ("Masking",):
        return True
    call = reference.called
    return call is not None and any(
        arg.keyword is not None
        and arg.keyword.value == "mask_zero"
        and not (isinstance(arg.value, cst.Name) and arg.value.value == "False")
        for arg in call.args
    )
