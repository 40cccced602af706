"""The whole shape of a model's input, batch included: an ``Input`` before the first layer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import libcst as cst

from ...findings import Rule
from ...scopes import Frame
from ..reading.keras_calls import Argument
from .call_adaptation import Adaptation

INPUT_BEFORE_LAYER = Rule(
    "KM207",
    "input-before-layer",
    "Put an `Input` with the shape before the first layer of a `Sequential`.",
    "From TensorFlow 2.16 on no layer takes `batch_input_shape` or `batch_size`, which say the size of the "
    "batch to stateful layers. An `Input(batch_shape=…)` as the first of the model says the same.",
    before=(
        "from keras.layers import SimpleRNN\nfrom keras.models import Sequential\n\n"
        "model = Sequential()\nmodel.add(SimpleRNN(8, batch_input_shape=(16, 5, 4), stateful=True))\n"
    ),
    after=(
        "from tensorflow.keras.layers import SimpleRNN\nfrom tensorflow.keras.layers import Input\n"
        "from tensorflow.keras.models import Sequential\n\nmodel = Sequential()\n"
        "model.add(Input(batch_shape=(16, 5, 4)))\nmodel.add(SimpleRNN(8, stateful=True))\n"
    ),
    targets=">=2.16",
)

_INPUT = "tensorflow.keras.layers.Input"
_WAYS = {("batch_input_shape",): ("batch_shape",), ("input_shape", "batch_size"): ("shape", "batch_size")}
"""The arguments of layers that give the size of the batch, and what `Input` calls them."""


@dataclass(frozen=True, slots=True)
class _Input:
    """An input that a layer describes.

    Attributes:
        work: the call of the layer.
        given: the arguments that describe it.
        names: what they are called in ``Input``.
    """

    work: Adaptation
    given: tuple[Argument, ...]
    names: tuple[str, ...]

    @property
    def code(self) -> str:
        """The code of the input."""
        name = self.work.file.imports.name_for(_INPUT, self.work.call.reference)
        pairs = zip(self.names, self.given, strict=True)
        return f"{name}({', '.join(f'{new}={self.work.code(old.node.value)}' for new, old in pairs)})"

    def leave_out(self, why: str) -> bool:
        """Leaves the arguments out, if the rule is switched on."""
        message = f"`{self.given[-1].name}` is not taken on TensorFlow {self.work.file.target}: {why}"
        if not self.work.report(INPUT_BEFORE_LAYER, self.work.call.level, self.given[-1], message):
            return False
        self.work.changes.drops.update(argument.index for argument in self.given)
        return True


def put_input_before(work: Adaptation) -> None:
    """Moves the shape of a batch out of a layer where the layer is seen to be the first of a model."""
    found = _described(work)
    if found is None:
        return
    if work.call.applied:
        found.leave_out("a layer that is called takes its shape from what it is called with")
        return
    frame = work.call.frame
    if frame is not None and isinstance(frame[0], cst.Element) and frame[1] is not None:
        _put_into_list(found, frame[0], frame[1])
    elif frame is not None and isinstance(frame[0], cst.Arg) and frame[1] is not None:
        _put_above(found, frame[0], frame[1])


def _described(work: Adaptation) -> _Input | None:
    """The input that a layer describes by arguments that the target's layers do not take."""
    given = {argument.name: argument for argument in work.call.keywords}
    for olds, news in _WAYS.items():
        if all(old in given for old in olds):
            entry = work.entry(given[olds[-1]])
            if entry is not None and "manual" in entry:
                return _Input(work, tuple(given[old] for old in olds), news)
    return None


def _put_into_list(found: _Input, element: cst.Element, frame: Frame) -> None:
    """Puts an input first in the list that a model is made of."""
    assert frame is not None
    layers, around = frame
    if not isinstance(layers, cst.List) or layers.elements[0] is not element or not _is_argument(around):
        return
    if not found.leave_out("an `Input` first in the list gives the shape"):
        return
    code = found.code

    def put(current: cst.List) -> cst.List:
        first = current.elements[0]
        comma = first.comma
        if isinstance(comma, cst.MaybeSentinel) or len(current.elements) == 1:
            comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        added = cst.Element(cst.parse_expression(code), comma=comma)
        return current.with_changes(elements=[added, *current.elements])

    found.work.file.edit(layers, around, put)


def _is_argument(frame: Frame) -> bool:
    """Whether a list is what ``Sequential`` is called with."""
    if frame is None or not isinstance(frame[0], cst.Arg) or frame[1] is None:
        return False
    call = frame[1][0]
    name = call.func if isinstance(call, cst.Call) else None
    leaf = name.attr if isinstance(name, cst.Attribute) else name
    return isinstance(leaf, cst.Name) and leaf.value == "Sequential"


def _put_above(found: _Input, arg: cst.Arg, frame: Frame) -> None:
    """Adds an input to the model in a line above the one that adds the layer."""
    assert frame is not None
    call, statement = frame[0], frame[1]
    if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute) or statement is None:
        return
    if call.func.attr.value != "add" or call.args[0] is not arg or statement[1] is None:
        return
    line, block = statement[1]
    if (
        not isinstance(statement[0], cst.Expr)
        or not isinstance(line, cst.SimpleStatementLine)
        or block is None
    ):
        return
    model = found.work.code(call.func.value)
    if _has_layers(found.work, model, line, block[0]):
        found.leave_out("the layer takes its shape from the one before it")
        return
    if len(line.body) > 1 or not _is_first(found.work, model, line, block[0]):
        return
    if not found.leave_out("an `Input` before the layer gives the shape"):
        return
    added = cst.parse_statement(f"{model}.add({found.code})")

    def put(current: Any) -> Any:
        first, *others = list(current) if isinstance(current, cst.FlattenSentinel) else [current]
        above = added.with_changes(leading_lines=first.leading_lines)
        return cst.FlattenSentinel([above, first.with_changes(leading_lines=()), *others])

    found.work.file.edit(line, block, put)


def _has_layers(work: Adaptation, model: str, line: cst.CSTNode, block: cst.CSTNode) -> bool:
    """Whether a line above, in the same block, adds a layer to the model for sure."""
    above = list(takewhile(lambda each: each is not line, getattr(block, "body", ())))
    for statement in reversed(above):
        if not isinstance(statement, cst.SimpleStatementLine):
            return False
        if any(work.code(target) == model for target in _assigned(statement)):
            return False
        if any(_adds(work, model, small) for small in statement.body):
            return True
    return False


def _adds(work: Adaptation, model: str, statement: cst.BaseSmallStatement) -> bool:
    """Whether a statement adds a layer to a model."""
    call = statement.value if isinstance(statement, cst.Expr) else None
    return isinstance(call, cst.Call) and work.code(call.func) == f"{model}.add"


def _is_first(work: Adaptation, model: str, line: cst.CSTNode, block: cst.CSTNode) -> bool:
    """Whether a line is the first below the model's making that adds to it."""
    above = list(takewhile(lambda each: each is not line, getattr(block, "body", ())))
    for statement in reversed(above):
        code = work.file.module.code_for_node(statement)
        if f"{model}.add(" in code:
            return False
        if any(work.code(target) == model for target in _assigned(statement)):
            return "Sequential()" in code or "Sequential(name=" in code
    return False


def _assigned(statement: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """What a line gives values to."""
    if isinstance(statement, cst.SimpleStatementLine):
        for small in statement.body:
            if isinstance(small, cst.Assign):
                yield from (target.target for target in small.targets)
