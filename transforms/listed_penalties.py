"""Regularizers and constraints that a layer lists itself, as Keras 1 did."""

from __future__ import annotations

import libcst as cst

from ..findings import Level, Rule
from ..transform import ClassUse, File, Transform
from .class_bodies import SelfUse, body_of
from .statement_edits import statement_around

LISTED_PENALTY = Rule(
    "KM514",
    "listed-penalty",
    "Report regularizers and constraints that a layer lists itself.",
    "Keras 1 read the regularizers and constraints of a layer from its lists `self.regularizers` and "
    "`self.constraints`. Keras 2 and tf.keras do not, without an error: a weight has those that it was made "
    "with.",
    before="self.constraints = {self.W: self.W_constraint}\n",
)

TRANSFORM = Transform("listed penalties", LISTED_PENALTY)

_LISTS = {"regularizers": "regularizer", "constraints": "constraint"}


@TRANSFORM.subclass("keras.layers.Layer")
def report(file: File, use: ClassUse) -> None:
    """Reports the lists of one class that hold something."""
    body = body_of(file.names, use.node)
    for name, argument in _LISTS.items():
        filled = next((each for each in body.uses.get(name, ()) if _fills(each)), None)
        place = statement_around(filled.frame) if filled is not None else None
        if place is None or name in file.names.scopes[use.node].bindings:
            continue
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
