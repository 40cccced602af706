"""The layers that give a model's output, where the file that uses the model also makes it."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from ...transform import File
from ...values import CLASS
from ...walk import dotted

_DEEPEST = 8
"""How many names and tensors are followed at most."""


def last_layers(file: File, model: cst.BaseExpression) -> Iterator[cst.Call]:
    """The calls that make the last layers of a model, the very last first; stops where one is not known.

    Args:
        file: the file.
        model: an expression for a model with one output.
    """
    made = [value.node for value in file.values.of(model)]
    if len(made) != 1 or not isinstance(made[0], cst.Call):
        return
    call = made[0]
    if (dotted(call.func) or "").rpartition(".")[2] == "Sequential":
        for node in reversed([*_listed(call), *_added(file, call)]):
            layer = _layer(file, node, 0)
            if layer is None:
                return
            yield layer
    outputs = _argument(call, 1, ("outputs", "output"))
    if outputs is not None:
        yield from _behind(file, outputs, 0)


def outputs(file: File, model: cst.BaseExpression) -> tuple[str, ...]:
    """The names of a functional model's outputs, where the file makes it of a list of them.

    Args:
        file: the file.
        model: an expression for a model.
    Returns:
        A name for each output, empty where Keras gives it one; nothing where the outputs are not known.
    """
    made = [value.node for value in file.values.of(model)]
    call = made[0] if len(made) == 1 else None
    if not isinstance(call, cst.Call) or not any(value.kind == CLASS for value in file.values.of(call.func)):
        return ()
    given = _argument(call, 1, ("outputs", "output"))
    listed = given if isinstance(given, (cst.List, cst.Tuple)) or given is None else _assigned(file, given)
    if not isinstance(listed, (cst.List, cst.Tuple)):
        return ()
    if not all(type(element) is cst.Element for element in listed.elements):
        return ()
    return tuple(_name(next(_behind(file, element.value, 0), None)) for element in listed.elements)


def _name(layer: cst.Call | None) -> str:
    """The name that a layer is given; empty where that is not a literal."""
    for arg in layer.args if layer is not None else ():
        if (
            arg.keyword is not None
            and arg.keyword.value == "name"
            and isinstance(arg.value, cst.SimpleString)
        ):
            return str(arg.value.raw_value)
    return ""


def _added(file: File, made: cst.Call) -> list[cst.BaseExpression | None]:
    """What is added to a ``Sequential``, in program order."""
    added = [
        reference
        for name in file.names.identifiers
        for reference in file.names.uses(name)
        if reference.attributes == ("add",)
        and reference.called is not None
        and any(b.given is not None and b.given.node is made for b in file.names.bindings(reference))
    ]
    added.sort(key=lambda reference: reference.order)
    calls = [reference.called for reference in added]
    return [call.args[0].value if call is not None and len(call.args) == 1 else None for call in calls]


def _listed(call: cst.Call) -> list[cst.BaseExpression | None]:
    """The layers in the list that a ``Sequential`` is made of."""
    layers = _argument(call, 0, ("layers",))
    if layers is None:
        return []
    if not isinstance(layers, (cst.List, cst.Tuple)):
        return [None]
    return [element.value if type(element) is cst.Element else None for element in layers.elements]


def _behind(file: File, node: cst.BaseExpression, depth: int) -> Iterator[cst.Call]:
    """The layers that a tensor comes from, ``Dense(…)`` of ``Dense(…)(x)`` first."""
    if isinstance(node, (cst.List, cst.Tuple)):
        if len(node.elements) == 1:
            yield from _behind(file, node.elements[0].value, depth)
    elif isinstance(node, cst.Call):
        layer = _layer(file, node.func, depth)
        if layer is not None:
            yield layer
            if node.args and depth < _DEEPEST:
                yield from _behind(file, node.args[0].value, depth + 1)
    else:
        given = _assigned(file, node)
        if given is not None and depth < _DEEPEST:
            yield from _behind(file, given, depth + 1)


def _layer(file: File, node: cst.BaseExpression | None, depth: int) -> cst.Call | None:
    """The call that makes a layer, by itself or through a name."""
    if isinstance(node, cst.Call):
        return node if isinstance(node.func, (cst.Name, cst.Attribute)) else None
    given = _assigned(file, node) if node is not None else None
    return _layer(file, given, depth + 1) if given is not None and depth < _DEEPEST else None


def _assigned(file: File, node: cst.BaseExpression) -> cst.BaseExpression | None:
    """What a name is assigned, if that is one thing."""
    reference = file.names.reference(node) if isinstance(node, cst.Name) else None
    bindings = file.names.bindings(reference) if reference is not None else []
    given = bindings[0].given if len(bindings) == 1 else None
    if given is None or given.how != "value" or given.path or not isinstance(given.node, cst.BaseExpression):
        return None
    return given.node


def _argument(call: cst.Call, slot: int, names: tuple[str, ...]) -> cst.BaseExpression | None:
    for index, arg in enumerate(call.args):
        if arg.star:
            return None
        if arg.keyword.value in names if arg.keyword is not None else index == slot:
            return arg.value
    return None
