"""Attributes of ``self`` that have become properties which cannot be set."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ...transform import AttributeUse, ClassUse, File, Transform
from ...walk import dotted
from ..edits.statement_edits import statement_around
from ..reading.class_bodies import ClassBody, SelfUse, body_of
from ..tables import Entry, applies, load

READ_ONLY_ATTRIBUTE = Rule(
    "KM507",
    "read-only-attribute",
    "Give attributes another name that cannot be set any more.",
    "Layers, models and sequences of tf.keras have properties that older releases did not have, `path` or "
    "`num_batches`, and some that could be set then cannot be set now, such as `name` on TensorFlow 2.15. An "
    "assignment to one of them in a class of the project fails. An attribute that is the class's own gets "
    "another name in all its methods; one that has another behind it is set there.",
    before=(
        "from keras.utils import Sequence\n\n\nclass Batches(Sequence):\n    def __init__(self, x):\n"
        "        self.num_batches = len(x) // 32\n\n    def __len__(self):\n"
        "        return self.num_batches\n"
    ),
    after=(
        "from tensorflow.keras.utils import Sequence\n\n\nclass Batches(Sequence):\n"
        "    def __init__(self, x):\n        super().__init__()\n"
        "        self.num_batches_ = len(x) // 32\n\n    def __len__(self):\n"
        "        return self.num_batches_\n"
    ),
)

TRANSFORM = Transform("read-only attributes", READ_ONLY_ATTRIBUTE)


@TRANSFORM.subclass(
    *dict.fromkeys(entry["of"] for entry in load("subclassing/read_only_attributes.toml")["attribute"])
)
def rename(file: File, use: ClassUse) -> None:
    """Renames the attributes that a class sets and cannot set in the target."""
    body = body_of(file.names, use.node)
    bound = file.names.scopes[use.node].bindings
    for entry in load("subclassing/read_only_attributes.toml")["attribute"]:
        if not use.derives(entry["of"]) or not applies(entry.get("targets", ""), file.target):
            continue
        for name in entry["names"]:
            stores = [each for each in body.uses.get(name, ()) if each.stored]
            if stores and name not in bound:
                _rename(file, use, body, entry, name, stores)


@TRANSFORM.attribute("model")
def give_model(file: File, attribute: AttributeUse) -> None:
    """Writes ``callback.set_model(model)`` where a callback of Keras is given its model from outside."""
    inner = attribute.frame
    outer = inner[1] if inner is not None else None
    if outer is None or not file.target.keras3:
        return
    assign, frame = outer
    if (
        not isinstance(assign, cst.Assign)
        or len(assign.targets) != 1
        or assign.targets[0].target is not attribute.node
        or not file.values.is_(attribute.node.value, "callback")
        or dotted(attribute.node.value) == "self"
    ):
        return
    message = "`model` of a `Callback` cannot be set on this target: `set_model` sets it"
    if not file.report(
        READ_ONLY_ATTRIBUTE, Level.REWRITTEN, assign, message, "keras.callbacks.Callback.model"
    ):
        return
    file.edit(assign, frame, _set_model)


def _set_model(assign: cst.Assign) -> cst.Expr:
    """``callback.set_model(model)`` for ``callback.model = model``."""
    attribute = cst.ensure_type(assign.targets[0].target, cst.Attribute)
    method = attribute.with_changes(attr=cst.Name("set_model"))
    return cst.Expr(cst.Call(method, [cst.Arg(assign.value)]), semicolon=assign.semicolon)


def _rename(
    file: File, use: ClassUse, body: ClassBody, entry: Entry, name: str, stores: list[SelfUse]
) -> None:
    """Renames one attribute in one class, or says what to do."""
    place = statement_around(stores[0].frame)
    if place is None:
        return
    symbol = f"{entry['of']}.{name}"
    base = entry["of"].rpartition(".")[2]
    if "manual" in entry:
        message = f"`{name}` of a `{base}` cannot be set: {entry['manual']}"
        file.report(READ_ONLY_ATTRIBUTE, Level.MANUAL, place[0], message, symbol)
        return
    level, renamed = Level.REWRITTEN, stores
    new = entry.get("to")
    if new is None:
        level, renamed = Level.REVIEW, body.uses[name]
        new = f"{name}_"
        while new in body.uses or new in use.methods:
            new += "_"
        message = (
            f"`{name}` of a `{base}` cannot be set on this target, so `{use.node.name.value}` calls its own "
            f"`{new}`; code elsewhere that reads `.{name}` of it has to follow"
        )
    else:
        message = f"`{name}` of a `{base}` cannot be set on this target; `{new}` behind it can"
    if file.report(READ_ONLY_ATTRIBUTE, level, place[0], message, symbol):
        for each in renamed:
            file.edit(each.node, each.frame, lambda node: node.with_changes(attr=cst.Name(new)))
