"""Programs that compute with gradients of a graph, which Keras 2 can still run as graphs."""

from __future__ import annotations

import libcst as cst

from ...catalog import moves
from ...findings import Level, Rule
from ...scopes import Reference
from ...statements import binds, starts_code
from ...transform import File, Transform
from ...walk import nodes_of

GRAPH_PROGRAM = Rule(
    "KM714",
    "graph-program",
    "Switch eager execution off in a program that asks for the gradients of a graph.",
    "`K.gradients` works in graphs only. `tf.keras` of Keras 2 still makes them when eager execution is "
    "switched off at the beginning, and then the whole program runs as it did: placeholders, `K.function` "
    "and the learning phase too. It is done in programs, which run `K.gradients` themselves, and which do "
    "not train, because the optimizers need eager execution. Everywhere else, and with Keras 3, the "
    "gradients have to be written with `tf.GradientTape`.",
    before="from keras import backend as K\nfrom keras.applications import VGG16\n\nmodel = VGG16()\n"
    "grads = K.gradients(K.max(model.output), model.input)[0]\n"
    "saliency = K.function([model.input], [grads])\n",
    after="import tensorflow as tf\nfrom tensorflow.keras import backend as K\n"
    "from tensorflow.keras.applications import VGG16\n\ntf.compat.v1.disable_eager_execution()\n\n"
    "model = VGG16()\ngrads = K.gradients(K.max(model.output), model.input)[0]\n"
    "saliency = K.function([model.input], [grads])\n",
    targets="<2.16",
)

TRANSFORM = Transform("graph programs", GRAPH_PROGRAM)

_GRADIENTS = frozenset({"keras.backend.gradients", "keras.backend.tensorflow_backend.gradients"})
_TRAINS = frozenset({"fit", "fit_generator", "train_on_batch", "compile", "get_updates"})
_SWITCHES = (("disable_eager_execution",), ("disable_v2_behavior",))


def runs_graphs(file: File) -> bool:
    """Whether a file is a program that runs as a graph, or is left to."""
    if file.target.keras3:
        return False
    return _switched(file) or (bool(_gradients(file)) and _place(file) is not None)


def _switched(file: File) -> bool:
    """Whether a file switches eager execution off itself."""
    return any(
        reference.called is not None and reference.attributes[-1:] in _SWITCHES
        for reference in file.names.references
    )


def _gradients(file: File) -> list[Reference]:
    """The uses of ``K.gradients`` in a program that can run as a graph."""
    if file.target.keras3 or not file.options.enabled(GRAPH_PROGRAM.code):
        return []
    found = [reference for reference in file.names.references if _is_gradients(file, reference)]
    if not found or not all(reference.attributes for reference in found):
        return []
    program = any(reference.scope.kind == "module" for reference in found) or _has_main(file.module)
    return found if program and not attributes(file.module) & _TRAINS else []


def _is_gradients(file: File, reference: Reference) -> bool:
    names = {moves.normalise(origin.name) for origin in file.names.origins(reference)}
    return len(names) == 1 and names <= _GRADIENTS


def _has_main(module: cst.Module) -> bool:
    """Whether a module has ``if __name__ == '__main__':``."""
    for statement in module.body:
        if isinstance(statement, cst.If) and isinstance(statement.test, cst.Comparison):
            left = statement.test.left
            if isinstance(left, cst.Name) and left.value == "__name__":
                return True
    return False


def attributes(node: cst.CSTNode) -> frozenset[str]:
    """The names of all attributes that a tree reads or calls."""
    return frozenset(each.attr.value for each in nodes_of(node) if isinstance(each, cst.Attribute))


def _place(file: File) -> cst.BaseStatement | cst.SimpleStatementLine | None:
    """The first statement behind the imports at the top of a module, if all imports of Keras are there."""
    body = file.module.body
    at = starts_code(file.module)
    while at < len(body) and _imports(body[at]):
        at += 1
    return body[at] if 0 < at < len(body) else None


def _imports(statement: cst.CSTNode) -> bool:
    """Whether a statement only imports, perhaps in a ``try``."""
    if isinstance(statement, cst.Try):
        return all(_imports(each) for each in statement.body.body)
    if isinstance(statement, cst.SimpleStatementLine):
        return all(isinstance(small, (cst.Import, cst.ImportFrom)) for small in statement.body)
    return binds(statement) is not None


@TRANSFORM.file
def switch(file: File) -> None:
    """Switches eager execution off where a program needs graphs."""
    if not file.target.keras3 and _switched(file):
        file.handled.update(each.node for each in file.names.references if _is_gradients(file, each))
        return
    found = _gradients(file)
    place = _place(file)
    if not found or place is None:
        return
    message = (
        "`K.gradients` needs a graph: eager execution is switched off at the top, so that the whole program "
        "runs as graphs, as it did"
    )
    for reference in found:
        if not file.report(GRAPH_PROGRAM, Level.REVIEW, reference.node, message, "keras.backend.gradients"):
            return
        file.handled.add(reference.node)
    tensorflow = file.imports.name_for("tensorflow.compat", found[0]).rpartition(".")[0]
    line = cst.parse_statement(f"{tensorflow}.compat.v1.disable_eager_execution()")
    blank = cst.EmptyLine(indent=False)

    def put(current: cst.CSTNode) -> cst.FlattenSentinel[cst.CSTNode]:
        lines = list(getattr(current, "leading_lines", ()))
        if not lines or lines[0].comment is not None:
            lines.insert(0, blank)
        return cst.FlattenSentinel(
            [line.with_changes(leading_lines=[blank]), current.with_changes(leading_lines=lines)]
        )

    file.edit(place, (file.module, None), put)
