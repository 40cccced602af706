"""The models that a ``Merge`` of Keras 1 merges: how to reach their inputs and what they give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from ...catalog import moves
from ...scopes import Frame, Reference, Scope
from ...transform import File
from ...walk import dotted

_MASKING = ("mask_zero", "Masking")
_MERGE = moves.canonical("keras.layers.Merge")
_INPUTS = {
    moves.canonical("keras.models.Sequential"): "inputs[0]",
    moves.canonical("keras.models.Model"): "input",
}
"""How to reach what a model is called with by its class: a tensor, or a list where it has several inputs."""

_RECURRENT = frozenset({"LSTM", "GRU", "SimpleRNN"})
_SIZES = frozenset({"input_length", "input_shape", "batch_input_shape", "batch_shape"})


@dataclass(frozen=True, slots=True)
class Branch:
    """One of the models that are merged.

    Attributes:
        tensor: the code of what it gives.
        sources: the codes of lists of its inputs.
        masked: whether a mask can come with what it gives.
        shapeless: the call that makes its first layer, with the nodes around it, where that does not say the
            shape of its input.
        loop: ``for each in models``, where this stands for all models of a list.
    """

    tensor: str
    sources: tuple[str, ...]
    masked: bool
    shapeless: tuple[cst.Call, Frame] | None = None
    loop: str = ""


def branches_of(file: File, merged: cst.BaseExpression) -> list[Branch] | None:
    """The models that are merged, if that is what they are.

    Args:
        file: the file.
        merged: what ``Merge`` is given.
    """
    if not isinstance(merged, (cst.List, cst.Tuple)):
        return _of_all(file, merged)
    found: list[Branch] = []
    for element in merged.elements:
        name = dotted(element.value)
        if name is None or type(element) is not cst.Element or _is_layer(file, element.value):
            return None
        found.append(_branch(file, element.value, name))
    return found or None


def _of_all(file: File, merged: cst.BaseExpression) -> list[Branch] | None:
    """The models of a list that is not written where they are merged."""
    name = dotted(merged)
    if name is None:
        return None
    source = f"[tensor for each in {name} for tensor in each.inputs]"
    masked = any(word in file.code for word in _MASKING)
    return [Branch("each(each.inputs[0])", (source,), masked, loop=f"for each in {name}")]


def _branch(file: File, node: cst.BaseExpression, name: str) -> Branch:
    """One model by its name."""
    layers = list(_layers(file, node))
    first = layers[0] if layers else None
    before = _merged_before(file, node, first[0]) if first is not None else None
    if before is not None:
        sources = tuple(dict.fromkeys(source for each in before for source in each.sources))
        return Branch(f"{name}({name}.inputs)", sources, False)
    symbols = {value.symbol for value in file.values.of(node)}
    inputs = _INPUTS.get(next(iter(symbols)), "inputs") if len(symbols) == 1 else "inputs"
    masked = _is_masked(layers) if layers else any(word in file.code for word in _MASKING)
    shapeless = first if first is not None and _is_shapeless(first[0]) else None
    return Branch(f"{name}({name}.{inputs})", (f"{name}.inputs",), masked, shapeless)


def _merged_before(file: File, node: cst.BaseExpression, first: cst.Call) -> list[Branch] | None:
    """What a model was merged of that begins with ``Merge`` itself, where these have the same names here."""
    if {value.symbol for value in file.values.of(first)} != {_MERGE}:
        return None
    merged = first.args[0].value if first.args and first.args[0].keyword is None else None
    if merged is None or _function(file, first.func) is not _function(file, node):
        return None
    return branches_of(file, merged)


def _function(file: File, node: cst.BaseExpression) -> Scope | None:
    """The scope that a name is used in."""
    reference = file.names.reference(node) if isinstance(node, (cst.Name, cst.Attribute)) else None
    return reference.scope if reference is not None else None


def _is_layer(file: File, node: cst.BaseExpression) -> bool:
    """Whether something is surely a single layer, whose inputs are not known."""
    return file.values.is_(node, "layer", "tensor")


def _layers(file: File, model: cst.BaseExpression) -> Iterator[tuple[cst.Call, Frame]]:
    """The calls that make the layers of a ``Sequential``, with the nodes around, as far as seen."""
    made = {value.node for value in file.values.of(model)}
    call = made.pop() if len(made) == 1 else None
    if not isinstance(call, cst.Call) or not isinstance(call.func, (cst.Name, cst.Attribute)):
        return
    constructor = file.names.reference(call.func)
    places: list[tuple[cst.BaseExpression, Frame]] = []
    if constructor is not None and call.args and isinstance(call.args[0].value, (cst.List, cst.Tuple)):
        inside: Frame = (call.args[0].value, (call.args[0], constructor.frame))
        places += [(each.value, (each, inside)) for each in call.args[0].value.elements]
    for use in _adds(file, call):
        if use.called is not None and len(use.called.args) == 1:
            places.append((use.called.args[0].value, (use.called.args[0], use.frame)))
    for layer, frame in places:
        if isinstance(layer, cst.Call):
            yield layer, frame
        else:
            yield from (
                (value.node, None) for value in file.values.of(layer) if isinstance(value.node, cst.Call)
            )


def _adds(file: File, made: cst.Call) -> list[Reference]:
    """The uses ``model.add`` of a model, in program order."""
    found = [
        use
        for name in file.names.identifiers
        for use in file.names.uses(name)
        if use.attributes[-1:] == ("add",)
        and use.called is not None
        and isinstance(use.called.func, cst.Attribute)
        and {value.node for value in file.values.of(use.called.func.value)} == {made}
    ]
    return sorted(found, key=lambda use: use.order)


def _is_masked(layers: list[tuple[cst.Call, Frame]]) -> bool:
    """Whether a mask comes with what the last of some layers gives."""
    masked = False
    for layer, _ in layers:
        name = (dotted(layer.func) or "").rpartition(".")[2]
        given = {arg.keyword.value: dotted(arg.value) for arg in layer.args if arg.keyword is not None}
        if name == "Masking" or given.get("mask_zero", "False") != "False":
            masked = True
        elif name in _RECURRENT and given.get("return_sequences", "False") == "False":
            masked = False
    return masked


def _is_shapeless(layer: cst.Call) -> bool:
    """Whether a layer is an ``Embedding`` of sequences of any length, which it does not say."""
    name = (dotted(layer.func) or "").rpartition(".")[2]
    given = {arg.keyword.value for arg in layer.args if arg.keyword is not None}
    return name == "Embedding" and not given & _SIZES and not any(arg.star for arg in layer.args)
