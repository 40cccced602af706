"""What a layer of Keras 1 says of the regularizers and constraints of its weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from ...scopes import Frame
from ...transform import File
from ...values import first_parameter
from ...walk import dotted
from ..edits.statement_edits import statement_around
from ..reading.class_bodies import ClassBody, SelfUse, within
from .registered_weights import weight_calls

_ACTIVITIES = "activity_regularizer"

_Call = tuple[cst.Call, Frame]


@dataclass(frozen=True, slots=True)
class Penalty:
    """One regularizer or constraint.

    Attributes:
        weight: the attribute that holds the weight; empty where it is for what the layer gives.
        value: what gives the regularizer or constraint.
        calls: the calls that make the weight.
    """

    weight: str
    value: cst.BaseExpression
    calls: tuple[_Call, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """One statement about the penalties of a layer.

    Attributes:
        line: the statement.
        frame: the nodes around it.
        penalties: what it says of which weights; nothing where another one says it.
    """

    line: cst.SimpleStatementLine
    frame: Frame
    penalties: tuple[Penalty, ...] = ()


def read_listings(file: File, body: ClassBody, name: str) -> list[Listing] | None:
    """What a class says of its regularizers or constraints; ``None`` where that cannot be understood.

    Args:
        file: the file.
        body: what its methods do with ``self``.
        name: the list, ``regularizers`` or ``constraints``.
    """
    told = list(_told(body)) if name == "regularizers" else []
    known = {use.node.attr.value for use, _ in told}
    listings = [_listing(file, body, use, [(weight, use.node)]) for use, weight in told]
    for use in body.uses.get(name, ()):
        pairs = _pairs(use, known)
        listings.append(None if pairs is None else _listing(file, body, use, pairs))
    found = [each for each in listings if each is not None]
    return found if len(found) == len(listings) else None


def _told(body: ClassBody) -> Iterator[tuple[SelfUse, str]]:
    """Every ``self.W_regularizer.set_param(self.W)`` or ``….set_layer(self)``, with the weight of it."""
    for uses in body.uses.values():
        for use in uses:
            added = _added(use, "set_param", "set_layer")
            if added is not None and _own(added, use):
                yield use, _attribute(added)


def _added(use: SelfUse, *methods: str) -> cst.BaseExpression | None:
    """The argument of the statement ``self.x.method(…)``."""
    assert use.frame is not None
    attribute, frame = use.frame
    if not isinstance(attribute, cst.Attribute) or attribute.attr.value not in methods or frame is None:
        return None
    call = frame[0]
    alone = frame[1] is not None and isinstance(frame[1][0], cst.Expr)
    if not alone or not isinstance(call, cst.Call) or call.func is not attribute or len(call.args) != 1:
        return None
    return call.args[0].value


def _own(node: cst.BaseExpression, use: SelfUse) -> bool:
    """Whether an expression is ``self`` or an attribute of it."""
    parts = (dotted(node) or "").split(".")
    return len(parts) <= 2 and parts[0] == first_parameter(use.method)


def _attribute(node: cst.BaseExpression) -> str:
    return (dotted(node) or "").partition(".")[2]


def _pairs(use: SelfUse, known: set[str]) -> list[tuple[str, cst.BaseExpression]] | None:
    """The weights with their penalties that a use of a list names.

    Args:
        use: the list.
        known: the regularizers of which another statement says what they punish.
    """
    assert use.frame is not None
    around, outer = use.frame
    added = _added(use, "append")
    given = use.assigned[0].value if use.assigned is not None else None
    if added is not None or isinstance(given, cst.List):
        values = [added] if added is not None else [each.value for each in given.elements]  # type: ignore[union-attr]
        return [] if all(_own(each, use) and _attribute(each) in known for each in values) else None
    if isinstance(given, cst.Dict):
        plain = [each for each in given.elements if isinstance(each, cst.DictElement) and _own(each.key, use)]
        return (
            [(_attribute(each.key), each.value) for each in plain]
            if len(plain) == len(given.elements)
            else None
        )
    if isinstance(around, cst.Subscript) and outer is not None and outer[1] is not None:
        assign, index = outer[1][0], around.slice[0].slice
        if isinstance(assign, cst.Assign) and len(assign.targets) == 1 and isinstance(index, cst.Index):
            return [(_attribute(index.value), assign.value)] if _own(index.value, use) else None
    return None


def _listing(
    file: File, body: ClassBody, use: SelfUse, pairs: Sequence[tuple[str, cst.BaseExpression]]
) -> Listing | None:
    """A statement about penalties with the calls that make the weights, where those can be given them."""
    place = statement_around(use.frame)
    if place is None or len(place[0].body) > 1:
        return None
    penalties: list[Penalty] = []
    for weight, value in pairs:
        calls = tuple(weight_calls(file, body, weight)) if weight else ()
        if not (calls or (not weight and _attribute(value) == _ACTIVITIES)) or not _early(
            file, body, use, value
        ):
            return None
        penalties.append(Penalty(weight, value, calls))
    return Listing(*place, tuple(penalties))


def _early(file: File, body: ClassBody, use: SelfUse, value: cst.BaseExpression) -> bool:
    """Whether a value is the same where the weights are made: nothing in it is set in the method."""
    local = file.names.scopes[use.method].bindings
    receiver = first_parameter(use.method)
    names = {node.value for node, _ in within(value, None) if isinstance(node, cst.Name)}
    stored = {
        each.node.attr.value
        for uses in body.uses.values()
        for each in uses
        if each.stored and each.method is use.method
    }
    attributes = {node.attr.value for node, _ in within(value, None) if isinstance(node, cst.Attribute)}
    return not (names - {receiver}) & local.keys() and not attributes & stored
