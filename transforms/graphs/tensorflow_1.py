"""TensorFlow 1 in files that use Keras: names that went, and functions that take other arguments now."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import libcst as cst

from ...catalog import moves, tensorflow_has
from ...catalog.tensorflow_1 import changed_parameters
from ...findings import Level, Rule
from ...scopes import Frame, Reference, around
from ...statements import name_node
from ...transform import AttributeUse, File, Transform
from ...walk import dotted, nodes_of
from .graph_programs import runs_graphs
from .tensorflow_names import NewName, new_name

OLD_NAME = Rule(
    "KM710",
    "old-tensorflow-name",
    "Use the name that TensorFlow 2 has for a function or class of TensorFlow 1.",
    "In files that use Keras, names of TensorFlow that only TensorFlow 1 had are written by the name that "
    "the same object has in TensorFlow 2, or below `tf.compat.v1`, where TensorFlow 2 keeps the rest.",
    before=(
        "import tensorflow as tf\nfrom keras import backend as K\n\ntf.set_random_seed(1)\n"
        "y = K.exp(tf.log(x))\n"
    ),
    after=(
        "import tensorflow as tf\nfrom tensorflow.keras import backend as K\n\ntf.random.set_seed(1)\n"
        "y = K.exp(tf.math.log(x))\n"
    ),
)
GRAPH_MODE = Rule(
    "KM711",
    "graph-mode",
    "Report what of TensorFlow 1 needs a graph and a session.",
    "TensorFlow 2 computes at once and makes no graph. Placeholders, sessions, collections and symbolic "
    "gradients are still there below `tf.compat.v1`, which the code uses now, but raise or find nothing.",
    before="import tensorflow as tf\nfrom keras import backend as K\n\n"
    "x = tf.placeholder('float32', (None, 2))\ny = K.square(x)\n",
)
OLD_SIGNATURE = Rule(
    "KM712",
    "old-tensorflow-arguments",
    "Give functions of TensorFlow the arguments that they take now.",
    "Some functions have the same name in TensorFlow 1 and 2 and take other arguments. A keyword that was "
    "only renamed is written by its new name; else the function of TensorFlow 1 is called, below "
    "`tf.compat.v1`. `tf.concat(1, [a, b])` and `tf.split(1, 3, x)` of TensorFlow 0 get their axis last.",
    before="import tensorflow as tf\nfrom keras import backend as K\n\n"
    "y = tf.reduce_sum(K.square(x), reduction_indices=1, keep_dims=True)\n"
    "z = tf.nn.dropout(y, keep_prob=0.8)\n",
    after="import tensorflow as tf\nfrom tensorflow.keras import backend as K\n\n"
    "y = tf.reduce_sum(K.square(x), axis=1, keepdims=True)\n"
    "z = tf.compat.v1.nn.dropout(y, keep_prob=0.8)\n",
)

TRANSFORM = Transform("TensorFlow 1", OLD_NAME, GRAPH_MODE, OLD_SIGNATURE)

_RENAMED = {
    "keep_dims": "keepdims",
    "reduction_indices": "axis",
    "dimension": "axis",
    "dim": "axis",
    "concat_dim": "axis",
    "split_dim": "axis",
    "squeeze_dims": "axis",
    "reduction_axes": "axis",
    "fn1": "true_fn",
    "fn2": "false_fn",
    "seq_dim": "seq_axis",
    "batch_dim": "batch_axis",
    "filter": "filters",
    "value": "input",
    "thresh": "threshold",
    "box_ind": "box_indices",
    "targets": "labels",
}
"""Keywords of TensorFlow 1 that had two names, and of which the second is left."""

_SAME_SLOT = {"tensor": "input", "device_name_or_function": "device_name"}
"""Positional arguments that are called otherwise, without having had both names in TensorFlow 1."""

_ANOTHER_MEANING = frozenset({("keep_prob", "rate")})
"""Positional arguments that were both there, one for what the other one is not."""

_AXIS_FIRST = {"tensorflow.concat": (1, 0), "tensorflow.split": (2, 1, 0)}
"""Where the positional arguments of functions of TensorFlow 0 are now, by where they were."""

_CASTS = {
    "tensorflow.to_double": "tensorflow.float64",
    "tensorflow.to_float": "tensorflow.float32",
    "tensorflow.to_int32": "tensorflow.int32",
    "tensorflow.to_int64": "tensorflow.int64",
}


def tensorflow_path(file: File, reference: Reference) -> str | None:
    """The name of TensorFlow, outside Keras, that a reference stands for, whichever way it leads there."""
    paths = set()
    for origin in file.names.origins(reference):
        old = moves.normalise(origin.name)
        path = origin.name if old is None else moves.destination(old, file.target) or ""
        paths.add(path)
    if len(paths) != 1:
        return None
    path = paths.pop()
    ours = path.startswith("tensorflow.") and not path.startswith("tensorflow.keras")
    return path if ours else None


@TRANSFORM.file
def look(file: File) -> None:
    """Writes what is left of TensorFlow 1 by its new names."""
    names = file.names
    uses_keras = any(moves.normalise(imported.target) for imported in names.imports) or any(
        moves.normalise(origin.name) for reference in names.references for origin in names.origins(reference)
    )
    if not uses_keras:
        return
    old_era = _written_for_1(file)
    told: set[str] = set()
    for reference in names.references:
        if reference.node in file.handled or _asks_for_version(reference.frame):
            continue
        path = tensorflow_path(file, reference)
        if path is None:
            continue
        new = new_name(path, file.target)
        if new is not None and new.path is None:
            _tell(file, reference, new, told)
        elif new is not None:
            call, dtype = reference.called, _CASTS.get(path)
            if dtype is not None and call is not None and len(call.args) == 1 and not call.args[0].star:
                _cast(file, reference, call, dtype, new)
            else:
                _rename(file, reference, path, new)
        elif reference.called is not None and reference.frame is not None:
            _call(file, reference, reference.called, path, old_era)


@TRANSFORM.attribute("make_one_shot_iterator", "make_initializable_iterator")
def report_iterator(file: File, attribute: AttributeUse) -> None:
    """Reports iterators of datasets, whose tensors stood for the next batch in a graph."""
    name = attribute.node.attr.value
    message = (
        f"a dataset has no `{name}`: give the dataset itself to `fit`, `evaluate` and `predict`, and an "
        "ordinary `Input` to the model, or take batches with `iterator = iter(dataset)` and `next(iterator)`"
    )
    file.report(GRAPH_MODE, Level.MANUAL, attribute.node, message, f"tensorflow.data.Dataset.{name}")


def _written_for_1(file: File) -> bool:
    """Whether a file is sure to be written for TensorFlow 1: it has names that only that had."""
    paths = (tensorflow_path(file, reference) for reference in file.names.references)
    return any(path is not None and new_name(path, file.target) is not None for path in paths)


def _asks_for_version(frame: Frame) -> bool:
    """Whether a place only runs for some versions of TensorFlow, by an ``if`` or ``try`` around it."""
    inner: cst.CSTNode | None = None
    for node in around(frame):
        if isinstance(node, (cst.If, cst.IfExp)) and inner is not node.test:
            words = set(_words(node.test))
            if words & {"__version__", "hasattr", "VERSION", "executing_eagerly", "parse_version"}:
                return True
        if isinstance(node, cst.Try) and any(_catches_missing(handler) for handler in node.handlers):
            return True
        inner = node
    return False


def _words(node: cst.CSTNode) -> Iterator[str]:
    """All names in an expression."""
    return (each.value for each in nodes_of(node) if isinstance(each, cst.Name))


def _catches_missing(handler: cst.ExceptHandler) -> bool:
    """Whether a handler is for names that are not there."""
    kinds: list[cst.BaseExpression | None] = [handler.type]
    if isinstance(handler.type, cst.Tuple):
        kinds = [element.value for element in handler.type.elements]
    return any(dotted(kind) in ("AttributeError", "ImportError", "ModuleNotFoundError") for kind in kinds)


def _tell(file: File, reference: Reference, new: NewName, told: set[str]) -> None:
    """Says what to do about a name that nothing replaces, once in a file."""
    if any(moves.normalise(origin.name) for origin in file.names.origins(reference)):
        return  # what Keras let through is told where its names are
    if new.old not in told:
        imports = [origin.imported for origin in file.names.origins(reference) if origin.imported]
        failing = [each.alias for each in imports if new_name(each.bound, file.target) is not None]
        place = failing[0] if failing else reference.node
        file.report(OLD_NAME, Level.MANUAL, place, new.message, new.old)
    told.add(new.old)
    file.handled.add(reference.node)


def _rename(file: File, reference: Reference, path: str, new: NewName) -> None:
    """Writes one reference by its new name."""
    rule, level, message = OLD_NAME, new.level, new.message
    if new.graph and runs_graphs(file):
        level, message = Level.REWRITTEN, message.partition(". ")[0]
    elif new.graph:
        rule = GRAPH_MODE
    if new.path is not None and file.report(rule, level, reference.node, message, new.old):
        _write(file, reference, new.path + path.removeprefix(new.old))


def _write(file: File, reference: Reference, path: str) -> None:
    """Asks for a qualified name where a reference stands."""
    name = _name(file, reference, path)
    file.imports.gives_way(reference, name)
    replacement = name_node(name)
    file.edit(
        reference.node,
        reference.frame,
        lambda node: replacement.with_changes(lpar=node.lpar, rpar=node.rpar),
    )


def _name(file: File, reference: Reference, path: str) -> str:
    """How a qualified name is reached where a reference stands, by the same module if it can be."""
    tail = "".join(f".{attribute}" for attribute in reference.attributes)
    if {origin.name for origin in file.names.origins(reference)} == {f"tensorflow{tail}"}:
        return reference.root.value + path.removeprefix("tensorflow")
    return file.imports.name_for(path, reference)


def _call(file: File, reference: Reference, call: cst.Call, path: str, old_era: bool) -> None:
    """Adapts a call of a function that takes other arguments now."""
    if _axis_first(file, reference, call, path):
        return
    parameters = changed_parameters(path)
    assert reference.frame is not None
    if parameters is None or any(arg.star for arg in call.args):
        return
    before, after = parameters
    kept = path.replace("tensorflow.", "tensorflow.compat.v1.", 1)
    if not tensorflow_has(kept, file.target):
        return
    renamed: dict[cst.Arg, str] = {}
    unknown = False
    for index, arg in enumerate(call.args):
        if arg.keyword is None:
            unknown = unknown or (old_era and index < len(before) and not _same(before, after, index))
        elif arg.keyword.value not in after and arg.keyword.value in before:
            word = _RENAMED.get(arg.keyword.value)
            if word is not None and word in before and word in after:
                renamed[arg] = word
            else:
                unknown = True
    function = f"`tf.{path.removeprefix('tensorflow.')}`"
    if unknown:
        message = f"{function} takes other arguments now: this calls the function of TensorFlow 1"
        if file.report(OLD_SIGNATURE, Level.REWRITTEN, reference.node, message, path):
            _write(file, reference, kept)
        return
    for arg, word in renamed.items():
        assert arg.keyword is not None
        message = f"`{arg.keyword.value}` of {function} is `{word}` now"
        if file.report(OLD_SIGNATURE, Level.REWRITTEN, arg, message, f"{path}.{arg.keyword.value}"):
            file.edit(arg, reference.frame, partial(_named, word))


def _axis_first(file: File, reference: Reference, call: cst.Call, path: str) -> bool:
    """Puts the tensors first in calls of TensorFlow 0, which took the axis first: ``tf.concat(1, [a, b])``.

    Returns:
        Whether it is such a call.
    """
    order = _AXIS_FIRST.get(path)
    placed = [arg for arg in call.args if arg.keyword is None and not arg.star]
    if order is None or len(placed) < len(order):
        return False
    first, *between, last = (arg.value for arg in placed[: len(order)])
    numbers = (cst.Integer, cst.UnaryOperation)
    if not isinstance(first, numbers) or isinstance(last, numbers):
        return False
    if not between and not isinstance(last, (cst.List, cst.Tuple, cst.ListComp, cst.Name)):
        return False
    message = f"`tf.{path.removeprefix('tensorflow.')}` takes the axis last since TensorFlow 1.0"
    if file.report(OLD_SIGNATURE, Level.REWRITTEN, call.args[0], message, path):

        def reordered(current: cst.Call) -> cst.Call:
            values = [current.args[index].value for index in order]
            args = [arg.with_changes(value=value) for arg, value in zip(current.args, values, strict=False)]
            return current.with_changes(args=[*args, *current.args[len(order) :]])

        assert reference.frame is not None
        file.edit(call, reference.frame[1], reordered)
    return True


def _named(keyword: str, arg: cst.Arg) -> cst.Arg:
    """An argument under another keyword."""
    return arg.with_changes(keyword=cst.Name(keyword))


def _same(before: tuple[str, ...], after: tuple[str, ...], slot: int) -> bool:
    """Whether a positional argument means the same now, perhaps under another name.

    TensorFlow 1 put the new name of an argument that it renamed behind all others, behind ``name`` too.
    """
    if slot >= len(after):
        return False
    old, new = before[slot], after[slot]
    if old == new or _SAME_SLOT.get(old) == new:
        return True
    if old in after or new not in before or "name" not in before or (old, new) in _ANOTHER_MEANING:
        return False
    return before.index(new) > before.index("name")


def _cast(file: File, reference: Reference, call: cst.Call, dtype: str, new: NewName) -> None:
    """Writes ``tf.cast(x, tf.float32)`` for ``tf.to_float(x)``."""
    message = f"`tf.{new.old.removeprefix('tensorflow.')}(x)` is `tf.cast(x, tf.{dtype.rpartition('.')[2]})`"
    if not file.report(OLD_NAME, Level.REWRITTEN, reference.node, message, new.old):
        return
    _write(file, reference, "tensorflow.cast")
    kind = name_node(_name(file, reference, dtype))
    assert reference.frame is not None

    def with_type(current: cst.Call) -> cst.Call:
        value = current.args[0].with_changes(comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")))
        return current.with_changes(args=[value, cst.Arg(kind)])

    file.edit(call, reference.frame[1], with_type)
