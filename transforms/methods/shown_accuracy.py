"""``show_accuracy=True``: Keras 0 was asked for the accuracy in each call, not in ``compile``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Frame
from ...transform import File
from ..calls.call_adaptation import Adaptation
from ..edits.argument_layout import appended, keyword
from ..edits.line_breaks import keep_short
from ..reading.batch_sizes import same
from ..training.identifiers import arguments_of_compile

SHOWN_ACCURACY = Rule(
    "KM417",
    "shown-accuracy",
    "Ask for the accuracy where the model is compiled.",
    "Before Keras 1 `fit`, `evaluate`, `train_on_batch` and `test_on_batch` computed the accuracy where a "
    "call had `show_accuracy=True`. Since then it is a metric that the model is compiled with, and all these "
    "calls give it. Where other calls of the file do not ask for it, the finding is a review, because they "
    "give `[loss, accuracy]` then where they gave the loss alone.",
    before="from keras.models import load_model\n\nmodel = load_model('model.h5')\n"
    "model.compile('sgd', 'mse')\nmodel.fit(x, y, nb_epoch=5, batch_size=32, show_accuracy=True)\n",
    after="from tensorflow.keras.models import load_model\n\nmodel = load_model('model.h5')\n"
    "model.compile('sgd', 'mse', metrics=['accuracy'])\nmodel.fit(x, y, epochs=5, batch_size=32)\n",
)

_NAME = "show_accuracy"
_GIVE_IT = ("evaluate", "test_on_batch", "train_on_batch")
"""Methods whose results have the accuracy in them where the model is compiled with it."""
_METRICS_SLOT = 2
_KERAS_0 = {"batch_size": "128", "nb_epoch": "100"}
"""What calls of ``fit`` meant that do not say so."""


def adapt_shown_accuracy(work: Adaptation) -> None:
    """Compiles the model of a call with the accuracy, where the call asks for that."""
    argument = next((each for each in work.call.keywords if each.name == _NAME), None)
    if argument is None or work.code(argument.node.value) == "False":
        return
    compiled = list(_compiled(work))
    if work.code(argument.node.value) != "True" or not compiled:
        return
    bare = [(call, frame) for call, frame in compiled if not _has_metrics(call)]
    plain = bool(bare) and _is_missing_elsewhere(work)
    unsaid = _unsaid(work)
    message = f"`{_NAME}` is `metrics=['accuracy']` of `compile` now"
    if plain:
        message += ". `evaluate` and the like give `[loss, accuracy]` then, also where it was the loss alone"
    if unsaid:
        message += f". In Keras 0, which had it, `fit` that did not say so meant {unsaid}: write that if so"
    level = Level.REVIEW if plain or unsaid else work.call.level
    if not work.report(SHOWN_ACCURACY, level, argument, message):
        return
    work.changes.drops.add(argument.index)
    for call, frame in bare:
        if call not in work.file.handled:
            work.file.handled.add(call)
            metrics = keyword("metrics", _accuracy(work.file, call))
            work.file.edit(call, frame, partial(_with, metrics))
            keep_short(work.file, call, frame)


def _compiled(work: Adaptation) -> Iterator[tuple[cst.Call, Frame]]:
    """The calls of ``compile`` in the file that are about the model of a call."""
    receiver = _receiver(work.call.node)
    made = {value.node for value in work.file.values.of(receiver)} - {None}
    for call, frame in _calls(work.file, "compile"):
        other = _receiver(call)
        if same(work.file, receiver, other) or made & {value.node for value in work.file.values.of(other)}:
            yield call, frame


def _calls(file: File, *names: str) -> Iterator[tuple[cst.Call, Frame]]:
    """The calls of some methods in a file."""
    for node, frame, _ in file.names.attributes:
        if node.attr.value in names and frame is not None:
            call = frame[0]
            if isinstance(call, cst.Call) and call.func is node:
                yield call, frame[1]


def _receiver(call: cst.Call) -> cst.BaseExpression:
    return cst.ensure_type(call.func, cst.Attribute).value


def _has_metrics(call: cst.Call) -> bool:
    """Whether a call of ``compile`` gives metrics, or can."""
    keywords = {arg.keyword.value for arg in call.args if arg.keyword is not None}
    positional = [arg for arg in call.args if arg.keyword is None]
    return "metrics" in keywords or len(positional) > _METRICS_SLOT or any(arg.star for arg in call.args)


def _is_missing_elsewhere(work: Adaptation) -> bool:
    """Whether other calls of the file give the loss alone."""
    for call, _ in _calls(work.file, *_GIVE_IT):
        if not any(arg.keyword is not None and arg.keyword.value == _NAME for arg in call.args):
            return True
    return False


def _unsaid(work: Adaptation) -> str:
    """What a call of ``fit`` meant in Keras 0 and leaves unsaid, for people."""
    if work.call.name != "fit":
        return ""
    names = work.old.positional if work.old is not None else ()
    given = {argument.name for argument in work.call.slots(names)} | work.call.written
    return " and ".join(f"`{name}={value}`" for name, value in _KERAS_0.items() if name not in given)


def _with(argument: cst.Arg, call: cst.Call) -> cst.Call:
    """A call with one more argument."""
    return appended(call, [argument])


def _accuracy(file: File, call: cst.Call) -> cst.BaseExpression:
    """The metrics that are the accuracy beside the loss of a call of ``compile``."""
    given = {name: node for name, node, _ in arguments_of_compile(call, None)}
    strings = [node for node in given.values() if isinstance(node, cst.SimpleString) and len(node.quote) == 1]
    quote = strings[0].quote if strings else "'"
    loss = given.get("loss")
    if (
        isinstance(loss, cst.SimpleString)
        and loss.raw_value == "binary_crossentropy"
        and file.names.references
    ):
        # 'accuracy' goes by shapes alone now
        metric = file.imports.name_for("tensorflow.keras.metrics.BinaryAccuracy", file.names.references[0])
        return cst.parse_expression(f"[{metric}(name={quote}accuracy{quote})]")
    return cst.parse_expression(f"[{quote}accuracy{quote}]")
