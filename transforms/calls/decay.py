"""The ``decay`` of optimizers, which is a schedule of the learning rate now."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from ...findings import Rule
from ...statements import name_node
from ...transform import File
from ...walk import dotted
from ..edits.argument_edits import Value
from ..edits.argument_layout import keyword
from ..reading.keras_calls import Argument, KerasCall
from .argument_tables import literal
from .call_adaptation import Adaptation, signature_meant

DECAY = Rule(
    "KM206",
    "learning-rate-decay",
    "Write the decay of a learning rate as the schedule that it was.",
    "`decay` is refused on TensorFlow 2.15 and ignored from 2.16 on. It divided the learning rate by "
    "`1 + decay * iterations`, and `InverseTimeDecay` does the same. (Keras on TensorFlow 1 counted the "
    "first step as 0 or as 1, as it happened; the schedule counts it as 0.) A schedule cannot be set from "
    "outside: where the file has a callback that sets the learning rate, or sets it itself, a person has to "
    "decide.",
    before="from keras.optimizers import SGD\n\noptimizer = SGD(lr=0.1, decay=1e-6)\n",
    after=(
        "from tensorflow.keras.optimizers import SGD\n"
        "from tensorflow.keras.optimizers.schedules import InverseTimeDecay\n\n"
        "optimizer = SGD(learning_rate=InverseTimeDecay(0.1, decay_steps=1,\n"
        "                                               decay_rate=1e-6))\n"
    ),
)

_SCHEDULE = "tensorflow.keras.optimizers.schedules.InverseTimeDecay"
_RATES = ("lr", "learning_rate")
_CALLBACKS = ("ReduceLROnPlateau", "LearningRateScheduler")
"""The callbacks that set the learning rate."""


def adapt_decay(work: Adaptation) -> None:
    """Makes a schedule of the learning rate and decay of an optimizer."""
    call = work.call
    arguments = _arguments(work.file, call)
    decay = arguments.get("decay")
    if decay is None or not becomes_schedule(work.file, call):
        return
    rate = next((arguments[name] for name in _RATES if name in arguments), None)
    default = next((work.old.default(name) for name in _RATES if work.old and work.old.default(name)), None)
    if rate is None and default is None:
        return
    message = "`decay` is not an argument any more; the schedule `InverseTimeDecay` lowers the rate as it did"
    if not work.report(DECAY, call.level, decay, message):
        return
    name = work.file.imports.name_for(_SCHEDULE, call.reference)
    if rate is not None:
        _become(work, rate, _schedule(name, rate.index, decay.index))
        work.changes.drops.add(decay.index)
    else:
        assert default is not None
        _become(work, decay, _schedule(name, cst.parse_expression(default), decay.index))


def _become(work: Adaptation, argument: Argument, value: Value) -> None:
    """Turns an argument into the learning rate."""
    work.changes.values[argument.index] = value
    if argument.node.keyword is not None:
        work.changes.names[argument.index] = "learning_rate"


def _schedule(name: str, rate: int | cst.BaseExpression, decay: int) -> Value:
    """The schedule, from the positions of its arguments in the old call, or the rate that it starts with."""

    def make(given: Sequence[cst.BaseExpression]) -> cst.BaseExpression:
        start = given[rate] if isinstance(rate, int) else rate
        steps = keyword("decay_steps", cst.Integer("1"))
        return cst.Call(name_node(name), [cst.Arg(start), steps, keyword("decay_rate", given[decay])])

    return make


def becomes_schedule(file: File, call: KerasCall) -> bool:
    """Whether the decay that a call gives an optimizer is written as a schedule."""
    decay = _arguments(file, call).get("decay")
    old = signature_meant(file, call)
    if decay is None or old is None or not old.accepts("decay"):
        return False
    if literal(decay.node.value) in ("0.0", "None") or not file.options.enabled(DECAY.code):
        return False
    positional = decay.node.keyword is None
    return not (positional and (call.place or call.star is not None)) and not _sets_rate(file)


def _arguments(file: File, call: KerasCall) -> dict[str, Argument]:
    """The arguments of the call of an optimizer by their old names."""
    if not call.symbol.startswith("keras.optimizers."):
        return {}
    old = signature_meant(file, call)
    positional = call.slots(old.positional) if old is not None and call.standalone else []
    return {argument.name: argument for argument in (*positional, *call.keywords)}


def _sets_rate(file: File) -> bool:
    """Whether anything in a file sets the learning rate of an optimizer."""
    names = (reference.attributes[-1:] or (reference.root.value,) for reference in file.names.references)
    if any(name in _CALLBACKS for (name,) in names):
        return True
    search = _Setting()
    file.module.visit(search)
    return search.found


class _Setting(cst.CSTVisitor):
    """Looks for code that sets a learning rate."""

    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def visit_AssignTarget(self, node: cst.AssignTarget) -> None:
        self.found = self.found or _is_rate(node.target)

    def visit_AugAssign(self, node: cst.AugAssign) -> None:
        self.found = self.found or _is_rate(node.target)

    def visit_Call(self, node: cst.Call) -> None:
        function = dotted(node.func) or ""
        if function.endswith("set_value") and node.args:
            self.found = self.found or _is_rate(node.args[0].value)
        if isinstance(node.func, cst.Attribute) and node.func.attr.value == "assign":
            self.found = self.found or _is_rate(node.func.value)


def _is_rate(node: cst.BaseExpression) -> bool:
    """Whether an expression is the learning rate of something, other than of ``self``."""
    if not isinstance(node, cst.Attribute) or node.attr.value not in _RATES:
        return False
    return not (isinstance(node.value, cst.Name) and node.value.value == "self")
