"""Tensors of a model that is being built, in functions that want numbers: of the backend, and losses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Frame, Reference
from ...statements import name_node
from ...transform import AttributeUse, ClassUse, File, Transform, Use
from ...walk import dotted
from ..edits.statement_edits import statement_around
from ..reading.class_bodies import within
from ..reading.keras_calls import class_around

SYMBOLIC_CALL = Rule(
    "KM530",
    "symbolic-call",
    "Wrap functions of the backend on a model's tensors in `Lambda`.",
    "From TensorFlow 2.16 on the tensors of a model that is being built are descriptions that only layers "
    "and `keras.ops` take: `K.mean(x)` fails on them. In a `Lambda` layer it gives the same.",
    before=(
        "from keras import backend as K\nfrom keras.layers import Dense, Input\n\n"
        "x = Dense(3)(Input((4,)))\ny = K.mean(x, axis=-1)\n"
    ),
    after=(
        "from tensorflow.keras import backend as K\nfrom tensorflow.keras import layers\n"
        "from tensorflow.keras.layers import Dense, Input\n\nx = Dense(3)(Input((4,)))\n"
        "y = layers.Lambda(lambda t: K.mean(t, axis=-1))(x)\n"
    ),
    targets=">=2.16",
)

SYMBOLIC_LOSS = Rule(
    "KM531",
    "symbolic-loss",
    "Report losses, layers and functions of `Lambda` that use tensors of the model from outside.",
    "A loss of Keras could use any tensor of the graph, such as the mean and variance of a variational "
    "autoencoder. tf.keras runs losses on numbers, where the model's tensors have none. On TensorFlow 2.15 "
    "`model.add_loss` takes a loss that is made of the model's tensors; from 2.16 on only a layer can add "
    "one, with `self.add_loss` in its `call`.",
    before=(
        "from keras import backend as K\nfrom keras.layers import Dense, Input\n"
        "from keras.losses import mean_squared_error\nfrom keras.models import Model\n\nx = Input((4,))\n"
        "z_mean = Dense(2)(x)\nvae = Model(x, Dense(4)(z_mean))\n\n\ndef vae_loss(x, y):\n"
        "    return mean_squared_error(x, y) - K.mean(z_mean)\n\n\nvae.compile('adam', loss=vae_loss)\n"
    ),
)

TRANSFORM = Transform("symbolic tensors", SYMBOLIC_CALL, SYMBOLIC_LOSS)

_TAKES_ANY = frozenset(
    (
        "batch_get_value",
        "batch_set_value",
        "clear_session",
        "dtype",
        "eval",
        "function",
        "get_session",
        "get_value",
        "gradients",
        "in_test_phase",
        "in_train_phase",
        "int_shape",
        "is_keras_tensor",
        "is_placeholder",
        "is_sparse",
        "learning_phase",
        "ndim",
        "placeholder",
        "print_tensor",
        "set_session",
        "set_value",
        "shape",
        "update",
        "update_add",
        "update_sub",
        "variable",
        "moving_average_update",
        "name_scope",
        "rnn",
        "switch",
    )
)
"""Functions of the backend that do not compute, or that other rules are about."""

_COMPUTE = ("keras.losses.", "keras.metrics.", "keras.activations.")
"""Where other functions of tensors are; Keras 3 has them take those of a model."""

_DEPTH = 25
"""How many steps a tensor is followed at most."""

_Seen: TypeAlias = "frozenset[cst.CSTNode]"
"""What is being looked at, to see that a loop makes a tensor of itself."""


@TRANSFORM.use()
def wrap(file: File, use: Use) -> None:
    """Wraps one call of a backend function on tensors of a model in ``Lambda``."""
    call, frame = use.call, use.reference.frame
    name = use.symbol.removeprefix("keras.backend.")
    if not file.target.keras3 or call is None or frame is None or not _is_backend(use.symbol):
        return
    if name in _TAKES_ANY or _is_part(file, frame[1]) or not _is_symbolic(file, call):
        return
    owner = class_around(frame)
    if owner is not None and any(_used_by_layer(file, owner)):
        return
    atoms = _atoms(file, call)
    if atoms is not None and not _are_local(use.reference, atoms):
        return
    if atoms is None:
        message = (
            f"`K.{name}` does not take tensors of a model that is being built: call it in a `Lambda` layer, "
            f"`Lambda(lambda t: K.{name}(t))(x)`"
        )
        file.report(SYMBOLIC_CALL, Level.MANUAL, use.reference.node, message, use.symbol)
        return
    message = (
        f"`K.{name}` does not take tensors of a model that is being built, so it is called in a `Lambda`"
    )
    if file.report(SYMBOLIC_CALL, Level.REWRITTEN, use.reference.node, message, use.symbol):
        wrapper = file.imports.name_for("tensorflow.keras.layers.Lambda", use.reference)
        file.edit(call, frame[1], lambda node: _in_lambda(node, atoms, wrapper))


def _is_backend(symbol: str) -> bool:
    return symbol.startswith("keras.backend.") and symbol.count(".") == 2


def _is_part(file: File, frame: Frame) -> bool:
    """Whether a place is within another call of the backend that takes it whole.

    ``K.function`` becomes a model, whose outputs have to be made by layers.
    """
    while frame is not None and not isinstance(frame[0], (cst.BaseStatement, cst.Lambda)):
        node = frame[0]
        if isinstance(node, cst.Call):
            symbols = {value.symbol for value in file.values.of(node.func)}
            if any(map(_is_backend, symbols - {"keras.backend.function"})):
                return True
        frame = frame[1]
    return False


def _is_symbolic(
    file: File, node: cst.BaseExpression, depth: int = _DEPTH, seen: _Seen = frozenset()
) -> bool:
    """Whether an expression is surely made of tensors of a model that is being built."""
    if depth == 0:
        return False
    parts: Iterable[cst.BaseExpression] = ()
    if isinstance(node, cst.Call):
        return _is_symbolic_call(file, node, depth - 1, seen)
    if isinstance(node, cst.Attribute):
        known = node.attr.value in ("input", "output", "inputs", "outputs")
        return known and file.values.is_(node.value, "model", "layer") and dotted(node.value) != "self"
    if isinstance(node, cst.Name):
        reference = file.names.reference(node)
        return reference is not None and _is_bound(file, reference, depth - 1, seen)
    if isinstance(node, cst.BinaryOperation):
        parts = (node.left, node.right)
    elif isinstance(node, cst.UnaryOperation):
        parts = (node.expression,)
    elif isinstance(node, (cst.List, cst.Tuple)):
        parts = (each.value for each in node.elements)
    elif isinstance(node, cst.Subscript):
        parts = (node.value,)
    return any(_is_symbolic(file, part, depth - 1, seen) for part in parts)


def _is_bound(file: File, reference: Reference, depth: int, seen: _Seen) -> bool:
    """Whether a name stands for a tensor of a model, whatever way the program takes."""
    bindings = file.names.bindings(reference)
    if any(binding.given is None and binding.imported is None for binding in bindings):  # `x *= 2`
        own = reference.scope.bindings.get(reference.root.value, ())
        bindings = [binding for binding in own if binding.given is not None]
    return bool(bindings) and all(
        binding.given is not None
        and binding.given.how == "value"
        and isinstance(binding.given.node, cst.BaseExpression)
        and (
            binding.given.node in seen
            or _is_symbolic(file, binding.given.node, depth, seen | {binding.given.node})
        )
        for binding in bindings
    )


def _is_symbolic_call(file: File, node: cst.Call, depth: int, seen: _Seen) -> bool:
    """Whether a call gives a tensor of a model: ``Input``, or a layer or function of one."""
    values = file.values.of(node.func)
    symbols = {value.symbol for value in values}
    if symbols == {"keras.layers.Input"}:
        return True
    passes = (
        _is_method(node, "call")
        or all(value.kind in ("layer", "model") for value in values)
        or all(map(_computes, symbols))
    )
    return passes and any(_is_symbolic(file, arg.value, depth, seen) for arg in node.args)


def _is_method(node: cst.Call, name: str) -> bool:
    """Whether a call is that of a method of some name, on another object than ``self`` and ``super()``."""
    if not isinstance(node.func, cst.Attribute) or node.func.attr.value != name:
        return False
    return isinstance(node.func.value, (cst.Name, cst.Attribute)) and dotted(node.func.value) != "self"


def _computes(symbol: str) -> bool:
    """Whether a function of Keras makes tensors of tensors."""
    if _is_backend(symbol):
        name = symbol.rpartition(".")[2]
        return name == "shape" or name not in _TAKES_ANY
    return symbol.startswith(_COMPUTE)


def _atoms(file: File, call: cst.Call) -> list[str] | None:
    """The tensors of a model that a call is made of, as dotted names; ``None`` where one has no name."""
    found: dict[str, None] = {}
    for node, frame in within(call, None):
        if isinstance(node, (cst.Lambda, cst.ListComp, cst.GeneratorExp)):
            return None
        if isinstance(node, cst.Call) and node is not call and _makes_layer(file, node):
            return None
        named = isinstance(node, (cst.Name, cst.Attribute)) and not _is_word(node, frame)
        if named and _is_symbolic(file, node):  # type: ignore[arg-type]
            found[file.module.code_for_node(node)] = None
    return list(found) or None


def _are_local(reference: Reference, atoms: list[str]) -> bool:
    """Whether tensors are bound where they are used, and not handed to a function that runs later."""
    scope = reference.scope
    while scope.outer is not None and scope.kind != "function":
        scope = scope.outer
    return all(re.split(r"\W", atom, maxsplit=1)[0] in scope.bindings for atom in atoms)


def _makes_layer(file: File, node: cst.Call) -> bool:
    """Whether a call is that of a layer or model."""
    return all(value.kind in ("layer", "model") for value in file.values.of(node.func))


def _is_word(node: cst.CSTNode, frame: Frame) -> bool:
    """Whether a name is that of an attribute or keyword, or the beginning of a longer chain."""
    around = frame[0] if frame is not None else None
    if isinstance(around, cst.Attribute):
        return True
    return isinstance(around, cst.Arg) and around.keyword is node


def _in_lambda(call: cst.Call, atoms: list[str], wrapper: str) -> cst.Call:
    """A call of a ``Lambda`` that makes an old call of what it is given."""
    code = cst.Module([]).code_for_node(call)
    atoms = [f"{atom}s[0]" if f"{atom}s[0]" in code else atom for atom in atoms]  # of a Sequential model
    alone = len(atoms) == 1
    parameter = "t" if alone else "ts"
    new = {atom: "t" if alone else f"ts[{index}]" for index, atom in enumerate(atoms)}
    body = call.visit(_Replace(new))
    assert isinstance(body, cst.BaseExpression)
    function = cst.Lambda(cst.Parameters([cst.Param(cst.Name(parameter))]), body)
    layer = cst.Call(name_node(wrapper), [cst.Arg(function)])
    given = cst.parse_expression(atoms[0] if alone else f"[{', '.join(atoms)}]")
    return cst.Call(layer, [cst.Arg(given)])


class _Replace(cst.CSTTransformer):
    """Writes other expressions for names and attributes."""

    def __init__(self, new: dict[str, str]) -> None:
        super().__init__()
        self._new = new
        self._module = cst.Module([])

    def visit_Subscript(self, node: cst.Subscript) -> bool:
        return self._module.code_for_node(node) not in self._new

    def leave_Subscript(
        self, original_node: cst.Subscript, updated_node: cst.Subscript
    ) -> cst.BaseExpression:
        new = self._new.get(self._module.code_for_node(original_node))
        return updated_node if new is None else cst.parse_expression(new)

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        return self._module.code_for_node(node) not in self._new

    def visit_Attribute_attr(self, node: cst.Attribute) -> None:
        self._word = True

    def leave_Attribute_attr(self, node: cst.Attribute) -> None:
        self._word = False

    def visit_Arg_keyword(self, node: cst.Arg) -> None:
        self._word = True

    def leave_Arg_keyword(self, node: cst.Arg) -> None:
        self._word = False

    def leave_Attribute(
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.BaseExpression:
        new = self._new.get(self._module.code_for_node(original_node))
        return updated_node if new is None else cst.parse_expression(new)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        new = None if self._word else self._new.get(original_node.value)
        return updated_node if new is None else cst.parse_expression(new)

    _word = False


@TRANSFORM.attribute("call")
def call_layer(file: File, attribute: AttributeUse) -> None:
    """Calls the layer itself where its ``call`` gets tensors of a model."""
    around = attribute.frame
    call = around[0] if around is not None else None
    if around is None or not isinstance(call, cst.Call) or call.func is not attribute.node:
        return
    if not file.target.keras3 or not _is_method(call, "call") or not _is_symbolic(file, call):
        return
    message = "`call` is for tensors that have values: a layer is called itself with those of a model"
    if file.report(SYMBOLIC_CALL, Level.REWRITTEN, attribute.node, message, "keras.layers.Layer.call"):
        file.edit(attribute.node, around, lambda node: node.value)


@TRANSFORM.attribute("add_loss")
def report_added_loss(file: File, attribute: AttributeUse) -> None:
    """Reports a loss that is added to a functional model."""
    call = attribute.frame[0] if attribute.frame is not None else None
    receiver = attribute.node.value
    if (
        not file.target.keras3
        or not isinstance(call, cst.Call)
        or not call.args
        or dotted(receiver) == "self"
    ):
        return
    if not file.values.is_(receiver, "model") or not _is_symbolic(file, call.args[0].value):
        return
    message = (
        "from TensorFlow 2.16 on only a layer can add a loss that is made of a model's tensors. Write a "
        "`Layer` whose `call` takes these tensors, computes the loss with `self.add_loss(…)` and returns the "
        "first of them, and make the model's output pass through it"
    )
    file.report(SYMBOLIC_LOSS, Level.MANUAL, attribute.node, message, "keras.models.Model.add_loss")


@TRANSFORM.attribute("compile")
def report_closures(file: File, attribute: AttributeUse) -> None:
    """Reports losses and metrics of a model that use tensors of it from outside."""
    call = attribute.frame[0] if attribute.frame is not None else None
    if not isinstance(call, cst.Call) or call.func is not attribute.node:
        return
    for index, arg in enumerate(call.args):
        name = (
            arg.keyword.value
            if arg.keyword is not None
            else ("optimizer", "loss", "metrics")[index : index + 1]
        )
        if name not in ("loss", "metrics", ("loss",), ("metrics",)):
            continue
        for function in _functions(file, arg.value):
            for tensor, place in _used_from_outside(file, function):
                _report_closure(file, tensor, place)
                break


def _report_closure(file: File, tensor: str, place: cst.CSTNode) -> None:
    """Says what becomes of a loss that uses a tensor of the model."""
    if file.target.keras3:
        advice = (
            f"write a `Layer` whose `call` takes `{tensor}` and the other tensors, computes this part of the "
            "loss with `self.add_loss(…)` and returns its first input, and put it before the model's output"
        )
    else:
        advice = (
            "compute the loss from the model's input and output tensors, give it to `model.add_loss(…)` "
            "before `compile`, and compile without `loss`; its targets are then an input of the model"
        )
    message = (
        f"a loss or metric cannot use `{tensor}`, a tensor of the model that has no value there: {advice}"
    )
    file.report(SYMBOLIC_LOSS, Level.MANUAL, place, message, "keras.models.Model.compile")


@TRANSFORM.subclass("keras.layers.Layer")
def report_layer(file: File, use: ClassUse) -> None:
    """Reports a layer whose methods use tensors of a model that they are not given."""
    found: dict[str, cst.CSTNode] = {}
    for tensor, place in _used_by_layer(file, use.node):
        found.setdefault(tensor, place)
    if not found:
        return
    tensors = ", ".join(found)
    message = (
        f"a layer cannot use `{tensors}`, of the model around it, without being given it: add it to the "
        f"inputs that the layer is called with, `{use.node.name.value}()([…, {tensors}])`, and take it from "
        "the first argument of `call`"
    )
    place = next(iter(found.values()))
    file.report(SYMBOLIC_LOSS, Level.MANUAL, place, message, "keras.layers.Layer.call")


def _used_by_layer(file: File, owner: cst.ClassDef) -> Iterator[tuple[str, cst.CSTNode]]:
    """The tensors of a model that the methods of a layer use without being given them."""
    lineage = file.values.lineage(owner).lineage
    if "keras.layers.Layer" not in lineage or "keras.models.Model" in lineage:
        return
    for name, method in file.values.methods(owner).items():
        if name != "__init__":
            yield from _used_from_outside(file, method)


def _functions(file: File, node: cst.BaseExpression) -> Iterator[cst.FunctionDef | cst.Lambda]:
    """The functions of the file that an argument stands for, perhaps within a list or dictionary."""
    if isinstance(node, (cst.List, cst.Tuple)):
        for element in node.elements:
            yield from _functions(file, element.value)
    elif isinstance(node, cst.Dict):
        for entry in node.elements:
            yield from _functions(file, entry.value)
    else:
        for value in file.values.of(node):
            if isinstance(value.node, (cst.FunctionDef, cst.Lambda)):
                yield value.node


def _used_from_outside(
    file: File, function: cst.FunctionDef | cst.Lambda
) -> Iterator[tuple[str, cst.CSTNode]]:
    """The tensors of a model that a function uses without being given them, each with a place to report."""
    frame: Frame = None
    for node, around in within(function, frame):
        reference = file.names.reference(node) if isinstance(node, cst.Name) else None
        if reference is None or reference.root is not node or reference.attributes:
            continue
        if _is_own(reference, function, file) or not _is_symbolic(file, node):
            continue
        place = statement_around(around)
        line = place[0] if place is not None else None
        yield node.value, line if line is not None else reference.node


def _is_own(reference: Reference, function: cst.FunctionDef | cst.Lambda, file: File) -> bool:
    """Whether a name is bound in the function where it is used, or in one around it within another."""
    scope = reference.scope
    while scope is not None:
        if reference.root.value in scope.bindings:
            return True
        if scope is file.names.scopes[function]:
            return False
        if scope.outer is None:
            return True
        scope = scope.outer
    return True
