"""Scopes, what is bound in them, and the uses of names: what a walk over a module collects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import libcst as cst

Frame: TypeAlias = "tuple[cst.CSTNode, Frame] | None"
"""The nodes that enclose a node, innermost first, as a linked list."""


def around(frame: Frame) -> Iterator[cst.CSTNode]:
    """The nodes that enclose a node, innermost first."""
    while frame is not None:
        yield frame[0]
        frame = frame[1]


class Branch(NamedTuple):
    """One arm of a statement that decides at run time whether its body runs."""

    outer: Branch | None
    statement: cst.CSTNode
    arm: int
    exclusive: bool
    """Whether at most one arm of the statement runs."""
    loops: bool


class Scope:
    """What is bound in a module, function, class, comprehension, generator, or list of type parameters."""

    __slots__ = ("aside", "bindings", "elsewhere", "kind", "node", "outer", "returns", "stars", "yields")

    def __init__(self, kind: str, outer: Scope | None, node: cst.CSTNode | None = None) -> None:
        self.kind = kind
        self.outer = outer
        self.node = node
        """The function, lambda or class that it belongs to."""
        self.returns: list[cst.BaseExpression] = []
        """What a function returns."""
        self.yields: list[tuple[cst.Yield, Frame]] = []
        """Where a function is a generator."""
        self.bindings: dict[str, list[Binding]] = {}
        self.aside: dict[str, list[Binding]] = {}
        """What code of inner scopes binds here through ``global`` and ``nonlocal``, whenever that runs."""
        self.elsewhere: dict[str, str] = {}
        """Names declared ``global`` or ``nonlocal`` here, and which of the two."""
        self.stars: list[ImportedName] = []

    @property
    def inline(self) -> bool:
        """Whether the body runs where it stands, unlike a function's."""
        return self.kind in ("class", "comprehension", "types")

    @property
    def module(self) -> Scope:
        """The outermost scope."""
        scope = self
        while scope.outer is not None:
            scope = scope.outer
        return scope


class Given(NamedTuple):
    """Where a value comes from.

    Attributes:
        how: ``value`` of an expression, ``item`` of what a loop goes through, ``entered`` by a ``with``,
            ``parameter``, ``function`` or ``class``.
        node: the expression or definition.
        path: the positions by which it was taken out of that: ``(1,)`` for ``b`` in ``a, b = f()``.
    """

    how: str
    node: cst.CSTNode
    path: tuple[int, ...] = ()


class Binding:
    """One place that gives a name a value."""

    __slots__ = ("branch", "given", "imported", "loaded", "nothing", "order", "scope", "value")

    def __init__(
        self,
        order: int,
        branch: Branch | None,
        *,
        imported: ImportedName | None = None,
        value: Reference | None = None,
        loaded: str = "",
        nothing: bool = False,
        given: Given | None = None,
        scope: Scope | None = None,
    ) -> None:
        self.order = order
        self.branch = branch
        self.imported = imported
        self.value = value
        self.loaded = loaded
        """The module that a call loads by its name: ``importlib.import_module('keras.layers')``."""
        self.given = given
        self.scope = scope
        """Where a parameter is bound."""
        self.nothing = nothing
        """Bound to ``None``: a placeholder, whose attributes nobody uses."""


class ImportedName:
    """One name of one import statement, or its star.

    Attributes:
        statement: the ``Import`` or ``ImportFrom`` node.
        alias: the ``ImportAlias`` node; the statement itself for a star.
        local: the name that is bound; ``*`` for a star.
        target: the qualified name that is imported (``keras.layers.Dense``); relative ones start with dots.
        bound: the qualified name that ``local`` stands for: ``keras`` for ``import keras.layers``.
    """

    __slots__ = ("alias", "bound", "branch", "frame", "local", "order", "scope", "statement", "target")

    def __init__(
        self,
        statement: cst.Import | cst.ImportFrom,
        alias: cst.ImportAlias | cst.Import | cst.ImportFrom,
        local: str,
        target: str,
        bound: str,
        scope: Scope,
        order: int,
        branch: Branch | None,
        frame: Frame,
    ) -> None:
        self.statement = statement
        self.alias = alias
        self.local = local
        self.target = target
        self.bound = bound
        self.scope = scope
        self.order = order
        self.branch = branch
        self.frame = frame

    def like(self, local: str, target: str, bound: str) -> ImportedName:
        """Another name that the same statement gives: one of its star, or a member of the imported module."""
        return ImportedName(
            self.statement,
            self.statement,
            local,
            target,
            bound,
            self.scope,
            self.order,
            self.branch,
            self.frame,
        )

    @property
    def star(self) -> bool:
        """Whether this is ``from module import *``."""
        return self.local == "*"


class Reference:
    """A use of a name, with the attributes that follow it: ``keras.layers.Dense``.

    Attributes:
        node: the outermost expression of the chain.
        root: the ``Name`` at its start.
        attributes: what follows the root, ``("layers", "Dense")``.
        scope: where it stands.
        frame: the nodes around it.
    """

    __slots__ = ("_origins", "attributes", "branch", "frame", "node", "order", "root", "scope")

    def __init__(
        self,
        node: cst.Name | cst.Attribute,
        root: cst.Name,
        attributes: tuple[str, ...],
        scope: Scope,
        order: int,
        branch: Branch | None,
        frame: Frame,
    ) -> None:
        self.node = node
        self.root = root
        self.attributes = attributes
        self.scope = scope
        self.order = order
        self.branch = branch
        self.frame = frame
        self._origins: tuple[Origin, ...] | None = None

    @property
    def called(self) -> cst.Call | None:
        """The call whose function this is, if it is one."""
        if self.frame is not None and type(self.frame[0]) is cst.Call and self.frame[0].func is self.node:
            return self.frame[0]
        return None

    def at(self, place: Reference) -> Reference:
        """The same name, as if it was used where another reference stands."""
        return Reference(
            self.node, self.root, self.attributes, place.scope, place.order, place.branch, place.frame
        )

    @property
    def subclass(self) -> cst.ClassDef | None:
        """The class that has this as one of its bases, if there is one."""
        if self.frame is None or type(self.frame[0]) is not cst.Arg or self.frame[1] is None:
            return None
        owner = self.frame[1][0]
        if type(owner) is cst.ClassDef and self.frame[0] in owner.bases:
            return owner
        return None


class Origin(NamedTuple):
    """One value that a reference can have.

    Attributes:
        name: its qualified name; empty where nothing is known.
        imported: the import that bound the root of the reference, directly; ``None`` through an assignment.
    """

    name: str
    imported: ImportedName | None


class Loaded(NamedTuple):
    """A module that a call loads by its name."""

    name: str


Value: TypeAlias = "Reference | Loaded | list[Value] | None"
"""What an assignment assigns: a chain of names, a module, the elements of a tuple, or something else."""
