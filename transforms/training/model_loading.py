"""Models that are loaded whole from HDF5 files: what Keras 3 wants for that."""

from __future__ import annotations

from functools import partial

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Reference
from ...transform import AttributeUse, File, Transform
from ..edits.argument_layout import appended, keyword
from ..reading.receivers import call_of_method
from ..reading.values import symbol
from ..subclassing.symbolic_tensors import SYMBOLIC_CALL
from .identifiers import arguments_of_compile

LOADABLE_LOSS = Rule(
    "KM606",
    "loadable-loss",
    "Write losses out by the names under which they can be loaded again.",
    "From TensorFlow 2.16 on a model that was compiled with the loss 'mse', 'mae', 'mape' or 'msle' and "
    "saved to an HDF5 file cannot be loaded: `Could not deserialize 'keras.metrics.mse'`. With the whole "
    "name of the same loss it can.",
    before="from keras.models import load_model\n\n"
    "model.compile('adam', loss='mse')\nmodel.save('model.h5')\nmodel = load_model('model.h5')\n",
    after="from tensorflow.keras.models import load_model\n\n"
    "model.compile('adam', loss='mean_squared_error')\nmodel.save('model.h5')\n"
    "model = load_model('model.h5')\n",
    targets=">=2.16",
)

LAMBDA_LOADING = Rule(
    "KM610",
    "lambda-loading",
    "Allow the functions of `Lambda` layers to be loaded.",
    "From TensorFlow 2.16 on `load_model` refuses a model with a `Lambda` layer that is made of a `lambda`: "
    "it would run code that is in the file. Where the code that loads has such layers itself, "
    "`safe_mode=False` allows it.",
    before=(
        "from keras.layers import Lambda\nfrom keras.models import Sequential, load_model\n\n"
        "Sequential([Lambda(lambda x: 2 * x, input_shape=(4,))]).save('model.h5')\n"
        "model = load_model('model.h5')\n"
    ),
    after=(
        "from tensorflow.keras.layers import Lambda\n"
        "from tensorflow.keras.models import Sequential, load_model\n\n"
        "Sequential([Lambda(lambda x: 2 * x, input_shape=(4,))]).save('model.h5')\n"
        "model = load_model('model.h5', safe_mode=False)\n"
    ),
    targets=">=2.16",
)

TRANSFORM = Transform("model loading", LOADABLE_LOSS, LAMBDA_LOADING)

_LOAD_MODEL = "keras.models.load_model"

_WHOLE = {
    "mse": "mean_squared_error",
    "MSE": "mean_squared_error",
    "mae": "mean_absolute_error",
    "MAE": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "MAPE": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
    "MSLE": "mean_squared_logarithmic_error",
}


def loads_models(data: bytes) -> tuple[str, ...]:
    """Whether the text of a file loads models: a text if so."""
    return ("load_model",) if b"load_model(" in data else ()


@TRANSFORM.attribute("compile")
def write_loss_out(file: File, use: AttributeUse) -> None:
    """Writes the whole name of a loss, where the project loads models."""
    found = call_of_method(use)
    if not file.target.keras3 or found is None:
        return
    for name, node, frame in arguments_of_compile(*found):
        if name != "loss" or not isinstance(node, cst.SimpleString):
            continue
        whole = _WHOLE.get(str(node.raw_value))
        if whole is None or not _loads_models(file):
            continue
        message = (
            f"A model that was compiled with '{node.raw_value}' cannot be loaded from an HDF5 file, and this "
            f"project loads models: '{whole}' is the same loss, and can"
        )
        if file.report(LOADABLE_LOSS, Level.REWRITTEN, node, message):
            text = f"{node.prefix}{node.quote}{whole}{node.quote}"
            file.edit(node, frame, partial(_with_text, text))


def _loads_models(file: File) -> bool:
    """Whether a file or its project loads models."""
    return "load_model" in file.names.identifiers or any(file.nearby(loads_models))


def _with_text(text: str, node: cst.SimpleString) -> cst.SimpleString:
    return node.with_changes(value=text)


@TRANSFORM.end
def allow_lambdas(file: File) -> None:
    """Allows lambdas to be loaded, in a file that has layers of them, or gets some."""
    if not file.target.keras3 or not (_has_lambda_layers(file) or _gets_lambda_layers(file)):
        return
    for reference in file.names.references:
        call, frame = reference.called, reference.frame
        if call is None or frame is None or not call.args or not _is_load_model(file, reference):
            continue
        if any(
            arg.star or (arg.keyword is not None and arg.keyword.value == "safe_mode") for arg in call.args
        ):
            continue
        message = (
            "`load_model` refuses layers that are made of a `lambda`, such as this file has, as it would run "
            "code from the model's file: `safe_mode=False` allows it. Load only files that you trust. Where "
            "such a function uses names of this file, as `K`, it does not find them there: build that model "
            "by code, and `load_weights` from the file"
        )
        if file.report(LAMBDA_LOADING, Level.REVIEW, reference.node, message, _LOAD_MODEL):
            file.edit(call, frame[1], _unsafe)


def _is_load_model(file: File, reference: Reference) -> bool:
    """Whether a reference can be Keras' function."""
    meant = (symbol(origin.name) for origin in file.names.origins(reference) if origin.name)
    return (_LOAD_MODEL, ()) in meant


def _gets_lambda_layers(file: File) -> bool:
    """Whether calls of the backend are wrapped in ``Lambda`` layers here."""
    return any(
        report.rule == SYMBOLIC_CALL.code and report.level is not Level.MANUAL for report in file.reports
    )


def _has_lambda_layers(file: File) -> bool:
    """Whether a file makes a ``Lambda`` layer of a ``lambda``."""
    for reference in file.names.references:
        call = reference.called
        if call is None or not call.args or not isinstance(call.args[0].value, cst.Lambda):
            continue
        if any(origin.name.endswith(".Lambda") for origin in file.names.origins(reference)):
            return True
    return False


def _unsafe(call: cst.Call) -> cst.Call:
    return appended(call, [keyword("safe_mode", cst.Name("False"))])
