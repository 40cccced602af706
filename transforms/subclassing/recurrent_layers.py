"""Classes that derive from recurrent layers: their ``call``, and what Keras up to 2.0 had in its place."""

from __future__ import annotations

from collections.abc import Container

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Frame
from ...transform import ClassUse, File, Transform
from ..edits.argument_edits import Changes
from ..edits.argument_layout import optional_parameter
from ..edits.statement_edits import statement_around
from ..reading.class_bodies import body_of

RECURRENT_CALL = Rule(
    "KM508",
    "recurrent-call",
    "Name the first parameter of a recurrent layer's `call` as Keras 3 does.",
    "From TensorFlow 2.16 on `build` of a recurrent layer takes `sequences_shape` and "
    "`initial_state_shape`, and Keras looks for the parameters `sequences` and `initial_state` of `call` "
    "that belong to them. A class that overrides `call` without these names cannot be built. The positional "
    "arguments of `call` stand in another order, so those that are handed to the base are given by keyword.",
    before=(
        "from keras.layers import SimpleRNN\n\n\nclass Twice(SimpleRNN):\n"
        "    def call(self, inputs, mask=None):\n        return 2 * super().call(inputs, mask)\n"
    ),
    after=(
        "from tensorflow.keras.layers import SimpleRNN\n\n\nclass Twice(SimpleRNN):\n"
        "    def call(self, sequences, mask=None, initial_state=None):\n"
        "        return 2 * super().call(sequences, mask=mask)\n"
    ),
    targets=">=2.16",
)

RECURRENT_CLASS = Rule(
    "KM509",
    "recurrent-class",
    "Report classes that derive from `Recurrent`.",
    "Keras up to 2.0 had a class `Recurrent`, whose `step` made one step of a sequence. Since 2.1.3 a layer "
    "`RNN` runs a cell, a layer whose `call(inputs, states)` gives the output and the new states.",
    before=(
        "from keras.layers import Recurrent\n\n\nclass Sum(Recurrent):\n    def step(self, x, states):\n"
        "        return states[0] + x, [states[0] + x]\n"
    ),
)

TRANSFORM = Transform("recurrent layers", RECURRENT_CALL, RECURRENT_CLASS)

_SLOTS = {
    "keras.layers.LSTM": ("inputs", "mask", "training", "initial_state"),
    "keras.layers.GRU": ("inputs", "mask", "training", "initial_state"),
    "keras.layers.SimpleRNN": ("inputs", "mask", "training", "initial_state"),
    "keras.layers.RNN": ("inputs", "mask", "training", "initial_state", "constants"),
    "keras.layers.Bidirectional": ("inputs", "training", "mask", "initial_state", "constants"),
}
"""The parameters of ``call`` in Keras 2, in order."""


@TRANSFORM.subclass(*_SLOTS)
def adapt_call(file: File, use: ClassUse) -> None:
    """Names the parameters of one class' ``call`` as Keras 3 wants them."""
    method = use.methods.get("call")
    if not file.target.keras3 or method is None:
        return
    _name_arguments(file, use, method)
    params = [*method.params.posonly_params, *method.params.params]
    if len(params) < 2 or params[1].name.value == "sequences":
        return
    old = params[1].name.value
    message = (
        f"`{old}` is called `sequences`: Keras 3 looks for the parameters of `call` that belong to "
        "`sequences_shape` and `initial_state_shape`"
    )
    symbol = f"{use.lineage[0]}.call"
    scope = file.names.scopes[method]
    if "sequences" in scope.bindings or any(each.scope is scope for each in file.names.uses("sequences")):
        file.report(RECURRENT_CALL, Level.MANUAL, method, f"{message}. Rename it by hand", symbol)
    elif file.report(RECURRENT_CALL, Level.REWRITTEN, method, message, symbol):
        inside: Frame = (use.node.body, (use.node, use.frame))
        file.edit(method, inside, lambda node: _with_state(node.visit(_Rename(old, "sequences"))))


def _name_arguments(file: File, use: ClassUse, method: cst.FunctionDef) -> None:
    """Gives what a class hands to ``call`` of its base by keyword."""
    slots = next(_SLOTS[each] for each in use.lineage if each in _SLOTS)
    for call in body_of(file.names, use.node).super_calls("call", method):
        changes = Changes()
        for index, (arg, name) in enumerate(zip(call.node.args, slots, strict=False)):
            if arg.star:
                break
            if index and arg.keyword is None:
                changes.names[index] = name
        place = statement_around(call.frame)
        if not changes or place is None:
            continue
        message = "the arguments of `call` stand in another order in Keras 3, so they are given by keyword"
        if file.report(RECURRENT_CALL, Level.REWRITTEN, place[0], message, f"{use.lineage[0]}.call"):
            file.edit(call.node, call.frame, changes.apply)


def _with_state(function: cst.FunctionDef) -> cst.FunctionDef:
    """A ``call`` that can be given an initial state."""
    taken = {param.name.value for param in (*function.params.params, *function.params.kwonly_params)}
    if "initial_state" in taken or function.params.star_kwarg is not None:
        return function
    return function.with_changes(params=optional_parameter(function.params, "initial_state"))


class _Rename(cst.CSTTransformer):
    """Renames a local name of a function; functions within it that bind the same name are left alone."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__()
        self._old, self._new = old, new

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        own = not self._depth and self._binds(node.params)
        self._depth += 1
        return own or not self._binds(node.params)

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        self._depth -= 1
        return updated_node

    def visit_Lambda(self, node: cst.Lambda) -> bool:
        return not self._binds(node.params)

    def visit_Attribute_attr(self, node: cst.Attribute) -> None:
        self._names = False

    def leave_Attribute_attr(self, node: cst.Attribute) -> None:
        self._names = True

    def visit_Arg_keyword(self, node: cst.Arg) -> None:
        self._names = False

    def leave_Arg_keyword(self, node: cst.Arg) -> None:
        self._names = True

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:
        wanted = self._names and original_node.value == self._old
        return updated_node.with_changes(value=self._new) if wanted else updated_node

    def _binds(self, params: cst.Parameters) -> bool:
        return any(param.name.value == self._old for param in (*params.params, *params.kwonly_params))

    _depth = 0
    _names = True


@TRANSFORM.subclass("keras.layers.Recurrent")
def report_recurrent(file: File, use: ClassUse) -> None:
    """Says what a class that derives from ``Recurrent`` has to become."""
    name = use.node.name.value
    message = (
        f"`Recurrent` is gone. Make of `{name}` a cell: a `Layer` with `state_size` whose "
        f"`{_parts(use.methods)}` become `build(self, input_shape)` and `call(self, inputs, states)`, which "
        f"gives `output, new_states`; then use it as `RNN({name}(…), return_sequences=…)`"
    )
    file.report(RECURRENT_CLASS, Level.MANUAL, use.node, message, "keras.layers.Recurrent")


def _parts(methods: Container[str]) -> str:
    """The methods of an old recurrent class that go into the cell."""
    names = ("build", "preprocess_input", "get_constants", "step")
    return "`, `".join(name for name in names if name in methods) or "step"
