"""Products of batches, ``K.batch_dot``, which are others for tensors of more than three dimensions."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ...transform import File, Transform, Use

BATCH_PRODUCT = Rule(
    "KM722",
    "batch-product",
    "Report `K.batch_dot` of tensors with more than three dimensions.",
    "Up to Keras 2.2 `K.batch_dot` multiplied like `tf.matmul`: all dimensions but the last two were gone "
    "through together. Since 2.3, and in `tf.keras`, only the first is, so that tensors of more than three "
    "dimensions give every combination of the others.",
    before="from keras import backend as K\n\ny = K.batch_dot(a, b, [2, 3])\n",
)

TRANSFORM = Transform("batch products", BATCH_PRODUCT)

_MESSAGE = (
    "`K.batch_dot` of tensors with more than three dimensions gives every combination of those between the "
    "first and the last two now; it went through them together. Write `tf.matmul`, with `transpose_a` and "
    "`transpose_b`"
)


@TRANSFORM.use("keras.backend.batch_dot")
def report(file: File, use: Use) -> None:
    """Leaves a finding where an axis shows that a tensor has more than three dimensions."""
    call = use.call
    if call is None or not use.standalone or file.source.version >= (2, 3):
        return
    axes = [arg.value for at, arg in enumerate(call.args) if _is_axes(at, arg)]
    if axes and isinstance(axes[0], (cst.List, cst.Tuple)):
        numbers = [each.value for each in axes[0].elements]
        if any(isinstance(each, cst.Integer) and each.evaluated_value >= 3 for each in numbers):
            file.report(BATCH_PRODUCT, Level.MANUAL, use.reference.node, _MESSAGE, use.symbol)


def _is_axes(at: int, arg: cst.Arg) -> bool:
    """Whether an argument says which axes are multiplied."""
    return arg.keyword.value == "axes" if arg.keyword is not None else at == 2 and not arg.star
