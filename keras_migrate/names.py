"""Which dotted name each expression of a module stands for.

One read-only walk over the meaningful fields of the tree collects scopes, bindings and references; what a
reference stands for is worked out afterwards, and only for names that can lead to a package of interest.
Assignments are followed in program order: a reference sees the bindings that can reach it, so a name that is
bound again later, or by the other arm of an ``if``, is not mistaken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import chain
from typing import TypeAlias

import libcst as cst

from keras_migrate.quoted import Quoted
from keras_migrate.scopes import Binding, Branch, ImportedName, Origin, Reference, Scope, around
from keras_migrate.walk import Walk

UNKNOWN = Origin("", None)

StarNames: TypeAlias = Callable[[str], "frozenset[str] | None"]
"""The names that ``from module import *`` gives; ``None`` where that is not known."""

Reexport: TypeAlias = Callable[[str], "str | None"]
"""What a name imported from the project's own modules really is: ``.backend.keras`` → ``keras``."""


class Names:
    """The bindings and references of one module.

    Attributes:
        imports: the imports of packages of interest, in program order.
        foreign: the imports of the other wanted packages, in program order.
        references: the uses that can stand for something of interest, in program order.
        classes: every class definition with the nodes around it.
        attributes: uses of wanted attribute names on any receiver.
        strings: the wanted string literals.
        identifiers: every identifier that the module binds or reads.
        exported: the names listed in ``__all__``.
        scopes: the scope of every function, lambda and class by its node.
        stores: assignments to attributes (``self.model = …``) by the attribute's name.
        quoted: the strings and comments with annotations that refer to something of interest.
    """

    def __init__(
        self,
        module: cst.Module,
        roots: frozenset[str],
        *,
        wanted_attributes: frozenset[str] = frozenset(),
        star_names: StarNames = lambda module: None,
        reexport: Reexport = lambda name: None,
        unreachable: frozenset[cst.CSTNode] = frozenset(),
        untouched: Collection[cst.CSTNode] = (),
        wanted_strings: re.Pattern[str] | None = None,
        wanted_packages: frozenset[str] = frozenset(),
    ) -> None:
        """Walks a module.

        Args:
            module: the parsed module.
            roots: first parts of the qualified names of interest (``keras``, ``tensorflow``).
            wanted_attributes: attribute names to note whatever the receiver.
            star_names: what a star import gives.
            reexport: what a name imported from the project's own modules stands for.
            unreachable: conditions and arms of ``if`` that never run, and are not looked at.
            untouched: imported names, by their nodes, that are not of interest whatever they lead to.
            wanted_strings: finds something in the string literals to note; sees them with their quotes.
            wanted_packages: other packages whose imports to note.
        """
        walk = Walk(wanted_attributes, unreachable, wanted_strings)
        walk.module(module)
        self._roots = roots
        self._star_names = star_names
        self._reexport = reexport
        self._resolving: set[int] = set()
        self.scope = walk.scope
        self.identifiers = walk.identifiers
        self.classes = walk.classes
        self.attributes = walk.attributes
        self.strings = walk.strings
        self.exported = walk.exported
        self.scopes = walk.scopes
        self.stores = walk.stores
        self._uses = walk.references
        self._members: dict[tuple[ImportedName, tuple[str, ...]], ImportedName] = {}
        self._by_root: dict[cst.Name, Reference] | None = None
        self.imports: list[ImportedName] = []
        self.foreign = [each for each in walk.imports if each.target.partition(".")[0] in wanted_packages]
        stars = False
        interesting: set[str] = set()
        for imported in walk.imports:
            if imported.alias in untouched:
                imported.bound = imported.target = ""
        for imported in [each for written in walk.imports for each in (written, *self._followed(written))]:
            if imported.bound.partition(".")[0] in roots:
                self.imports.append(imported)
                if imported.star:
                    stars = True
                else:
                    interesting.add(imported.local.partition(".")[0])
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
        texts: dict[cst.CSTNode, Quoted] = {each.node: each for each in walk.quoted}
        self._text_of: dict[cst.CSTNode, cst.CSTNode] = {}
        for reference in references if texts else ():
            text = next((node for node in around(reference.frame) if node in texts), None)
            if text is not None:
                self._text_of[reference.node] = text
        self.quoted = [texts[node] for node in dict.fromkeys(self._text_of.values())]

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

    def reference(self, node: cst.Name | cst.Attribute) -> Reference | None:
        """The reference that a chain of names is, or is the beginning of; ``None`` for any other chain."""
        root: cst.BaseExpression = node
        while isinstance(root, cst.Attribute):
            root = root.value
        if not isinstance(root, cst.Name):
            return None
        if self._by_root is None:
            self._by_root = {use.root: use for uses in self._uses.values() for use in uses}
        return self._by_root.get(root)

    def reexported(self, name: str) -> str | None:
        """What a name of another module of the project really is, if that is of interest."""
        return self._reexport(name)

    def text_of(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The string or comment that a reference is read from; ``None`` for one that is code."""
        return self._text_of.get(node)

    def uses(self, name: str) -> Sequence[Reference]:
        """Every use of a name, whatever it stands for where it is used, in program order."""
        return self._uses.get(name, ())

    def visible(self, name: str, place: Reference) -> list[Binding]:
        """The bindings that would give a name its value where another reference stands, latest first."""
        return list(self._reaching(name, place))

    def exports(self, name: str) -> list[Binding]:
        """The bindings of a name of the module, those by stars of known modules among them."""
        return self._bound(self.scope, name)

    def between(self, first: ImportedName, second: ImportedName) -> Iterator[Binding]:
        """The bindings that may give other values to what two imports of one scope give both.

        Args:
            first: an import.
            second: one of the same names, further down.
        """
        scope = second.scope
        names = (self._star_names(second.target) or ()) if second.star else (second.local,)
        unknown = (star for star in scope.stars if self._star_names(star.target) is None)
        found = [Binding(star.order, star.branch, imported=star) for star in unknown]
        for binding in chain(found, *(self._bound(scope, name) for name in names)):
            if first.order < binding.order < second.order:
                yield binding

    def _followed(self, imported: ImportedName) -> list[ImportedName]:
        """Follows an import from the project's own modules to what they re-export.

        A name that is itself of interest gets what it really is. What is of interest among the names that a
        star gives, and among the members of a module, become imports of their own: ``K`` of
        ``from .shim import *``, ``shim.K`` of ``from . import shim``.
        """
        if not imported.target or imported.target.partition(".")[0] in self._roots:
            return []
        if imported.star:
            return list(self._given_by(imported))
        real = self._reexport(imported.target)
        if real is not None:
            imported.bound = real
            return []
        return list(self._members_of(imported))

    def _given_by(self, star: ImportedName) -> Iterator[ImportedName]:
        """The names of interest that a star import from a module of the project gives and the file uses."""
        joint = "" if star.target.endswith(".") else "."
        for name in self._uses:
            bindings = star.scope.bindings.get(name, [])
            if bindings and bindings[0].order < star.order:
                continue
            target = f"{star.target}{joint}{name}"
            real = self._reexport(target)
            if real is not None:
                given = star.like(name, target, real)
                binding = Binding(star.order, star.branch, imported=given)
                star.scope.bindings[name] = sorted([*bindings, binding], key=lambda each: each.order)
                yield given

    def _members_of(self, imported: ImportedName) -> Iterator[ImportedName]:
        """The things of interest that the file reaches through an imported module of the project."""
        for use in self._uses.get(imported.local, ()):
            for end in range(1, len(use.attributes) + 1):
                path = use.attributes[:end]
                if (imported, path) in self._members:
                    break
                target = ".".join((imported.bound, *path))
                real = self._reexport(target)
                if real is not None:
                    made = imported.like(".".join((imported.local, *path)), target, real)
                    self._members[imported, path] = made
                    yield made
                    break

    def _follow_assignments(self, walk: Walk, interesting: set[str]) -> None:
        """Adds the names that are assigned from interesting ones."""
        pending = [
            imported.local for imported in walk.imports if imported.bound.partition(".")[0] in self._roots
        ]
        pending += [local for local, name in walk.loaded if name.partition(".")[0] in self._roots]
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
                    yield self._member(binding.imported, reference)
            elif binding.value is not None:
                for origin in self.origins(binding.value):
                    yield Origin(origin.name + tail, None) if origin.name else UNKNOWN
            elif binding.loaded and binding.loaded.partition(".")[0] in self._roots:
                yield Origin(binding.loaded + tail, None)
            elif not binding.nothing or len(bindings) == 1:
                yield UNKNOWN

    def _member(self, imported: ImportedName, reference: Reference) -> Origin:
        """What is reached through a module of the project: ``shim.K.mean``."""
        for end in range(1, len(reference.attributes) + 1) if self._members else ():
            member = self._members.get((imported, reference.attributes[:end]))
            if member is not None:
                return Origin(".".join((member.bound, *reference.attributes[end:])), member)
        return UNKNOWN

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
