"""Loss functions of a program's own, whose targets were floats whatever they were made of."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Frame
from ...transform import AttributeUse, File, Transform
from ..edits.statement_edits import add_first
from ..reading.keras_calls import imported_reference
from ..reading.receivers import call_of_method, level_of

LOSS_TARGETS = Rule(
    "KM533",
    "loss-targets",
    "Cast the targets that a loss function of your own is given.",
    "Old Keras fed targets through a placeholder of floats, so that a loss never saw integers. Up to "
    "TensorFlow 2.15 a function that is compiled as a loss gets them as they are, and fails where integers "
    "meet predictions. From 2.16 on they are cast.",
    before="from keras import backend as K\nfrom keras.models import load_model\n\n\n"
    "def loss(y_true, y_pred):\n    return K.mean(y_true * y_pred)\n\n\n"
    "model = load_model('model.h5')\nmodel.compile('sgd', loss=loss)\n",
    after="from tensorflow.keras import backend as K\nfrom tensorflow.keras.models import load_model\n\n\n"
    "def loss(y_true, y_pred):\n    y_true = K.cast(y_true, K.floatx())\n"
    "    return K.mean(y_true * y_pred)\n\n\nmodel = load_model('model.h5')\n"
    "model.compile('sgd', loss=loss)\n",
    targets="<2.16",
)

TRANSFORM = Transform("loss targets", LOSS_TARGETS)


@TRANSFORM.attribute("compile")
def cast_targets(file: File, use: AttributeUse) -> None:
    """Casts the first argument of every function of the file that a model is compiled with as a loss."""
    found = call_of_method(use)
    if file.target.keras3 or found is None or level_of(file, use, "model") is None:
        return
    if not any(value.standalone for value in file.values.of(use.node.value)):
        return
    for index, arg in enumerate(found[0].args):
        if arg.keyword.value == "loss" if arg.keyword is not None else index == 1 and not arg.star:
            for function in dict.fromkeys(_functions(file, arg.value)):
                _cast(file, function)


def _functions(file: File, node: cst.BaseExpression, depth: int = 0) -> Iterator[cst.FunctionDef]:
    """The functions of the file that an expression gives, alone, in a list or dictionary, or by a call."""
    if depth > 3:
        return
    if isinstance(node, (cst.List, cst.Tuple, cst.Dict)):
        for element in node.elements:
            if isinstance(element, (cst.Element, cst.DictElement)):
                yield from _functions(file, element.value, depth + 1)
    elif isinstance(node, cst.Name):
        yield from _bound(file, node)
    elif isinstance(node, cst.Call) and isinstance(node.func, cst.Name):
        for maker in _bound(file, node.func):
            for returned in file.names.scopes[maker].returns:
                if isinstance(returned, cst.Name):
                    yield from _bound(file, returned)


def _bound(file: File, name: cst.Name) -> Iterator[cst.FunctionDef]:
    """The functions that a name stands for."""
    reference = file.names.reference(name)
    for binding in file.names.bindings(reference) if reference is not None else ():
        if binding.given is not None and isinstance(binding.given.node, cst.FunctionDef):
            yield binding.given.node


def _cast(file: File, function: cst.FunctionDef) -> None:
    """Casts the first parameter of a function, unless it is cast there already."""
    params = function.params.params
    reference = imported_reference(file, "keras.backend")
    if len(params) < 2 or reference is None or function in file.handled:
        return
    name = params[0].name.value
    place = _frame(file, function, name)
    if place is None or f"cast({name}" in file.module.code_for_node(function):
        return
    message = f"`{name}` can be of integers now, which old Keras made floats: it is cast first"
    if file.report(
        LOSS_TARGETS, Level.REWRITTEN, function.params, message, "keras.models.Model.compile.loss"
    ):
        cast = file.imports.name_for("tensorflow.keras.backend.cast", reference)
        floatx = file.imports.name_for("tensorflow.keras.backend.floatx", reference)
        add_first(file, function, place[1], f"{name} = {cast}({name}, {floatx}())")
        file.handled.add(function)


def _frame(file: File, function: cst.FunctionDef, name: str) -> Frame:
    """The nodes around a function that uses its first parameter, itself first."""
    for reference in file.names.uses(name):
        frame = reference.frame
        while frame is not None:
            if frame[0] is function:
                return frame
            frame = frame[1]
    return None
