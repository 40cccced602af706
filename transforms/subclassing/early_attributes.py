"""Attributes of a layer that are set before its base's constructor has run, which sets them anew."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Frame
from ...transform import ClassUse, File, Transform
from ..edits.statement_edits import close_gap, drop, statement_around
from ..reading.class_bodies import ClassBody, SelfUse, SuperCall, body_of

EARLY_ATTRIBUTE = Rule(
    "KM516",
    "early-attribute",
    "Set attributes of a layer after its base's constructor has run.",
    "The constructor of `Layer` in Keras 1 kept `supports_masking` and `input_spec` where a class had set "
    "them before, and most classes did. In tf.keras it sets them anew, as it does `activity_regularizer` and "
    "on TensorFlow 2.15 `stateful`, without an error: the layer drops masks, and checks or punishes nothing. "
    "So they are set below the call of the base's constructor.",
    before=(
        "from keras.layers import Layer\n\n\nclass Scale(Layer):\n    def __init__(self, **kwargs):\n"
        "        self.supports_masking = True\n        super(Scale, self).__init__(**kwargs)\n\n"
        "    def get_output_shape_for(self, input_shape):\n        return input_shape\n"
    ),
    after=(
        "from tensorflow.keras.layers import Layer\n\n\nclass Scale(Layer):\n"
        "    def __init__(self, **kwargs):\n        super(Scale, self).__init__(**kwargs)\n"
        "        self.supports_masking = True\n\n    def compute_output_shape(self, input_shape):\n"
        "        return input_shape\n"
    ),
)

TRANSFORM = Transform("early attributes", EARLY_ATTRIBUTE)

_ANY_LAYER = ("supports_masking",)
_PLAIN_LAYER = ("supports_masking", "input_spec", "activity_regularizer", "stateful")
"""Keras 1 itself set these of its own layers in their constructors, but not of ``Layer`` and ``Wrapper``."""

_PLAIN = ("keras.layers.Layer", "keras.layers.Wrapper")


def is_keras1(use: ClassUse) -> bool:
    """Whether a layer is surely written for Keras 1: it says what it gives only by the name of that time."""
    return "get_output_shape_for" in use.methods and "compute_output_shape" not in use.methods


@TRANSFORM.subclass("keras.layers.Layer")
def set_late(file: File, use: ClassUse) -> None:
    """Moves the settings of one class below the call of the base's constructor."""
    constructor = use.methods.get("__init__")
    sure = is_keras1(use) and file.source.version < (2, 0)
    likely = file.source.version < (2, 0) or (is_keras1(use) and file.source.guessed)
    if constructor is None or not use.standalone or not likely:
        return
    body = body_of(file.names, use.node)
    calls = body.super_calls("__init__", constructor)
    if len(calls) != 1:
        return
    call = statement_around(calls[0].frame)
    names = _PLAIN_LAYER if use.lineage[0] in _PLAIN else _ANY_LAYER
    early = list(_early(file, body, calls[0], constructor, names))
    if call is None or not early:
        return
    listed = ", ".join(f"`{name}`" for name in dict.fromkeys(each.node.attr.value for each in early))
    message = (
        f"the constructor of `{use.lineage[0].rpartition('.')[2]}` sets {listed} anew, which Keras 1 kept"
    )
    symbol = "keras.layers.Layer.__init__"
    places = [_movable(each, constructor) for each in early]
    lines = [each for each in places if each is not None]
    if len(lines) < len(places) or len(call[0].body) > 1 or not _in_body(call[1], constructor):
        place = statement_around(early[0].frame)
        message += ": set it below `super().__init__(…)`"
        file.report(EARLY_ATTRIBUTE, Level.MANUAL, place[0] if place else constructor, message, symbol)
        return
    level = Level.REWRITTEN if sure else file.level_if_guessed(Level.REWRITTEN)
    note = "" if sure else file.guess_note
    if any(each.node.attr.value == "activity_regularizer" for each in early):
        level = Level.REVIEW
        message += "; a penalty of activities is divided by the size of the batch now"
    message += f"; it is set below `super().__init__(…)`{note}"
    if not file.report(EARLY_ATTRIBUTE, level, lines[0][0], message, symbol):
        return
    moved = [line for line, _ in lines]
    for line, frame in lines:
        drop(file, line.body[0], (line, frame))
        close_gap(file, line, frame, gone=moved)
    file.edit(*call, lambda current: cst.FlattenSentinel([current, *(_below(file, line) for line in moved)]))


def _early(
    file: File, body: ClassBody, call: SuperCall, constructor: cst.FunctionDef, names: tuple[str, ...]
) -> Iterator[SelfUse]:
    """Where a constructor sets some attributes before it calls that of the base."""
    reached = _order(file, body, call)
    for name in names:
        if name == "stateful" and file.target.keras3:
            continue
        for each in body.uses.get(name, ()):
            reference = file.names.reference(each.node)
            before = reference is not None and reference.order < reached
            if each.stored and each.method is constructor and before:
                yield each


def _order(file: File, body: ClassBody, call: SuperCall) -> int:
    """When the constructor of the base is called."""
    function = call.node.func
    assert isinstance(function, cst.Attribute)
    return next(each.order for each in file.names.uses("super") if each.called is function.value)


def _movable(use: SelfUse, constructor: cst.FunctionDef) -> tuple[cst.SimpleStatementLine, Frame] | None:
    """The line that sets an attribute and nothing else, in the body of the constructor itself."""
    place = statement_around(use.frame)
    if use.assigned is None or place is None or len(place[0].body) > 1:
        return None
    return place if _in_body(place[1], constructor) else None


def _in_body(frame: Frame, constructor: cst.FunctionDef) -> bool:
    return frame is not None and frame[0] is constructor.body


def _below(file: File, line: cst.SimpleStatementLine) -> cst.SimpleStatementLine:
    """A line as it is now, without the blank lines above it."""
    comments = [each for each in line.leading_lines if each.comment is not None]
    return line.with_changes(body=[file.current(line.body[0])], leading_lines=comments)
