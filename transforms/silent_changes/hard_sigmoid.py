"""The hard sigmoid, which is another function in Keras 3: what was written, and what takes its place there.

The old one is ``clip(0.2 * x + 0.5, 0, 1)``, the new one ``relu6(x + 3) / 6``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Frame, Reference
from ...transform import File, StringUse, Transform, Use
from ...walk import dotted
from ..calls.argument_tables import old_signature
from ..edits.line_breaks import keep_short
from ..reading.keras_calls import Argument, KerasCall, call_of, imported_reference, is_standalone
from .hard_sigmoid_function import NAME, definable, defined

HARD_SIGMOID = Rule(
    "KM302",
    "hard-sigmoid",
    "Keep the hard sigmoid that Keras 2 had.",
    "From TensorFlow 2.16 on `hard_sigmoid` is `relu6(x + 3) / 6`; it was `clip(0.2 * x + 0.5, 0, 1)`, so "
    "that trained weights give other predictions. The old one is written out as a function. It is registered "
    "under a name of its own: Keras writes activations by name into a model's configuration and makes layers "
    "from that again, in `Bidirectional` and `clone_model` as well as in `load_model`, and what is called "
    "`hard_sigmoid` there becomes the new one.",
    before="from keras.layers import LSTM\n\nlayer = LSTM(8, recurrent_activation='hard_sigmoid')\n",
    after="import tensorflow as tf\n"
    "from tensorflow.keras.layers import LSTM\n\n\n"
    "@tf.keras.utils.register_keras_serializable()\n"
    "def keras2_hard_sigmoid(x):\n"
    "    return tf.clip_by_value(0.2 * x + 0.5, 0.0, 1.0)\n\n\n"
    "layer = LSTM(8, recurrent_activation=keras2_hard_sigmoid)\n",
    targets=">=2.16",
)

TRANSFORM = Transform("hard sigmoid", HARD_SIGMOID)

MANUALLY = "a function that gives clip(0.2 * x + 0.5, 0, 1) and is registered as serializable"
"""What to pass where the function cannot be defined."""

_OLD = "keras.activations.hard_sigmoid"
_OF_BACKEND = "keras.backend.hard_sigmoid"
_ARGUMENTS = ("activation", "recurrent_activation", "inner_activation")
"""The arguments of layers that take an activation by its name."""

_CODE = re.compile(r"^[uU]?(['\"])hard_sigmoid\1$")


@TRANSFORM.use()
def keep_named(file: File, use: Use) -> None:
    """Replaces the name of the activation among the arguments of a call."""
    call = call_of(file, use) if file.target.keras3 else None
    if call is None or not call.standalone:
        return
    for argument in _activations(call):
        for text, frame in _names(argument.node.value, (argument.node, (call.node, call.frame))):
            _replace_name(file, call, argument, text, frame)


@TRANSFORM.use(_OLD)
def keep_reference(file: File, use: Use) -> None:
    """Replaces the function where the code names it."""
    if file.target.keras3 and not use.members and is_standalone(file, use.reference):
        _replace_reference(file, use)


@TRANSFORM.use(_OF_BACKEND)
def keep_backend_reference(file: File, use: Use) -> None:
    """The same for the backend's function where it is passed on: it is the old one, but its name is not."""
    called = use.call is not None
    if file.target.keras3 and not called and not use.members and is_standalone(file, use.reference):
        _replace_reference(file, use)


@TRANSFORM.strings(_CODE)
def keep_other_names(file: File, uses: Sequence[StringUse]) -> None:
    """Replaces the name where it is a default or an argument of the project's own; reports it elsewhere."""
    standalone = any(each.bound.partition(".")[0] == "keras" for each in file.names.imports)
    if not file.target.keras3 or not standalone:
        return
    reference = imported_reference(file)
    for use in uses:
        if not _is_argument_of_keras(file, use.frame):
            _replace_other(file, use, reference)


def _activations(call: KerasCall) -> Iterator[Argument]:
    """The arguments of a call that are activations."""
    wanted = ("identifier",) if call.symbol == "keras.activations.get" else _ARGUMENTS
    yield from (argument for argument in call.keywords if argument.name in wanted)
    old = old_signature(call.path, call.symbol, "2.2.4")
    if old is not None:
        yield from (argument for argument in call.slots(old.positional) if argument.name in wanted)


def _names(value: cst.BaseExpression, frame: Frame) -> Iterator[tuple[cst.SimpleString, Frame]]:
    """The places in a value at which it is the name of the activation, each with the nodes around it."""
    if isinstance(value, cst.SimpleString) and value.raw_value == "hard_sigmoid":
        yield value, frame
    elif isinstance(value, cst.IfExp):
        for branch in (value.body, value.orelse):
            yield from _names(branch, (value, frame))


def _replace_name(
    file: File, call: KerasCall, argument: Argument, text: cst.SimpleString, frame: Frame
) -> None:
    """Writes the function in the place of one name."""
    place = call.place or argument.node
    name = _function(file, call.reference, place, f"{call.symbol}.{argument.name}", call.level)
    if name is not None:
        file.edit(text, frame, lambda _: cst.Name(name))
        keep_short(file, text, frame)


def _is_argument_of_keras(file: File, frame: Frame) -> bool:
    """Whether a place is in an argument of a call of Keras."""
    while frame is not None and isinstance(frame[0], (cst.IfExp, cst.Arg)):
        frame = frame[1]
    if frame is None or not isinstance(frame[0], cst.Call):
        return False
    call = frame[0]
    partial = (dotted(call.func) or "").rpartition(".")[2] == "partial"
    function = call.args[0].value if partial and call.args else call.func
    reference = file.names.reference(function) if isinstance(function, (cst.Name, cst.Attribute)) else None
    return reference is not None and reference.node is function and is_standalone(file, reference)


def _replace_other(file: File, use: StringUse, reference: Reference | None) -> None:
    """Decides about the name of the activation outside calls of Keras."""
    around = use.frame[0] if use.frame is not None else None
    if isinstance(around, (cst.Comparison, cst.ComparisonTarget, cst.DictElement)) and not (
        isinstance(around, cst.DictElement) and around.value is use.node
    ):
        return
    argument = None
    if isinstance(around, cst.Param) and around.default is use.node:
        argument = around.name.value
    elif isinstance(around, cst.Arg) and around.keyword is not None:
        argument = around.keyword.value
    place = (use.node, use.frame)
    if argument in _ARGUMENTS and reference is not None and definable(file, reference, place):
        message = f"{_changed(file)}. `{NAME}` is what it was; look whether what takes it expects a name"
        if file.report(HARD_SIGMOID, Level.REVIEW, use.node, message, _OLD):
            name = defined(file, reference, place)
            file.edit(use.node, use.frame, lambda _: cst.Name(name))
            keep_short(file, use.node, use.frame)
        return
    message = f"{_changed(file)}. Where this names an activation, pass {MANUALLY}"
    file.report(HARD_SIGMOID, Level.MANUAL, use.node, message, _OLD)


def _changed(file: File) -> str:
    return f"`hard_sigmoid` is another function on TensorFlow {file.target}, relu6(x + 3) / 6"


def _replace_reference(file: File, use: Use) -> None:
    """Writes the function in the place of a reference, other than by a name that it was assigned to."""
    if all(binding.imported is None for binding in file.names.bindings(use.reference)):
        return
    level = Level.REWRITTEN if use.sure else Level.REVIEW
    name = _function(file, use.reference, use.reference.node, use.symbol, level)
    if name is not None:
        file.imports.handled(use.reference)
        file.edit(use.reference.node, use.reference.frame, lambda _: cst.Name(name))


def _function(file: File, reference: Reference, place: cst.CSTNode, symbol: str, level: Level) -> str | None:
    """The name to write for the activation; ``None`` where nothing is to be written.

    Args:
        file: the file.
        reference: the use of Keras that it is needed for.
        place: what the finding is about.
        symbol: the qualified name concerned.
        level: the level of the finding where nothing speaks against it.
    """
    if not definable(file, reference):
        message = f"{_changed(file)}. Pass {MANUALLY}"
        file.report(HARD_SIGMOID, Level.MANUAL, place, message, symbol)
        return None
    message = f"{_changed(file)}; `{NAME}` is what it was, registered so that models can be saved and copied"
    return defined(file, reference) if file.report(HARD_SIGMOID, level, place, message, symbol) else None
