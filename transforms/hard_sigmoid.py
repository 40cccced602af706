"""The hard sigmoid, which is another function in Keras 3: what was written, and what takes its place there.

The old one is ``clip(0.2 * x + 0.5, 0, 1)``, the new one ``relu6(x + 3) / 6``. A function of the module takes
the place of the old one. Models write the names of their activations into their configurations, and are made
from these again (``Bidirectional``, ``clone_model``, ``load_model``), so it is registered, under a name that
Keras does not have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import libcst as cst

from ..findings import Level, Rule
from ..scopes import Frame, Reference
from ..transform import File, Transform, Use
from .argument_tables import keras1, old_signature
from .keras_calls import Argument, KerasCall, call_of, is_standalone
from .line_breaks import keep_short

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

NAME = "keras2_hard_sigmoid"
"""What the function is called, and registered as."""

MANUALLY = "a function that gives clip(0.2 * x + 0.5, 0, 1) and is registered as serializable"
"""What to pass where the function cannot be defined."""

_OLD = "keras.activations.hard_sigmoid"
_OF_BACKEND = "keras.backend.hard_sigmoid"
_ARGUMENTS = ("activation", "recurrent_activation", "inner_activation")
"""The arguments of layers that take an activation by its name."""

_DEFINITION = """\
@{tensorflow}.keras.utils.register_keras_serializable()
def {name}(x):
    return {tensorflow}.clip_by_value(0.2 * x + 0.5, 0.0, 1.0)
"""


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


def _activations(call: KerasCall) -> Iterator[Argument]:
    """The arguments of a call that are activations."""
    wanted = ("identifier",) if call.symbol == "keras.activations.get" else _ARGUMENTS
    yield from (argument for argument in call.keywords if argument.name in wanted)
    old = old_signature(call.path, call.symbol, "2.2.4")
    if old is not None and keras1(call.symbol).positional != 0:
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
    changed = f"`hard_sigmoid` is another function on TensorFlow {file.target}, relu6(x + 3) / 6"
    if not definable(file, reference):
        message = f"{changed}. Pass {MANUALLY}"
        file.report(HARD_SIGMOID, Level.MANUAL, place, message, symbol)
        return None
    message = f"{changed}; `{NAME}` is what it was, registered so that models can be saved and copied"
    return defined(file, reference) if file.report(HARD_SIGMOID, level, place, message, symbol) else None


def definable(file: File, reference: Reference) -> bool:
    """Whether the module can have the function, so that it is there where a reference stands."""
    return _is_defined(file) or _anchor(file, reference) is not None


def defined(file: File, reference: Reference) -> str:
    """The name of the function that is the old hard sigmoid; asks for it to be defined in the module.

    Args:
        file: a file in which it is `definable`.
        reference: the use of Keras that it is needed for.
    """
    anchor = None if _is_defined(file) else _anchor(file, reference)
    if anchor is not None:
        tensorflow = file.imports.name_for("tensorflow.clip_by_value", reference).rpartition(".")[0]
        file.edit(anchor, (file.module, None), _Definition(tensorflow))
    return NAME


def _anchor(file: File, reference: Reference) -> cst.CSTNode | None:
    """The statement of the module before which the function goes: the first after the imports.

    Returns:
        ``None`` where Keras is not imported at the top of the module before the reference.
    """
    if not _imported_at_top(file, reference):
        return None
    top = _statement(file.module, reference)
    imports = [index for index, each in enumerate(_before(file.module, top)) if _imports(each)]
    return file.module.body[imports[-1] + 1] if imports else None


def _imported_at_top(file: File, reference: Reference) -> bool:
    """Whether what a reference stands for is imported by the module, not within a function."""
    for binding in file.names.bindings(reference):
        if binding.imported is None:
            if not isinstance(binding.value, Reference) or not _imported_at_top(file, binding.value):
                return False
        elif binding.imported.scope.kind != "module":
            return False
    return True


def _before(module: cst.Module, statement: cst.CSTNode | None) -> list[cst.CSTNode]:
    """The statements of a module before one of them."""
    body = list(module.body)
    return list(takewhile(lambda each: each is not statement, body))


def _statement(module: cst.Module, reference: Reference) -> cst.CSTNode | None:
    """The statement of the module that a reference is part of."""
    node: cst.CSTNode | None = reference.node
    frame = reference.frame
    while frame is not None and frame[0] is not module:
        node, frame = frame
    return node


def _imports(statement: cst.CSTNode) -> bool:
    """Whether a statement imports something, also under a condition."""
    if isinstance(statement, cst.SimpleStatementLine):
        return any(isinstance(small, (cst.Import, cst.ImportFrom)) for small in statement.body)
    if isinstance(statement, (cst.If, cst.Try)):
        return any(_imports(each) for each in statement.body.body)
    return False


def _is_defined(file: File) -> bool:
    """Whether the module defines the function, or was asked to."""
    return any(
        (isinstance(statement, cst.FunctionDef) and statement.name.value == NAME)
        or any(isinstance(edit, _Definition) for edit in file.edits.get(statement, ()))
        for statement in file.module.body
    )


@dataclass(frozen=True, slots=True)
class _Definition:
    """The edit of a statement that puts the function before it.

    Attributes:
        tensorflow: how the module reaches TensorFlow.
    """

    tensorflow: str

    def __call__(self, current: Any) -> Any:
        """Makes the edit; what came before the statement stays before the function."""
        code = _DEFINITION.format(tensorflow=self.tensorflow, name=NAME)
        definition = cst.ensure_type(cst.parse_statement(code), cst.FunctionDef)
        definition = definition.with_changes(leading_lines=_spaced(()))
        if isinstance(current, cst.RemovalSentinel):
            return cst.FlattenSentinel([definition])
        *others, last = list(current) if isinstance(current, cst.FlattenSentinel) else [current]
        led = last.with_changes(leading_lines=_spaced(last.leading_lines))
        return cst.FlattenSentinel([*others, definition, led])


def _spaced(lines: Any) -> list[cst.EmptyLine]:
    """The lines above a statement with two blank ones first."""
    rest = list(lines)
    while rest and rest[0].comment is None:
        rest.pop(0)
    return [cst.EmptyLine(indent=False), cst.EmptyLine(indent=False), *rest]
