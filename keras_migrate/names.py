"""Which dotted name each expression of a module stands for.

One read-only walk over the meaningful fields of the tree collects scopes, bindings and references; what a
reference stands for is worked out afterwards, and only for names that can lead to a package of interest.
Assignments are followed in program order: a reference sees the bindings that can reach it, so a name that is
bound again later, or by the other arm of an ``if``, is not mistaken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
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
    """What is bound in a module, function, class, comprehension, generator, or list of type parameters."""

    __slots__ = ("aside", "bindings", "elsewhere", "kind", "outer", "stars")

    def __init__(self, kind: str, outer: Scope | None) -> None:
        self.kind = kind
        self.outer = outer
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
        target: the qualified name that is imported (``keras.layers.Dense``); relative ones start with dots.
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

Value: TypeAlias = "Reference | list[Value] | None"
"""What an assignment assigns: a plain chain of names, the elements of a tuple, or something else."""

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
                return (UNKNOWN,)  # in a loop a name can be assigned from itself
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
        if not bindings:
            yield UNKNOWN
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
        """The bindings that can give a name its value where a reference stands, latest first."""
        scope: Scope | None = reference.scope
        flows = True
        """Whether the scope's code runs in one flow with the reference, so that the order decides."""
        innermost = True
        while scope is not None:
            if scope.kind == "class" and not innermost:
                scope = scope.outer
                continue
            declared = scope.elsewhere.get(name)
            if declared is not None:
                scope = scope.module if declared == "global" else scope.outer
                flows = innermost = False
                continue
            bindings = self._bound(scope, name)
            aside = scope.aside.get(name)
            if aside:
                yield from aside
            if bindings and flows:
                found, certain = _before(bindings, reference)
                yield from found
                if certain or scope.kind != "class":
                    return
                flows = _runs_in_module(scope)
                scope = (
                    scope.module
                )  # what a class binds later, or perhaps, is looked up in the module till then
                continue
            if bindings or aside:
                yield from reversed(bindings)
                return
            flows = flows and scope.inline
            innermost = innermost and scope.kind in ("types", "alias")
            scope = scope.outer

    def _bound(self, scope: Scope, name: str) -> list[Binding]:
        """The bindings of a name in a scope; a star import gives only what was not bound before it.

        Old modules leaked what they imported themselves (``np``, ``K``), so that a star that comes after an
        import of the same name most likely gives the same thing.
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


def _runs_in_module(scope: Scope) -> bool:
    """Whether the code of a scope runs in one flow with the module's own."""
    while scope.outer is not None:
        if not scope.inline:
            return False
        scope = scope.outer
    return True


def _before(bindings: list[Binding], reference: Reference) -> tuple[list[Binding], bool]:
    """The bindings of one scope that can reach a reference in the same flow, latest first.

    Returns:
        The bindings, and whether one of them has always happened.
    """
    arms = _arms(reference.branch)
    found: list[Binding] = []
    killer: Binding | None = None
    for binding in reversed(bindings):
        if binding.order > reference.order or _excludes(binding.branch, arms):
            continue
        found.append(binding)
        if _encloses(binding.branch, arms):
            killer = binding
            break
    loops = [branch for branch in arms.values() if branch.loops]
    if killer is not None and loops:
        inside = _arms(killer.branch)
        loops = [loop for loop in loops if id(loop.statement) not in inside]
    if loops:
        found += [
            binding
            for binding in reversed(bindings)
            if binding.order > reference.order and _is_in(binding.branch, loops)
        ]
    return found, killer is not None


def _is_in(branch: Branch | None, loops: list[Branch]) -> bool:
    """Whether a branch is part of any of some loops."""
    around = _arms(branch)
    return any(id(loop.statement) in around for loop in loops)


def encloses(branch: Branch | None, place: Branch | None) -> bool:
    """Whether what runs in a branch has always run before a later place in another branch."""
    return _encloses(branch, _arms(place))


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
    """Whether what runs in a branch has never run before a place within the given arms."""
    while branch is not None:
        other = arms.get(id(branch.statement))
        if other is not None and other.arm != branch.arm:
            return branch.exclusive and other.exclusive and not _loops(branch.outer)
        branch = branch.outer
    return False


def _loops(branch: Branch | None) -> bool:
    """Whether a branch can run again."""
    while branch is not None:
        if branch.loops:
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
        self.nonlocals: list[tuple[Scope, str, Binding]] = []
        self.lazy = False
        """Whether what is walked runs at another time than its scope: a walrus in a generator."""
        self.special: dict[type, Callable[[Any, Frame], object]] = {
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
        for scope, name, binding in self.nonlocals:
            owner = scope.outer
            while owner is not None and (owner.kind == "class" or name not in owner.bindings):
                owner = owner.outer
            if owner is not None:
                owner.aside.setdefault(name, []).append(binding)
        for use in self.references.get("__all__", ()):
            if use.attributes in (("append",), ("extend",)) and use.called is not None:
                for arg in use.called.args:
                    self.export(arg.value)

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
        binding = Binding(self.order, self.branch, **what)
        if declared == "nonlocal":
            self.nonlocals.append((scope, name, binding))
        elif declared == "global":
            scope.module.aside.setdefault(name, []).append(binding)
        else:
            (scope.aside if self.lazy else scope.bindings).setdefault(name, []).append(binding)

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

    def value(self, node: cst.BaseExpression | None, frame: Frame) -> Value:
        """Walks the value of an assignment; returns what of it is plain chains of names."""
        kind = type(node)
        if kind is cst.Name:
            return self.reference(node, node, (), frame)  # type: ignore[arg-type]
        if kind is cst.Attribute:
            return self.attribute(node, frame)  # type: ignore[arg-type]
        if isinstance(node, (cst.Tuple, cst.List)):
            inner = (node, frame)
            values = [self.value(element.value, (element, inner)) for element in node.elements]
            return None if any(type(element) is not cst.Element for element in node.elements) else values
        if node is not None:
            self.visit(node, frame)
        return None

    def assign(self, node: cst.Assign, frame: Frame) -> None:
        inner = (node, frame)
        value = self.value(node.value, inner)
        for target in node.targets:
            self.assigned(target.target, (target, inner), value, node.value)

    def annotated(self, node: cst.AnnAssign, frame: Frame) -> None:
        inner = (node, frame)
        if node.value is not None:
            value = self.value(node.value, inner)
            self.assigned(node.target, inner, value, node.value)
        self.visit(node.annotation, inner)

    def assigned(
        self, target: cst.BaseExpression, frame: Frame, value: Value, expression: cst.BaseExpression
    ) -> None:
        """Binds a target of an assignment."""
        if type(target) is cst.Name and target.value == "__all__":
            self.export(expression)
        self.target(target, frame, value)

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
        scope, branch = self.scope, self.branch
        if _perhaps(frame):
            self.branch = Branch(branch, node, 0, False, False)
        while self.scope.kind in ("comprehension", "generator") and self.scope.outer is not None:
            self.lazy = self.lazy or self.scope.kind == "generator"
            self.scope = self.scope.outer
        self.target(node.target, inner, value)
        self.scope, self.branch, self.lazy = scope, branch, False

    def target(self, node: cst.CSTNode, frame: Frame, value: Value = None) -> None:
        """Binds what an assignment, loop or ``with`` assigns to."""
        if type(node) is cst.Name:
            if not isinstance(value, Reference):
                self.bind(node.value)
            elif value.root.value == "None" and not value.attributes:
                self.bind(node.value, nothing=True)
            else:
                self.assigned_from.setdefault(value.root.value, []).append(node.value)
                self.bind(node.value, value=value)
        elif isinstance(node, (cst.Tuple, cst.List)):
            self.unpack(node, (node, frame), value)
        elif isinstance(node, (cst.Element, cst.StarredElement)):
            self.target(node.value, (node, frame))
        else:
            self.visit(node, frame)

    def unpack(self, node: cst.Tuple | cst.List, frame: Frame, value: Value) -> None:
        """Binds ``a, b = c, d`` pairwise."""
        values: list[Value] = [None] * len(node.elements)
        if isinstance(value, list) and len(value) == len(values):
            values = value
        for element, part in zip(node.elements, values, strict=True):
            if type(element) is cst.Element:
                self.target(element.value, (element, frame), part)
            else:
                self.target(element, frame)

    def export(self, expression: cst.BaseExpression) -> None:
        """Notes the names of ``__all__``."""
        if isinstance(expression, (cst.List, cst.Tuple)):
            for element in expression.elements:
                self.export(element.value)
        elif isinstance(expression, cst.BinaryOperation):
            self.export(expression.left)
            self.export(expression.right)
        elif isinstance(expression, cst.SimpleString):
            self.exported.add(str(expression.raw_value))

    def delete(self, node: cst.Del, frame: Frame) -> None:
        inner = (node, frame)
        targets: list[cst.BaseExpression] = [node.target]
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
        handlers: Sequence[cst.ExceptHandler | cst.ExceptStarHandler] = node.handlers
        for number, handler in enumerate(handlers, 1):
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
        self.arm(node, 0, False, False, (node.body,), inner)  # ``suppress`` and the like go on after an error

    def match(self, node: cst.Match, frame: Frame) -> None:
        inner = (node, frame)
        self.visit(node.subject, inner)
        for number, case in enumerate(node.cases):
            tried = (case.pattern,) if case.guard is None else (case.pattern, case.guard)
            self.arm(node, number, False, False, tried, (case, inner))
            self.arm(node, number, True, False, (case.body,), (case, inner))

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
        outer = self.scope
        if node.type_parameters is not None:
            self.enter_types("types", node.type_parameters, inner)
        self.annotations(node, inner)
        types, self.scope = self.scope, outer
        self.bind(node.name.value)
        self.scope = types
        self.enter_function(node.params, (node.body,), inner)
        self.scope = outer

    def lambda_(self, node: cst.Lambda, frame: Frame) -> None:
        inner = (node, frame)
        self.defaults(node.params, inner)
        self.enter_function(node.params, (node.body,), inner)

    def defaults(self, params: cst.Parameters, frame: Frame) -> None:
        """Walks the defaults of a function's parameters, which are worked out where it is defined."""
        inner = (params, frame)
        for param in _parameters(params):
            if param.default is not None:
                self.visit(param.default, (param, inner))

    def annotations(self, node: cst.FunctionDef, frame: Frame) -> None:
        """Walks the annotations of a function."""
        inner = (node.params, frame)
        for param in _parameters(node.params):
            if param.annotation is not None:
                self.visit(param.annotation, (param, inner))
        if node.returns is not None:
            self.visit(node.returns, frame)

    def enter_types(self, kind: str, parameters: cst.TypeParameters, frame: Frame) -> None:
        """Makes a scope for the type parameters of a function, class or alias."""
        self.scope = Scope(kind, self.scope)
        inner = (parameters, frame)
        for each in parameters.params:
            self.bind(each.param.name.value)
            if isinstance(each.param, cst.TypeVar) and each.param.bound is not None:
                self.visit(each.param.bound, (each.param, (each, inner)))
            if each.default is not None:
                self.visit(each.default, (each, inner))

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
        outer = self.scope
        if node.type_parameters is not None:
            self.enter_types("types", node.type_parameters, inner)
        self.each(node.bases, inner)
        self.each(node.keywords, inner)
        self.scope = Scope("class", self.scope)
        self.visit(node.body, inner)
        self.scope = outer
        self.bind(node.name.value)

    def global_(self, node: cst.Global, frame: Frame) -> None:
        if self.scope.outer is not None:  # in the module itself it says nothing
            self.scope.elsewhere.update((item.name.value, "global") for item in node.names)

    def nonlocal_(self, node: cst.Nonlocal, frame: Frame) -> None:
        self.scope.elsewhere.update((item.name.value, "nonlocal") for item in node.names)

    def comprehension(
        self, node: cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.DictComp, frame: Frame
    ) -> None:
        inner = (node, frame)
        scope, branch = self.scope, self.branch
        clause: cst.CompFor | None = node.for_in
        self.visit(node.for_in.iter, (node.for_in, inner))
        self.scope = Scope("generator" if type(node) is cst.GeneratorExp else "comprehension", scope)
        self.branch = Branch(branch, node, 0, False, True)
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
        self.scope, self.branch = scope, branch

    def type_alias(self, node: cst.TypeAlias, frame: Frame) -> None:
        inner = (node, frame)
        outer = self.scope
        if node.type_parameters is not None:
            self.enter_types("alias", node.type_parameters, inner)
        else:
            self.scope = Scope("alias", outer)
        self.visit(node.value, inner)
        self.scope = outer
        self.bind(node.name.value)


_EXPRESSIONS = (
    cst.BaseExpression,
    cst.Arg,
    cst.BaseElement,
    cst.ComparisonTarget,
    cst.Index,
    cst.SubscriptElement,
)
_CONDITIONAL = (cst.BooleanOperation, cst.IfExp, cst.Comparison)


def _perhaps(frame: Frame) -> bool:
    """Whether an expression within some nodes is perhaps not worked out when its statement runs."""
    while frame is not None and isinstance(frame[0], _EXPRESSIONS):
        if isinstance(frame[0], _CONDITIONAL):
            return True
        frame = frame[1]
    return False


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
