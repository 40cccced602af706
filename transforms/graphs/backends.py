"""Which backend Keras runs on: code that was only for Theano or CNTK can never run in ``tf.keras``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import libcst as cst

from ...catalog import moves
from ...findings import Level, Rule
from ...scopes import Frame, Reference, around
from ...transform import AttributeUse, File, Transform, Use
from ...walk import dotted
from ..edits.folding import fold, is_elif, keeps_comments
from .graph_programs import runs_graphs
from .training_phase import LEARNING_PHASE

OTHER_BACKEND = Rule(
    "KM702",
    "other-backend",
    "Remove the branches that are only for another backend than TensorFlow.",
    "`K.backend()` is always `'tensorflow'` in `tf.keras`. Where an `if` compares it with a text, which arm "
    "runs is known: the other arms, which often use what only the Theano or CNTK backend had, are removed "
    "together with the condition. It is a review because code goes away.",
    before=(
        "from keras import backend as K\n\nif K.backend() == 'theano':\n    x = K.zeros((1, 4))\nelse:\n"
        "    x = K.zeros((4, 1))\n"
    ),
    after="from tensorflow.keras import backend as K\n\nx = K.zeros((4, 1))\n",
)
BACKEND_CHOICE = Rule(
    "KM703",
    "backend-choice",
    "Name TensorFlow as the backend that `KERAS_BACKEND` asks for.",
    "Keras 3 still reads the environment variable `KERAS_BACKEND`, and stops when it names a backend that is "
    "gone; `tf.keras` of Keras 2 does not read it. The only backend of `tf.keras` is TensorFlow.",
    before="import os\nos.environ['KERAS_BACKEND'] = 'theano'\n\nfrom keras.layers import Dense\n",
    after="import os\nos.environ['KERAS_BACKEND'] = 'tensorflow'\n\n"
    "from tensorflow.keras.layers import Dense\n",
)

TRANSFORM = Transform("backends", OTHER_BACKEND, BACKEND_CHOICE)

_BACKEND = "tensorflow"
_ASKS = frozenset({"keras.backend.backend", "keras.backend._BACKEND"})
_GONE = {"theano": "Theano", "cntk": "CNTK", "plaidml.keras.backend": "PlaidML", "mxnet": "MXNet"}
_VARIABLE = "KERAS_BACKEND"


def unreachable(file: File) -> frozenset[cst.CSTNode]:
    """Takes out what can never run because of the backend that it is for.

    Args:
        file: the file; findings are left there and edits asked for.
    Returns:
        The conditions and arms of ``if`` statements and expressions that go away.
    """
    known = {node for reference in file.names.references for node in _asked(file, reference)}
    numbers = {node for reference in file.names.references for node in _phase_is_number(file, reference)}
    if not known | numbers or (numbers and runs_graphs(file)):
        return frozenset()
    gone: set[cst.CSTNode] = set()
    for node, frame, first in _conditions(file, known | numbers):
        if any(outer in gone for outer in (node, *around(frame))):
            continue
        value = _truth(node.test, known, numbers)
        dead: cst.CSTNode | None = node.body if value is False else node.orelse
        if isinstance(node, cst.If) and value and dead is None and is_elif(node, frame):
            dead = node.test if frame is not None and getattr(frame[0], "test", None) in gone else None
        if value is None or dead is None or not keeps_comments(node, value):
            continue
        place = node if isinstance(node, cst.If) else first
        asks_phase = _truth(node.test, known, set()) is None
        rule = LEARNING_PHASE if asks_phase else OTHER_BACKEND
        symbol = "keras.backend.learning_phase" if asks_phase else "keras.backend.backend"
        if not file.report(rule, Level.REVIEW, place, _says(node, value, asks_phase), symbol):
            continue
        gone.update((node.test, dead))
        fold(file, node, frame, value)
    return frozenset(gone)


def _asked(file: File, reference: Reference) -> Iterator[cst.CSTNode]:
    """The expression that gives the name of the backend, where a reference is the function or constant."""
    origins = file.names.origins(reference)
    names = {moves.normalise(origin.name) for origin in origins}
    if not names <= _ASKS:
        return
    if names == {"keras.backend._BACKEND"}:
        yield reference.node
    elif reference.called is not None and not reference.called.args and len(names) == 1:
        yield reference.called


def _phase_is_number(file: File, reference: Reference) -> Iterator[cst.CSTNode]:
    """``isinstance(K.learning_phase(), int)`` around a reference."""
    names = {moves.normalise(origin.name) for origin in file.names.origins(reference)}
    frame = reference.frame[1] if reference.frame is not None else None
    if names != {"keras.backend.learning_phase"} or reference.called is None or frame is None:
        return
    outer = frame[1][0] if frame[1] is not None else None
    if isinstance(frame[0], cst.Arg) and isinstance(outer, cst.Call) and len(outer.args) == 2:
        kind = outer.args[1].value
        if dotted(outer.func) == "isinstance" and outer.args[0] is frame[0] and dotted(kind) == "int":
            yield outer


def _conditions(
    file: File, known: set[cst.CSTNode]
) -> Iterator[tuple[cst.If | cst.IfExp, Frame, cst.CSTNode]]:
    """The statements and expressions that ask for the backend, with their frames and where they ask first."""
    seen: set[cst.CSTNode] = set()
    for reference in file.names.references:
        node: cst.CSTNode = reference.node
        frame = reference.frame
        while node not in known and frame is not None and isinstance(frame[0], (cst.Call, cst.Arg)):
            node, frame = frame
        if node not in known:
            continue
        while frame is not None and isinstance(
            frame[0], (cst.Comparison, cst.ComparisonTarget, cst.BooleanOperation, cst.UnaryOperation)
        ):
            node, frame = frame
        if frame is None:
            continue
        owner = frame[0]
        if isinstance(owner, (cst.If, cst.IfExp)) and owner.test is node and owner not in seen:
            seen.add(owner)
            yield owner, frame[1], reference.node


def _truth(node: cst.BaseExpression, known: set[cst.CSTNode], true: set[cst.CSTNode]) -> bool | None:
    """Whether a condition holds; ``None`` where that is not known.

    Args:
        node: the condition.
        known: the expressions that give the backend's name.
        true: expressions that always hold.
    """
    if node in true:
        return True
    if isinstance(node, cst.Comparison) and len(node.comparisons) == 1:
        return _compared(node.left, node.comparisons[0], known)
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
        value = _truth(node.expression, known, true)
        return None if value is None else not value
    if isinstance(node, cst.BooleanOperation):
        parts = (node.left, node.right)
        values = [_truth(part, known, true) for part in parts]
        decides = isinstance(node.operator, cst.Or)
        if values[0] is decides:
            return decides
        if values[1] is decides and _is_plain(node.left, known | true):
            return decides
        return not decides if values == [not decides, not decides] else None
    return None


def _compared(left: cst.BaseExpression, target: cst.ComparisonTarget, known: set[cst.CSTNode]) -> bool | None:
    """Whether a comparison of the backend's name with texts holds."""
    right = target.comparator
    if right in known:
        left, right = right, left
        if not isinstance(target.operator, (cst.Equal, cst.NotEqual)):
            return None
    if left not in known:
        return None
    if isinstance(target.operator, (cst.Equal, cst.NotEqual)):
        words = _texts([right])
        return None if words is None else (_BACKEND in words) is isinstance(target.operator, cst.Equal)
    if isinstance(target.operator, (cst.In, cst.NotIn)) and isinstance(right, (cst.Tuple, cst.List, cst.Set)):
        words = _texts(element.value for element in right.elements)
        return None if words is None else (_BACKEND in words) is isinstance(target.operator, cst.In)
    return None


def _texts(nodes: Iterable[cst.BaseExpression]) -> set[str] | None:
    """The texts that some literals are; ``None`` where they are not all plain texts."""
    found: set[str] = set()
    for node in nodes:
        if not isinstance(node, cst.SimpleString) or not isinstance(node.evaluated_value, str):
            return None
        found.add(node.evaluated_value)
    return found


def _is_plain(node: cst.CSTNode, known: set[cst.CSTNode]) -> bool:
    """Whether working an expression out changes nothing: it calls nothing but the backend's name."""
    if node in known:
        return True
    if isinstance(node, (cst.Call, cst.Await, cst.Yield, cst.NamedExpr)):
        return False
    return all(_is_plain(child, known) for child in node.children)


def _says(node: cst.If | cst.IfExp, value: bool, asks_phase: bool) -> str:
    """The message for a condition that is known."""
    test = cst.Module([]).code_for_node(node.test.with_changes(lpar=(), rpar=()))
    shown = f"`{test}`" if "\n" not in test else "this"
    known = "`K.learning_phase()` is a number" if asks_phase else "`K.backend()` is 'tensorflow'"
    holds = "always holds" if value else "never holds"
    return f"{known} in tf.keras, so {shown} {holds}: what can never run is removed"


@TRANSFORM.use("keras.backend._BACKEND")
def ask(file: File, use: Use) -> None:
    """Asks for the backend's name by the function that is left."""
    reference = use.reference
    if use.members or not use.sure or isinstance(reference.node, cst.Name) or use.call is not None:
        return
    message = "`K._BACKEND` is `K.backend()` now"
    if file.report(OTHER_BACKEND, Level.REWRITTEN, reference.node, message, use.path):
        name = file.imports.name_for("tensorflow.keras.backend.backend", reference)
        file.imports.gives_way(reference, name)
        new = cst.parse_expression(f"{name}()")
        file.edit(reference.node, reference.frame, lambda _: new)


@TRANSFORM.attribute("environ")
def choose(file: File, attribute: AttributeUse) -> None:
    """Names TensorFlow where ``os.environ`` is given the name of a backend that is gone."""
    for node, frame in _given(attribute):
        old = node.evaluated_value
        if not isinstance(old, str) or old not in _GONE:
            continue
        message = f"there is no {_GONE[old]} backend in tf.keras: `{_VARIABLE}` asks for TensorFlow now"
        if file.target.keras3:
            message += f". Keras 3 reads it, and fails with '{old}'"
        if file.report(BACKEND_CHOICE, Level.REVIEW, attribute.node, message, _VARIABLE):
            file.edit(node, frame, lambda each: each.with_changes(value=_quoted(each)))


def _quoted(node: cst.SimpleString) -> str:
    return f"{node.prefix}{node.quote}{_BACKEND}{node.quote}"


def _given(attribute: AttributeUse) -> Iterator[tuple[cst.SimpleString, Frame]]:
    """The literal that the variable is set to: ``environ[name] = x``, ``environ.setdefault(name, x)``."""
    frame = attribute.frame
    if frame is None or frame[1] is None:
        return
    owner = frame[0]
    if isinstance(owner, cst.Subscript) and isinstance(frame[1][0], cst.AssignTarget):
        outer = frame[1][1]
        if outer is None or not isinstance(outer[0], cst.Assign):
            return
        index = owner.slice[0].slice
        named = isinstance(index, cst.Index) and _texts([index.value]) == {_VARIABLE}
        if named and isinstance(outer[0].value, cst.SimpleString):
            yield outer[0].value, outer
    elif isinstance(owner, cst.Attribute) and owner.attr.value == "setdefault":
        call, outside = frame[1]
        if not isinstance(call, cst.Call) or len(call.args) != 2 or call.func is not owner:
            return
        name, value = call.args
        if _texts([name.value]) == {_VARIABLE} and isinstance(value.value, cst.SimpleString):
            yield value.value, (value, (call, outside))
