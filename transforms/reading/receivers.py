"""Whose method or attribute it is: what stands before the dot."""

from __future__ import annotations

import libcst as cst

from ...findings import Level
from ...scopes import Frame
from ...transform import AttributeUse, File
from ...values import CLASS, OBJECT, Value


def level_of(file: File, use: AttributeUse, *kinds: str, unique: bool = False) -> Level | None:
    """How sure it is that an attribute is one of Keras.

    Args:
        file: the file.
        use: the attribute.
        kinds: what Keras' own receiver is, in the words of ``values.toml``.
        unique: whether nobody but Keras has an attribute of that name, so that it is also taken for Keras'
            where nothing is known of its receiver.
    Returns:
        ``REWRITTEN`` for sure, ``REVIEW`` for likely, ``None`` where it is something else.
    """
    values = file.values.of(use.node.value)
    if any(value.kind == OBJECT or _own(file, value, use.node.attr.value) for value in values):
        return None
    if all(value.kind in kinds and value.sure for value in values):
        return Level.REWRITTEN
    if any(value.kind in kinds for value in values):
        return Level.REVIEW
    unknown = all(not value.kind for value in values)
    return Level.REVIEW if unique and unknown else None


def overridden(file: File, use: AttributeUse) -> bool:
    """Whether the receiver is of a class of the project that has an attribute of that name itself."""
    values = file.values.of(use.node.value)
    return any(_own(file, value, use.node.attr.value) for value in values)


def classes(file: File, use: AttributeUse) -> set[str]:
    """The classes of Keras that the receiver can be an instance of."""
    return {value.symbol for value in file.values.of(use.node.value)}


def call_of_method(use: AttributeUse) -> tuple[cst.Call, Frame] | None:
    """The call of a method with the nodes around it, where the attribute is called."""
    if use.frame is None or type(use.frame[0]) is not cst.Call or use.frame[0].func is not use.node:
        return None
    return use.frame[0], use.frame[1]


def chain(node: cst.BaseExpression) -> bool:
    """Whether an expression is only names and attributes, so that it can be written twice."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return isinstance(node, cst.Name)


def is_target(use: AttributeUse) -> bool:
    """Whether the attribute is assigned to."""
    return use.frame is not None and (
        isinstance(use.frame[0], cst.AssignTarget)
        or (isinstance(use.frame[0], (cst.AnnAssign, cst.AugAssign)) and use.frame[0].target is use.node)
    )


def _own(file: File, value: Value, name: str) -> bool:
    """Whether the class of a value has an attribute of that name itself, here or in another file."""
    return _defines(file, value.owner, name) or (
        value.elsewhere is not None and value.elsewhere.defines(name)
    )


def _defines(file: File, owner: cst.ClassDef | None, name: str) -> bool:
    """Whether a class, or a class of the file that it derives from, has a method of that name itself."""
    pending, seen = [owner] if owner is not None else [], []
    while pending:
        current = pending.pop()
        if current in seen:
            continue
        seen.append(current)
        if name in file.values.methods(current) or file.values.stored(current, name):
            return True
        for base in current.bases:
            pending += [
                value.owner
                for value in file.values.of(base.value)
                if value.kind == CLASS and value.owner is not None
            ]
    return False
