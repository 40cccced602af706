"""What the values of a program are: which expression is a model, an optimizer, an instance of which class.

A value is followed from where it is made (a constructor, a function that returns one) through assignments,
attributes of ``self``, loops and calls, within a file and through imports from the project's other modules.
What Keras' classes and functions make of each other stands in the knowledge that is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Protocol, TypeAlias

import libcst as cst

from keras_migrate.names import Names
from keras_migrate.scopes import Binding, Given, Reference, Scope
from keras_migrate.walk import dotted

CLASS, FUNCTION, OBJECT, LITERAL, GENERATOR = "class", "function", "object", "literal", "generator"


class Value(NamedTuple):
    """One value that an expression can have.

    Attributes:
        kind: what it is an instance of in the words of the knowledge (``model``), with ``[…]`` around it for
            a list of these; ``class``, ``function``, ``generator`` (what a generator function gives),
            ``object`` (an instance of a class of the project that has nothing to do with Keras) or
            ``literal``; empty where nothing is known.
        symbol: the canonical name of the class of Keras that it is an instance of, or of the class or
            function that it is itself.
        node: the call that made it, its definition or its literal, where that is in the same file.
        owner: the class of the project that it is an instance of, or is; in the same file.
        lineage: for a class of the project, the classes of Keras that it derives from, nearest first.
        returned: what a function of another file or a method gives.
        sure: false for a guess by a parameter's name.
        standalone: false where the code reaches its class through TensorFlow.
        elsewhere: the class of another file that it is an instance of, or is.
    """

    kind: str
    symbol: str = ""
    node: cst.CSTNode | None = None
    owner: cst.ClassDef | None = None
    lineage: tuple[str, ...] = ()
    returned: tuple[Value, ...] = ()
    sure: bool = True
    standalone: bool = True
    elsewhere: Elsewhere | None = None


class Elsewhere(NamedTuple):
    """A class of another file of the project.

    Attributes:
        values: the values of that file.
        owner: its definition there.
    """

    values: Values
    owner: cst.ClassDef

    def defines(self, name: str) -> bool:
        """Whether the class, or one that it derives from in the project, has an attribute of a name."""
        instance = Value(OBJECT, owner=self.owner)
        return next(self.values.own_attribute(instance, name), None) is not None


UNKNOWN = Value("")

Outside: TypeAlias = "Callable[[str], tuple[Value, ...]]"
"""The values of a name that is imported from another module of the project."""


class Knowledge(Protocol):
    """What the evaluation asks of those who know Keras."""

    def symbol(self, name: str) -> tuple[str, tuple[str, ...]] | None:
        """The canonical symbol of a qualified name and the members that follow it; ``None`` for others."""

    def is_class(self, symbol: str) -> bool:
        """Whether a symbol is a class."""

    def lineage(self, symbol: str) -> tuple[str, ...]:
        """A class and its bases, nearest first, by canonical symbols."""

    def kind(self, lineage: tuple[str, ...]) -> str:
        """The kind of an instance of a class with that lineage; empty for none of interest."""

    def returned(self, symbol: str) -> str:
        """The kind of what a function gives."""

    def attribute(self, kind: str, name: str) -> str:
        """The kind of an attribute of an instance."""

    def method(self, kind: str, name: str) -> str:
        """The kind of what a method gives; kind ``class`` for those of classes."""

    def called(self, kind: str) -> str:
        """The kind of what an instance gives when it is called."""

    def named(self, parameter: str) -> str:
        """The kind that the name of a parameter suggests."""


class Values:
    """The values of the expressions of one file."""

    def __init__(
        self, names: Names, knowledge: Knowledge, outside: Outside = lambda name: (UNKNOWN,)
    ) -> None:
        """Prepares; nothing is worked out before it is asked for.

        Args:
            names: the names of the file.
            knowledge: what Keras' classes and functions give.
            outside: the values of names imported from the project's other modules.
        """
        self._names = names
        self._knowledge = knowledge
        self._outside = outside
        self._known: dict[cst.CSTNode, tuple[Value, ...]] = {}
        self._pending: set[object] = set()

    def of(self, node: cst.BaseExpression) -> tuple[Value, ...]:
        """Every value that an expression can have, ``UNKNOWN`` among them where that cannot be told."""
        found = self._known.get(node)
        if found is None:
            if node in self._pending or len(self._pending) > _DEPTH:
                return (UNKNOWN,)
            self._pending.add(node)
            found = tuple(dict.fromkeys(self._evaluated(node))) or (UNKNOWN,)
            self._pending.discard(node)
            self._known[node] = found
        return found

    def kinds(self, node: cst.BaseExpression) -> frozenset[str]:
        """The kinds of the values that an expression can have; an empty string among them for the unknown."""
        return frozenset(value.kind for value in self.of(node))

    def is_(self, node: cst.BaseExpression, *kinds: str) -> bool:
        """Whether an expression is of one of some kinds for sure, whatever way the program takes."""
        return all(value.kind in kinds and value.sure for value in self.of(node))

    def can_be(self, node: cst.BaseExpression, *kinds: str) -> bool:
        """Whether an expression is known or guessed to be of one of some kinds on some way."""
        return any(value.kind in kinds for value in self.of(node))

    def lineage(self, node: cst.ClassDef) -> Value:
        """A class of the file as a value: with its lineage, which is empty where it is not one of Keras."""
        found = self._known.get(node)
        if found is None:
            if node in self._pending:
                return Value(CLASS, node=node, owner=node)
            self._pending.add(node)
            found = (self._derived(node),)
            self._pending.discard(node)
            self._known[node] = found
        return found[0]

    def exported(self, name: str) -> tuple[Value, ...]:
        """The values of a name of the module as other modules see it."""
        bindings = self._names.scope.bindings.get(name, ())
        found = [
            self._seen_from_outside(value) for binding in bindings for value in self._bound(binding, name)
        ]
        return tuple(dict.fromkeys(found)) or (UNKNOWN,)

    def methods(self, owner: cst.ClassDef) -> dict[str, cst.FunctionDef]:
        """The methods that a class itself defines."""
        found: dict[str, cst.FunctionDef] = {}
        for name, bindings in self._names.scopes[owner].bindings.items():
            given = bindings[-1].given
            if given is not None and isinstance(given.node, cst.FunctionDef):
                found[name] = given.node
        return found

    def stored(self, owner: cst.ClassDef, name: str) -> list[Given]:
        """What the methods of a class assign to an attribute of ``self``."""
        return [
            given
            for node, given, scope in self._names.stores.get(name, ())
            if isinstance(node.value, cst.Name) and self._is_self(node.value.value, scope, owner)
        ]

    def _seen_from_outside(self, value: Value) -> Value:
        """A value without the nodes of its file."""
        returned = value.returned
        if isinstance(value.node, cst.FunctionDef) and value.kind == FUNCTION:
            returned = tuple(self._returned(value.node))
        plain = tuple(self._seen_from_outside(each) for each in returned if each.kind != FUNCTION)
        elsewhere = value.elsewhere if value.owner is None else Elsewhere(self, value.owner)
        return value._replace(node=None, owner=None, returned=plain, elsewhere=elsewhere)

    def _derived(self, node: cst.ClassDef) -> Value:
        lineage: list[str] = []
        standalone = sure = True
        for base in node.bases:
            for value in self.of(base.value):
                if value.kind != CLASS:
                    sure = sure and not lineage
                    continue
                own = (
                    value.lineage or self._knowledge.lineage(value.symbol) if value.symbol else value.lineage
                )
                lineage += [symbol for symbol in own if symbol not in lineage]
                standalone = standalone and value.standalone
                sure = sure and value.sure
        return Value(CLASS, "", node, node, tuple(lineage), (), sure, standalone)

    def _is_self(self, name: str, scope: Scope, owner: cst.ClassDef) -> bool:
        """Whether a name in a scope is the first parameter of a method of a class."""
        around: Scope | None = scope
        while around is not None and name not in around.bindings:
            around = around.outer
        if around is None or not isinstance(around.node, cst.FunctionDef) or around.outer is None:
            return False
        return around.outer.node is owner and first_parameter(around.node) == name

    def _evaluated(self, node: cst.BaseExpression) -> Iterator[Value]:
        if isinstance(node, (cst.Name, cst.Attribute)):
            yield from self._chain(node)
        elif isinstance(node, cst.Call):
            for value in self.of(node.func):
                yield from self._result(value, node)
            entry = _entry(node)
            for value in self.of(entry) if entry is not None else ():
                yield Value(f"[{value.kind}]" if value.kind else "", standalone=value.standalone)
        elif isinstance(node, cst.IfExp):
            yield from self.of(node.body)
            yield from self.of(node.orelse)
        elif isinstance(node, cst.BooleanOperation):
            yield from self.of(node.left)
            yield from self.of(node.right)
        elif isinstance(node, cst.NamedExpr):
            yield from self.of(node.value)
        elif isinstance(node, cst.Subscript) and isinstance(node.slice[0].slice, cst.Slice):
            yield from (value for value in self.of(node.value) if value.kind.startswith("["))
        elif isinstance(node, cst.Subscript):
            for value in self.of(node.value):
                yield from self._item(value, _position(node))
        elif isinstance(node, (cst.BinaryOperation, cst.UnaryOperation)):
            parts = (node.left, node.right) if isinstance(node, cst.BinaryOperation) else (node.expression,)
            for part in parts:
                yield from (value for value in self.of(part) if value.kind == "tensor")
        elif isinstance(node, cst.DictComp):
            for value in self.of(node.value):
                yield Value(f"[{value.kind}]" if value.kind else "", standalone=value.standalone)
        elif isinstance(node, (cst.Tuple, cst.List, cst.BaseNumber, cst.BaseString, cst.Dict, cst.Lambda)):
            yield Value(FUNCTION if isinstance(node, cst.Lambda) else LITERAL, node=node)

    def _chain(self, node: cst.Name | cst.Attribute) -> Iterator[Value]:
        """The values of a name, or of an attribute of anything."""
        reference = self._names.reference(node)
        if reference is None:
            if isinstance(node, cst.Attribute):
                for value in self.of(node.value):
                    yield from self._attribute(value, node.attr.value)
            return
        beyond = len(reference.attributes) - _length(node)
        meant = False
        for origin in self._names.origins(reference):
            name = origin.name.rsplit(".", beyond)[0] if beyond else origin.name
            known = self._knowledge.symbol(name) if origin.name else None
            if known is not None:
                meant = True
                yield from self._symbol(*known, not name.startswith("tensorflow"))
        if meant:
            return
        if isinstance(node, cst.Attribute):
            imported = list(self._imported(reference, node))
            if imported:
                yield from imported
                return
            for value in self.of(node.value):
                yield from self._attribute(value, node.attr.value)
            return
        bindings = self._names.bindings(reference)
        for binding in bindings:
            if not binding.nothing or len(bindings) == 1:
                yield from self._bound(binding, node.value)

    def _imported(self, reference: Reference, node: cst.Attribute) -> Iterator[Value]:
        """The values of ``module.name`` where the module is another one of the project."""
        for binding in self._names.bindings(reference):
            if binding.imported is not None and not binding.imported.star:
                path = (dotted(node) or "").partition(".")[2]
                for value in self._outside(f"{binding.imported.bound}.{path}"):
                    if value.kind:
                        yield value

    def _symbol(self, symbol: str, members: tuple[str, ...], standalone: bool) -> Iterator[Value]:
        """The value of a symbol of Keras, or of what follows it."""
        if self._knowledge.is_class(symbol):
            lineage = self._knowledge.lineage(symbol)
            value = Value(CLASS, symbol, lineage=lineage, standalone=standalone)
        else:
            given = self._knowledge.returned(symbol)
            returned = (Value(given, standalone=standalone),) if given else ()
            value = Value(FUNCTION, symbol, returned=returned, standalone=standalone)
        values: tuple[Value, ...] = (value,)
        for member in members:
            values = tuple(found for each in values for found in self._attribute(each, member))
        yield from values

    def _bound(self, binding: Binding, name: str) -> Iterator[Value]:
        """The values that a binding gives a name."""
        if binding.imported is not None:
            imported = binding.imported
            path = f"{imported.target}.{name}" if imported.star else imported.bound
            known = self._knowledge.symbol(path)
            if known is not None:
                yield from self._symbol(*known, not path.startswith("tensorflow"))
            else:
                yield from self._outside(path)
        elif binding.given is not None:
            yield from self._given(binding.given, binding.scope)
        else:
            yield UNKNOWN

    def _given(self, given: Given, scope: Scope | None = None) -> Iterator[Value]:
        """The values that an assignment, loop, parameter or definition gives."""
        node = given.node
        if isinstance(node, cst.FunctionDef):
            yield Value(FUNCTION, node=node)
        elif isinstance(node, cst.ClassDef):
            yield self.lineage(node)
        elif isinstance(node, cst.Param):
            yield from self._parameter(node, scope)
        elif isinstance(node, cst.BaseExpression):
            values: Iterable[Value] = self.of(node)
            path: tuple[int | None, ...] = given.path
            if given.how == "item":
                path = (None, *path)
            for index in path:
                values = [found for value in values for found in self._item(value, index)]
            yield from values

    def _parameter(self, node: cst.Param, scope: Scope | None) -> Iterator[Value]:
        function = scope.node if scope is not None else None
        method = isinstance(function, cst.FunctionDef) and scope is not None and scope.outer is not None
        if method and isinstance(scope.outer.node, cst.ClassDef):  # type: ignore[union-attr]
            assert isinstance(function, cst.FunctionDef)
            owner = scope.outer.node  # type: ignore[union-attr]
            if first_parameter(function) == node.name.value:
                yield self._instance(self.lineage(owner), None)
                return
        if node.annotation is not None:
            for value in self.of(node.annotation.annotation):
                if value.kind == CLASS:
                    yield self._instance(value, None)
                    return
        kind = self._knowledge.named(node.name.value)
        yield Value(kind, sure=False) if kind else UNKNOWN

    def _instance(self, value: Value, node: cst.CSTNode | None) -> Value:
        """An instance of a class."""
        kind = self._knowledge.kind(value.lineage)
        if not kind and value.owner is None and not value.symbol and value.elsewhere is None:
            return UNKNOWN
        return Value(
            kind or OBJECT,
            value.symbol,
            node,
            value.owner,
            value.lineage,
            (),
            value.sure,
            value.standalone,
            value.elsewhere,
        )

    def _attribute(self, value: Value, name: str) -> Iterator[Value]:
        """The values of an attribute of a value."""
        own = list(self.own_attribute(value, name))
        if own:
            yield from own
            return
        if value.kind == CLASS:
            of_class = self._knowledge.method(CLASS, name)
            if of_class and value.lineage:
                yield Value(FUNCTION, returned=(self._instance(value, None),))
            return
        kind = self._knowledge.attribute(value.kind, name)
        if kind:
            yield Value(kind, sure=value.sure, standalone=value.standalone)
            return
        kind = self._knowledge.method(value.kind, name)
        if kind:
            given_back = Value(kind, sure=value.sure, standalone=value.standalone)
            yield Value(FUNCTION, returned=(given_back,), sure=value.sure, standalone=value.standalone)

    def own_attribute(self, value: Value, name: str) -> Iterator[Value]:
        """The values of an attribute that the project's own class of a value gives it."""
        if value.owner is None:
            if value.elsewhere is not None:
                there = value._replace(owner=value.elsewhere.owner, elsewhere=None)
                values = value.elsewhere.values
                yield from map(values._seen_from_outside, values.own_attribute(there, name))
            return
        found = False
        for owner in self._ancestry(value.owner):
            method = self.methods(owner).get(name)
            if method is not None:
                found = True
                if _is_property(method):
                    yield from self._returned(method)
                else:
                    yield Value(FUNCTION, node=method)
            elif value.kind != CLASS:
                for given in self.stored(owner, name):
                    found = True
                    yield from self._given(given)
            if found:
                return
        for owner in self._ancestry(value.owner):
            for base in owner.bases:
                for each in self.of(base.value):
                    if each.owner is None and each.elsewhere is not None:
                        yield from self.own_attribute(each._replace(kind=value.kind), name)

    def _ancestry(self, owner: cst.ClassDef) -> Iterator[cst.ClassDef]:
        """A class of the file and those of its bases that are in the file too."""
        seen: list[cst.ClassDef] = []
        pending = [owner]
        while pending:
            current = pending.pop(0)
            if current in seen:
                continue
            seen.append(current)
            yield current
            for base in current.bases:
                pending += [value.owner for value in self.of(base.value) if value.owner is not None]

    def _result(self, value: Value, call: cst.Call) -> Iterator[Value]:
        """The values of a call of a value."""
        if value.kind == CLASS:
            yield self._instance(value, call)
        elif value.kind == FUNCTION:
            if value.returned:
                yield from (
                    each._replace(node=call) if each.node is None else each for each in value.returned
                )
            elif isinstance(value.node, (cst.FunctionDef, cst.Lambda)):
                yield from self._returned(value.node)
        else:
            kind = self._knowledge.called(value.kind)
            if kind:
                yield Value(kind, node=call, sure=value.sure, standalone=value.standalone)

    def _returned(self, function: cst.FunctionDef | cst.Lambda) -> Iterator[Value]:
        """What a function of the file gives."""
        scope = self._names.scopes[function]
        if scope.yields:
            yield Value(GENERATOR, node=function)
            return
        for node in scope.returns:
            if not (isinstance(node, cst.Name) and node.value == "None"):
                yield from self.of(node)

    def _item(self, value: Value, index: int | None) -> Iterator[Value]:
        """The values of one element of a value; of any where the position is not known."""
        if value.kind.startswith("["):
            yield Value(value.kind[1:-1], sure=value.sure, standalone=value.standalone)
        elif isinstance(value.node, (cst.Tuple, cst.List)) and value.kind == LITERAL:
            elements = value.node.elements
            plain = all(type(element) is cst.Element for element in elements)
            if index is not None and plain and -len(elements) <= index < len(elements):
                yield from self.of(elements[index].value)
            elif index is None:
                for element in elements:
                    yield from self.of(element.value)


_DEPTH = 40
"""How many steps a value is followed at most."""


def _entry(node: cst.Call) -> cst.BaseExpression | None:
    """The value of each entry of ``dict([(key, value) for … in …])``, which is kept like a list of them."""
    if not isinstance(node.func, cst.Name) or node.func.value != "dict" or len(node.args) != 1:
        return None
    pairs = node.args[0].value
    pair = pairs.elt if isinstance(pairs, (cst.ListComp, cst.GeneratorExp)) else None
    return pair.elements[1].value if isinstance(pair, cst.Tuple) and len(pair.elements) == 2 else None


def _length(node: cst.BaseExpression) -> int:
    """How many attributes a chain of names has."""
    length = 0
    while isinstance(node, cst.Attribute):
        length += 1
        node = node.value
    return length


def _position(node: cst.Subscript) -> int | None:
    """The literal position of a subscript with one."""
    if len(node.slice) != 1 or not isinstance(node.slice[0].slice, cst.Index):
        return None
    index = node.slice[0].slice.value
    sign = 1
    if isinstance(index, cst.UnaryOperation) and isinstance(index.operator, cst.Minus):
        sign, index = -1, index.expression
    return sign * int(index.value, 0) if isinstance(index, cst.Integer) else None


def first_parameter(function: cst.FunctionDef) -> str | None:
    """The name of the first parameter of a method that gets the instance; ``None`` for other functions."""
    if any(dotted(each.decorator) in ("staticmethod", "classmethod") for each in function.decorators):
        return None
    params = [*function.params.posonly_params, *function.params.params]
    return params[0].name.value if params else None


def _is_property(function: cst.FunctionDef) -> bool:
    return any(
        (dotted(each.decorator) or "").rpartition(".")[2] in ("property", "cached_property")
        for each in function.decorators
    )
