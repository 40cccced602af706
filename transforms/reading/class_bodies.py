"""What the methods of a class do with ``self`` and with ``super()``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import libcst as cst

from ...names import Names
from ...scopes import Frame, Reference, Scope
from ...values import first_parameter


@dataclass(frozen=True, slots=True)
class SelfUse:
    """One ``self.name`` in a method.

    Attributes:
        node: the attribute expression.
        frame: the nodes around it.
        method: the method that it is in, perhaps within a function of its own there.
        scope: where it stands.
    """

    node: cst.Attribute
    frame: Frame
    method: cst.FunctionDef
    scope: Scope

    @property
    def call(self) -> cst.Call | None:
        """The call of it, if it is called."""
        assert self.frame is not None
        around = self.frame[0]
        return around if type(around) is cst.Call and around.func is self.node else None

    @property
    def assigned(self) -> tuple[cst.Assign, Frame] | None:
        """The assignment to it alone, ``self.name = …``."""
        assert self.frame is not None
        target, outer = self.frame
        if type(target) is not cst.AssignTarget or outer is None:
            return None
        assign = outer[0]
        return (assign, outer[1]) if type(assign) is cst.Assign and len(assign.targets) == 1 else None

    @property
    def stored(self) -> bool:
        """Whether it is given another value here, in whatever way."""
        assert self.frame is not None
        around, outer = self.frame
        if type(around) is cst.Element and outer is not None and outer[1] is not None:
            around = outer[1][0]
        if isinstance(around, (cst.AugAssign, cst.AnnAssign)):
            return around.target is self.node
        return isinstance(around, (cst.AssignTarget, cst.Del))


@dataclass(frozen=True, slots=True)
class SuperCall:
    """One ``super(…).name(…)`` in a method.

    Attributes:
        name: the method of the base that is called.
        node: the call.
        frame: the nodes around it.
        method: the method that it is in.
    """

    name: str
    node: cst.Call
    frame: Frame
    method: cst.FunctionDef


@dataclass(slots=True)
class ClassBody:
    """The uses of ``self`` and ``super()`` in the methods that a class itself defines.

    Attributes:
        uses: every ``self.name`` by its name, in program order.
        passed: every ``self`` that is not followed by an attribute.
        supers: every call of a method of the base.
    """

    uses: dict[str, list[SelfUse]] = field(default_factory=dict)
    passed: list[Reference] = field(default_factory=list)
    supers: list[SuperCall] = field(default_factory=list)

    def super_calls(self, name: str, method: cst.FunctionDef | None = None) -> list[SuperCall]:
        """The calls of one method of the base, perhaps only those in one method of the class."""
        return [call for call in self.supers if call.name == name and method in (None, call.method)]


def body_of(names: Names, node: cst.ClassDef) -> ClassBody:
    """What the methods of a class do with ``self`` and ``super()``."""
    return _bodies(names).get(node) or ClassBody()


@lru_cache(maxsize=1)
def _bodies(names: Names) -> dict[cst.ClassDef, ClassBody]:
    """The same for every class of a file."""
    found: dict[cst.ClassDef, ClassBody] = {}
    receivers = {
        receiver
        for node in names.scopes
        if isinstance(node, cst.FunctionDef) and _is_method(names.scopes[node])
        for receiver in [first_parameter(node)]
        if receiver is not None
    }
    for receiver in sorted(receivers):
        for reference in names.uses(receiver):
            method = _method_of(reference.scope, receiver)
            if method is None:
                continue
            body = found.setdefault(*_owned(names, method))
            if reference.attributes:
                node, frame = _first_attribute(reference)
                use = SelfUse(node, frame, method, reference.scope)
                body.uses.setdefault(node.attr.value, []).append(use)
            else:
                body.passed.append(reference)
    for reference in names.uses("super"):
        method = _method_of(reference.scope, None)
        call = _super_call(reference, method) if method is not None else None
        if call is not None:
            found.setdefault(*_owned(names, call.method)).supers.append(call)
    return found


def _owned(names: Names, method: cst.FunctionDef) -> tuple[cst.ClassDef, ClassBody]:
    """The class of a method, and an empty body for it."""
    outer = names.scopes[method].outer
    assert outer is not None
    assert isinstance(outer.node, cst.ClassDef)
    return outer.node, ClassBody()


def _is_method(scope: Scope) -> bool:
    return scope.outer is not None and isinstance(scope.outer.node, cst.ClassDef)


def _method_of(scope: Scope | None, receiver: str | None) -> cst.FunctionDef | None:
    """The method around a scope, where a name for the instance is not bound to something else on the way."""
    while scope is not None:
        if isinstance(scope.node, cst.FunctionDef) and _is_method(scope):
            own = receiver is None or first_parameter(scope.node) == receiver
            return scope.node if own and (receiver is None or len(scope.bindings[receiver]) == 1) else None
        if receiver is not None and receiver in scope.bindings:
            return None
        scope = scope.outer
    return None


def _first_attribute(reference: Reference) -> tuple[cst.Attribute, Frame]:
    """The beginning ``self.name`` of a longer chain, with the nodes around it."""
    node: cst.BaseExpression = reference.node
    frame = reference.frame
    assert isinstance(node, cst.Attribute)
    while node.value is not reference.root:
        frame = (node, frame)
        node = node.value
        assert isinstance(node, cst.Attribute)
    return node, frame


def _super_call(reference: Reference, method: cst.FunctionDef) -> SuperCall | None:
    """The call of a method of the base that begins with a reference to ``super``."""
    if reference.called is None or reference.frame is None:
        return None
    around = reference.frame[1]
    if around is None or type(around[0]) is not cst.Attribute or around[1] is None:
        return None
    call, frame = around[1]
    if type(call) is not cst.Call or call.func is not around[0]:
        return None
    return SuperCall(around[0].attr.value, call, frame, method)


def parameters(function: cst.FunctionDef) -> list[str]:
    """The names of the positional parameters of a method behind ``self``."""
    params = [*function.params.posonly_params, *function.params.params]
    return [param.name.value for param in params[1:]]


def within(node: cst.CSTNode, frame: Frame) -> Iterator[tuple[cst.CSTNode, Frame]]:
    """Every node within a node, itself first, with the nodes around it."""
    yield node, frame
    inside: Frame = (node, frame)
    for child in node.children:
        if not isinstance(child, _LAYOUT):
            yield from within(child, inside)


_LAYOUT = (
    cst.BaseParenthesizableWhitespace,
    cst.TrailingWhitespace,
    cst.EmptyLine,
    cst.Comma,
    cst.AssignEqual,
)
