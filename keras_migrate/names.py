"""Which dotted name each expression of a module stands for.

One read-only walk over the meaningful fields of the tree collects scopes, bindings and references; what a
reference stands for is worked out afterwards, and only for names that can lead to a package of interest.
Assignments are followed in program order: a reference sees the bindings that can reach it, so a name that is
bound again later, or by the other arm of an ``if``, is not mistaken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias

import libcst as cst

Frame: TypeAlias = "tuple[cst.CSTNode, Frame] | None"
"""The nodes that enclose a node, innermost first, as a linked list."""


class Branch(NamedTuple):
    """One arm of a statement that decides at run time whether its body runs."""

    outer: Branch | None
    statement: cst.CSTNode
    arm: int
    exclusive: bool
    """Whether at most one arm of the statement runs."""
    loops: bool


class Scope:
    """A module, class, function or comprehension, and what is bound in it."""

    __slots__ = ("bindings", "elsewhere", "kind", "outer", "stars")

    def __init__(self, kind: str, outer: Scope | None) -> None:
        self.kind = kind
        self.outer = outer
        self.bindings: dict[str, list[Binding]] = {}
        self.elsewhere: dict[str, str] = {}
        """Names declared ``global`` or ``nonlocal`` here, and which of the two."""
        self.stars: list[ImportedName] = []

    @property
    def inline(self) -> bool:
        """Whether the body runs where it stands, unlike a function's."""
        return self.kind in ("class", "comprehension")

    @property
    def module(self) -> Scope:
        """The outermost scope."""
        scope = self
        while scope.outer is not None:
            scope = scope.outer
        return scope


class Binding:
    """One place that gives a name a value."""

    __slots__ = ("branch", "imported", "nothing", "order", "value")

    def __init__(
        self,
        order: int,
        branch: Branch | None,
        *,
        imported: ImportedName | None = None,
        value: Reference | None = None,
        nothing: bool = False,
    ) -> None:
        self.order = order
        self.branch = branch
        self.imported = imported
        self.value = value
        self.nothing = nothing
        """Bound to ``None``: a placeholder, whose attributes nobody uses."""


class ImportedName:
    """One name of one import statement, or its star.

    Attributes:
        statement: the ``Import`` or ``ImportFrom`` node.
        alias: the ``ImportAlias`` node; the statement itself for a star.
        local: the name that is bound; ``*`` for a star.
        target: the qualified name that is imported (``keras.layers.Dense``); relative imports start with dots.
        bound: the qualified name that ``local`` stands for: ``keras`` for ``import keras.layers``.
    """

    __slots__ = ("alias", "bound", "branch", "frame", "local", "order", "scope", "statement", "target")

    def __init__(
        self,
        statement: cst.Import | cst.ImportFrom,
        alias: cst.ImportAlias | cst.ImportFrom,
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


UNKNOWN = Origin("", None)

StarNames: TypeAlias = Callable[[str], "frozenset[str] | None"]
"""The names that ``from module import *`` gives; ``None`` where that is not known."""

Reexport: TypeAlias = Callable[[str], "str | None"]
"""What a name imported from the project's own modules really is: ``.backend.keras`` → ``keras``."""


class Names:
    """The bindings and references of one module.

    Attributes:
        imports: the imports of packages of interest, in program order.
        references: the uses that can stand for something of interest, in program order.
        classes: every class definition with the nodes around it.
        attributes: uses of wanted attribute names on any receiver.
        identifiers: every identifier that the module binds or reads.
        exported: the names listed in ``__all__``.
    """

    def __init__(
        self,
        module: cst.Module,
        roots: frozenset[str],
        *,
        wanted_attributes: frozenset[str] = frozenset(),
        star_names: StarNames = lambda module: None,
        reexport: Reexport = lambda name: None,
    ) -> None:
        """Walks a module.

        Args:
            module: the parsed module.
            roots: first parts of the qualified names of interest (``keras``, ``tensorflow``).
            wanted_attributes: attribute names to note whatever the receiver.
            star_names: what a star import gives.
            reexport: what a name imported from the project's own modules stands for.
        """
        walk = _Walk(wanted_attributes)
        walk.module(module)
        self._roots = roots
        self._star_names = star_names
        self._reexport = reexport
        self._resolving: set[int] = set()
        self.scope = walk.scope
        self.identifiers = walk.identifiers
        self.classes = walk.classes
        self.attributes = walk.attributes
        self.exported = walk.exported
        self.imports: list[ImportedName] = []
        stars = False
        interesting: set[str] = set()
        for imported in walk.imports:
            if imported.target.partition(".")[0] not in roots:
                self._follow(imported)
            if imported.bound.partition(".")[0] in roots:
                self.imports.append(imported)
                if imported.star:
                    stars = True
                else:
                    interesting.add(imported.local)
        if stars:
            interesting.update(walk.references)
        else:
            self._follow_assignments(walk, interesting)
        references = [
            reference
            for name in interesting
            for reference in walk.references.get(name, ())
            if any(origin.name for origin in self.origins(reference))
        ]
        references.sort(key=lambda reference: reference.order)
        self.references: list[Reference] = references

    def origins(self, reference: Reference) -> tuple[Origin, ...]:
        """Every value that a reference can have, each with its whole qualified name."""
        if reference._origins is None:
            key = id(reference)
            if key in self._resolving:
                return ()
            self._resolving.add(key)
            reference._origins = tuple(dict.fromkeys(self._resolve(reference)))
            self._resolving.discard(key)
        return reference._origins

    def bindings(self, reference: Reference) -> list[Binding]:
        """The bindings that can give the root of a reference its value, latest first."""
        return list(self._reaching(reference.root.value, reference))

    def visible(self, name: str, place: Reference) -> list[Binding]:
        """The bindings that would give a name its value where another reference stands, latest first."""
        return list(self._reaching(name, place))

    def _follow(self, imported: ImportedName) -> None:
        """Replaces an import from the project's own modules by what they re-export."""
        real = self._reexport(imported.target)
        if real is not None:
            imported.bound = real

    def _follow_assignments(self, walk: _Walk, interesting: set[str]) -> None:
        """Adds the names that are assigned from interesting ones."""
        pending = [
            imported.local for imported in walk.imports if imported.bound.partition(".")[0] in self._roots
        ]
        interesting.update(pending)
        while pending:
            for local in walk.assigned_from.get(pending.pop(), ()):
                if local not in interesting:
                    interesting.add(local)
                    pending.append(local)

    def _resolve(self, reference: Reference) -> Iterator[Origin]:
        tail = "".join("." + attribute for attribute in reference.attributes)
        bindings = self.bindings(reference)
        for binding in bindings:
            if binding.imported is not None:
                bound = binding.imported.bound
                if binding.imported.star:
                    bound = f"{binding.imported.target}.{reference.root.value}"
                if bound.partition(".")[0] in self._roots:
                    yield Origin(bound + tail, binding.imported)
                else:
                    yield UNKNOWN
            elif binding.value is not None:
                for origin in self.origins(binding.value):
                    yield Origin(origin.name + tail, None) if origin.name else UNKNOWN
            elif not binding.nothing or len(bindings) == 1:
                yield UNKNOWN

    def _reaching(self, name: str, reference: Reference) -> Iterator[Binding]:
        scope: Scope | None = reference.scope
        runs_here = True
        first = True
        while scope is not None:
            if not first and scope.kind == "class":
                scope = scope.outer
                continue
            declared = scope.elsewhere.get(name)
            if declared is not None:
                scope = scope.module if declared == "global" else scope.outer
                runs_here = False
                first = False
                continue
            bindings = self._bound(scope, name)
            if bindings:
                if not runs_here:
                    yield from reversed(bindings)
                    return
                found = list(_before(bindings, reference))
                if found or not scope.inline:
                    yield from found
                    return
            if not scope.inline:
                runs_here = False
            first = scope.kind == "comprehension" and first
            scope = scope.outer

    def _bound(self, scope: Scope, name: str) -> list[Binding]:
        """The bindings of a name in a scope; a star import gives only what was not bound before it.

        Old modules leaked what they imported themselves (``np``, ``K``), so that a star that comes after an import
        of the same name most likely gives the same thing.
        """
        bindings = scope.bindings.get(name, [])
        given = [
            Binding(star.order, star.branch, imported=star)
            for star in scope.stars
            if not (bindings and bindings[0].order < star.order)
            and name in (self._star_names(star.target) or ())
        ]
        if given:
            return sorted([*bindings, *given], key=lambda binding: binding.order)
        return bindings


def _before(bindings: list[Binding], reference: Reference) -> Iterator[Binding]:
    """The bindings of one scope that can reach a reference in the same flow, latest first."""
    arms = _arms(reference.branch)
    killer: Binding | None = None
    for binding in reversed(bindings):
        if binding.order > reference.order:
            continue
        if _excludes(binding.branch, arms):
            continue
        yield binding
        if _encloses(binding.branch, arms):
            killer = binding
            break
    loops = [branch for branch in arms.values() if branch.loops]
    if killer is not None:
        inside = _arms(killer.branch)
        loops = [loop for loop in loops if id(loop.statement) not in inside]
    if loops:
        for binding in reversed(bindings):
            if binding.order > reference.order:
                around = _arms(binding.branch)
                if any(id(loop.statement) in around for loop in loops):
                    yield binding


def _arms(branch: Branch | None) -> dict[int, Branch]:
    """The branches around a place, by the statement that they belong to."""
    found = {}
    while branch is not None:
        found[id(branch.statement)] = branch
        branch = branch.outer
    return found


def _encloses(branch: Branch | None, arms: dict[int, Branch]) -> bool:
    """Whether what runs in a branch has always run before a place within the given arms."""
    while branch is not None:
        other = arms.get(id(branch.statement))
        if other is None or other.arm != branch.arm:
            return False
        branch = branch.outer
    return True


def _excludes(branch: Branch | None, arms: dict[int, Branch]) -> bool:
    """Whether a branch never runs together with the given arms."""
    while branch is not None:
        other = arms.get(id(branch.statement))
        if other is not None and other.arm != branch.arm and branch.exclusive and other.exclusive:
            return True
        branch = branch.outer
    return False


def dotted(node: cst.BaseExpression | None) -> str | None:
    """The text of a chain of plain names, ``a.b.c``; ``None`` for any other expression."""
    parts: list[str] = []
    while type(node) is cst.Attribute:
        parts.append(node.attr.value)
        node = node.value
    if type(node) is not cst.Name:
        return None
    parts.append(node.value)
    return ".".join(reversed(parts))


_LEAVES = frozenset(
    {
        cst.Integer,
        cst.Float,
        cst.Imaginary,
        cst.SimpleString,
        cst.Ellipsis,
        cst.FormattedStringText,
        cst.TemplatedStringText,
        cst.Pass,
        cst.Break,
        cst.Continue,
    }
)

_CHILDREN: dict[type, tuple[str, ...]] = {
    cst.ConcatenatedString: ("left", "right"),
    cst.FormattedString: ("parts",),
    cst.FormattedStringExpression: ("expression", "format_spec"),
    cst.TemplatedString: ("parts",),
    cst.TemplatedStringExpression: ("expression", "format_spec"),
    cst.UnaryOperation: ("expression",),
    cst.BinaryOperation: ("left", "right"),
    cst.BooleanOperation: ("left", "right"),
    cst.Comparison: ("left", "comparisons"),
    cst.ComparisonTarget: ("comparator",),
    cst.Call: ("func", "args"),
    cst.Arg: ("value",),
    cst.Subscript: ("value", "slice"),
    cst.SubscriptElement: ("slice",),
    cst.Index: ("value",),
    cst.Slice: ("lower", "upper", "step"),
    cst.Await: ("expression",),
    cst.Yield: ("value",),
    cst.From: ("item",),
    cst.IfExp: ("test", "body", "orelse"),
    cst.Tuple: ("elements",),
    cst.List: ("elements",),
    cst.Set: ("elements",),
    cst.Element: ("value",),
    cst.StarredElement: ("value",),
    cst.Dict: ("elements",),
    cst.DictElement: ("key", "value"),
    cst.StarredDictElement: ("value",),
    cst.SimpleStatementLine: ("body",),
    cst.SimpleStatementSuite: ("body",),
    cst.IndentedBlock: ("body",),
    cst.Expr: ("value",),
    cst.Return: ("value",),
    cst.Raise: ("exc", "cause"),
    cst.Assert: ("test", "msg"),
    cst.Else: ("body",),
    cst.Finally: ("body",),
    cst.Decorator: ("decorator",),
    cst.Annotation: ("annotation",),
    cst.MatchValue: ("value",),
    cst.MatchSingleton: (),
    cst.MatchList: ("patterns",),
    cst.MatchTuple: ("patterns",),
    cst.MatchSequenceElement: ("value",),
    cst.MatchOr: ("patterns",),
    cst.MatchOrElement: ("pattern",),
    cst.MatchKeywordElement: ("pattern",),
    cst.MatchMappingElement: ("key", "pattern"),
}


class _Walk:
    """Collects scopes, bindings and references of a module in one pass, without looking at what they mean."""

    def __init__(self, wanted_attributes: frozenset[str]) -> None:
        self.wanted = wanted_attributes
        self.scope = Scope("module", None)
        self.branch: Branch | None = None
        self.order = 0
        self.imports: list[ImportedName] = []
        self.references: dict[str, list[Reference]] = {}
        self.assigned_from: dict[str, list[str]] = {}
        self.identifiers: set[str] = set()
        self.classes: list[tuple[cst.ClassDef, Frame, Scope]] = []
        self.attributes: list[tuple[cst.Attribute, Frame, Scope]] = []
        self.exported: set[str] = set()
        self.special: dict[type, Callable[[Any, Frame], None]] = {
            cst.Name: self.name,
            cst.Attribute: self.attribute,
            cst.Assign: self.assign,
            cst.AnnAssign: self.annotated,
            cst.AugAssign: self.augmented,
            cst.Del: self.delete,
            cst.NamedExpr: self.walrus,
            cst.Import: self.import_,
            cst.ImportFrom: self.import_from,
            cst.If: self.if_,
            cst.While: self.while_,
            cst.For: self.for_,
            cst.Try: self.try_,
            cst.TryStar: self.try_,
            cst.With: self.with_,
            cst.Match: self.match,
            cst.MatchAs: self.match_as,
            cst.MatchStar: self.match_star,
            cst.MatchMapping: self.match_mapping,
            cst.MatchClass: self.match_class,
            cst.FunctionDef: self.function,
            cst.Lambda: self.lambda_,
            cst.ClassDef: self.class_,
            cst.Global: self.global_,
            cst.Nonlocal: self.nonlocal_,
            cst.ListComp: self.comprehension,
            cst.SetComp: self.comprehension,
            cst.GeneratorExp: self.comprehension,
            cst.DictComp: self.comprehension,
            cst.TypeAlias: self.type_alias,
        }

    def module(self, module: cst.Module) -> None:
        """Walks the whole module."""
        frame: Frame = (module, None)
        for statement in module.body:
            self.visit(statement, frame)

    def visit(self, node: cst.CSTNode, frame: Frame) -> None:
        """Walks one node, whatever it is."""
        kind = type(node)
        if kind in _LEAVES:
            return
        special = self.special.get(kind)
        if special is not None:
            special(node, frame)
            return
        fields = _CHILDREN.get(kind)
        if fields is None:
            return
        inner = (node, frame)
        for field in fields:
            child = getattr(node, field)
            if child is None:
                continue
            if isinstance(child, cst.CSTNode):
                self.visit(child, inner)
            elif isinstance(child, (list, tuple)):
                for item in child:
                    self.visit(item, inner)

    def each(self, nodes: Iterable[cst.CSTNode], frame: Frame) -> None:
        """Walks several nodes in order."""
        for node in nodes:
            self.visit(node, frame)

    def bind(self, name: str, **what: Any) -> None:
        """Notes that a name gets a value here."""
        self.order += 1
        self.identifiers.add(name)
        scope = self.scope
        declared = scope.elsewhere.get(name)
        if declared == "global":
            scope = scope.module
        elif declared == "nonlocal" and scope.outer is not None:
            scope = scope.outer
            while scope.outer is not None and (scope.kind == "class" or name not in scope.bindings):
                scope = scope.outer
        scope.bindings.setdefault(name, []).append(Binding(self.order, self.branch, **what))

    def name(self, node: cst.Name, frame: Frame) -> None:
        self.reference(node, node, (), frame)

    def reference(
        self, node: cst.Name | cst.Attribute, root: cst.Name, attributes: tuple[str, ...], frame: Frame
    ) -> Reference:
        """Notes a use of a name."""
        self.order += 1
        made = Reference(node, root, attributes, self.scope, self.order, self.branch, frame)
        uses = self.references.get(root.value)
        if uses is None:
            self.references[root.value] = [made]
            self.identifiers.add(root.value)
        else:
            uses.append(made)
        return made

    def attribute(self, node: cst.Attribute, frame: Frame) -> Reference | None:
        """Notes a chain of attributes; returns its reference where it starts at a name."""
        attributes: list[str] = []
        current: cst.BaseExpression = node
        inner = frame
        while type(current) is cst.Attribute:
            name = current.attr.value
            attributes.append(name)
            if name in self.wanted:
                self.attributes.append((current, inner, self.scope))
            inner = (current, inner)
            current = current.value
        if type(current) is cst.Name:
            attributes.reverse()
            return self.reference(node, current, tuple(attributes), frame)
        self.visit(current, inner)
        return None

    def value(self, node: cst.BaseExpression | None, frame: Frame) -> Reference | None:
        """Walks the value of an assignment; returns its reference where it is a plain chain of names."""
        if type(node) is cst.Name:
            return self.reference(node, node, (), frame)
        if type(node) is cst.Attribute:
            return self.attribute(node, frame)
        if node is not None:
            self.visit(node, frame)
        return None

    def assign(self, node: cst.Assign, frame: Frame) -> None:
        inner = (node, frame)
        value = self.value(node.value, inner)
        for target in node.targets:
            self.target(target.target, (target, inner), value, node.value)

    def annotated(self, node: cst.AnnAssign, frame: Frame) -> None:
        inner = (node, frame)
        self.visit(node.annotation, inner)
        value = self.value(node.value, inner)
        if node.value is not None:
            self.target(node.target, inner, value, node.value)

    def augmented(self, node: cst.AugAssign, frame: Frame) -> None:
        inner = (node, frame)
        self.visit(node.value, inner)
        if type(node.target) is cst.Name:
            if node.target.value == "__all__":
                self.export(node.value)
            self.bind(node.target.value)
        else:
            self.visit(node.target, inner)

    def walrus(self, node: cst.NamedExpr, frame: Frame) -> None:
        inner = (node, frame)
        value = self.value(node.value, inner)
        scope = self.scope
        while self.scope.kind == "comprehension" and self.scope.outer is not None:
            self.scope = self.scope.outer
        self.target(node.target, inner, value, node.value)
        self.scope = scope

    def target(
        self,
        node: cst.CSTNode,
        frame: Frame,
        value: Reference | None = None,
        expression: cst.BaseExpression | None = None,
    ) -> None:
        """Binds what an assignment, loop or ``with`` assigns to."""
        if type(node) is cst.Name:
            if node.value == "__all__" and expression is not None:
                self.export(expression)
            if value is not None and value.root.value == "None" and not value.attributes:
                self.bind(node.value, nothing=True)
                return
            if value is not None:
                self.assigned_from.setdefault(value.root.value, []).append(node.value)
            self.bind(node.value, value=value)
        elif isinstance(node, (cst.Tuple, cst.List)):
            self.unpack(node, (node, frame), expression)
        elif isinstance(node, (cst.Element, cst.StarredElement)):
            self.target(node.value, (node, frame))
        else:
            self.visit(node, frame)

    def unpack(self, node: cst.Tuple | cst.List, frame: Frame, expression: cst.BaseExpression | None) -> None:
        """Binds ``a, b = c, d`` pairwise."""
        values: list[Reference | None] = [None] * len(node.elements)
        if isinstance(expression, (cst.Tuple, cst.List)) and len(expression.elements) == len(values):
            by_node = {
                id(use.node): use
                for element in expression.elements
                if (root := _root(element.value)) is not None
                for use in self.references.get(root, ())[-len(values) * 2 :]
            }
            values = [by_node.get(id(element.value)) for element in expression.elements]
        for element, value in zip(node.elements, values, strict=True):
            if type(element) is cst.Element:
                self.target(element.value, (element, frame), value)
            else:
                self.target(element, frame)

    def export(self, expression: cst.BaseExpression) -> None:
        """Notes the names of ``__all__``."""
        if isinstance(expression, (cst.List, cst.Tuple)):
            for element in expression.elements:
                if isinstance(element.value, cst.SimpleString):
                    self.exported.add(str(element.value.raw_value))

    def delete(self, node: cst.Del, frame: Frame) -> None:
        inner = (node, frame)
        targets = [node.target]
        if isinstance(node.target, (cst.Tuple, cst.List)):
            targets = [element.value for element in node.target.elements]
        for target in targets:
            self.visit(target, inner)
            if type(target) is cst.Name:
                self.bind(target.value)

    def import_(self, node: cst.Import, frame: Frame) -> None:
        for alias in node.names:
            target = dotted(alias.name) or ""
            if alias.asname is not None:
                local = _bound_name(alias.asname)
                bound = target
            else:
                local = bound = target.partition(".")[0]
            self.imported(node, alias, local, target, bound, frame)

    def import_from(self, node: cst.ImportFrom, frame: Frame) -> None:
        module = "." * len(node.relative) + (dotted(node.module) or "")
        if isinstance(node.names, cst.ImportStar):
            self.order += 1
            star = ImportedName(node, node, "*", module, module, self.scope, self.order, self.branch, frame)
            self.scope.stars.append(star)
            self.imports.append(star)
            return
        for alias in node.names:
            name = dotted(alias.name) or ""
            local = _bound_name(alias.asname) if alias.asname is not None else name
            target = f"{module}{'' if module.endswith('.') else '.'}{name}"
            self.imported(node, alias, local, target, target, frame)

    def imported(
        self,
        node: cst.Import | cst.ImportFrom,
        alias: cst.ImportAlias,
        local: str,
        target: str,
        bound: str,
        frame: Frame,
    ) -> None:
        """Binds a name of an import statement."""
        made = ImportedName(node, alias, local, target, bound, self.scope, self.order + 1, self.branch, frame)
        self.bind(local, imported=made)
        self.imports.append(made)

    def arm(
        self,
        statement: cst.CSTNode,
        number: int,
        exclusive: bool,
        loops: bool,
        nodes: Iterable[cst.CSTNode],
        frame: Frame,
    ) -> None:
        """Walks what runs only in one arm of a statement."""
        outer = self.branch
        self.branch = Branch(outer, statement, number, exclusive, loops)
        self.each(nodes, frame)
        self.branch = outer

    def if_(self, node: cst.If, frame: Frame) -> None:
        inner = (node, frame)
        self.visit(node.test, inner)
        self.arm(node, 0, True, False, (node.body,), inner)
        if node.orelse is not None:
            self.arm(node, 1, True, False, (node.orelse,), inner)

    def while_(self, node: cst.While, frame: Frame) -> None:
        inner = (node, frame)
        self.arm(node, 0, False, True, (node.test, node.body), inner)
        if node.orelse is not None:
            self.visit(node.orelse, inner)

    def for_(self, node: cst.For, frame: Frame) -> None:
        inner = (node, frame)
        self.visit(node.iter, inner)
        outer = self.branch
        self.branch = Branch(outer, node, 0, False, True)
        self.target(node.target, inner)
        self.visit(node.body, inner)
        self.branch = outer
        if node.orelse is not None:
            self.visit(node.orelse, inner)

    def try_(self, node: cst.Try | cst.TryStar, frame: Frame) -> None:
        inner = (node, frame)
        after = () if node.orelse is None else (node.orelse,)
        self.arm(node, 0, False, False, (node.body, *after), inner)
        for number, handler in enumerate(node.handlers, 1):
            outer = self.branch
            self.branch = Branch(outer, node, number, True, False)
            around = (handler, inner)
            if handler.type is not None:
                self.visit(handler.type, around)
            if handler.name is not None:
                self.target(handler.name.name, around)
            self.visit(handler.body, around)
            self.branch = outer
        if node.finalbody is not None:
            self.visit(node.finalbody, inner)

    def with_(self, node: cst.With, frame: Frame) -> None:
        inner = (node, frame)
        for item in node.items:
            self.visit(item.item, (item, inner))
            if item.asname is not None:
                self.target(item.asname.name, (item, inner))
        self.visit(node.body, inner)

    def match(self, node: cst.Match, frame: Frame) -> None:
        inner = (node, frame)
        self.visit(node.subject, inner)
        for number, case in enumerate(node.cases):
            parts = [case.pattern, *([] if case.guard is None else [case.guard]), case.body]
            self.arm(node, number, True, False, parts, (case, inner))

    def match_as(self, node: cst.MatchAs, frame: Frame) -> None:
        if node.pattern is not None:
            self.visit(node.pattern, (node, frame))
        if node.name is not None:
            self.bind(node.name.value)

    def match_star(self, node: cst.MatchStar, frame: Frame) -> None:
        if node.name is not None:
            self.bind(node.name.value)

    def match_mapping(self, node: cst.MatchMapping, frame: Frame) -> None:
        self.each(node.elements, (node, frame))
        if node.rest is not None:
            self.bind(node.rest.value)

    def match_class(self, node: cst.MatchClass, frame: Frame) -> None:
        inner = (node, frame)
        self.visit(node.cls, inner)
        self.each(node.patterns, inner)
        self.each(node.kwds, inner)

    def function(self, node: cst.FunctionDef, frame: Frame) -> None:
        inner = (node, frame)
        self.each(node.decorators, inner)
        self.defaults(node.params, inner)
        if node.returns is not None:
            self.visit(node.returns, inner)
        self.bind(node.name.value)
        self.enter_function(node.params, (node.body,), inner)

    def lambda_(self, node: cst.Lambda, frame: Frame) -> None:
        inner = (node, frame)
        self.defaults(node.params, inner)
        self.enter_function(node.params, (node.body,), inner)

    def defaults(self, params: cst.Parameters, frame: Frame) -> None:
        """Walks what a function's parameters evaluate where the function is defined."""
        inner = (params, frame)
        for param in _parameters(params):
            around = (param, inner)
            if param.annotation is not None:
                self.visit(param.annotation, around)
            if param.default is not None:
                self.visit(param.default, around)

    def enter_function(self, params: cst.Parameters, body: Iterable[cst.CSTNode], frame: Frame) -> None:
        """Walks a function's body in a scope of its own."""
        outer, branch = self.scope, self.branch
        self.scope, self.branch = Scope("function", outer), None
        for param in _parameters(params):
            self.bind(param.name.value)
        self.each(body, frame)
        self.scope, self.branch = outer, branch

    def class_(self, node: cst.ClassDef, frame: Frame) -> None:
        self.classes.append((node, frame, self.scope))
        inner = (node, frame)
        self.each(node.decorators, inner)
        self.each(node.bases, inner)
        self.each(node.keywords, inner)
        outer = self.scope
        self.scope = Scope("class", outer)
        self.visit(node.body, inner)
        self.scope = outer
        self.bind(node.name.value)

    def global_(self, node: cst.Global, frame: Frame) -> None:
        self.scope.elsewhere.update((item.name.value, "global") for item in node.names)

    def nonlocal_(self, node: cst.Nonlocal, frame: Frame) -> None:
        self.scope.elsewhere.update((item.name.value, "nonlocal") for item in node.names)

    def comprehension(
        self, node: cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.DictComp, frame: Frame
    ) -> None:
        inner = (node, frame)
        outer = self.scope
        clause: cst.CompFor | None = node.for_in
        self.visit(node.for_in.iter, (node.for_in, inner))
        self.scope = Scope("comprehension", outer)
        around: Frame = inner
        while clause is not None:
            around = (clause, around)
            if clause is not node.for_in:
                self.visit(clause.iter, around)
            self.target(clause.target, around)
            for condition in clause.ifs:
                self.visit(condition.test, (condition, around))
            clause = clause.inner_for_in
        if isinstance(node, cst.DictComp):
            self.visit(node.key, inner)
            self.visit(node.value, inner)
        else:
            self.visit(node.elt, inner)
        self.scope = outer

    def type_alias(self, node: cst.TypeAlias, frame: Frame) -> None:
        self.visit(node.value, (node, frame))
        self.bind(node.name.value)


def _parameters(params: cst.Parameters) -> Iterator[cst.Param]:
    yield from params.posonly_params
    yield from params.params
    if isinstance(params.star_arg, cst.Param):
        yield params.star_arg
    yield from params.kwonly_params
    if params.star_kwarg is not None:
        yield params.star_kwarg


def _bound_name(asname: cst.AsName) -> str:
    assert isinstance(asname.name, cst.Name)
    return asname.name.value


def _root(node: cst.BaseExpression) -> str | None:
    while type(node) is cst.Attribute:
        node = node.value
    return node.value if type(node) is cst.Name else None
