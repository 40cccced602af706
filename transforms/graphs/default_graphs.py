"""The graph that a model was made in, kept for later: ``with graph.as_default():``."""

from __future__ import annotations

from functools import lru_cache, partial

import libcst as cst

from ...catalog import moves
from ...findings import Level, Rule
from ...scopes import Frame, Reference
from ...transform import AttributeUse, File, Transform
from ...walk import dotted
from ..edits.statement_edits import close_gap, drop, statement_around, unwrapped
from .graph_programs import runs_graphs
from .tensorflow_1 import tensorflow_path

DEFAULT_GRAPH = Rule(
    "KM715",
    "default-graph",
    "Use a model without entering the graph that it was made in.",
    "Where a model was used in another thread than the one that made it, as in a web server, old code kept "
    "the default graph or the session and entered it. A model of `tf.keras` belongs to no graph and works in "
    "every thread; inside another graph it raises.",
    before="import tensorflow as tf\nfrom keras.models import load_model\n\nmodel = load_model('model.h5')\n"
    "graph = tf.get_default_graph()\n\n\ndef classify(x):\n    with graph.as_default():\n"
    "        return model.predict(x)\n",
    after="import tensorflow as tf\nfrom tensorflow.keras.models import load_model\n\n"
    "model = load_model('model.h5')\n\n\ndef classify(x):\n    return model.predict(x)\n",
)

TRANSFORM = Transform("default graphs", DEFAULT_GRAPH)

_GRAPHS = frozenset({"tensorflow.get_default_graph", "tensorflow.compat.v1.get_default_graph"})
_SESSIONS = frozenset({"keras.backend.get_session", "keras.backend.tensorflow_backend.get_session"})


@TRANSFORM.file
def forget(file: File) -> None:
    """Drops what only kept the default graph, or the session of Keras, to be entered later."""
    if runs_graphs(file):
        return
    for reference in file.names.references:
        kept = _kept_as(reference)
        if kept is None or reference.node in file.handled or reference.frame is None:
            continue
        if not (_makes_graph(file, reference) or _makes_session(file, reference)):
            continue
        uses = [frame for frame in _uses(file.module).get(kept, ()) if not _is_target(frame)]
        if not uses or not all(map(_entered, uses)):
            continue
        if not all(each is not None and file.allows(DEFAULT_GRAPH, each[0]) for each in uses):
            continue  # some `with` stays that enters it
        message = f"`{kept}` is dropped: models of tf.keras belong to no graph or session"
        symbol = tensorflow_path(file, reference) or "keras.backend.get_session"
        if file.report(DEFAULT_GRAPH, Level.REVIEW, reference.node, message, symbol):
            file.imports.handled(reference)
            assert reference.frame[1] is not None
            _drop(file, *reference.frame[1])


def _drop(file: File, statement: cst.CSTNode, frame: Frame) -> None:
    assert isinstance(statement, cst.BaseSmallStatement)
    drop(file, statement, frame)
    line = statement_around(frame)
    if line is not None and len(line[0].body) == 1:
        close_gap(file, *line, about="graph|thread|sess|tensorflow")


@lru_cache(maxsize=1)
def _uses(module: cst.Module) -> dict[str, list[Frame]]:
    """The nodes around every place that has a dotted name, or one that begins with it, by the name."""
    found: dict[str, list[Frame]] = {}
    pending: list[tuple[cst.CSTNode, Frame]] = [(module, None)]
    while pending:
        node, frame = pending.pop()
        name = dotted(node) if isinstance(node, (cst.Name, cst.Attribute)) else None
        if name is not None:
            found.setdefault(name, []).append(frame)
        skipped = getattr(node, {cst.Attribute: "attr", cst.Arg: "keyword"}.get(type(node), ""), None)
        if not isinstance(node, (cst.Global, cst.NameItem)):
            pending += [(child, (node, frame)) for child in node.children if child is not skipped]
    return found


def _is_target(frame: Frame) -> bool:
    return frame is not None and isinstance(frame[0], cst.AssignTarget)


def _entered(frame: Frame) -> bool:
    """Whether a place is the beginning of ``with ….as_default():`` or ``with ….graph.as_default():``."""
    while frame is not None:
        last, frame = frame
        word = last.attr.value if isinstance(last, cst.Attribute) else ""
        if word != "graph":
            return word == "as_default" and _with_item(frame) is not None
    return False


def _with_item(frame: Frame) -> tuple[cst.WithItem, Frame] | None:
    """The item of a ``with`` statement that a call without arguments alone is, binding nothing."""
    if frame is None or not isinstance(frame[0], cst.Call) or frame[0].args or frame[1] is None:
        return None
    item, outer = frame[1]
    return (item, outer) if isinstance(item, cst.WithItem) and item.asname is None else None


@TRANSFORM.attribute("as_default")
def leave(file: File, attribute: AttributeUse) -> None:
    """Takes the ``with`` away that enters the default graph, or the session of Keras."""
    found = _with_item(attribute.frame)
    if found is None or found[1] is None or runs_graphs(file) or not _is_default(file, attribute.node.value):
        return
    item, (owner, around) = found[0], found[1]
    if not isinstance(owner, cst.With):
        return
    message = "models of tf.keras belong to no graph or session, and raise inside another: it is not entered"
    if file.report(DEFAULT_GRAPH, Level.REVIEW, attribute.node, message, "tensorflow.Graph.as_default"):
        file.imports.handled_within(item)
        file.edit(owner, around, partial(_without, owner.items.index(item), len(owner.items)))


def _without(
    index: int, count: int, current: cst.With | cst.FlattenSentinel[cst.BaseStatement]
) -> cst.With | cst.FlattenSentinel[cst.BaseStatement]:
    """A ``with`` statement without one of its items, or its body where it enters nothing any more."""
    assert isinstance(current, cst.With)
    at = index - (count - len(current.items))  # those before it may be gone already
    items = [*current.items[:at], *current.items[at + 1 :]]
    if items:
        items[-1] = items[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        return current.with_changes(items=items)
    body: cst.FlattenSentinel[cst.BaseStatement] = unwrapped(current.body, current.leading_lines)
    return body


def _is_default(file: File, node: cst.BaseExpression) -> bool:
    """Whether an expression is the default graph, or the session of Keras or its graph, kept under a name."""
    if isinstance(node, cst.Attribute) and node.attr.value == "graph" and _is_session(file, node.value):
        return True
    return _is_session(file, node) or any(
        _kept_as(reference) == dotted(node)
        for reference in file.names.references
        if dotted(node) is not None and _makes_graph(file, reference)
    )


def _is_session(file: File, node: cst.BaseExpression) -> bool:
    """Whether an expression is the session of Keras, asked for here or kept under a name."""
    return any(
        reference.called is node or (dotted(node) is not None and _kept_as(reference) == dotted(node))
        for reference in file.names.references
        if _makes_session(file, reference)
    )


def _makes_graph(file: File, reference: Reference) -> bool:
    return reference.called is not None and tensorflow_path(file, reference) in _GRAPHS


def _makes_session(file: File, reference: Reference) -> bool:
    names = {moves.normalise(origin.name) for origin in file.names.origins(reference)}
    return reference.called is not None and names <= _SESSIONS


def _kept_as(reference: Reference) -> str | None:
    """The name that what a reference's call gives is assigned to."""
    frame: Frame = reference.frame[1] if reference.frame is not None else None
    if frame is None or not isinstance(frame[0], cst.Assign) or len(frame[0].targets) != 1:
        return None
    return dotted(frame[0].targets[0].target)
