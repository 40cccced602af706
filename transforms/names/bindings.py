"""What the imported names of a file stand for before the migration, and what they will stand for after it."""

from __future__ import annotations

from dataclasses import dataclass, field

import libcst as cst

from ...catalog import for_target, moves
from ...findings import Rule
from ...names import encloses
from ...scopes import Frame, ImportedName, Origin, Reference, Scope
from ...statements import Imported
from ...transform import File
from ..reading.taken_names import ALL, names_of_keras, taken_from
from .symbols import (
    MOVED_SYMBOL,
    REMOVED_SYMBOL,
    RENAMED_SYMBOL,
    STAR_IMPORT,
    Successor,
    mentioned,
    module_successor,
    successor,
    was_module,
)


@dataclass(slots=True, eq=False)
class Fate:
    """What becomes of one imported name.

    Attributes:
        imported: the name.
        old: its qualified name normalised to ``keras.…``; ``None`` where it is not Keras.
        successor: what became of it in the target.
        bound: the qualified name that its local name stands for afterwards; empty where it is gone.
        local: its local name afterwards.
        uses: the references that it binds.
        lost: how many of them no longer need it.
        dropped: whether it goes away.
        repeated: whether an import above it binds the same name to the same thing.
        guarded: whether it stands in a ``try`` that goes on where it fails.
        lends: whether code that came from another import uses its name now.
        abandoned: whether code that never runs, and is taken out, refers to it.
        late: whether it is gone, and named at its uses instead of imported, so that only these fail.
        refused: whether it and its uses stay what they are because a rule is switched off.
    """

    imported: ImportedName
    old: str | None
    successor: Successor | None
    bound: str
    local: str
    uses: list[Reference] = field(default_factory=list)
    lost: int = 0
    dropped: bool = False
    repeated: bool = False
    guarded: bool = False
    lends: bool = False
    abandoned: bool = False
    late: bool = False
    refused: bool = False


class Bindings:
    """The imported names of a file and their fates.

    Attributes:
        fates: what becomes of each imported name.
        statements: the imported names by their statement, in program order.
    """

    def __init__(self, file: File) -> None:
        """Works out where each imported name leads."""
        self._file = file
        self._taken: frozenset[str] | None = None
        self._needed = file.refusals.needed if file.refusals is not None else ()
        self._target = file.target
        self._catalog = for_target(file.target)
        self._names = file.names
        self._init = file.path.rpartition("/")[2] == "__init__.py"
        self.fates: dict[ImportedName, Fate] = {}
        self.statements: dict[cst.CSTNode, list[ImportedName]] = {}
        for imported in file.names.imports:
            self.statements.setdefault(imported.statement, []).append(imported)
            self.fates[imported] = fate = self._fate(imported)
            fate.guarded = _guarded(imported)
            fate.abandoned = imported.alias in file.abandoned
        for reference in file.names.references:
            in_text = file.names.text_of(reference.node) is not None  # needs no import when it runs
            for fate in self.of(reference):
                if not in_text:
                    fate.uses.append(reference)
                if _is_standalone(fate) and not self._may_rename(reference):
                    self._refuse(fate)
        for fate in self.fates.values():
            self._settle_module(fate)
        self._refuse_others_of_a_name()
        for fate in self.fates.values():
            self._settle_name(fate)
            fate.late = self._can_fail_late(fate)

    def of(self, reference: Reference) -> list[Fate]:
        """The fates of the imports that bind the root of a reference."""
        imports = dict.fromkeys(origin.imported for origin in self._names.origins(reference))
        return [self.fates[imported] for imported in imports if imported in self.fates]

    def _fate(self, imported: ImportedName) -> Fate:
        old = moves.normalise(imported.target)
        if old is None:
            meant = moves.normalise(imported.bound)
            bound = imported.bound if meant is None else moves.destination(meant, self._target) or ""
            return Fate(imported, None, None, bound, imported.local)
        found = successor(old, self._target)
        if imported.alias in self._needed or self._works(imported.target, found):
            return Fate(imported, None, None, imported.bound, imported.local)
        fate = self._changed(imported, old, found)
        if not self._file.options.enabled(_rule_of(fate, found).code):
            self._refuse(fate)
        return fate

    def _changed(self, imported: ImportedName, old: str, found: Successor) -> Fate:
        """What becomes of one imported name that leads to Keras, if nothing is switched off."""
        if imported.star:
            return Fate(imported, old, found, module_successor(old, self._target) or "", "*")
        if imported.bound != imported.target:
            if found.path is None and not was_module(old) and not mentioned(old):
                return Fate(imported, old, found, "", imported.local)
            root = "tensorflow" if imported.bound == "tensorflow" else "tensorflow.keras"
            if imported.bound not in ("tensorflow", "keras"):
                root = moves.destination(moves.normalise(imported.bound) or "", self._target) or ""
            return Fate(imported, old, found, root, imported.local)
        return Fate(imported, old, found, found.path or "", imported.local)

    def _may_rename(self, reference: Reference) -> bool:
        """Whether the rule is switched on that gives a reference another name, if any does."""
        for origin in self._names.origins(reference):
            old = moves.normalise(origin.name)
            found = None if old is None else successor(old, self._target)
            if found is not None and found.path is not None:
                return self._file.options.enabled(found.rule.code)
        return True

    def _refuse(self, fate: Fate) -> None:
        """Leaves an import as it is."""
        imported = fate.imported
        fate.old, fate.successor = None, None
        fate.bound, fate.local = imported.bound, imported.local
        if not imported.target.startswith("tensorflow"):
            fate.refused = True
            self._file.kept.update((imported.target, imported.bound))

    def _refuse_others_of_a_name(self) -> None:
        """Leaves all imports of a name where one is left: it means standalone Keras, or what it will mean."""
        refused = {(id(f.imported.scope), f.imported.local) for f in self.fates.values() if f.refused}
        for fate in self.fates.values():
            named = (id(fate.imported.scope), fate.imported.local) in refused
            if named and _is_standalone(fate) and not fate.imported.star:
                self._refuse(fate)

    def _settle_module(self, fate: Fate) -> None:
        """Finds a new module for an alias of one that is gone: the one that has all that is used of it."""
        if fate.old is None or fate.bound or fate.local == "*" or not was_module(fate.old):
            return
        if any(not use.attributes for use in fate.uses):
            return
        homes: dict[str, int] = {}
        for use in fate.uses:
            path = self.destination(use)
            tail = "".join("." + attribute for attribute in use.attributes)
            if path is not None and tail and path.endswith(tail):
                home = path.removesuffix(tail)
                homes[home] = homes.get(home, 0) + 1
        if len(homes) == 1 and sum(homes.values()) == len(fate.uses):
            if not self._file.options.enabled(MOVED_SYMBOL.code):
                self._refuse(fate)
                return
            home = next(iter(homes))
            other = next(
                (f for f in self.fates.values() if f is not fate and f.bound == home and f.local != "*"),
                None,
            )
            if (
                other is None
                or other.imported.scope is not fate.imported.scope
                or other.imported.branch is not None
            ):
                fate.bound = home
            return
        if not fate.uses and self.kept_for_others(fate):
            fate.bound = module_successor(fate.old, self._target) or ""

    def _settle_name(self, fate: Fate) -> None:
        """Gives a renamed symbol its new name where nothing else has it, and lets unused dead imports go."""
        imported = fate.imported
        if fate.old is None or imported.star:
            return
        if not fate.bound:
            fate.dropped = not fate.uses and not self.needed(fate)
            return
        if isinstance(imported.alias, cst.ImportAlias) and imported.alias.asname is not None:
            return
        leaf = fate.bound.rpartition(".")[2]
        if leaf == fate.local or imported.bound != imported.target:
            return
        taken = leaf in self._names.identifiers and not any(
            other.bound == fate.bound and other.imported.local == leaf for other in self.fates.values()
        )
        alone = all(
            [origin.imported for origin in self._names.origins(use)] == [imported] for use in fate.uses
        )
        if not taken and alone and not self.kept_for_others(fate) and not was_module(fate.old):
            fate.local = leaf

    def _can_fail_late(self, fate: Fate) -> bool:
        """Whether the module can be imported without something that is gone: only functions use it."""
        imported = fate.imported
        return (
            fate.old is not None
            and not fate.bound
            and not fate.dropped
            and not imported.star
            and imported.bound == imported.target
            and imported.target.startswith("keras.")
            and imported.scope.kind == "module"
            and not self.needed(fate)
            and all(
                _in_function(use.scope)
                and [origin.imported for origin in self._names.origins(use)] == [imported]
                for use in fate.uses
            )
        )

    def kept_for_others(self, fate: Fate) -> bool:
        """Whether other modules may import the name from this one."""
        return self.taken(fate.imported.local)

    def taken(self, name: str) -> bool:
        """Whether other modules take a name of the module from it, or may do so."""
        if self._init or name in self._names.exported:
            return True
        if ALL in self._taken_names():
            return not name.startswith("_") and not self._names.exported
        return name in self._taken_names()

    def _taken_names(self) -> frozenset[str]:
        if self._taken is None:
            self._taken = taken_from(self._file)
        return self._taken

    def named_elsewhere(self, name: str) -> bool:
        """Whether other modules take a name of the module from it, or take all of it and name that."""
        if not self.taken(name):
            return False
        return name in self._taken_names() or any(
            name in names for names in self._file.nearby(names_of_keras)
        )

    def needed(self, fate: Fate) -> bool:
        """Whether an import must stay though nothing in the file uses it: exported, a probe, or wanted so."""
        return fate.imported.alias in self._needed or self.kept_for_others(fate) or fate.guarded or fate.lends

    def destination(self, reference: Reference) -> str | None:
        """The one qualified name in the target that a reference stands for, if it is one."""
        paths = {self._path(origin) for origin in self._names.origins(reference) if origin.name}
        return paths.pop() if len(paths) == 1 else None

    def _path(self, origin: Origin) -> str | None:
        old = moves.normalise(origin.name)
        if old is None:
            return origin.name
        found = successor(old, self._target)
        way = origin.imported.target if origin.imported is not None else ""
        by_import = way in self._catalog and not self._catalog.reachable(way)
        return origin.name if by_import and self._works(origin.name, found) else found.path

    def _works(self, name: str, found: Successor) -> bool:
        """Whether code for the target may stay as it is though the same object has a better path."""
        moved = found.rule in (MOVED_SYMBOL, RENAMED_SYMBOL)
        return moved and name.startswith("tensorflow.keras.") and name in self._catalog

    def prefix_for(self, path: str, reference: Reference) -> str | None:
        """How a qualified name is reached through what is imported already.

        The name that the code uses there comes first, then the shortest way. What lends its name stays.
        """
        found: list[tuple[bool, int, str, str]] = []
        for local in dict.fromkeys(
            fate.local
            for fate in self.fates.values()
            if fate.bound and not fate.dropped and fate.local != "*"
        ):
            bound = self.stands_for(local, reference)
            if bound is None or (bound == "tensorflow" and path.startswith("tensorflow.keras.")):
                continue
            if path == bound or path.startswith(bound + "."):
                found.append((local == reference.root.value, len(bound), local, local + path[len(bound) :]))
        if not found:
            return None
        _, _, lender, text = max(found)
        for fate in self.fates.values():
            fate.lends = fate.lends or fate.local == lender
        return text

    def stands_for(self, local: str, reference: Reference) -> str | None:
        """What a local name means at a place after the migration, if that is one thing."""
        bindings = self._names.visible(local, reference)
        meanings = {
            fate.bound
            if binding.imported and (fate := self.fates.get(binding.imported)) and fate.local == local
            else ""
            for binding in bindings
        }
        if len(meanings) != 1 or "" in meanings:
            return None
        if len(bindings) == 1 and not encloses(bindings[0].branch, reference.branch):
            return None
        return meanings.pop()

    def written(self, fate: Fate) -> Imported | None:
        """How the import of a name is written; ``None`` to leave it."""
        imported, bound = fate.imported, fate.bound
        if not bound:
            return None
        if imported.bound != imported.target:
            if bound == "tensorflow":
                written = fate.successor.path if fate.successor else None
                known = written is not None and self._catalog.importable(written)
                return Imported("", written if known and written else "tensorflow")
            module, _, leaf = bound.rpartition(".")
            return Imported(module, leaf, fate.local if fate.local != leaf else None)
        module, _, leaf = bound.rpartition(".")
        asname = fate.local if fate.local != leaf else None
        plain = isinstance(imported.statement, cst.Import)
        if plain and imported.local != imported.target and (not module or self._catalog.importable(bound)):
            return Imported("", bound, fate.local)
        if not module:
            return Imported("", bound, asname)
        return Imported(module, leaf, asname)


def same(imported: ImportedName, new: Imported) -> bool:
    """Whether an import is written the same as before."""
    alias = imported.alias
    assert isinstance(alias, cst.ImportAlias)
    asname = imported.local if alias.asname is not None else None
    if isinstance(imported.statement, cst.Import):
        return not new.module and new.name == imported.target and (new.asname == asname or asname is None)
    return new.path == imported.target and new.local == imported.local


def _rule_of(fate: Fate, found: Successor) -> Rule:
    """The rule that changes an import, or says why it cannot be changed."""
    if fate.imported.star:
        return STAR_IMPORT if fate.bound else REMOVED_SYMBOL
    return MOVED_SYMBOL if fate.bound and found.path is None else found.rule


def _is_standalone(fate: Fate) -> bool:
    """Whether a name is imported from standalone Keras and will come from elsewhere."""
    return fate.old is not None and not fate.imported.target.startswith("tensorflow")


_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception"})


def catches_imports(handler: cst.ExceptHandler) -> bool:
    """Whether a handler is entered when an import fails."""
    kinds: list[cst.BaseExpression | None] = [handler.type]
    if isinstance(handler.type, cst.Tuple):
        kinds = [element.value for element in handler.type.elements]
    return any(
        kind is None or (isinstance(kind, cst.Name) and kind.value in _IMPORT_ERRORS) for kind in kinds
    )


def _in_function(scope: Scope) -> bool:
    """Whether code runs when some function is called, not when its module is imported."""
    inner: Scope | None = scope
    while inner is not None and inner.kind != "function":
        inner = inner.outer
    return inner is not None


def _guarded(imported: ImportedName) -> bool:
    """Whether an import stands in the body of a ``try`` that goes on where it fails."""
    inner: Frame = imported.frame
    while inner is not None and inner[1] is not None:
        node, block = inner[1][0], inner[0]
        if isinstance(node, cst.Try) and block is node.body:
            return any(catches_imports(handler) and not _raises(handler) for handler in node.handlers)
        inner = inner[1]
    return False


def _raises(handler: cst.ExceptHandler) -> bool:
    """Whether a handler ends by raising."""
    last = handler.body.body[-1] if handler.body.body else None
    if isinstance(last, cst.SimpleStatementLine):
        last = last.body[-1]
    return isinstance(last, cst.Raise)
