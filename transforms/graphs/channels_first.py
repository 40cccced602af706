"""Images with their channels first: where TensorFlow computes with them, and the kernels of Theano."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ...transform import AttributeUse, File, Transform, Use
from ..reading.keras_calls import is_standalone
from ..reading.receivers import call_of_method, level_of

CHANNELS_FIRST = Rule(
    "KM723",
    "channels-first",
    "Say where images with their channels first can be computed with.",
    "'channels_first', which was 'th' in Keras 1, is kept: another order needs other data and other weights. "
    "TensorFlow computes with it on GPUs. On CPUs it needs oneDNN, which the packages for x86 Linux use by "
    "themselves only where the processor has instructions for neural networks (AVX512_VNNI, AVX512_BF16, "
    "AMX: release notes of TensorFlow 2.9), and everywhere with `TF_ENABLE_ONEDNN_OPTS=1`; without it layers "
    "raise an error, on TensorFlow 2.15 others than on 2.21. There is one finding for a file.",
    before="from keras import backend as K\n\nK.set_image_dim_ordering('th')\n",
    after="from tensorflow.keras import backend as K\n\nK.set_image_data_format('channels_first')\n",
)

THEANO_KERNELS = Rule(
    "KM724",
    "theano-kernels",
    "Check whether the weights that are loaded were trained with Theano.",
    "Theano turned the kernels of convolutions by 180 degrees, TensorFlow does not. Weights that were "
    "trained with Theano load without an error and give other predictions, until all kernels are turned. "
    "Code of Keras 1 that puts the channels first was often written for Theano.",
    before="from keras import backend as K\nfrom keras.models import load_model\n\n"
    "K.set_image_dim_ordering('th')\nmodel = load_model('model.h5')\nmodel.load_weights('weights.h5')\n",
    after="from tensorflow.keras import backend as K\nfrom tensorflow.keras.models import load_model\n\n"
    "K.set_image_data_format('channels_first')\nmodel = load_model('model.h5')\n"
    "model.load_weights('weights.h5')\n",
)

TRANSFORM = Transform("channels first", CHANNELS_FIRST, THEANO_KERNELS)

_FIRST = ("channels_first", "th")
_KEYWORDS = ("data_format", "dim_ordering")
_SETTERS = (
    "keras.backend.set_image_dim_ordering",
    "keras.backend.common.set_image_dim_ordering",
    "keras.backend.set_image_data_format",
    "keras.backend.common.set_image_data_format",
)
_ON_KERAS_2 = ("Conv1D", "Conv2D", "Conv3D", "SeparableConv2D", "MaxPooling2D", "AveragePooling2D")
_ON_KERAS_3 = ("Conv1D", "Conv2D", "Conv2DTranspose", "ConvLSTM2D")
"""The layers that fail without oneDNN, tried on TensorFlow 2.15.1 and 2.21.0."""


@TRANSFORM.use(*_SETTERS)
def look_at_setting(file: File, use: Use) -> None:
    """Looks at the order of axes for a whole program."""
    if use.call is not None and use.call.args:
        _look(file, use, use.call.args[0])


@TRANSFORM.use()
def look_at_layer(file: File, use: Use) -> None:
    """Looks at the order of axes of one layer that has kernels of its own on CPUs."""
    failing = _ON_KERAS_3 if file.target.keras3 else _ON_KERAS_2
    if use.call is None or use.symbol.removeprefix("keras.layers.") not in failing:
        return
    for arg in use.call.args:
        if arg.keyword is not None and arg.keyword.value in _KEYWORDS:
            _look(file, use, arg)


def _look(file: File, use: Use, arg: cst.Arg) -> None:
    """Reports the first place in a file that puts the channels first."""
    first = isinstance(arg.value, cst.SimpleString) and arg.value.raw_value in _FIRST
    told = any(report.rule == CHANNELS_FIRST.code for report in file.reports)
    if not first or told or not is_standalone(file, use.reference):
        return
    failing = _ON_KERAS_3 if file.target.keras3 else _ON_KERAS_2
    names = ", ".join(f"`{name}`" for name in failing[:-1]) + f" and `{failing[-1]}`"
    message = (
        "channels first: kept as it is. On a CPU it needs oneDNN, which older processors use with "
        f"`TF_ENABLE_ONEDNN_OPTS=1` only; without it {names} fail there"
    )
    if not file.target.keras3:
        message += (
            ". With it a process that pools images of both orders and the same sizes gets wrong numbers from "
            "the second of them"
        )
    file.report(CHANNELS_FIRST, Level.REVIEW, arg, message, use.symbol)


@TRANSFORM.attribute("load_weights")
def look_at_weights(file: File, use: AttributeUse) -> None:
    """Reports weights that are loaded into a model of Keras 1 with its channels first."""
    told = any(report.rule == CHANNELS_FIRST.code for report in file.reports)
    if not told or file.source.version >= (2, 0) or call_of_method(use) is None:
        return
    if level_of(file, use, "model", unique=True) is None:
        return
    message = (
        "weights that were trained with Theano load without an error, but their kernels are turned by 180 "
        "degrees: if these were, turn those of all convolutions, `layer.set_weights([kernel[::-1, ::-1], "
        f"bias])`, and save them again{file.guess_note}"
    )
    file.report(THEANO_KERNELS, Level.REVIEW, use.node, message, "keras.models.Model.load_weights")
