"""``predict_classes`` and ``predict_proba`` of ``Sequential``."""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from ...findings import Level, Rule
from ...transform import AttributeUse, File, Transform
from ..edits.argument_layout import keyword
from ..reading.receivers import call_of_method, chain, level_of

PREDICTED_CLASSES = Rule(
    "KM404",
    "predicted-classes",
    "Work out classes from what `predict` gives.",
    "`predict_classes` took the largest of several outputs, and compared a single one with 0.5. The model's "
    "last layer decides which; where it is not known, both are written out.",
    before="from keras.layers import Dense\nfrom keras.models import Sequential\n\n"
    "model = Sequential([Dense(3, activation='softmax', input_shape=(4,))])\n"
    "classes = model.predict_classes(x)\n",
    after="from tensorflow.keras.layers import Dense\nfrom tensorflow.keras.models import Sequential\n\n"
    "model = Sequential([Dense(3, activation='softmax', input_shape=(4,))])\n"
    "classes = model.predict(x).argmax(axis=-1)\n",
)

TRANSFORM = Transform("predictions", PREDICTED_CLASSES)

_SEQUENTIAL = "keras.models.Sequential"


@TRANSFORM.attribute("predict_proba")
def predict_proba(file: File, use: AttributeUse) -> None:
    """Calls ``predict``, which is what it was."""
    level = level_of(file, use, "model")
    if level is None or call_of_method(use) is None:
        return
    message = "`predict_proba` is gone: `predict` gives the same"
    if file.report(PREDICTED_CLASSES, level, use.node, message, f"{_SEQUENTIAL}.predict_proba"):
        _call_predict(file, use)


@TRANSFORM.attribute("predict_classes")
def predict_classes(file: File, use: AttributeUse) -> None:
    """Takes the largest output, or compares the only one with 0.5."""
    level = level_of(file, use, "model", unique=True)
    found = call_of_method(use)
    if level is None:
        return
    symbol = f"{_SEQUENTIAL}.predict_classes"
    if found is None or not (chain(use.node.value) or _outputs(file, use) is not None):
        message = (
            "`predict_classes` is gone: write `.predict(…).argmax(axis=-1)` for several outputs, "
            "`(….predict(…) > 0.5).astype('int32')` for one"
        )
        file.report(PREDICTED_CLASSES, Level.MANUAL, use.node, message, symbol)
        return
    outputs = _outputs(file, use)
    if outputs is None:
        level = Level.REVIEW
        message = "`predict_classes` is gone. The number of outputs is not known, so both ways are written"
    elif outputs > 1:
        message = "`predict_classes` is gone: the class is the largest of several outputs"
    else:
        message = "`predict_classes` is gone: the class is whether the output is above 0.5"
    if file.report(PREDICTED_CLASSES, level, use.node, message, symbol):
        _call_predict(file, use)
        file.edit(*found, _classes(use.node.value, outputs))


def _call_predict(file: File, use: AttributeUse) -> None:
    file.edit(use.node, use.frame, lambda node: node.with_changes(attr=cst.Name("predict")))


def _classes(model: cst.BaseExpression, outputs: int | None) -> Callable[[cst.Call], cst.BaseExpression]:
    """Makes the classes from a call of ``predict``."""

    def edit(call: cst.Call) -> cst.BaseExpression:
        bare = call.with_changes(lpar=(), rpar=())
        largest = cst.Call(
            cst.Attribute(bare, cst.Name("argmax")), [keyword("axis", cst.parse_expression("-1"))]
        )
        above = cst.Comparison(
            bare,
            [cst.ComparisonTarget(cst.GreaterThan(), cst.Float("0.5"))],
            lpar=[cst.LeftParen()],
            rpar=[cst.RightParen()],
        )
        single = cst.Call(cst.Attribute(above, cst.Name("astype")), [cst.Arg(cst.SimpleString("'int32'"))])
        if outputs is not None:
            chosen: cst.BaseExpression = largest if outputs > 1 else single
            return chosen.with_changes(lpar=call.lpar, rpar=call.rpar)
        width = cst.parse_expression("_.output_shape[-1] > 1")
        width = cst.ensure_type(width.visit(_Receiver(model)), cst.Comparison)
        return cst.IfExp(width, largest, single, lpar=[cst.LeftParen()], rpar=[cst.RightParen()])

    return edit


class _Receiver(cst.CSTTransformer):
    """Puts a model in the place of ``_``."""

    def __init__(self, model: cst.BaseExpression) -> None:
        super().__init__()
        self._model = model

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        return self._model.deep_clone() if original_node.value == "_" else updated_node


def _outputs(file: File, use: AttributeUse) -> int | None:
    """How many outputs the last layer of a model has that is made in this file; ``None`` if not known."""
    values = file.values.of(use.node.value)
    if len(values) != 1 or values[0].symbol != _SEQUENTIAL or not isinstance(values[0].node, cst.Call):
        return None
    made = values[0].node
    layers: list[cst.BaseExpression] = []
    if made.args:
        if made.args[0].star or not isinstance(made.args[0].value, (cst.List, cst.Tuple)):
            return None
        layers += [element.value for element in made.args[0].value.elements]
    layers += _added(file, made)
    for layer in reversed(layers):
        kinds = file.values.of(layer)
        if len(kinds) != 1 or not isinstance(layer, cst.Call):
            return None
        if kinds[0].symbol == "keras.layers.Dense":
            return _units(layer)
        if kinds[0].symbol not in ("keras.layers.Activation", "keras.layers.Dropout"):
            return None
    return None


def _added(file: File, made: cst.Call) -> list[cst.BaseExpression]:
    """The layers that are added to a model in this file, in the order of the code."""
    found: list[cst.BaseExpression] = []
    for node, frame, _ in file.names.attributes:
        if node.attr.value != "add" or frame is None or not isinstance(frame[0], cst.Call):
            continue
        values = file.values.of(node.value)
        if any(value.node is made for value in values) and frame[0].func is node and frame[0].args:
            found.append(frame[0].args[0].value)
    return found


def _units(layer: cst.Call) -> int | None:
    """How many units a ``Dense`` layer has, where that is a written number."""
    named = {arg.keyword.value: arg.value for arg in layer.args if arg.keyword is not None}
    first = layer.args[0].value if layer.args and layer.args[0].keyword is None else None
    given = named.get("units", named.get("output_dim", first))
    return int(given.value, 0) if isinstance(given, cst.Integer) else None


@TRANSFORM.attribute("add")
def _want_add(file: File, use: AttributeUse) -> None:
    """Asks for the places where layers are added to be noted."""
