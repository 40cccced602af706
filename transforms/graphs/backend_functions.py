"""Functions of a graph, made by ``K.function``, which are models now."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from ...catalog import moves
from ...findings import Level, Rule
from ...scopes import Frame, Reference, Scope
from ...transform import File, Transform, Use
from .function_edits import Computation, edit
from .graph_programs import runs_graphs

BACKEND_FUNCTION = Rule(
    "KM708",
    "backend-function",
    "Make a `Model` of what `K.function` computes.",
    "Keras 3 has no `K.function`. A `Model` of the same inputs and outputs computes the same, and its "
    "`predict_on_batch` gives NumPy arrays. Where the learning phase was one of the inputs, it is the "
    "argument `training` of the model; `tf.keras` of Keras 2 does not take it as an input either. "
    "It still gives a list wherever the old function gave one.",
    before=(
        "from keras import backend as K\nfrom keras.models import Model\n\n"
        "layer = K.function([model.input], [model.layers[1].output])\nfeatures = layer([x])[0]\n"
    ),
    after=(
        "from tensorflow.keras.models import Model\n\n"
        "layer = Model(model.input, model.layers[1].output)\nfeatures = layer.predict_on_batch(x)\n"
    ),
)
TRANSFORM = Transform("backend functions", BACKEND_FUNCTION)

_MODEL = "tensorflow.keras.models.Model"
_GRADIENTS = frozenset({"keras.backend.gradients", "tensorflow.gradients"})


@TRANSFORM.use("keras.backend.function")
def function(file: File, use: Use) -> None:
    """Writes a function of a graph as a model."""
    call, frame = use.call, use.reference.frame
    if call is None or frame is None or frame[1] is None or not use.sure or runs_graphs(file):
        return
    slots = _slots(call)
    if slots is None:
        return
    inputs, outputs = (call.args[index].value for index in slots)
    made = _computation(file, inputs, outputs)
    if made.inputs == 0:
        return
    if not made.phase and _has_phase(file, inputs):
        message = (
            "the learning phase cannot be an input of a function: make a model of the other inputs, and call "
            "it with `training=True` or `training=False`"
        )
        if file.report(BACKEND_FUNCTION, Level.MANUAL, use.reference.node, message, use.path):
            file.handled.add(use.reference.node)
        return
    if not (made.phase or file.target.keras3):
        return
    if _graph_bound(file, outputs):
        message = (
            "this function gives gradients: write one that calls the model and computes the loss inside "
            "`with tf.GradientTape() as tape:`, after `tape.watch(x)`, and gives `tape.gradient(loss, x)`"
        )
        if file.report(BACKEND_FUNCTION, Level.MANUAL, use.reference.node, message, use.path):
            file.handled.add(use.reference.node)
        return
    calls = _calls(file, call, frame[1], made)
    ours = all(map(_of_a_model, (*_members(inputs), *_members(outputs))))
    message = "`K.function` is a model of the same inputs and outputs now"
    if not ours:
        message += ": they must be tensors of Keras, computed by layers or functions of Keras from the inputs"
    level = Level.REWRITTEN if ours else Level.REVIEW
    if not file.report(BACKEND_FUNCTION, level, use.reference.node, message, use.path):
        return
    model = file.imports.name_for(_MODEL, use.reference)
    file.imports.handled(use.reference)
    for reference in _phases(file, inputs):
        file.imports.handled(reference)
    flatten = ""
    if made.outputs is None:
        flatten = file.imports.name_for("tensorflow.nest.flatten", use.reference)
    edit(file, call, frame[1], slots, made, (model, flatten), calls)


def _slots(call: cst.Call) -> tuple[int, int] | None:
    """The positions of ``inputs`` and ``outputs``, where a call has just these."""
    found: dict[str, int] = {}
    for index, (name, arg) in enumerate(zip(("inputs", "outputs"), call.args, strict=False)):
        if arg.star:
            return None
        found[arg.keyword.value if arg.keyword is not None else name] = index
    if len(call.args) != 2 or found.keys() != {"inputs", "outputs"}:
        return None
    return found["inputs"], found["outputs"]


def _computation(file: File, inputs: cst.BaseExpression, outputs: cst.BaseExpression) -> Computation:
    """What a function is made of."""
    phases = bool(_phases(file, inputs))
    count = _length(inputs)
    return Computation(None if count is None else count - phases, _length(outputs), phases)


def _length(node: cst.BaseExpression) -> int | None:
    """How many elements a list or tuple that is written out has."""
    if not isinstance(node, (cst.List, cst.Tuple)):
        return None
    if any(not isinstance(element, cst.Element) for element in node.elements):
        return None
    return len(node.elements)


def _phases(file: File, inputs: cst.BaseExpression) -> list[Reference]:
    """The phase at the end of the inputs: ``[x, K.learning_phase()]``, ``xs + [K.learning_phase()]``."""
    last = inputs.right if _is_sum(inputs) else inputs  # type: ignore[attr-defined]
    if not isinstance(last, cst.List) or not last.elements or (_is_sum(inputs) and len(last.elements) != 1):
        return []
    node = last.elements[-1].value
    if not isinstance(node, cst.Call) or not _is_phase(file, node):
        return []
    assert isinstance(node.func, (cst.Name, cst.Attribute))
    reference = file.names.reference(node.func)
    return [] if reference is None else [reference]


def _has_phase(file: File, inputs: cst.BaseExpression) -> bool:
    """Whether a name among the inputs stands for the learning phase."""
    for node in _members(inputs):
        reference = file.names.reference(node) if isinstance(node, cst.Name) else None
        for binding in file.names.bindings(reference) if reference is not None else ():
            given = binding.given.node if binding.given is not None else None
            if isinstance(given, cst.Call) and _is_phase(file, given):
                return True
    return False


def _is_phase(file: File, call: cst.Call) -> bool:
    """Whether a call is ``K.learning_phase()``."""
    func = call.func
    reference = file.names.reference(func) if isinstance(func, (cst.Name, cst.Attribute)) else None
    if reference is None or reference.node is not func:
        return False
    names = {moves.normalise(origin.name) for origin in file.names.origins(reference)}
    return names == {"keras.backend.learning_phase"}


def _is_sum(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add)


def _members(node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """The elements of a list or tuple that is written out, or the expression itself."""
    if isinstance(node, (cst.List, cst.Tuple)):
        yield from (element.value for element in node.elements)
    elif _is_sum(node):
        assert isinstance(node, cst.BinaryOperation)
        yield from (*_members(node.left), *_members(node.right))
    elif isinstance(node, (cst.ListComp, cst.GeneratorExp)):
        yield node.elt
    else:
        yield node


_TENSORS = frozenset({"input", "inputs", "output", "outputs"})


def _of_a_model(node: cst.BaseExpression) -> bool:
    """Whether an expression is an input or output of a model or layer, or the phase."""
    if isinstance(node, cst.Subscript):
        node = node.value
    if isinstance(node, cst.Call):
        node = node.func
        return isinstance(node, cst.Attribute) and node.attr.value == "learning_phase"
    return isinstance(node, cst.Attribute) and node.attr.value in _TENSORS


def _graph_bound(file: File, node: cst.BaseExpression) -> bool:
    """Whether a value comes from what only a graph can compute: gradients."""
    tainted = {
        name
        for reference in file.names.references
        if any(
            moves.normalise(o.name) in _GRADIENTS or o.name in _GRADIENTS
            for o in file.names.origins(reference)
        )
        for name in _assigned(reference.frame)
    }
    asks = any(
        moves.normalise(origin.name) in _GRADIENTS
        for reference in file.names.references
        if _is_within(reference, node)
        for origin in file.names.origins(reference)
    )
    if asks or not tainted:
        return asks
    pending = list(tainted)
    while pending:
        for use in file.names.uses(pending.pop()):
            if _is_within(use, node):
                return True
            fresh = set(_assigned(use.frame)) - tainted
            tainted |= fresh
            pending += fresh
    return False


def _is_within(reference: Reference, node: cst.CSTNode) -> bool:
    """Whether a reference is a node or a part of it."""
    if reference.node is node:
        return True
    frame = reference.frame
    while frame is not None and not isinstance(frame[0], cst.BaseStatement):
        if frame[0] is node:
            return True
        frame = frame[1]
    return False


def _assigned(frame: Frame) -> Iterator[str]:
    """The names that get a value from the statement that a place is in, or a list that gets it."""
    while frame is not None and not isinstance(frame[0], cst.BaseStatement):
        node, frame = frame
        if isinstance(node, cst.Assign):
            for target in node.targets:
                yield from _names(target.target)
        elif isinstance(node, (cst.AugAssign, cst.AnnAssign)):
            yield from _names(node.target)
        elif isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            to = node.func.value
            if node.func.attr.value in _ADDS and isinstance(to, cst.Name):
                yield to.value


_ADDS = ("append", "extend")


def _names(node: cst.BaseExpression) -> Iterator[str]:
    """The plain names that an assignment's target binds."""
    if isinstance(node, cst.Name):
        yield node.value
    elif isinstance(node, (cst.Tuple, cst.List)):
        for element in node.elements:
            yield from _names(element.value)


def _calls(
    file: File, call: cst.Call, frame: Frame, made: Computation
) -> list[tuple[cst.Call, Frame]] | None:
    """All calls of the function that a call makes; ``None`` where not all are seen or can be rewritten."""
    if frame is None:
        return None
    owner, outer = frame
    target = owner.targets[0].target if isinstance(owner, cst.Assign) and len(owner.targets) == 1 else None
    found: list[tuple[cst.Call, Frame]] | None = None
    if isinstance(owner, cst.Call) and owner.func is call:
        found = [(owner, outer)]
    elif isinstance(target, cst.Name):
        found = _uses(file, target.value, call)
    if found is None or not all(_fits(node, made) for node, _ in found):
        return None
    return found


def _fits(call: cst.Call, made: Computation) -> bool:
    """Whether a call gives what a function takes in a way that can be taken apart."""
    if len(call.args) != 1 or call.args[0].star or call.args[0].keyword is not None:
        return False
    value = call.args[0].value
    count = _length(value)
    if count is not None:
        return made.inputs is None or count == made.inputs + made.phase
    if made.phase:
        return isinstance(value, cst.BinaryOperation) and _is_sum(value) and _length(value.right) == 1
    return made.inputs is None


def _uses(file: File, name: str, value: cst.Call) -> list[tuple[cst.Call, Frame]] | None:
    """The calls of a name that stands for one value, where it is used for nothing else."""
    found: list[tuple[cst.Call, Frame]] = []
    for use in file.names.uses(name):
        bindings = file.names.bindings(use)
        if not any(binding.given is not None and binding.given.node is value for binding in bindings):
            continue
        called = use.called
        if len(bindings) != 1 or called is None or use.attributes or use.frame is None:
            return None
        found.append((called, use.frame[1]))
    scope: Scope = file.names.scope
    public = any(
        binding.given is not None and binding.given.node is value for binding in scope.bindings.get(name, ())
    )
    return None if public and name in file.names.exported else found
