"""Optimizers that are named by a string, which stands for their defaults."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ...options import Defaults
from ...scopes import Frame, Reference
from ...statements import name_node
from ...transform import AttributeUse, File, Transform, Use
from ..edits.argument_layout import keyword
from ..edits.line_breaks import keep_short
from ..names.symbols import successor
from ..reading.keras_calls import call_of, imported_reference, is_standalone
from .changed_defaults import ChangedDefault, changed_defaults

OPTIMIZER_NAME = Rule(
    "KM303",
    "optimizer-name",
    "Write out an optimizer that is named by a string and whose defaults are others now.",
    "`optimizer='adadelta'` is `Adadelta()` with its defaults. Its learning rate was 1.0 and is 0.001 now, "
    "and those of `'adagrad'`, `'adamax'` and `'nadam'` changed too, so that training hardly moves. The "
    "optimizer is written with the numbers that its name stood for.",
    before="from keras.models import Sequential\n\nmodel = Sequential()\n"
    "model.compile(loss='mse', optimizer='adadelta')\n",
    after="from tensorflow.keras.models import Sequential\n"
    "from tensorflow.keras.optimizers import Adadelta\n\nmodel = Sequential()\n"
    "model.compile(loss='mse', optimizer=Adadelta(learning_rate=1.0))\n",
)

TRANSFORM = Transform("optimizer names", OPTIMIZER_NAME)

_CLASSES = ("SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax", "Nadam")
_BY_NAME = {name.lower(): f"keras.optimizers.{name}" for name in _CLASSES}
"""The optimizers by their names, whose case Keras paid no heed to."""


@TRANSFORM.attribute("compile")
def keep_compiled(file: File, attribute: AttributeUse) -> None:
    """Decides about the optimizer that a model is compiled with."""
    frame = attribute.frame
    if frame is None or type(frame[0]) is not cst.Call or frame[0].func is not attribute.node:
        return
    arg = _optimizer(frame[0])
    if arg is None or not _is_model(file, attribute.node.value, frame[0]):
        return
    reference, place = imported_reference(file, "keras.optimizers"), file.names.reference(attribute.node)
    if reference is not None and place is not None:
        reference = reference.at(place)  # an import further down gives nothing here
    _keep(file, arg, (frame[0], frame[1]), reference)


@TRANSFORM.use("keras.optimizers.get")
def keep_got(file: File, use: Use) -> None:
    """Decides about the optimizer that ``optimizers.get`` is asked for."""
    call = call_of(file, use)
    if call is not None and call.place is None and call.node.args and call.standalone:
        _keep(file, call.node.args[0], (call.node, call.frame), use.reference)


def _optimizer(call: cst.Call) -> cst.Arg | None:
    """The argument of ``compile`` that is the optimizer."""
    named = (arg for arg in call.args if arg.keyword is not None and arg.keyword.value == "optimizer")
    first = call.args[0] if call.args and call.args[0].keyword is None and not call.args[0].star else None
    return next(named, first)


def _is_model(file: File, receiver: cst.BaseExpression, call: cst.Call) -> bool:
    """Whether what is compiled is a model of standalone Keras, by what it is or by how it is compiled."""
    values = file.values.of(receiver)
    if all(value.kind for value in values):
        return any(value.kind == "model" and value.standalone for value in values)
    keywords = {arg.keyword.value for arg in call.args if arg.keyword is not None}
    compiles = bool({"loss", "metrics"} & keywords) or ("optimizer" in keywords and bool(call.args))
    return compiles and any(is_standalone(file, reference) for reference in file.names.references)


def _keep(file: File, arg: cst.Arg, frame: Frame, reference: Reference | None) -> None:
    """Decides about one argument that can be the name of an optimizer."""
    name = arg.value
    symbol = _BY_NAME.get(name.raw_value.lower()) if isinstance(name, cst.SimpleString) else None
    changes = changed_defaults(symbol, symbol, file.source, file.target) if symbol is not None else ()
    path = successor(symbol, file.target).path if symbol is not None else None
    if symbol is None or path is None or all(change.small for change in changes):
        return
    leaf = symbol.rpartition(".")[2]
    numbers = ", ".join(f"{each.argument}={each.old}" for each in changes)
    message = (
        f"the name stands for `{leaf}({numbers})` in Keras and for other numbers on TensorFlow {file.target}"
    )
    certain = all(change.certain for change in changes)
    note = "" if certain else file.guess_note
    if file.options.defaults is Defaults.ADOPT:
        message = f"{message}. The new ones are taken{note}"
        file.report(OPTIMIZER_NAME, Level.REVIEW, arg, message, symbol)
    elif reference is None:
        message = f"{message}. Write `tf.keras.optimizers.{leaf}({numbers})`{note}"
        file.report(OPTIMIZER_NAME, Level.MANUAL, arg, message, symbol)
    else:
        level = Level.REWRITTEN if certain else file.level_if_guessed(Level.REWRITTEN)
        if file.report(OPTIMIZER_NAME, level, arg, f"{message}{note}", symbol):
            _write(file, arg, frame, file.imports.name_for(path, reference), changes)


def _write(file: File, arg: cst.Arg, frame: Frame, name: str, changes: tuple[ChangedDefault, ...]) -> None:
    """Writes an optimizer with its old defaults in the place of its name."""
    numbers = [keyword(each.argument, cst.parse_expression(each.old)) for each in changes]
    optimizer = cst.Call(name_node(name), numbers)
    file.edit(arg.value, (arg, frame), lambda _: optimizer)
    keep_short(file, arg, frame)
