"""What a crossentropy as a loss decides besides: what 'accuracy' means, and how probabilities are read."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Frame, Reference
from ...transform import AttributeUse, File, Transform
from ...walk import dotted
from ..edits import definitions
from ..reading.last_layers import last_layers
from ..reading.receivers import call_of_method, level_of
from .identifiers import arguments_of_compile

BINARY_ACCURACY = Rule(
    "KM608",
    "binary-accuracy",
    "Keep counting each output of a model with `binary_crossentropy` in its accuracy.",
    "In Keras the metric 'accuracy' beside the loss 'binary_crossentropy' counted every output that is on "
    "the right side of 0.5. tf.keras looks at shapes alone: with more than one output it compares the "
    "greatest output with the greatest label, which gives other numbers for several labels at once. "
    "`BinaryAccuracy` is what it was, and keeps its name in the logs.",
    before=(
        "from keras.layers import Dense\nfrom keras.models import Sequential\n\nmodel = Sequential()\n"
        "model.add(Dense(5, activation='sigmoid', input_shape=(4,)))\n"
        "model.compile('adam', 'binary_crossentropy', metrics=['accuracy'])\n"
    ),
    after=(
        "from tensorflow.keras.layers import Dense\nfrom tensorflow.keras.metrics import BinaryAccuracy\n"
        "from tensorflow.keras.models import Sequential\n\nmodel = Sequential()\n"
        "model.add(Dense(5, activation='sigmoid', input_shape=(4,)))\n"
        "model.compile('adam', 'binary_crossentropy', metrics=[BinaryAccuracy(name='accuracy')])\n"
    ),
)

CROSSENTROPY = Rule(
    "KM609",
    "crossentropy-of-probabilities",
    "Keep computing a crossentropy from the probabilities that a model gives.",
    "tf.keras remembers from what a softmax or sigmoid was computed, and computes crossentropies from that: "
    "`binary_crossentropy` takes the input of a softmax for that of a sigmoid, `categorical_crossentropy` "
    "the other way round. The loss and its gradients are others then than in Keras, without a word. Where "
    "the last layer has the other activation, the loss becomes a function that sees the probabilities alone.",
    before=(
        "from keras.layers import Dense\nfrom keras.models import Sequential\n\nmodel = Sequential()\n"
        "model.add(Dense(2, activation='softmax', input_shape=(4,)))\n"
        "model.compile('adam', 'binary_crossentropy')\n"
    ),
    after=(
        "import tensorflow as tf\nfrom tensorflow.keras.layers import Dense\n"
        "from tensorflow.keras.models import Sequential\n\n\n"
        "@tf.keras.utils.register_keras_serializable()\ndef keras2_binary_crossentropy(y_true, y_pred):\n"
        "    return tf.keras.losses.binary_crossentropy(y_true, tf.identity(y_pred))\n\n\n"
        "model = Sequential()\nmodel.add(Dense(2, activation='softmax', input_shape=(4,)))\n"
        "model.compile('adam', keras2_binary_crossentropy)\n"
    ),
)

TRANSFORM = Transform("crossentropies", BINARY_ACCURACY, CROSSENTROPY)

_OTHER = {
    "binary_crossentropy": "softmax",
    "categorical_crossentropy": "sigmoid",
    "sparse_categorical_crossentropy": "sigmoid",
}
"""The activation that a loss mistakes for its own."""

_DEFINITION = """\
@{tensorflow}.keras.utils.register_keras_serializable()
def {name}(y_true, y_pred):
    return {tensorflow}.keras.losses.{loss}(y_true, {tensorflow}.identity(y_pred))
"""


class _Output(NamedTuple):
    """What is known of a model's output.

    Attributes:
        units: how many; 0 where that is not known.
        activation: of the last layer; empty where that is not known.
        reference: the name of the last layer's class, where that is known.
    """

    units: int = 0
    activation: str = ""
    reference: Reference | None = None


@TRANSFORM.attribute("compile")
def compile_model(file: File, use: AttributeUse) -> None:
    """Looks at a model that is compiled with a crossentropy by its name."""
    found = call_of_method(use)
    if found is None:
        return
    call, frame = found
    given = {name: (node, around) for name, node, around in arguments_of_compile(call, frame)}
    loss = given["loss"][0] if "loss" in given else None
    if not isinstance(loss, cst.SimpleString) or loss.raw_value not in _OTHER:
        return
    output = _output(file, use)
    if loss.raw_value == "binary_crossentropy" and "metrics" in given and output.units != 1:
        _keep_accuracy(file, use, output, *given["metrics"])
    if (
        output.activation == _OTHER[str(loss.raw_value)]
        and output.reference is not None
        and output.units != 1
    ):
        _keep_loss(file, use, output, loss, given["loss"][1])


def _output(file: File, use: AttributeUse) -> _Output:
    """What is known of the output of the model that is compiled."""
    if level_of(file, use, "model") is None:
        return _Output()
    found = _Output()
    for layer in last_layers(file, use.node.value):
        assert isinstance(layer.func, (cst.Name, cst.Attribute))
        name = (dotted(layer.func) or "").rpartition(".")[2]
        if name == "TimeDistributed" and layer.args and isinstance(layer.args[0].value, cst.Call):
            layer = layer.args[0].value
            name = (dotted(layer.func) or "").rpartition(".")[2]
        given = {arg.keyword.value: arg.value for arg in layer.args if arg.keyword is not None}
        first = layer.args[0].value if layer.args and layer.args[0].keyword is None else None
        if found.reference is None and isinstance(layer.func, (cst.Name, cst.Attribute)):
            activation = first or given.get("activation") if name == "Activation" else given.get("activation")
            found = _Output(0, _string(activation), file.names.reference(layer.func))
        if name in ("Activation", "Dropout", "BatchNormalization"):
            continue
        units = first or next((given[each] for each in _UNITS if each in given), None)
        known = name.startswith(("Dense", "Conv")) and isinstance(units, cst.Integer)
        return found._replace(units=int(units.value, 0)) if known else found  # type: ignore[union-attr]
    return found


_UNITS = ("units", "filters", "output_dim", "nb_filter")
"""The arguments that say how many outputs a layer has."""


def _string(node: cst.BaseExpression | None) -> str:
    return str(node.raw_value) if isinstance(node, cst.SimpleString) else ""


def _keep_accuracy(
    file: File, use: AttributeUse, output: _Output, metrics: cst.BaseExpression, frame: Frame
) -> None:
    """Writes the accuracy out that was meant."""
    reference = output.reference or next(iter(file.names.references), None)
    if not isinstance(metrics, (cst.List, cst.Tuple)) or reference is None:
        return
    for element in metrics.elements:
        node = element.value
        if not isinstance(node, cst.SimpleString) or node.raw_value not in ("accuracy", "acc"):
            continue
        message = (
            f"Beside 'binary_crossentropy' '{node.raw_value}' counted every output on the right side of 0.5. "
            "With more than one output it is the categorical accuracy now, so the binary one is written out"
        )
        if not output.units and output.activation != "softmax":
            message += "; for one output it is the same"
        if file.report(BINARY_ACCURACY, Level.REWRITTEN, node, message):
            name = file.imports.name_for("tensorflow.keras.metrics.BinaryAccuracy", reference)
            made = cst.parse_expression(f"{name}(name={node.value})")
            file.edit(node, (element, (metrics, frame)), partial(_instead, made))


def _instead(new: cst.BaseExpression, old: cst.BaseExpression) -> cst.BaseExpression:
    return new


def _keep_loss(file: File, use: AttributeUse, output: _Output, loss: cst.SimpleString, frame: Frame) -> None:
    """Has the loss computed from probabilities."""
    name = f"keras2_{loss.raw_value}"
    message = (
        f"tf.keras computes '{loss.raw_value}' from the input of the {output.activation}, as if it were "
        f"{'a sigmoid' if output.activation == 'softmax' else 'a softmax'}: another loss than in Keras"
    )
    reference = output.reference
    assert reference is not None
    place: Frame = (use.node, use.frame)
    if not definitions.definable(file, reference, name, place):
        message += (
            f". Give it the probabilities: `loss=lambda y_true, y_pred: tf.keras.losses.{loss.raw_value}("
            "y_true, tf.identity(y_pred))`"
        )
        file.report(CROSSENTROPY, Level.MANUAL, loss, message)
        return
    message += f". `{name}` computes it from the probabilities, as before"
    if file.report(CROSSENTROPY, Level.REWRITTEN, loss, message):
        tensorflow = file.imports.name_for("tensorflow.identity", reference).rpartition(".")[0]
        code = _DEFINITION.format(tensorflow=tensorflow, name=name, loss=loss.raw_value)
        definitions.define(file, reference, name, code, place)
        file.edit(loss, frame, lambda _: cst.Name(name))
