"""Updates that a layer adds to a training step, and losses that it adds for some inputs."""

from __future__ import annotations

from typing import TypeAlias

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Frame
from ...transform import ClassUse, File, Transform, Use
from ...walk import dotted
from ..edits.argument_edits import Changes
from ..edits.argument_layout import optional_parameter
from ..edits.statement_edits import drop, statement_around
from ..reading.class_bodies import ClassBody, SelfUse, body_of, within

LAYER_UPDATE = Rule(
    "KM505",
    "layer-update",
    "Assign the variables that a layer updates with `add_update`.",
    "Keras collected the updates that layers handed to `add_update` and ran them with each training step, "
    "but neither in `predict` nor in `evaluate`, unless the layer is stateful. tf.keras runs what `call` "
    "does. So the variables are assigned where the update was added, under `if training:`, which Keras "
    "passes to `call`.",
    before=(
        "from keras import backend as K\nfrom keras.layers import Layer\n\n\nclass Count(Layer):\n"
        "    def build(self, input_shape):\n"
        "        self.count = self.add_weight(name='count', shape=(), initializer='zeros', trainable=False)\n"
        "\n    def call(self, inputs):\n        self.add_update([K.update_add(self.count, 1.)], inputs)\n"
        "        return inputs\n"
    ),
    after=(
        "from tensorflow.keras import backend as K\nfrom tensorflow.keras.layers import Layer\n\n\n"
        "class Count(Layer):\n    def build(self, input_shape):\n"
        "        self.count = self.add_weight(name='count', shape=(), initializer='zeros', trainable=False)\n"
        "\n    def call(self, inputs, training=None):\n        if training:\n"
        "            self.count.assign_add(1.)\n        return inputs\n"
    ),
)

LAYER_LOSS = Rule(
    "KM506",
    "layer-loss",
    "Add losses without naming their inputs.",
    "`add_loss` was told by `inputs` on which inputs a loss depends. tf.keras sees that itself: TensorFlow "
    "2.15 ignores the keyword and takes no second argument, from 2.16 on there is neither.",
    before=(
        "from keras import backend as K\nfrom keras.layers import Layer\n\n\nclass Penalty(Layer):\n"
        "    def call(self, x):\n        self.add_loss(K.sum(x), inputs=x)\n        return x\n"
    ),
    after=(
        "from tensorflow.keras import backend as K\nfrom tensorflow.keras.layers import Layer\n\n\n"
        "class Penalty(Layer):\n    def call(self, x):\n        self.add_loss(K.sum(x))\n"
        "        return x\n"
    ),
)

SmallStatement: TypeAlias = "tuple[cst.BaseSmallStatement, Frame]"
"""A simple statement with the nodes around it."""

BACKEND_UPDATE = Rule(
    "KM524",
    "backend-update",
    "Assign variables by their own methods.",
    "From TensorFlow 2.16 on `K.update` and the functions like it do not take the weights of layers, which "
    "are no variables of TensorFlow itself any more. Every variable has `assign`, `assign_add` and "
    "`assign_sub`.",
    before=(
        "from keras import backend as K\nfrom keras.layers import Layer\n\n\nclass Count(Layer):\n"
        "    def build(self, input_shape):\n"
        "        self.count = self.add_weight(name='count', shape=(), initializer='zeros')\n\n"
        "    def count_one(self):\n        K.update_add(self.count, 1.)\n"
    ),
    after=(
        "from tensorflow.keras import backend as K\nfrom tensorflow.keras.layers import Layer\n\n\n"
        "class Count(Layer):\n    def build(self, input_shape):\n"
        "        self.count = self.add_weight(name='count', shape=(), initializer='zeros')\n\n"
        "    def count_one(self):\n        self.count.assign_add(1.)\n"
    ),
    targets=">=2.16",
)

TRANSFORM = Transform("layer updates", LAYER_UPDATE, LAYER_LOSS, BACKEND_UPDATE)

_ASSIGN = {
    "keras.backend.update": ("assign", ("x", "new_x")),
    "keras.backend.update_add": ("assign_add", ("x", "increment")),
    "keras.backend.update_sub": ("assign_sub", ("x", "decrement")),
    "keras.backend.moving_average_update": ("", ("x", "value", "momentum")),
}
"""Backend functions that update a variable: the method of it that does so, and their arguments."""


@TRANSFORM.use(*_ASSIGN)
def assign(file: File, use: Use) -> None:
    """Assigns a variable by its own method where a function of the backend did."""
    call, frame = use.call, use.reference.frame
    if not file.target.keras3 or call is None or frame is None or not use.sure or _is_collected(frame):
        return
    code = _assignment(file, call)
    if code is None or not isinstance(call.args[0].value, (cst.Name, cst.Attribute)):
        return
    name = use.symbol.rpartition(".")[2]
    message = f"`K.{name}` does not take the weights of layers any more; a variable assigns itself"
    if file.report(BACKEND_UPDATE, Level.REWRITTEN, use.reference.node, message, use.symbol):
        file.edit(call, frame[1], lambda _: cst.parse_expression(code))


def _is_collected(frame: Frame) -> bool:
    """Whether an update is handed to ``add_update``, or is one of an old optimizer's ``get_updates``."""
    while frame is not None:
        node = frame[0]
        if isinstance(node, cst.FunctionDef) and node.name.value == "get_updates":
            return True
        if isinstance(node, cst.Call) and (dotted(node.func) or "").endswith(".add_update"):
            return True
        frame = frame[1]
    return False


@TRANSFORM.subclass("keras.layers.Layer", "keras.models.Model")
def adapt(file: File, use: ClassUse) -> None:
    """Adapts what the methods of one class add to the training step."""
    body = body_of(file.names, use.node)
    for each in body.uses.get("add_loss", ()):
        _without_inputs(file, each)
    if use.derives("keras.metrics.Metric", "keras.layers.Recurrent") or "add_update" in use.methods:
        return
    stateful = any(each.stored for each in body.uses.get("stateful", ()))
    gated: set[cst.FunctionDef] = set()
    for each in body.uses.get("add_update", ()):
        if each.call is not None and _assign_updates(file, use, each, stateful):
            gated.add(each.method)
    if not stateful:
        for method in gated:
            _take_training(file, use, method)
    for each in body.uses.get("updates", ()):
        _own_updates(file, body, each)


def _without_inputs(file: File, use: SelfUse) -> None:
    """Drops the argument ``inputs`` of one ``self.add_loss``."""
    call, frame = use.call, use.frame
    if call is None or frame is None:
        return
    for index, arg in enumerate(call.args):
        if arg.star or (arg.keyword.value != "inputs" if arg.keyword is not None else index != 1):
            continue
        message = "`add_loss` takes no `inputs`: Keras sees them itself"
        place = statement_around(frame)
        if place is not None and file.report(
            LAYER_LOSS, Level.REWRITTEN, place[0], message, "keras.layers.Layer.add_loss"
        ):
            file.edit(call, frame[1], Changes(drops={index}).apply)


def _assign_updates(file: File, owner: ClassUse, use: SelfUse, stateful: bool) -> bool:
    """Assigns the variables of one ``self.add_update(…)``; whether that takes ``training``."""
    call, frame = use.call, use.frame
    assert call is not None
    assert frame is not None
    symbol = "keras.layers.Layer.add_update"
    place = statement_around(frame)
    if place is None:
        return False
    line, around = place
    possible = stateful or use.method.name.value == "call" or _takes_training(use.method)
    updates = _listed(file, call) if possible and _stands_alone(line, call) else []
    code = [each for update, _ in updates if (each := _assignment(file, update)) is not None]
    if not code or len(code) < len(updates):
        message = (
            "updates are not collected any more: assign the variables in `call`, "
            "`variable.assign(value)`, under `if training:` where it is no stateful layer"
        )
        file.report(LAYER_UPDATE, Level.MANUAL, line, message, symbol)
        return False
    if not all(made is None or file.allows(BACKEND_UPDATE, made[0]) for _, made in updates):
        return False
    message = "a layer assigns its variables in `call` now; nothing collects updates"
    if not stateful:
        message += ". They ran in training alone, so they stand under `if training:`"
    if not file.report(LAYER_UPDATE, Level.REWRITTEN, line, message, symbol):
        return False
    text = "\n".join(code)
    if not stateful:
        text = "if training:\n" + "\n".join(f"    {each}" for each in code)

    def put(current: cst.SimpleStatementLine) -> cst.FlattenSentinel[cst.BaseStatement]:
        body = list(cst.parse_module(text).body)
        first = body[0].with_changes(leading_lines=current.leading_lines)
        return cst.FlattenSentinel([first, *body[1:]])

    file.edit(line, around, put)
    for _, made in updates:
        if made is not None:
            drop(file, *made)
    return not stateful


def _stands_alone(line: cst.SimpleStatementLine, call: cst.Call) -> bool:
    statement = line.body[0]
    return len(line.body) == 1 and isinstance(statement, cst.Expr) and statement.value is call


def _listed(file: File, call: cst.Call) -> list[tuple[cst.BaseExpression, SmallStatement | None]]:
    """The updates of a call, each with the statement that made it if that is another one."""
    if not call.args or call.args[0].star or call.args[0].keyword is not None:
        return []
    given = call.args[0].value
    if isinstance(given, (cst.List, cst.Tuple)) and any(
        type(each) is not cst.Element for each in given.elements
    ):
        return []
    nodes = [each.value for each in given.elements] if isinstance(given, cst.List) else [given]
    return [_made(file, node) for node in nodes]


def _made(file: File, node: cst.BaseExpression) -> tuple[cst.BaseExpression, SmallStatement | None]:
    """What a local name stands for that is bound once and used once, with the assignment to it."""
    reference = file.names.reference(node) if isinstance(node, cst.Name) else None
    if reference is None or not isinstance(node, cst.Name):
        return node, None
    bindings = reference.scope.bindings.get(node.value, ())
    uses = [use for use in file.names.uses(node.value) if use.scope is reference.scope]
    given = bindings[0].given if len(bindings) == 1 and len(uses) == 1 else None
    if given is None or given.how != "value" or not isinstance(given.node, cst.BaseExpression):
        return node, None
    function = reference.scope.node
    assert function is not None
    for part, frame in within(function, None):
        if isinstance(part, cst.Assign) and part.value is given.node and len(part.targets) == 1:
            return given.node, (part, _around(reference.frame, function, frame))
    return node, None


def _around(outer: Frame, function: cst.CSTNode, inner: Frame) -> Frame:
    """The nodes around a place in a function, up to the module."""
    if inner is None:
        while outer is not None and outer[0] is not function:
            outer = outer[1]
        return outer[1] if outer is not None else None
    return (inner[0], _around(outer, function, inner[1]))


def _assignment(file: File, node: cst.BaseExpression) -> str | None:
    """The code of one update as an assignment; ``None`` where it is none that is known."""

    def code(part: cst.BaseExpression) -> str:
        return " ".join(file.module.code_for_node(part).split())

    if isinstance(node, cst.Tuple) and len(node.elements) == 2:
        return f"{code(node.elements[0].value)}.assign({code(node.elements[1].value)})"
    if not isinstance(node, cst.Call):
        return None
    name = (dotted(node.func) or "").rpartition(".")[2]
    symbols = {value.symbol for value in file.values.of(node.func)} - {""} or {f"keras.backend.{name}"}
    method, slots = _ASSIGN.get(next(iter(symbols)), ("", ())) if len(symbols) == 1 else ("", ())
    given: dict[str, str] = {}
    for index, arg in enumerate(node.args):
        if arg.star or (arg.keyword is None and index >= len(slots)):
            return None
        given[arg.keyword.value if arg.keyword is not None else slots[index]] = code(arg.value)
    if not slots or set(given) != set(slots):
        return None
    values = [given[name] for name in slots]
    if method:
        return f"{values[0]}.{method}({values[1]})"
    variable, value, momentum = values
    if isinstance(cst.parse_expression(value), (cst.BinaryOperation, cst.UnaryOperation, cst.IfExp)):
        value = f"({value})"
    return f"{variable}.assign({variable} * {momentum} + {value} * (1. - {momentum}))"


def _takes_training(method: cst.FunctionDef) -> bool:
    """Whether a method is told if it is called in training."""
    params = method.params
    return any(param.name.value == "training" for param in (*params.params, *params.kwonly_params))


def _take_training(file: File, use: ClassUse, method: cst.FunctionDef) -> None:
    """Adds the parameter ``training`` to a method that has none."""

    def put(current: cst.FunctionDef) -> cst.FunctionDef:
        if _takes_training(current):
            return current
        return current.with_changes(params=optional_parameter(current.params, "training"))

    file.edit(method, (use.node.body, (use.node, use.frame)), put)


def _own_updates(file: File, body: ClassBody, use: SelfUse) -> None:
    """Drops ``self.updates = []``, and reports other ways to set a layer's updates."""
    symbol = "keras.layers.Layer.updates"
    place = statement_around(use.frame)
    if place is None or not (use.stored or _is_appended(use)):
        return
    assigned = use.assigned
    if assigned is not None and isinstance(assigned[0].value, cst.List) and not assigned[0].value.elements:
        message = "`updates` cannot be set, and nothing collects updates any more"
        if file.report(LAYER_UPDATE, Level.REWRITTEN, place[0], message, symbol):
            drop(file, *assigned)
        return
    message = (
        "updates are not collected any more: assign the variables in `call`, `variable.assign(value)`, under "
        "`if training:` where it is no stateful layer"
    )
    file.report(LAYER_UPDATE, Level.MANUAL, place[0], message, symbol)


def _is_appended(use: SelfUse) -> bool:
    """Whether this is ``self.updates.append`` or the like."""
    assert use.frame is not None
    around = use.frame[0]
    return isinstance(around, cst.Attribute) and around.attr.value in ("append", "extend")
