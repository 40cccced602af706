"""How many samples a batch has that a generator gives, read off the call that made the generator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import libcst as cst

from ...catalog import Signature, legacy
from ...scopes import Reference, Scope
from ...transform import File
from ...walk import nodes_of

_IMAGES = "keras.preprocessing.image.ImageDataGenerator"
_WORDS = frozenset({"batch_size", "batch_sz", "batchsize"})
"""What programs call the number of samples in a batch."""
_OWN_COUNTS = frozenset({"N", "n", "nb_sample", "samples"})
"""Attributes of Keras' iterators over images that say how many samples they have."""
_DEFAULT = "32"
_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Batches:
    """The batches that a generator gives.

    Attributes:
        size: how many samples one has, as an expression for where the generator is used; ``None`` where it
            is not known.
        sure: whether that can be relied on.
        iterator: the name of the one of Keras' iterators over images that they come from, if it has a name.
        whole: whether a pass over the data can end with a smaller batch.
        samples: the array that they are cut from, if that is known.
    """

    size: cst.BaseExpression | None
    sure: bool
    iterator: cst.BaseExpression | None = None
    whole: bool = False
    samples: cst.BaseExpression | None = None


def batches_of(file: File, node: cst.BaseExpression, depth: int = 0) -> Batches | None:
    """What is known of the batches of a generator; ``None`` for nothing.

    Args:
        file: the file.
        node: the generator, where it is used.
        depth: how many names it was followed through.
    """
    first = _zipped(node)
    if first is not None:
        return batches_of(file, first, depth)
    values = file.values.of(node)
    if all(value.kind == "iterator" for value in values):
        return _of_iterator(file, node)
    if isinstance(node, cst.GeneratorExp):
        found = batches_of(file, node.for_in.iter, depth)
        return replace(found, sure=False) if found is not None and not node.for_in.ifs else None
    if isinstance(node, cst.Call):
        return _of_call(file, node)
    made = _made_by(file, node)
    if made is None or depth > _DEPTH:
        return None
    found = batches_of(file, made, depth + 1)
    if found is None:
        return None
    iterator = found.iterator
    if iterator is not None and not _means_the_same(file, iterator, node):
        iterator = None
    size = found.size
    if size is not None and not _means_the_same(file, size, node):
        size = cst.Attribute(iterator, cst.Name("batch_size")) if iterator is not None else None
    return replace(found, size=size, iterator=iterator)


def counts_own(file: File, node: cst.BaseExpression, batches: Batches) -> bool:
    """Whether an expression is the number of samples that a pass over a generator's data has."""
    if isinstance(node, cst.Attribute) and node.attr.value in _OWN_COUNTS:
        return batches.iterator is not None and node.value.deep_equals(batches.iterator)
    array = _counted(node)
    return array is not None and batches.samples is not None and same(file, array, batches.samples)


def _counted(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The array whose length an expression is: ``len(x)`` or ``x.shape[0]``."""
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value == "len":
        return node.args[0].value if len(node.args) == 1 else None
    if not isinstance(node, cst.Subscript) or len(node.slice) != 1:
        return None
    index, shape = node.slice[0].slice, node.value
    first = isinstance(index, cst.Index) and isinstance(index.value, cst.Integer) and index.value.value == "0"
    return shape.value if first and isinstance(shape, cst.Attribute) and shape.attr.value == "shape" else None


def owner_of_count(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The iterator whose number of samples an expression asks for, going by the attribute's name."""
    if isinstance(node, cst.Attribute) and node.attr.value in _OWN_COUNTS and is_chain(node.value):
        return node.value
    return None


def is_chain(node: cst.BaseExpression) -> bool:
    """Whether an expression is a name with attributes, which can be written twice."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return isinstance(node, cst.Name)


def same(file: File, one: cst.BaseExpression, other: cst.BaseExpression) -> bool:
    """Whether two chains of names in a file are the same thing."""
    if not (is_chain(one) and is_chain(other) and one.deep_equals(other)):
        return False
    return _bindings(file, one) == _bindings(file, other)


def _bindings(file: File, node: cst.BaseExpression) -> list[object]:
    """The places that give the first name of a chain a value."""
    reference = _reference(file, node)
    return list(file.names.bindings(reference)) if reference is not None else []


def _reference(file: File, node: cst.BaseExpression) -> Reference | None:
    while isinstance(node, cst.Attribute):
        node = node.value
    return file.names.reference(node) if isinstance(node, cst.Name) else None


def _zipped(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The first of several generators that are read side by side."""
    if not isinstance(node, cst.Call) or not node.args or node.args[0].star:
        return None
    name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
    is_zip = isinstance(name, cst.Name) and name.value in ("izip", "zip")
    return node.args[0].value if is_zip else None


def _made_by(file: File, node: cst.BaseExpression) -> cst.Call | cst.GeneratorExp | None:
    """What makes the generator that a name always stands for."""
    reference = file.names.reference(node) if isinstance(node, cst.Name) else None
    bindings = file.names.bindings(reference) if reference is not None else []
    given = bindings[0].given if len(bindings) == 1 else None
    if given is None or given.how != "value" or given.path:
        return None
    return given.node if isinstance(given.node, (cst.Call, cst.GeneratorExp)) else None


def _of_iterator(file: File, node: cst.BaseExpression) -> Batches:
    """The batches of one of Keras' iterators over images."""
    name = node if is_chain(node) else None
    calls = {value.node for value in file.values.of(node)}
    call = calls.pop() if len(calls) == 1 else None
    size: cst.BaseExpression | None = None
    samples: cst.BaseExpression | None = None
    if isinstance(call, cst.Call):
        size, samples = _asked(call)
        if size is not None and not (call is node or _means_the_same(file, size, node)):
            size = None
    if size is None and name is not None:
        size = cst.Attribute(name, cst.Name("batch_size"))
    return Batches(size, sure=True, iterator=name, whole=True, samples=samples)


def _asked(call: cst.Call) -> tuple[cst.BaseExpression | None, cst.BaseExpression | None]:
    """The size of the batches, and the array that they are cut from, that a call of ``flow…`` asks for."""
    method = call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
    images = legacy("1.2.2").get(_IMAGES)
    signature = images.methods.get(method) if images is not None else None
    if any(arg.star for arg in call.args):
        return None, None
    given = _given(call, signature)
    size = given.get("batch_size", cst.Integer(_DEFAULT))
    samples = given.get("x", given.get("X")) if method == "flow" else None
    return (size if _can_be_repeated(size) else None), samples


def _given(call: cst.Call, signature: Signature | None) -> dict[str, cst.BaseExpression]:
    """The arguments of a call by name."""
    names = signature.positional if signature is not None else ()
    found = {name: arg.value for name, arg in zip(names, call.args, strict=False) if arg.keyword is None}
    found.update({arg.keyword.value: arg.value for arg in call.args if arg.keyword is not None})
    return found


def _of_call(file: File, call: cst.Call) -> Batches | None:
    """The batches of a generator of the project's own, by what its call or its function calls their size."""
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value in _WORDS and _can_be_repeated(arg.value):
            return Batches(arg.value, sure=False)
    for value in file.values.of(call.func):
        function = value.node
        if isinstance(function, cst.FunctionDef) and not any(arg.star for arg in call.args):
            size = _by_parameter(call, function) or _by_name(file, call, function)
            return Batches(size, sure=False) if size is not None else None
    for arg in call.args:
        if (
            arg.keyword is None
            and isinstance(arg.value, (cst.Name, cst.Attribute))
            and _last(arg.value) in _WORDS
        ):
            return Batches(arg.value, sure=False)
    return None


def _last(node: cst.BaseExpression) -> str:
    """The last name of a chain."""
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""


def _by_parameter(call: cst.Call, function: cst.FunctionDef) -> cst.BaseExpression | None:
    """The argument, or the default, of a function's parameter for the size of batches."""
    params = [*function.params.posonly_params, *function.params.params]
    bound = isinstance(call.func, cst.Attribute) and bool(params) and params[0].name.value in ("self", "cls")
    positional = [arg for arg in call.args if arg.keyword is None]
    for place, param in enumerate(params[1:] if bound else params):
        if param.name.value in _WORDS:
            size = positional[place].value if place < len(positional) else param.default
            if size is None or not _can_be_repeated(size):
                return None
            return size if place < len(positional) or isinstance(size, cst.Integer) else None
    return None


def _by_name(file: File, call: cst.Call, function: cst.FunctionDef) -> cst.BaseExpression | None:
    """The size of batches that a generator function knows by a name of the module, or gives a name."""
    for word in sorted(_WORDS):
        scope = file.names.scopes[function]
        own = scope.bindings.get(word, [])
        if own:
            given = own[0].given if len(own) == 1 else None
            return given.node if given is not None and isinstance(given.node, cst.Integer) else None
        found = next((name for name in _names(function) if name.value == word), None)
        if found is not None and len(file.names.scope.bindings.get(word, [])) == 1:
            return found
    return None


def _names(node: cst.CSTNode) -> Iterator[cst.Name]:
    """Every name in a node."""
    return (each for each in nodes_of(node) if isinstance(each, cst.Name))


def _can_be_repeated(node: cst.BaseExpression) -> bool:
    """Whether an expression can be written a second time."""
    return isinstance(node, cst.Integer) or is_chain(node)


def _means_the_same(file: File, size: cst.BaseExpression, place: cst.BaseExpression) -> bool:
    """Whether an expression from where a generator is made means the same where it is used."""
    if isinstance(size, cst.Integer):
        return True
    known, here = _reference(file, size), _reference(file, place)
    if known is None or here is None or len(file.names.bindings(known)) != 1:
        return False
    return _holder(known.root.value, known.scope) is _holder(known.root.value, here.scope)


def _holder(name: str, scope: Scope | None) -> Scope | None:
    """The scope that has a name where it is seen from another."""
    while scope is not None and name not in scope.bindings:
        scope = scope.outer
    return scope
