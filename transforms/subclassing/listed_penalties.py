"""Regularizers and constraints that a layer lists itself, as Keras 1 did."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Frame
from ...transform import ClassUse, File, Transform
from ..edits.argument_layout import appended, keyword
from ..edits.line_breaks import keep_short
from ..edits.statement_edits import close_gap, statement_around
from ..reading.class_bodies import SelfUse, body_of
from .early_layers import is_early
from .penalty_listings import Listing, Penalty, read_listings
from .weight_lists import conditions

LISTED_PENALTY = Rule(
    "KM514",
    "listed-penalty",
    "Give regularizers and constraints to the weights, not to lists of the layer.",
    "Keras 1 read the regularizers and constraints of a layer from its lists `self.regularizers` (up to 1.1) "
    "and `self.constraints`. Keras 2 and tf.keras do not, without an error: a weight has those that it was "
    "made with. So `add_weight` is given them where the lists say plainly which weight has which.",
    before=(
        "from keras import constraints\nfrom keras.layers import Layer\n\n\nclass Scale(Layer):\n"
        "    def __init__(self, W_constraint=None, **kwargs):\n"
        "        self.W_constraint = constraints.get(W_constraint)\n"
        "        super(Scale, self).__init__(**kwargs)\n\n    def build(self, input_shape):\n"
        "        self.W = self.add_weight((3, 2), initializer='one')\n        self.constraints = {}\n"
        "        if self.W_constraint:\n            self.constraints[self.W] = self.W_constraint\n"
    ),
    after=(
        "from tensorflow.keras import constraints\nfrom tensorflow.keras.layers import Layer\n\n\n"
        "class Scale(Layer):\n    def __init__(self, W_constraint=None, **kwargs):\n"
        "        self.W_constraint = constraints.get(W_constraint)\n"
        "        super(Scale, self).__init__(**kwargs)\n\n    def build(self, input_shape):\n"
        "        self.W = self.add_weight(shape=(3, 2), initializer='one',\n"
        "                                 constraint=self.W_constraint)\n"
    ),
)

TRANSFORM = Transform("listed penalties", LISTED_PENALTY)

_LISTS = {"regularizers": "regularizer", "constraints": "constraint"}
_Statement = tuple[cst.SimpleStatementLine | cst.If, Frame]


@TRANSFORM.subclass("keras.layers.Layer")
def adapt(file: File, use: ClassUse) -> None:
    """Gives what the lists of one class hold to the weights, or reports it."""
    if is_early(use.methods):
        return
    body = body_of(file.names, use.node)
    for name, argument in _LISTS.items():
        uses = body.uses.get(name, [])
        if name in file.names.scopes[use.node].bindings:
            continue
        listings = read_listings(file, body, name) if use.standalone else None
        gone = _gone(file, listings, argument) if listings is not None else None
        if gone is not None:
            _give(file, name, argument, listings or (), gone)
            continue
        filled = next((each for each in uses if _fills(each)), None)
        place = statement_around(filled.frame) if filled is not None else None
        if place is not None:
            message = (
                f"`self.{name}` is not read any more, so what is in it does nothing: give it to the weight, "
                f"`self.add_weight(…, {argument}=…)`"
            )
            file.report(LISTED_PENALTY, Level.MANUAL, place[0], message, f"keras.layers.Layer.{name}")


def _fills(use: SelfUse) -> bool:
    """Whether something is put into a list here."""
    assert use.frame is not None
    around, outer = use.frame
    if use.assigned is not None:
        value = use.assigned[0].value
        return not (isinstance(value, (cst.List, cst.Dict)) and not value.elements)
    if isinstance(around, cst.Attribute):
        return around.attr.value in ("append", "extend", "update")
    target = outer[0] if outer is not None else None
    return isinstance(around, cst.Subscript) and isinstance(target, cst.AssignTarget)


def _gone(file: File, listings: Sequence[Listing], argument: str) -> list[_Statement] | None:
    """The statements that nobody needs once the weights have their penalties; ``None`` where they cannot."""
    lines = {id(each.line) for each in listings}
    found: dict[int, _Statement] = {}
    for listing in listings:
        statement: _Statement = (listing.line, listing.frame)
        pure: list[cst.If] = []
        for condition, frame in conditions(listing.frame):
            if _only(condition, lines) and (frame is None or not isinstance(frame[0], cst.If)):
                statement = (condition, frame)
                pure.append(condition)
            elif any(not _is_around(condition, calls) for calls in listing.penalties):
                return None
        if any(not _holds(file, penalty, pure, argument) for penalty in listing.penalties):
            return None
        found[id(statement[0])] = statement
    return list(found.values())


def _only(condition: cst.If, lines: set[int]) -> bool:
    """Whether nothing but some lines hangs on a condition."""
    return condition.orelse is None and all(
        _only(each, lines) if isinstance(each, cst.If) else id(each) in lines for each in condition.body.body
    )


def _is_around(condition: cst.If, penalty: Penalty) -> bool:
    """Whether a weight is made on a condition too."""
    return all(condition in (each for each, _ in conditions(frame)) for _, frame in penalty.calls)


def _holds(file: File, penalty: Penalty, around: Sequence[cst.If], argument: str) -> bool:
    """Whether the calls that make a weight can be given its penalty whatever the conditions around it say.

    What they say must be that there is a penalty, or what the making of the weight hangs on as well.
    """
    code = file.module.code_for_node
    allowed = {code(penalty.value), f"{code(penalty.value)} is not None"}
    making = [
        {code(part) for each, _ in conditions(frame) for part in _parts(each.test)}
        for _, frame in penalty.calls
    ]
    if making:
        allowed |= set.intersection(*making)
    free = all(
        arg.keyword is None or arg.keyword.value != argument for call, _ in penalty.calls for arg in call.args
    )
    return free and all(code(part) in allowed for each in around for part in _parts(each.test))


def _parts(test: cst.BaseExpression) -> list[cst.BaseExpression]:
    """The conditions of which all have to hold."""
    if isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.And):
        return [*_parts(test.left), *_parts(test.right)]
    return [test]


def _give(
    file: File, name: str, argument: str, listings: Sequence[Listing], gone: Sequence[_Statement]
) -> None:
    """Gives the weights their penalties, and drops the statements that listed them."""
    symbol = f"keras.layers.Layer.{name}"
    told = False
    for listing in listings:
        for penalty in listing.penalties:
            level, message = _says(penalty, argument)
            if not file.report(LISTED_PENALTY, level, listing.line, message, symbol):
                return
            told = True
            for call, frame in penalty.calls:
                file.edit(call, frame, partial(_with, file, argument, penalty))
                keep_short(file, call, frame)
    if not told and gone:
        message = f"nothing reads `self.{name}` any more"
        if not file.report(LISTED_PENALTY, Level.REWRITTEN, gone[0][0], message, symbol):
            return
    nodes = [node for node, _ in gone]
    for node, frame in gone:
        file.edit(node, frame, lambda _: cst.RemoveFromParent())
        close_gap(file, node, frame, gone=nodes)


def _says(penalty: Penalty, argument: str) -> tuple[Level, str]:
    """The level and message of what is done about a penalty."""
    if not penalty.weight:
        return Level.REVIEW, (
            "Keras reads `activity_regularizer` of a layer itself, and divides what it punishes by the size "
            "of the batch now"
        )
    message = (
        f"`add_weight` gives `{penalty.weight}` its {argument}, as the list of the layer is not read any more"
    )
    if argument == "regularizer":
        return Level.REVIEW, f"{message}. Keras up to 1.1 read it, 1.2 did not: then leave the {argument} out"
    return Level.REWRITTEN, message


def _with(file: File, argument: str, penalty: Penalty, call: cst.Call) -> cst.Call:
    """A call that makes a weight with its penalty."""
    return appended(call, [keyword(argument, file.current(penalty.value))])
