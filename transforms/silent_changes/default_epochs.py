"""How many epochs ``fit`` trains for where the code does not say so."""

from __future__ import annotations

import libcst as cst

from ...findings import Level
from ...options import Defaults
from ...transform import AttributeUse, File, Transform
from ..edits.argument_layout import appended, keyword
from ..edits.line_breaks import keep_short
from .changed_defaults import ChangedDefault, method_default, old_method
from .defaults import CHANGED_DEFAULT

TRANSFORM = Transform("default epochs")

_MODEL = "keras.models.Model"


@TRANSFORM.attribute("fit")
def keep_epochs(file: File, attribute: AttributeUse) -> None:
    """Decides about the unwritten epochs of ``model.fit(…)``, where the receiver is known to be a model."""
    frame = attribute.frame
    if frame is None or type(frame[0]) is not cst.Call or frame[0].func is not attribute.node:
        return
    call = frame[0]
    values = file.values.of(attribute.node.value)
    if not all(value.kind == "model" and value.standalone for value in values):
        return
    owners = {value.symbol or _MODEL for value in values}
    changes = {method_default(owner, "fit", file.source, file.target) for owner in owners}
    change = changes.pop()
    if change is None or changes or _gives(file, call, change):
        return
    sure = all(value.sure for value in values)
    message = (
        f"`fit` without `{change.argument}` trained for {change.old} epochs and trains for {change.new} on "
        f"TensorFlow {file.target}"
    )
    note = "" if change.certain else file.guess_note
    symbol = f"{_MODEL}.fit.{change.argument}"
    if file.options.defaults is Defaults.ADOPT or any(arg.star for arg in call.args):
        message = f"{message}. Write `{change.argument}={change.old}` for what it was{note}"
        file.report(CHANGED_DEFAULT, Level.REVIEW, attribute.node, message, symbol)
        return
    level = file.level_if_guessed(Level.REWRITTEN) if sure else Level.REVIEW
    if file.report(CHANGED_DEFAULT, level, attribute.node, message + note, symbol):
        added = [keyword(change.argument, cst.parse_expression(change.old))]
        file.edit(call, frame[1], lambda current: appended(current, added))
        keep_short(file, call, frame[1])


def _gives(file: File, call: cst.Call, change: ChangedDefault) -> bool:
    """Whether a call gives the argument, by keyword or by position."""
    if any(arg.keyword is not None and arg.keyword.value in change.names for arg in call.args):
        return True
    old = old_method(_MODEL, "fit", file.source.catalog)
    places = [index for index, name in enumerate(old.positional) if name in change.names] if old else []
    positional = sum(arg.keyword is None and not arg.star for arg in call.args)
    return any(index < positional for index in places)
