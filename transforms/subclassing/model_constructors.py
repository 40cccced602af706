"""Models that get attributes before their base's constructor has run."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ...transform import ClassUse, File, Transform
from ..edits.statement_edits import add_first, drop, statement_around
from ..reading.class_bodies import ClassBody, SelfUse, SuperCall, body_of

LATE_CONSTRUCTOR = Rule(
    "KM513",
    "late-constructor",
    "Call the constructor of `Model` before layers are kept as attributes.",
    "On TensorFlow 2.15 a model cannot be given a layer, a model or an empty list or dictionary before "
    "`super().__init__()` has run. Where that call takes no arguments it is made first. Where it takes the "
    "inputs and outputs of a graph, what is needed to make them has to be kept under local names until then.",
    before=(
        "from keras.models import Model\n\n\nclass Net(Model):\n    def __init__(self):\n"
        "        self.blocks = []\n        super(Net, self).__init__()\n"
    ),
    after=(
        "from tensorflow.keras.models import Model\n\n\nclass Net(Model):\n    def __init__(self):\n"
        "        super(Net, self).__init__()\n        self.blocks = []\n"
    ),
    targets="<2.16",
)

TRANSFORM = Transform("model constructors", LATE_CONSTRUCTOR)


@TRANSFORM.subclass("keras.models.Model")
def construct_first(file: File, use: ClassUse) -> None:
    """Makes the call of the base's constructor the first statement of one class' own."""
    constructor = use.methods.get("__init__")
    if file.target.keras3 or constructor is None:
        return
    body = body_of(file.names, use.node)
    calls = body.super_calls("__init__", constructor)
    if len(calls) != 1:
        return
    early = _early(file, body, calls[0], constructor)
    if early is None:
        return
    name = early.node.attr.value
    symbol = "keras.models.Model.__init__"
    place = statement_around(early.frame)
    call = statement_around(calls[0].frame)
    if place is None or call is None:
        return
    if calls[0].node.args or not _stands_in(call[1], constructor):
        message = (
            f"`{name}` cannot be set before `super().__init__(…)` has run: keep it under a local name, and "
            "set the attribute below that call"
        )
        file.report(LATE_CONSTRUCTOR, Level.MANUAL, place[0], message, symbol)
        return
    message = f"the constructor of the base is called first: `{name}` cannot be set before it has run"
    if file.report(LATE_CONSTRUCTOR, Level.REWRITTEN, call[0], message, symbol):
        drop(file, call[0].body[0], call)
        code = file.module.code_for_node(calls[0].node)
        add_first(file, constructor, (use.node.body, (use.node, use.frame)), code)


def _early(file: File, body: ClassBody, call: SuperCall, constructor: cst.FunctionDef) -> SelfUse | None:
    """The first attribute that is set before the base's constructor runs and cannot be."""
    own = file.names.uses("super")
    reached = next(each.order for each in own if each.called is not None and _begins(call, each.called))
    for uses in body.uses.values():
        for use in uses:
            reference = file.names.reference(use.node)
            before = reference is not None and reference.order < reached
            value = use.assigned[0].value if use.assigned is not None else None
            if use.method is constructor and before and value is not None and _is_tracked(file, value):
                return use
    return None


def _begins(call: SuperCall, beginning: cst.Call) -> bool:
    """Whether a call of the base's method begins with a certain ``super()``."""
    function = call.node.func
    return isinstance(function, cst.Attribute) and function.value is beginning


def _is_tracked(file: File, value: cst.BaseExpression) -> bool:
    """Whether a value is surely one that a model keeps track of: a layer or model, or an empty collection."""
    if isinstance(value, (cst.List, cst.Tuple, cst.Dict)):
        elements = [element.value for element in value.elements]
        return all(_is_tracked(file, each) for each in elements)
    if isinstance(value, cst.Call) and not value.args and isinstance(value.func, cst.Name):
        return value.func.value in ("list", "dict", "tuple")
    return file.values.is_(value, "layer", "model")


def _stands_in(frame: object, function: cst.FunctionDef) -> bool:
    """Whether a statement stands in the body of a function itself."""
    return isinstance(frame, tuple) and frame[0] is function.body
