"""The places at which a layer lists its weights itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from ...scopes import Frame
from ...values import first_parameter
from ...walk import dotted
from ..reading.class_bodies import ClassBody, SelfUse

LISTS = {
    "trainable_weights": True,
    "_trainable_weights": True,
    "non_trainable_weights": False,
    "_non_trainable_weights": False,
}
"""The attributes that list weights, and whether those are trained."""


@dataclass(frozen=True, slots=True)
class Registration:
    """One place that lists weights.

    Attributes:
        use: the list, ``self.trainable_weights``.
        statement: the statement, perhaps within a longer line, and the nodes around it.
        added: what it adds, where that can be told.
        trainable: whether what is listed is trained.
        replaces: whether it gives the list another value.
    """

    use: SelfUse
    statement: tuple[cst.BaseSmallStatement, tuple[cst.CSTNode, object]]
    added: tuple[cst.BaseExpression, ...] | None
    trainable: bool
    replaces: bool


def registrations_of(body: ClassBody) -> Iterator[Registration]:
    """Every place that lists weights, in the order of the class."""
    for name, trainable in LISTS.items():
        for use in body.uses.get(name, ()):
            assigned = use.assigned
            if assigned is not None:
                elements = _elements(assigned[0].value)
                yield Registration(use, assigned, elements, trainable, True)  # type: ignore[arg-type]
                continue
            assert use.frame is not None
            around, frame = use.frame
            if isinstance(around, cst.AugAssign) and around.target is use.node and frame is not None:
                yield Registration(use, (around, frame), _elements(around.value), trainable, False)
                continue
            method = _list_method(use)
            if method is not None:
                yield Registration(use, *method, trainable, False)


def _list_method(
    use: SelfUse,
) -> tuple[tuple[cst.Expr, tuple[cst.CSTNode, object]], tuple[cst.BaseExpression, ...] | None] | None:
    """The statement ``self.trainable_weights.append(…)`` or ``.extend(…)``, and what that adds."""
    assert use.frame is not None
    attribute, frame = use.frame
    if not isinstance(attribute, cst.Attribute) or frame is None or frame[1] is None:
        return None
    call, (statement, around) = frame[0], frame[1]
    if not isinstance(call, cst.Call) or not isinstance(statement, cst.Expr) or len(call.args) != 1:
        return None
    value = call.args[0].value
    if around is None or attribute.attr.value not in ("append", "extend"):
        return None
    added = (value,) if attribute.attr.value == "append" else _elements(value)
    return (statement, around), added


def _elements(value: cst.BaseExpression) -> tuple[cst.BaseExpression, ...] | None:
    """The elements of a list in which nothing is unpacked; a list of layers' weights as itself."""
    if isinstance(value, (cst.List, cst.Tuple)):
        plain = all(type(element) is cst.Element for element in value.elements)
        return tuple(element.value for element in value.elements) if plain else None
    if isinstance(value, cst.BinaryOperation) and isinstance(value.operator, cst.Add):
        left, right = _elements(value.left), _elements(value.right)
        return None if left is None or right is None else left + right
    return (value,) if isinstance(value, cst.Attribute) and value.attr.value in LISTS else None


def own_names(registration: Registration) -> list[str] | None:
    """The attributes of ``self`` that are listed, if nothing else is."""
    if not registration.added:
        return None
    names: list[str] = []
    receiver = first_parameter(registration.use.method)
    for element in registration.added:
        parts = (dotted(element) or "").split(".")
        if len(parts) != 2 or parts[0] != receiver:
            return None
        names.append(parts[1])
    return names


def only_of_layers(registration: Registration) -> bool:
    """Whether what is listed are weights of other layers, or nothing."""
    added = registration.added
    return added is not None and all(
        isinstance(each, cst.Attribute) and each.attr.value in LISTS for each in added
    )


def conditions(frame: Frame) -> list[tuple[cst.If, Frame]]:
    """The conditions that a place in a method is under, inner ones first, with the nodes around them."""
    found: list[tuple[cst.If, Frame]] = []
    while frame is not None and not isinstance(frame[0], cst.FunctionDef):
        if isinstance(frame[0], cst.If):
            found.append((frame[0], frame[1]))
        frame = frame[1]
    return found
