"""Methods and attributes of models, layers and tensors that have another name, or none, in the target."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import libcst as cst

from ...findings import Level, Rule
from ...transform import AttributeUse, File, Transform
from ..reading.receivers import call_of_method, is_target, level_of, overridden
from ..tables import Entry, applies, load

CHANGED_ATTRIBUTE = Rule(
    "KM405",
    "changed-attribute",
    "Reach methods and attributes of models and layers by what they are now.",
    "What is gone or private now is reached in another way that gives the same: `layer.output_shape` is "
    "`layer.output.shape` from TensorFlow 2.16 on, and `tensor._keras_shape` was never public.",
    before="from keras.models import load_model\n\nmodel = load_model('model.h5')\n"
    "print(model.get_layer('features').output_shape)\n",
    after="from tensorflow.keras.models import load_model\n\nmodel = load_model('model.h5')\n"
    "print(model.get_layer('features').output.shape)\n",
)
GONE_ATTRIBUTE = Rule(
    "KM406",
    "gone-attribute",
    "Report methods and attributes of models and layers that are gone.",
    "Nothing takes their place that could be written mechanically; the message says what to do.",
    before="from keras.models import load_model\n\nmodel = load_model('model.h5')\n"
    "gradients = model.optimizer.get_gradients(model.total_loss, model.trainable_weights)\n",
)

TRANSFORM = Transform("attributes", CHANGED_ATTRIBUTE, GONE_ATTRIBUTE)

_ENTRIES: list[Entry] = load("methods/attributes.toml")["attribute"]

_OWNERS = {
    "iterator": "keras.preprocessing.image.Iterator",
    "layer": "keras.layers.Layer",
    "model": "keras.models.Model",
    "tensor": "keras.layers.Input",
}
"""What findings call the receivers."""


@TRANSFORM.attribute(*{name: None for entry in _ENTRIES for name in entry["names"]})
def adapt(file: File, use: AttributeUse) -> None:
    """Writes an attribute as the target has it, or reports it."""
    if use.node in file.handled:
        return
    for entry in _ENTRIES:
        if use.node.attr.value in entry["names"] and _fits(file, use, entry):
            level = level_of(file, use, *entry["of"], unique=entry.get("unique", False))
            if level is not None and not overridden(file, use):
                _apply(file, use, entry, level)
                return


def _fits(file: File, use: AttributeUse, entry: Entry) -> bool:
    """Whether an entry is about an attribute as it is used here."""
    called = call_of_method(use) is not None
    return (
        applies(entry.get("targets", ""), file.target)
        and entry.get("called", called) == called
        and entry.get("assigned", False) == is_target(use)
    )


def _apply(file: File, use: AttributeUse, entry: Entry, level: Level) -> None:
    """Does what an entry says."""
    name = use.node.attr.value
    symbol = f"{_OWNERS[entry['of'][0]]}.{name}"
    if "manual" in entry:
        if level is Level.REWRITTEN or entry.get("unique"):
            lacks = "cannot be set" if entry.get("assigned") else "is not there"
            message = f"`{name}` {lacks} on TensorFlow {file.target}: {entry['manual']}"
            file.report(GONE_ATTRIBUTE, Level.MANUAL, use.node, message, symbol)
        return
    if level is Level.REWRITTEN and "level" in entry:
        level = Level(entry["level"])
    if not file.report(CHANGED_ATTRIBUTE, level, use.node, _says(name, entry), symbol):
        return
    if "to" in entry:
        file.edit(use.node, use.frame, lambda node: node.with_changes(attr=cst.Name(entry["to"])))
        return
    found = call_of_method(use)
    if found is not None and entry.get("called"):
        file.edit(*found, _filled_call(entry["write"]))
    else:
        file.edit(use.node, use.frame, written(entry["write"]))


def _says(name: str, entry: Entry) -> str:
    """The message for what is written in another way."""
    new = f"`{name}` is `{entry['to']}`: " if "to" in entry else ""
    return f"{new}{entry['note']}"


def written(template: str) -> Callable[[cst.Attribute], cst.BaseExpression]:
    """Writes a template around the receiver of an attribute."""
    return lambda node: _instance(template, node.value, (), node)


def _filled_call(template: str) -> Callable[[cst.Call], cst.BaseExpression]:
    """Writes a template around the receiver and the arguments of a call of a method."""

    def edit(call: cst.Call) -> cst.BaseExpression:
        assert isinstance(call.func, cst.Attribute)
        return _instance(template, call.func.value, call.args, call)

    return edit


def _instance(
    template: str, receiver: cst.BaseExpression, args: Sequence[cst.Arg], old: cst.BaseExpression
) -> cst.BaseExpression:
    """A template with its places filled, in the parentheses of what it takes the place of."""
    made = cst.parse_expression(template).visit(_Fill(receiver, args))
    assert isinstance(made, cst.BaseExpression)
    return made.with_changes(lpar=old.lpar, rpar=old.rpar)


class _Fill(cst.CSTTransformer):
    """Puts a receiver in the place of ``_``, and arguments in that of ``...``."""

    def __init__(self, receiver: cst.BaseExpression, args: Sequence[cst.Arg]) -> None:
        super().__init__()
        self._receiver = receiver
        self._args = args

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        return self._receiver if original_node.value == "_" else updated_node

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if len(original_node.args) == 1 and isinstance(original_node.args[0].value, cst.Ellipsis):
            return updated_node.with_changes(args=self._args)
        return updated_node

    def leave_Index(self, original_node: cst.Index, updated_node: cst.Index) -> cst.Index:
        if isinstance(original_node.value, cst.Ellipsis) and self._args:
            return updated_node.with_changes(value=self._args[0].value)
        return updated_node
