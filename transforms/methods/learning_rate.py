"""``optimizer.lr``: ``learning_rate`` now, and other numbers that old optimizers kept in variables."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ...transform import AttributeUse, File, Transform, Use
from ..reading.receivers import is_target, level_of

LEARNING_RATE = Rule(
    "KM407",
    "learning-rate",
    "Reach an optimizer's learning rate as `learning_rate`.",
    "`optimizer.lr` is not there from TensorFlow 2.16 on; to assign to it would make an attribute that "
    "nobody reads.",
    before="from keras import backend as K\nfrom keras.models import load_model\n\n"
    "model = load_model('model.h5')\nprint(K.get_value(model.optimizer.lr))\n",
    after="from tensorflow.keras import backend as K\nfrom tensorflow.keras.models import load_model\n\n"
    "model = load_model('model.h5')\nprint(K.get_value(model.optimizer.learning_rate))\n",
)
OPTIMIZER_STATE = Rule(
    "KM408",
    "optimizer-state",
    "Reach an optimizer's state by what it has now.",
    "`get_weights` and `weights` of optimizers are `variables` now. What held `decay`, and "
    "`get_updates`, are gone; the message says what to do.",
    before="from keras.models import load_model\n\nmodel = load_model('model.h5')\n"
    "state = model.optimizer.get_weights()\n",
    after="from tensorflow.keras.models import load_model\n\nmodel = load_model('model.h5')\n"
    "state = [variable.numpy() for variable in model.optimizer.variables]\n",
)

VARIABLE_VALUE = Rule(
    "KM409",
    "variable-value",
    "Assign to variables with their own method.",
    "From TensorFlow 2.16 on `K.set_value` takes variables of TensorFlow alone, and fails on the weights of "
    "layers and the learning rates of optimizers. `assign` is there for both.",
    before="from keras import backend as K\nfrom keras.models import load_model\n\n"
    "model = load_model('model.h5')\nK.set_value(model.optimizer.lr, 0.01)\n",
    after="from tensorflow.keras.models import load_model\n\n"
    "model = load_model('model.h5')\nmodel.optimizer.learning_rate.assign(0.01)\n",
    targets=">=2.16",
)

TRANSFORM = Transform("learning rate", LEARNING_RATE, OPTIMIZER_STATE, VARIABLE_VALUE)

OPTIMIZER = "keras.optimizers.Optimizer"

_GONE = {
    "decay": "the learning rate is a schedule where there was a `decay`: call it with `iterations` for the "
    "rate of a step",
    "initial_decay": "the learning rate is a schedule where there was a `decay`",
    "get_updates": "pass the gradients of a `tf.GradientTape` to `apply_gradients`",
    "get_gradients": "take gradients with `tf.GradientTape`",
    "updates": "optimizers change their variables at once, in `apply_gradients`",
}
"""What optimizers do not have any more, and what to do."""


@TRANSFORM.attribute("lr")
def rename_rate(file: File, use: AttributeUse) -> None:
    """Reaches the learning rate by its name."""
    level = level_of(file, use, "optimizer")
    if level is None and _named_optimizer(file, use.node.value):
        level = Level.REVIEW
    if level is None:
        return
    message = "`lr` of an optimizer is `learning_rate` now"
    if file.report(LEARNING_RATE, level, use.node, message, f"{OPTIMIZER}.lr"):
        file.edit(use.node, use.frame, lambda node: node.with_changes(attr=cst.Name("learning_rate")))


def _named_optimizer(file: File, node: cst.BaseExpression) -> bool:
    """Whether a receiver of which nothing is known is called an optimizer: ``self.model.optimizer``."""
    named = isinstance(node, cst.Attribute) and node.attr.value == "optimizer"
    return named and all(not value.kind for value in file.values.of(node))


@TRANSFORM.use("keras.backend.set_value")
def assign(file: File, use: Use) -> None:
    """Calls ``assign`` of the variable."""
    call, frame = use.call, use.reference.frame
    if not file.target.keras3 or call is None or frame is None or not use.sure:
        return
    if len(call.args) != 2 or any(arg.star or arg.keyword is not None for arg in call.args):
        return
    message = "`K.set_value` takes no variables of Keras any more: they have `assign`"
    if file.report(VARIABLE_VALUE, Level.REWRITTEN, use.reference.node, message, use.symbol):
        file.imports.handled(use.reference)
        file.edit(call, frame[1], _assigned)


def _assigned(call: cst.Call) -> cst.Call:
    """``variable.assign(value)`` for ``set_value(variable, value)``."""
    variable, value = call.args
    return call.with_changes(
        func=cst.Attribute(variable.value, cst.Name("assign")),
        args=[value],
    )


@TRANSFORM.attribute("get_weights", "weights")
def list_variables(file: File, use: AttributeUse) -> None:
    """Takes the state of an optimizer from its variables."""
    level = level_of(file, use, "optimizer")
    if level is None or is_target(use):
        return
    name = use.node.attr.value
    message = f"`{name}` of an optimizer is `variables` now"
    symbol = f"{OPTIMIZER}.{name}"
    called = use.frame is not None and isinstance(use.frame[0], cst.Call) and use.frame[0].func is use.node
    if name == "weights":
        if file.report(OPTIMIZER_STATE, level, use.node, message, symbol):
            file.edit(use.node, use.frame, lambda node: node.with_changes(attr=cst.Name("variables")))
    elif called and use.frame is not None:
        note = f"{message}. What is in them, and in which order, changed: keep no such file of an old release"
        if file.report(OPTIMIZER_STATE, Level.REVIEW, use.node, note, symbol):
            file.edit(use.frame[0], use.frame[1], _values_of)


def _values_of(call: cst.Call) -> cst.BaseExpression:
    """The values of the variables of the optimizer whose ``get_weights`` is called."""
    assert isinstance(call.func, cst.Attribute)
    variables = call.func.with_changes(attr=cst.Name("variables"))
    listed = cst.parse_expression("[variable.numpy() for variable in variables]")
    assert isinstance(listed, cst.ListComp)
    clause = listed.for_in.with_changes(iter=variables)
    return listed.with_changes(for_in=clause)


@TRANSFORM.attribute(*_GONE)
def report_gone(file: File, use: AttributeUse) -> None:
    """Reports what optimizers do not have any more."""
    level = level_of(file, use, "optimizer")
    if level is Level.REWRITTEN:
        name = use.node.attr.value
        message = f"`{name}` of an optimizer is gone: {_GONE[name]}"
        file.report(OPTIMIZER_STATE, Level.MANUAL, use.node, message, f"{OPTIMIZER}.{name}")
