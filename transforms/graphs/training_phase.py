"""Whether a model is training: Keras' global learning phase, which is the argument ``training`` now."""

from __future__ import annotations

from functools import partial
from itertools import islice

import libcst as cst

from ...catalog import LEGACY_RELEASES, legacy, moves
from ...findings import Level, Rule
from ...scopes import Frame, Reference, around
from ...transform import File, Transform, Use
from ...values import FUNCTION
from ..edits.argument_layout import optional_parameter
from ..edits.statement_edits import close_gap, drop, statement_around
from ..names.symbols import split
from .graph_programs import attributes, runs_graphs

LEARNING_PHASE = Rule(
    "KM706",
    "learning-phase",
    "Drop the global learning phase where Keras knows the phase itself.",
    "`fit` trains and `predict` does not: `tf.keras` passes `training` to layers by itself, and the global "
    "learning phase is without effect on both (Keras 2) or gone (Keras 3). `set_learning_phase(0)` is "
    "dropped in code that does not train. Where old code trained or predicted under a phase that it had set, "
    "layers such as `Dropout` and `BatchNormalization` do something else now, and a person has to decide.",
    before="from keras import backend as K\nfrom keras.models import load_model\n\n"
    "K.set_learning_phase(0)\nmodel = load_model('model.h5')\n",
    after="from tensorflow.keras.models import load_model\n\nmodel = load_model('model.h5')\n",
)
TRAIN_PHASE = Rule(
    "KM707",
    "train-phase",
    "Write `K.in_train_phase` as a condition on the argument `training` of `call`.",
    "Keras 3 has no global learning phase, and passes `training` to every `call` that has such a parameter. "
    "It is added where it is missing. On TensorFlow 2.15 the function is there and works.",
    before="from keras import backend as K\nfrom keras.layers import Layer\n\n\n"
    "class Noise(Layer):\n    def call(self, x):\n"
    "        return K.in_train_phase(x + K.random_normal(K.shape(x)), x)\n",
    after="from tensorflow.keras import backend as K\nfrom tensorflow.keras.layers import Layer\n\n\n"
    "class Noise(Layer):\n    def call(self, x, training=None):\n"
    "        return x + K.random_normal(K.shape(x)) if training else x\n",
    targets=">=2.16",
)

TRANSFORM = Transform("training phase", LEARNING_PHASE, TRAIN_PHASE)

_OFF = frozenset({"0", "False", "0.0", "0."})
_ON = frozenset({"1", "True", "1.0", "1."})
_TRAINS = frozenset({"fit", "fit_generator", "train_on_batch"})
_PREDICTS = frozenset({"evaluate", "evaluate_generator", "predict", "predict_generator", "predict_on_batch"})


@TRANSFORM.use("keras.backend.set_learning_phase")
def set_phase(file: File, use: Use) -> None:
    """Drops a phase that changes nothing, and says where one meant something."""
    call, frame = use.call, use.reference.frame
    if call is None or frame is None or not use.sure or len(call.args) != 1 or call.args[0].star:
        return
    if runs_graphs(file) or not (use.standalone or file.target.keras3):
        return
    value = phase(call.args[0].value)
    if value is None:
        return
    used = attributes(file.module) & (_PREDICTS if value else _TRAINS)
    harmless = _knows_its_models(file)
    if used and not harmless:
        name = min(used)
        state = "training" if value else "inference"
        now = "inference" if value else "training"
        message = (
            f"`set_learning_phase({int(value)})` made everything run in {state} mode, but `{name}` is used "
            f"here too, which always runs in {now} mode now. If a model with Dropout, BatchNormalization or "
            f"noise depends on it, {_instead(value)}; delete this call"
        )
        if file.report(LEARNING_PHASE, Level.MANUAL, use.reference.node, message, use.path):
            file.handled.add(use.reference.node)
        return
    statement = frame[1]
    if not file.target.keras3 or statement is None or not isinstance(statement[0], cst.Expr):
        return
    message, level = f"`set_learning_phase({int(value)})` is gone", Level.REWRITTEN
    if used:
        level = Level.REVIEW
        message += (
            ". The models of this file have no layers that know the phase, so it changed nothing in them"
        )
    elif value:
        return
    else:
        message += ": inference is what Keras runs in but for `fit`"
    if file.report(LEARNING_PHASE, level, use.reference.node, message, use.path):
        file.imports.handled(use.reference)
        drop(file, statement[0], statement[1])
        line = statement_around(statement)
        if line is not None and len(line[0].body) == 1:
            close_gap(file, *line, about="phase|train|test|infer|bug|dropout|norm")


_MODELS = frozenset({"keras.models.Model", "keras.models.Sequential"})


def _knows_its_models(file: File) -> bool:
    """Whether a file makes its models itself, of layers that do the same in training and in inference."""
    used = {value for value in map(partial(_symbol, file), file.names.references) if value}
    return bool(used & _MODELS) and not any(map(_knows_phase, used))


def _knows_phase(symbol: str) -> bool:
    """Whether a symbol is a layer that does something else in training, or brings such layers."""
    if symbol.startswith("keras.applications.") or symbol.rpartition(".")[2] in _BRING_LAYERS:
        return True
    found = legacy(LEGACY_RELEASES[-1]).get(symbol)
    call = found.methods.get("call") if found is not None and found.kind == "class" else None
    return call is not None and symbol not in _MODELS and call.accepts("training")


_BRING_LAYERS = frozenset({"Lambda", "Layer", "load_model", "model_from_json", "model_from_yaml"})


def _symbol(file: File, reference: Reference) -> str:
    """The symbol of Keras that a reference stands for; empty for none or several."""
    symbols = {
        moves.canonical(split(name)[0])
        for origin in file.names.origins(reference)
        if (name := moves.normalise(origin.name)) is not None
    }
    return symbols.pop() if len(symbols) == 1 else ""


def _instead(training: bool) -> str:
    if training:
        return "call `model(x, training=True)` for it"
    return "set `layer.trainable = False` on its BatchNormalization layers and leave Dropout out"


def phase(node: cst.BaseExpression) -> bool | None:
    """The learning phase that a literal stands for; ``None`` for any other expression."""
    text = node.value if isinstance(node, (cst.Integer, cst.Float, cst.Name)) else ""
    return True if text in _ON else False if text in _OFF else None


@TRANSFORM.use("keras.backend.learning_phase")
def ask_phase(file: File, use: Use) -> None:
    """Leaves the phase to Keras where a layer or model is called with the global one."""
    call, frame = use.call, use.reference.frame
    if call is None or frame is None or not use.sure or frame[1] is None or runs_graphs(file):
        return
    arg, outer = inside = frame[1]
    if not isinstance(arg, cst.Arg) or arg.keyword is None or arg.keyword.value != "training":
        return
    if outer is None or not isinstance(outer[0], cst.Call) or _chooses(file, outer[0]):
        return
    message = (
        "`training=K.learning_phase()` is `training=None` now: Keras passes the phase on by itself, and the "
        "global one is always 0"
    )
    if file.report(LEARNING_PHASE, Level.REWRITTEN, use.reference.node, message, use.path):
        file.imports.handled(use.reference)
        file.edit(call, inside, lambda _: cst.Name("None"))


def _chooses(file: File, call: cst.Call) -> bool:
    """Whether a call is one of the functions that choose by phase."""
    symbols = {value.symbol for value in file.values.of(call.func)}
    return bool(symbols & {"keras.backend.in_train_phase", "keras.backend.in_test_phase"})


@TRANSFORM.use("keras.backend.in_train_phase", "keras.backend.in_test_phase")
def choose(file: File, use: Use) -> None:
    """Writes a choice by phase as one by the argument ``training``."""
    call, frame = use.call, use.reference.frame
    if not file.target.keras3 or call is None or frame is None or not use.sure:
        return
    slots = _slots(call)
    around_call = frame[1]
    if slots is None or around_call is None:
        return
    outer = around_call[0]
    given = slots.get("training")
    phase = call.args[given].value if given is not None else None
    if phase is not None and _is_phase(file, phase):
        given = None
    owner = _owner(file, frame)
    ways = [_way(file, call.args[slots[name]].value, owner) for name in ("x", "alt")]
    if None in ways or (given is None and owner is None):
        return
    message = f"`{use.symbol.rpartition('.')[2]}` is gone: the phase is the argument `training` of `call` now"
    level = Level.REWRITTEN
    if given is not None and owner is not None and _is_left_out(owner[0], call.args[given].value):
        level = Level.REVIEW
        message += (
            ". Where nobody passes it on to here, it was the phase of Keras, and means prediction now: see "
            "that `call` passes on its own"
        )
    if not file.report(TRAIN_PHASE, level, use.reference.node, message, use.path):
        return
    file.imports.handled(use.reference)
    if given is None and phase is not None:
        file.imports.handled_within(phase)
    if given is None and owner is not None:
        _take_training(file, *owner)
    order = ("x", "alt") if use.symbol.endswith("in_train_phase") else ("alt", "x")

    def written(current: cst.Call) -> cst.IfExp:
        test = cst.Name("training") if given is None else _simple(current.args[given].value)
        body, orelse = (
            _result(current.args[slots[name]].value, ways[("x", "alt").index(name)]) for name in order
        )
        alone = isinstance(outer, (cst.Assign, cst.AnnAssign, cst.Return, cst.Lambda)) or (
            isinstance(outer, cst.Arg) and not outer.star
        )
        lpar, rpar = current.lpar, current.rpar
        if not alone and not lpar:
            lpar, rpar = [cst.LeftParen()], [cst.RightParen()]
        return cst.IfExp(test, body, orelse, lpar=lpar, rpar=rpar)

    file.edit(call, around_call, written)


def _is_left_out(owner: cst.FunctionDef | cst.Lambda, phase: cst.BaseExpression) -> bool:
    """Whether a phase is a parameter, ``None`` by default, of a function that Keras does not call."""
    if (
        not isinstance(phase, cst.Name)
        or not isinstance(owner, cst.FunctionDef)
        or owner.name.value == "call"
    ):
        return False
    return any(
        param.name.value == phase.value
        and isinstance(param.default, cst.Name)
        and param.default.value == "None"
        for param in (*owner.params.params, *owner.params.kwonly_params)
    )


def _slots(call: cst.Call) -> dict[str, int] | None:
    """The positions of the arguments ``x``, ``alt`` and ``training``; ``None`` where they cannot be told."""
    found: dict[str, int] = {}
    for index, (name, arg) in enumerate(zip(("x", "alt", "training"), call.args, strict=False)):
        if arg.star:
            return None
        found[arg.keyword.value if arg.keyword is not None else name] = index
    complete = {"x", "alt"} <= found.keys() <= {"x", "alt", "training"}
    return found if complete and len(found) == len(call.args) else None


def _is_phase(file: File, node: cst.BaseExpression) -> bool:
    """Whether an expression is the global phase, or nothing at all."""
    if isinstance(node, cst.Name) and node.value == "None":
        return True
    if not isinstance(node, cst.Call) or not isinstance(node.func, (cst.Name, cst.Attribute)):
        return False
    reference = file.names.reference(node.func)
    if reference is None:
        return False
    names = {moves.normalise(origin.name) for origin in file.names.origins(reference)}
    return names == {"keras.backend.learning_phase"}


def _owner(file: File, frame: Frame) -> tuple[cst.FunctionDef | cst.Lambda, Frame] | None:
    """The function around a place to which Keras passes ``training``, with the nodes around it."""
    while frame is not None:
        node, frame = frame
        if not isinstance(node, (cst.FunctionDef, cst.Lambda)):
            continue
        names = {param.name.value for param in (*node.params.params, *node.params.kwonly_params)}
        if "training" in names:
            return node, frame
        method = any(isinstance(each, cst.ClassDef) for each in islice(around(frame), 2))
        if isinstance(node, cst.FunctionDef) and method:
            taken = node.params.star_kwarg is not None or node.name.value != "call"
            return None if taken else (node, frame)
        if isinstance(node, cst.Lambda) and _in_lambda_layer(file, frame):
            return node, frame
    return None


def _in_lambda_layer(file: File, frame: Frame) -> bool:
    """Whether a place is the first argument of ``Lambda``."""
    if frame is None or not isinstance(frame[0], cst.Arg) or frame[1] is None:
        return False
    call = frame[1][0]
    if not isinstance(call, cst.Call) or not call.args or call.args[0] is not frame[0]:
        return False
    return {value.symbol for value in file.values.of(call.func)} == {"keras.layers.Lambda"}


def _way(
    file: File, node: cst.BaseExpression, owner: tuple[cst.FunctionDef | cst.Lambda, Frame] | None
) -> str | None:
    """How the value is got of something that may be a tensor or a function that gives one."""
    if isinstance(node, cst.Lambda):
        return "lambda" if not any(node.params.children) else None
    kinds = file.values.kinds(node)
    if kinds == {FUNCTION}:
        return "call"
    if FUNCTION in kinds:
        return None
    if isinstance(node, cst.Name):
        reference = file.names.reference(node)
        bindings = file.names.bindings(reference) if reference is not None else []
        parameters = [
            binding.scope for binding in bindings if binding.given and binding.given.how == "parameter"
        ]
        inner = owner is not None and all(scope and scope.node is owner[0] for scope in parameters)
        return "as it is" if bindings and (not parameters or inner) else None
    return "as it is"


def _result(node: cst.BaseExpression, way: str | None) -> cst.BaseExpression:
    """The tensor that an argument stands for, fit to be part of a conditional expression."""
    if way == "call":
        return cst.Call(node)
    if way == "lambda" and isinstance(node, cst.Lambda):
        node = node.body
    return _simple(node)


def _simple(node: cst.BaseExpression) -> cst.BaseExpression:
    """An expression, in parentheses where it could not stand in a conditional one."""
    if isinstance(node, (cst.IfExp, cst.Lambda)) and not node.lpar:
        return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return node


def _take_training(file: File, function: cst.FunctionDef | cst.Lambda, frame: Frame) -> None:
    """Gives a function the parameter ``training=None``, once."""
    params = function.params
    names = {param.name.value for param in (*params.params, *params.kwonly_params)}
    if "training" in names or params in file.handled:
        return
    file.handled.add(params)
    file.edit(params, (function, frame), lambda current: optional_parameter(current, "training"))
