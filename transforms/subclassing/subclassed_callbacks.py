"""Classes that derive from ``Callback``, and what they read that Keras does not give them any more."""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Frame
from ...transform import ClassUse, File, Transform
from ...values import first_parameter
from ..edits.statement_edits import statement_around
from ..reading.class_bodies import ClassBody, SelfUse, body_of, parameters

VALIDATION_DATA = Rule(
    "KM510",
    "validation-data",
    "Report callbacks that read `self.validation_data`.",
    "Keras gave callbacks the validation data of `fit` as `self.validation_data`. tf.keras does not: it is "
    "`None` on TensorFlow 2.15 and no attribute at all from 2.16 on. Give the data to the callback's "
    "constructor.",
    before=(
        "from keras.callbacks import Callback\n\n\nclass Report(Callback):\n"
        "    def on_epoch_end(self, epoch, logs=None):\n"
        "        x, y = self.validation_data[0], self.validation_data[1]\n"
    ),
)

CALLBACK_PARAMS = Rule(
    "KM511",
    "callback-params",
    "Report callbacks that read parameters or logs that are not given any more.",
    "`self.params` of a callback has `epochs`, `steps` and `verbose` in tf.keras, no `metrics`, `samples`, "
    "`nb_sample`, `nb_epoch`, `batch_size` or `do_validation`; the logs of a batch have no `batch` and no "
    "`size`.",
    before=(
        "from keras.callbacks import Callback\n\n\nclass Report(Callback):\n"
        "    def on_train_begin(self, logs=None):\n        self.epochs = self.params['nb_epoch']\n"
    ),
    after=(
        "from tensorflow.keras.callbacks import Callback\n\n\nclass Report(Callback):\n"
        "    def on_train_begin(self, logs=None):\n        self.epochs = self.params['epochs']\n"
    ),
)

TRANSFORM = Transform("callbacks", VALIDATION_DATA, CALLBACK_PARAMS)

_GONE_PARAMS = {
    "metrics": "read the keys of `logs` instead, which are there from the end of the first batch on",
    "samples": "give the number of samples to the callback's constructor",
    "nb_sample": "give the number of samples to the callback's constructor",
    "batch_size": "give the size of batches to the callback's constructor",
    "do_validation": "look for a key of `logs` that begins with `val_`",
}
_GONE_LOGS = {
    "batch": "use the argument `{batch}` of the method",
    "size": "give the size of batches to the callback's constructor",
}


@TRANSFORM.subclass("keras.callbacks.Callback")
def adapt(file: File, use: ClassUse) -> None:
    """Looks at what one class keeps and reads."""
    body = body_of(file.names, use.node)
    _validation_data(file, use, body)
    for each in body.uses.get("params", ()):
        _parameter(file, each)
    for name, method in use.methods.items():
        if name in ("on_batch_begin", "on_batch_end", "on_train_batch_begin", "on_train_batch_end"):
            _batch_logs(file, method, (use.node.body, (use.node, use.frame)))


def _validation_data(file: File, use: ClassUse, body: ClassBody) -> None:
    """Reports reads of ``self.validation_data`` that the class does not set itself."""
    uses = body.uses.get("validation_data", ())
    if any(each.stored for each in uses) or "validation_data" in file.names.scopes[use.node].bindings:
        return
    now = "no attribute of a callback any more" if file.target.keras3 else "always `None` now"
    message = (
        f"`self.validation_data` is {now}: take the data as an argument of `{use.node.name.value}(…)` and "
        "keep it under `self.validation_data` yourself"
    )
    for each in uses:
        place = statement_around(each.frame)
        node = place[0] if place is not None else each.method
        file.report(VALIDATION_DATA, Level.MANUAL, node, message, "keras.callbacks.Callback.validation_data")
        return


def _parameter(file: File, use: SelfUse) -> None:
    """Looks at one ``self.params['…']`` or ``self.params.get('…')``."""
    found = _key(use.node, use.frame)
    if found is None:
        return
    key, frame, required = found
    name = key.raw_value
    place = statement_around(use.frame)
    node = place[0] if place is not None else use.method
    symbol = f"keras.callbacks.Callback.params.{name}"
    if name == "nb_epoch":
        message = "`params['nb_epoch']` is `params['epochs']` since Keras 2"
        if file.report(CALLBACK_PARAMS, Level.REWRITTEN, node, message, symbol):
            file.edit(key, frame, _renamed("epochs"))
    elif name in _GONE_PARAMS:
        gives = "is not there" if required else "gives its default"
        message = f"`params` of a callback has no `{name}` any more, so this {gives}: {_GONE_PARAMS[name]}"
        file.report(CALLBACK_PARAMS, Level.MANUAL, node, message, symbol)


def _renamed(name: str) -> Callable[[cst.SimpleString], cst.SimpleString]:
    """Writes a string with other contents."""
    return lambda node: node.with_changes(value=f"{node.prefix}{node.quote}{name}{node.quote}")


def _key(node: cst.CSTNode, frame: Frame) -> tuple[cst.SimpleString, Frame, bool] | None:
    """The literal key by which a dictionary is read, what is around it, and whether it has to be there."""
    if frame is None:
        return None
    around, outer = frame
    if isinstance(around, cst.Subscript) and around.value is node and len(around.slice) == 1:
        element = around.slice[0]
        chosen = element.slice
        if isinstance(chosen, cst.Index) and isinstance(chosen.value, cst.SimpleString):
            return chosen.value, (chosen, (element, frame)), True
    if isinstance(around, cst.Attribute) and around.attr.value == "get" and outer is not None:
        call = outer[0]
        if isinstance(call, cst.Call) and call.func is around and call.args:
            value = call.args[0].value
            if isinstance(value, cst.SimpleString):
                return value, (call.args[0], outer), False
    return None


def _batch_logs(file: File, method: cst.FunctionDef, frame: Frame) -> None:
    """Reports reads of what the logs of a batch do not have any more."""
    names = parameters(method)
    if len(names) != 2 or first_parameter(method) is None:
        return
    batch, logs = names
    for reference in file.names.uses(logs):
        if reference.scope.node is not method:
            continue
        found = _key(reference.root, reference.frame) or (
            _key(reference.node, reference.frame) if not reference.attributes else None
        )
        if found is None and reference.attributes == ("get",) and reference.called is not None:
            found = _key(reference.root, (reference.node, reference.frame))
        if found is None or found[0].raw_value not in _GONE_LOGS:
            continue
        key = found[0].raw_value
        place = statement_around(reference.frame)
        level = Level.MANUAL
        message = f"the logs of a batch have no `{key}` any more: {_GONE_LOGS[key].format(batch=batch)}"
        if place is not None:
            file.report(CALLBACK_PARAMS, level, place[0], message, f"keras.callbacks.Callback.logs.{key}")
