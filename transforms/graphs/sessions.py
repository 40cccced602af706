"""Sessions: TensorFlow 2 has none, and is asked for memory, devices and threads of its own accord."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from ...catalog import moves
from ...findings import Level, Rule
from ...scopes import Frame, Reference, Scope, around
from ...transform import File, Transform
from ..edits.statement_edits import close_gap, drop, statement_around
from .graph_programs import runs_graphs
from .session_options import Configuration, Statement, Unclear, Unseen, assigned, configuration, is_session
from .tensorflow_1 import tensorflow_path

SESSION_OPTIONS = Rule(
    "KM704",
    "session-options",
    "Ask TensorFlow 2 for what a session was configured for.",
    "Code for TensorFlow 1 gave Keras a session, most often to let the memory of GPUs grow. TensorFlow 2 has "
    "no sessions; `tf.config` asks for the same, and must be called before the first tensor is made.",
    before="import tensorflow as tf\nfrom keras import backend as K\n\nconfig = tf.ConfigProto()\n"
    "config.gpu_options.allow_growth = True\nK.set_session(tf.Session(config=config))\n",
    after="import tensorflow as tf\n\nfor gpu in tf.config.list_physical_devices('GPU'):\n"
    "    tf.config.experimental.set_memory_growth(gpu, True)\n",
)
SESSION = Rule(
    "KM705",
    "session",
    "Do without the session of Keras.",
    "Variables have their values as soon as they are made, so nothing has to be initialised or closed; the "
    "value of a tensor is asked for with `K.eval`.",
    before="from keras import backend as K\n\nvalue = K.ones((2, 2)).eval(session=K.get_session())\n",
    after="from tensorflow.keras import backend as K\n\nvalue = K.eval(K.ones((2, 2)))\n",
)

TRANSFORM = Transform("sessions", SESSION_OPTIONS, SESSION)

_INITIALIZERS = frozenset(
    {
        f"tensorflow.{prefix}{name}"
        for prefix in ("", "compat.v1.")
        for name in (
            "global_variables_initializer",
            "initialize_all_variables",
            "local_variables_initializer",
            "tables_initializer",
        )
    }
)


@TRANSFORM.file
def look(file: File) -> None:
    """Takes sessions out of a file."""
    if runs_graphs(file):
        return
    for reference in file.names.references:
        symbol = _symbol(file, reference)
        call = reference.called
        if call is None or reference.frame is None or reference.node in file.handled:
            continue
        if symbol == "keras.backend.set_session" and len(call.args) == 1:
            _set(file, reference, call)
        elif symbol == "keras.backend.get_session" and not call.args:
            _get(file, reference, call)


_VERSION_1 = "tensorflow.compat.v1."
"""Where TensorFlow 2 keeps functions that an earlier run may have left to a person."""


def _symbol(file: File, reference: Reference) -> str | None:
    """The function of Keras' backend that a reference surely stands for."""
    names = {
        moves.normalise(origin.name.removeprefix(_VERSION_1)) for origin in file.names.origins(reference)
    }
    name = names.pop() if len(names) == 1 else None
    return name.replace(".tensorflow_backend.", ".") if name is not None else None


def _set(file: File, reference: Reference, call: cst.Call) -> None:
    """Writes the session that Keras is given as questions to ``tf.config``."""
    frame = reference.frame[1] if reference.frame is not None else None
    statement = frame[0] if frame is not None else None
    line = statement_around(frame)
    if frame is None or not isinstance(statement, cst.Expr) or line is None or len(line[0].body) != 1:
        return
    try:
        maker = _maker(file, call.args[0].value)
        if maker is None:
            found, session = _session(file, reference, call.args[0].value)
        else:
            found, session = configuration(file, maker.session, maker.scope), []
        code = found.code(_tensorflow(file, reference))
    except Unclear as unclear:
        if isinstance(unclear, Unseen) and not file.target.keras3:
            return  # the function is still there below `tf.compat.v1`
        message = f"a session has no effect on `tf.keras`: {unclear}. Then delete the session"
        if file.report(SESSION_OPTIONS, Level.MANUAL, reference.node, message, "keras.backend.set_session"):
            _leave(file, statement, reference)
        return
    message = "a session has no effect on `tf.keras`: "
    message += "`tf.config` is asked for its options instead" if code else "it is dropped"
    level = Level.REWRITTEN
    if code and _late(file, reference):
        level = Level.REVIEW
        message += ". Move that to the top: it must come before the first tensor or model is made"
    if not file.report(SESSION_OPTIONS, level, reference.node, message, "keras.backend.set_session"):
        return
    dropped = [*found.statements, *session]
    if maker is None:
        dropped.append((statement, frame[1]))
        place = _place(dropped, found)
    else:
        file.imports.handled(reference)
        file.imports.handled_within(maker.session)
        dropped.append((maker.line[0].body[0], maker.line))
        place = maker.line
        file.edit(call, frame, lambda current: current.args[0].value)
    _drop(file, dropped, place if code or maker is not None else None)
    if code or maker is not None:
        _replace(file, *place, code or ["pass\n"])


def _leave(file: File, statement: cst.Expr, reference: Reference) -> None:
    """Leaves a session to a person as it is, with nothing more said about it."""
    roots: set[cst.CSTNode] = {statement}
    for each in file.names.references:
        if each.node is not reference.node and statement in around(each.frame) and not each.attributes:
            found = assigned(file, each.root.value, reference.scope)
            if found is not None:
                roots.add(found[0])
    for each in file.names.references:
        if any(node in roots for node in around(each.frame)):
            file.handled.add(each.node)


def _place(dropped: list[Statement], found: Configuration) -> tuple[cst.SimpleStatementLine, Frame]:
    """The line in whose place options are asked for: the first that goes away, under its comments.

    It is the last one where the options are the values of names, which may be bound between.
    """
    lines = [line for _, frame in dropped if (line := statement_around(frame)) is not None]
    last = lines[-1]
    assert last[1] is not None
    block = last[1][0]
    if any(isinstance(node, cst.Name) and node.value not in _CONSTANTS for node in found.options.values()):
        return last
    body = list(getattr(block, "body", ()))
    return min((line for line in lines if line[0] in body), key=lambda line: body.index(line[0]))


_CONSTANTS = ("True", "False", "None")


@dataclass(frozen=True, slots=True)
class _Maker:
    """A function of the file that does nothing but make a session.

    Attributes:
        session: the call that makes it.
        scope: the function's.
        line: the line that returns it, with the nodes around it.
    """

    session: cst.Call
    scope: Scope
    line: tuple[cst.SimpleStatementLine, Frame]


def _maker(file: File, value: cst.BaseExpression) -> _Maker | None:
    """The function of the file that makes a session, where an expression is the only call of it."""
    if not isinstance(value, cst.Call) or value.args or not isinstance(value.func, cst.Name):
        return None
    made = {given.node for given in file.values.of(value.func)}
    function = made.pop() if len(made) == 1 else None
    if not isinstance(function, cst.FunctionDef) or len(file.names.uses(value.func.value)) != 1:
        return None
    scope = file.names.scopes[function]
    session = scope.returns[0] if len(scope.returns) == 1 else None
    if not isinstance(session, cst.Call) or not is_session(file, session):
        return None
    assert isinstance(session.func, (cst.Name, cst.Attribute))
    reference = file.names.reference(session.func)
    line = statement_around(reference.frame) if reference is not None else None
    if line is None or len(line[0].body) != 1 or not isinstance(line[0].body[0], cst.Return):
        return None
    return _Maker(session, scope, line)


def _tensorflow(file: File, reference: Reference) -> str:
    """What the module ``tensorflow`` is called."""
    return file.imports.name_for("tensorflow.config", reference).rpartition(".")[0]


def _session(
    file: File, reference: Reference, value: cst.BaseExpression
) -> tuple[Configuration, list[Statement]]:
    """What the session that Keras is given is configured for, and the statements that only make it."""
    if isinstance(value, cst.Call) and is_session(file, value):
        return configuration(file, value, reference.scope), []
    if not isinstance(value, cst.Name):
        raise Unseen("it is not seen here what the session is for")
    statement = assigned(file, value.value, reference.scope)
    if statement is None:
        raise Unseen(f"it is not seen here what `{value.value}` is for")
    assign, frame = statement
    assert isinstance(assign, cst.Assign)
    if not isinstance(assign.value, cst.Call) or not is_session(file, assign.value):
        raise Unseen(f"it is not seen here what `{value.value}` is for")
    statements: list[Statement] = [(assign, frame)]
    for use in file.names.uses(value.value):
        if use.root is not value and reference.scope.bindings[value.value] == file.names.bindings(use):
            statements.append(_initialisation(file, use))
    return configuration(file, assign.value, reference.scope), statements


def _initialisation(file: File, use: Reference) -> Statement:
    """The statement ``session.run(tf.global_variables_initializer())``."""
    call = use.called
    outer = use.frame[1] if use.frame is not None else None
    runs = use.attributes == ("run",) and call is not None and _initialises(file, call)
    if not runs or outer is None or not isinstance(outer[0], cst.Expr):
        raise Unclear(f"`{use.root.value}` runs a graph: compute with tensors directly")
    return outer[0], outer[1]


def _initialises(file: File, run: cst.Call) -> bool:
    """Whether a call of ``run`` only gives variables their first values."""
    if len(run.args) != 1 or run.args[0].star:
        return False
    given = run.args[0].value
    ops = (
        [element.value for element in given.elements] if isinstance(given, (cst.List, cst.Tuple)) else [given]
    )
    return all(_is_initializer(file, op) for op in ops)


def _is_initializer(file: File, node: cst.BaseExpression) -> bool:
    if not isinstance(node, cst.Call) or not isinstance(node.func, (cst.Name, cst.Attribute)):
        return False
    reference = file.names.reference(node.func)
    return reference is not None and tensorflow_path(file, reference) in _INITIALIZERS


def _late(file: File, reference: Reference) -> bool:
    """Whether something of Keras is called above, in the same flow."""
    ours = {"set_session", "get_session", "clear_session", "backend", "image_data_format"}
    return any(
        each.called is not None
        and each.scope is reference.scope
        and each.order < reference.order
        and each.attributes[-1:] not in {(name,) for name in ours}
        and any(moves.normalise(origin.name) for origin in file.names.origins(each))
        and tensorflow_path(file, each) is None
        for each in file.names.references
    )


def _drop(
    file: File, statements: list[Statement], place: tuple[cst.SimpleStatementLine, Frame] | None = None
) -> None:
    """Drops statements, but for the line in one place, and keeps the blank lines around them."""
    lines: dict[cst.SimpleStatementLine, Frame] = {}
    for small, frame in statements:
        file.imports.handled_within(small)
        found = statement_around(frame)
        if place is not None and found is not None and found[0] is place[0]:
            continue
        drop(file, small, frame)
        if found is not None and len(found[0].body) == 1:
            lines[found[0]] = found[1]
    for line, frame in lines.items():
        close_gap(file, line, frame, lines, _ABOUT)


_ABOUT = "session|sess\\b|gpu|memory|variable|initial|config|tensorflow|thread"
"""What comments are about that go away with a session."""


def _replace(file: File, line: cst.SimpleStatementLine, frame: Frame, code: list[str]) -> None:
    """Puts statements in the place of a line."""
    made = [cst.parse_statement(each) for each in code]

    def put(current: cst.CSTNode) -> cst.FlattenSentinel[cst.BaseStatement]:
        leading = getattr(current, "leading_lines", ())
        return cst.FlattenSentinel([made[0].with_changes(leading_lines=leading), *made[1:]])

    file.edit(line, frame, put)


def _get(file: File, reference: Reference, call: cst.Call) -> None:
    """Does without the session that Keras is asked for."""
    assert reference.frame is not None
    outer = reference.frame[1]
    if outer is None or outer[1] is None:
        return
    owner = outer[0]
    if isinstance(owner, cst.Arg) and owner.keyword is not None and owner.keyword.value == "session":
        _eval(file, reference, outer[1])
    elif isinstance(owner, cst.Attribute) and isinstance(outer[1][0], cst.Call):
        used, outside = outer[1]
        assert isinstance(used, cst.Call)
        if used.func is owner and outside is not None:
            _direct(file, reference, owner.attr.value, used, outside)


def _eval(file: File, reference: Reference, frame: Frame) -> None:
    """Writes ``K.eval(x)`` for ``x.eval(session=K.get_session())``."""
    assert frame is not None
    call, outside = frame
    if not isinstance(call, cst.Call) or len(call.args) != 1 or not isinstance(call.func, cst.Attribute):
        return
    if call.func.attr.value != "eval":
        return
    message = "there is no session: `K.eval(x)` gives the value of a tensor"
    if not file.report(SESSION, Level.REWRITTEN, reference.node, message, "keras.backend.get_session"):
        return
    name = file.imports.name_for("tensorflow.keras.backend.eval", reference)
    file.imports.gives_way(reference, name)

    def written(current: cst.Call) -> cst.Call:
        assert isinstance(current.func, cst.Attribute)
        value = current.func.value.with_changes(lpar=(), rpar=())
        return cst.Call(cst.parse_expression(name), [cst.Arg(value)], lpar=current.lpar, rpar=current.rpar)

    file.edit(call, outside, written)


def _direct(file: File, reference: Reference, method: str, call: cst.Call, frame: Frame) -> None:
    """Drops ``K.get_session().close()`` and the initialisation of variables."""
    assert frame is not None
    statement, outer = frame
    if not isinstance(statement, cst.Expr):
        return
    if method == "close" and not call.args:
        message = "there is no session to close"
    elif method == "run" and _initialises(file, call):
        message = "variables have their values as soon as they are made: nothing is initialised here"
    else:
        return
    level = Level.REWRITTEN if method == "close" else Level.REVIEW
    if file.report(SESSION, level, reference.node, message, "keras.backend.get_session"):
        _drop(file, [(statement, outer)])
