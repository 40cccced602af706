"""Frozen `BatchNormalization`, which normalised by the batch all the same, and does not any more."""

from __future__ import annotations

import re

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Frame, around
from ...transform import AttributeUse, File, Transform, Use
from ...values import CLASS, Value
from ...walk import dotted
from ..reading.keras_calls import call_of

FROZEN_NORMALIZATION = Rule(
    "KM307",
    "frozen-normalization",
    "Report layers of `BatchNormalization` that are frozen and then trained with.",
    "`trainable = False` kept a `BatchNormalization` from changing its weights in Keras; in training it "
    "still normalised by the mean and variance of the batch. tf.keras runs a frozen one as in `predict`, by "
    "its moving averages. A network that is trained on frozen layers (fine tuning, the discriminator of a "
    "GAN) sees other numbers and trains otherwise. For fine tuning the new way is thought to be the better "
    "one.",
    before="from keras.applications import ResNet50\n\nbase = ResNet50(include_top=False)\n"
    "for layer in base.layers:\n    layer.trainable = False\n",
)

TRANSFORM = Transform("frozen normalization", FROZEN_NORMALIZATION)

_LAYER = "keras.layers.BatchNormalization"
_WITHOUT = ("VGG16", "VGG19")
"""The networks of `keras.applications` that have no such layer."""
_VIEWS = frozenset({"enumerate", "list", "reversed"})
_MAKES = re.compile(
    rb"\b(?:BatchNormalization|(?:DenseNet|InceptionResNet|Inception|MobileNet|NASNet|ResNet|Xception)\w*\()"
)


def normalizes(data: bytes) -> tuple[str, ...]:
    """Whether the text of a file makes a layer of the kind, or a network that has some: a text if so."""
    return ("BatchNormalization",) if _MAKES.search(data) else ()


@TRANSFORM.attribute("trainable")
def report_frozen(file: File, use: AttributeUse) -> None:
    """Reports that something is frozen that has, or can have, a layer of the kind."""
    if not _is_set_to_false(use.frame) or _spares_them(file, use.frame):
        return
    what = _frozen(file, use.node.value)
    if what is None:
        return
    message = (
        f"{what}. Frozen, such a layer went on normalising by the batch in training; now it uses its moving "
        "averages, as in `predict`, and the training takes another course. To have it as before, leave it "
        "trainable and set its `momentum = 1.0` before `compile`; its gamma and beta are then trained"
    )
    if any(report.message == message for report in file.reports):
        return  # a GAN freezes its discriminator again and again
    file.report(FROZEN_NORMALIZATION, Level.REVIEW, use.node, message, f"{_LAYER}.trainable")


@TRANSFORM.use(_LAYER)
def report_made_frozen(file: File, use: Use) -> None:
    """Reports a layer that is made with ``trainable=False``."""
    call = call_of(file, use)
    if call is None or not call.standalone:
        return
    for argument in call.keywords:
        if argument.name == "trainable" and dotted(argument.node.value) == "False":
            message = (
                "with `trainable=False` this layer went on normalising by the batch in training; now it uses "
                "its moving averages, as in `predict`. To have it as before, write `momentum=1.0` in place "
                "of that; its gamma and beta are then trained"
            )
            place = call.place or argument.node
            file.report(FROZEN_NORMALIZATION, Level.REVIEW, place, message, f"{_LAYER}.trainable")


def _is_set_to_false(frame: Frame) -> bool:
    """Whether the attribute inside a frame is assigned ``False``."""
    if frame is None or not isinstance(frame[0], cst.AssignTarget) or frame[1] is None:
        return False
    statement = frame[1][0]
    return isinstance(statement, cst.Assign) and dotted(statement.value) == "False"


def _spares_them(file: File, frame: Frame) -> bool:
    """Whether a condition around the place names the layers of the kind, to leave them out."""
    inside: cst.CSTNode | None = None
    for node in around(frame):
        if isinstance(node, cst.If) and "BatchNorm" in file.module.code_for_node(node.test):
            return isinstance(node.test, cst.UnaryOperation) or inside is node.orelse
        inside = node
    return False


def _listed_in(file: File, node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The model whose layers an expression goes through, one by one: ``for layer in model.layers[:10]``."""
    listed = node.value if isinstance(node, cst.Subscript) else None
    reference = file.names.reference(node) if isinstance(node, cst.Name) else None
    for binding in file.names.bindings(reference) if reference is not None else ():
        given = binding.given
        if given is not None and given.how == "item" and isinstance(given.node, cst.BaseExpression):
            listed = given.node
    while isinstance(listed, (cst.Subscript, cst.Call)):
        if isinstance(listed, cst.Subscript):
            listed = listed.value
        else:
            listed = listed.args[0].value if dotted(listed.func) in _VIEWS and listed.args else None
    named = isinstance(listed, cst.Attribute) and listed.attr.value == "layers"
    return listed.value if named else None  # type: ignore[union-attr]


def _frozen(file: File, node: cst.BaseExpression) -> str | None:
    """What is frozen here, in words; ``None`` where it has no layer of the kind."""
    owner = _listed_in(file, node)
    name = f"`{file.module.code_for_node(owner or node)}`"
    found: str | None = None
    for value in file.values.of(owner or node):
        if value.symbol == _LAYER and value.standalone:
            return f"{name} is a `BatchNormalization`"
        if value.kind != "model" and (value.kind or owner is None):
            continue
        network = _application(file, value.node)
        if network is not None:
            return None if network in _WITHOUT else f"{name} has layers of `BatchNormalization`"
        if value.standalone and _can_have(file, value):
            found = f"Look whether {name} has layers of `BatchNormalization` that are frozen here"
    return found


def _application(file: File, made: cst.CSTNode | None) -> str | None:
    """The network of ``keras.applications`` that a call makes."""
    for value in file.values.of(made.func) if isinstance(made, cst.Call) else ():
        if value.symbol.startswith("keras.applications."):
            return value.symbol.rpartition(".")[2]
    return None


def _can_have(file: File, model: Value) -> bool:
    """Whether a model can have a layer of the kind, by the code that makes it."""
    made = model.node
    if not isinstance(made, cst.Call) or not any(value.kind == CLASS for value in file.values.of(made.func)):
        return bool(normalizes(file.code.encode())) or any(file.nearby(normalizes))
    pending, seen = [_function_around(file, made)], []
    while pending:
        function = pending.pop()
        code = file.module.code_for_node(function or file.module)
        if normalizes(code.encode()):
            return True
        seen.append(function)
        called = [
            value.node
            for call in _Calls.within(function or file.module)
            for value in file.values.of(call.func)
            if isinstance(value.node, cst.FunctionDef)
        ]
        pending += [each for each in called if each not in seen and each not in pending]
    return False


def _function_around(file: File, node: cst.Call) -> cst.FunctionDef | None:
    """The function that a call is in."""
    functions = [each for each in file.names.scopes if isinstance(each, cst.FunctionDef)]
    return next((each for each in reversed(functions) if node in _Calls.within(each)), None)


class _Calls(cst.CSTVisitor):
    """Collects the calls within a node."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[cst.Call] = []

    @classmethod
    def within(cls, node: cst.CSTNode) -> list[cst.Call]:
        """The calls within a node."""
        search = cls()
        node.visit(search)
        return search.found

    def visit_Call(self, node: cst.Call) -> None:
        self.found.append(node)
