"""Import statements, and the names by which migrated code reaches what it needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import libcst as cst

from ..catalog import for_target, moves
from ..findings import Level, Rule
from ..names import Frame, ImportedName, Origin, Reference
from ..options import ImportStyle
from ..statements import (
    Change,
    Imported,
    binds,
    name_node,
    rewritten_from,
    rewritten_import,
    starts_code,
    statement,
)
from ..transform import File, Transform
from .symbols import (
    MOVED_IMPORT,
    MOVED_SYMBOL,
    REMOVED_SYMBOL,
    Successor,
    module_successor,
    star,
    successor,
    was_module,
)

FALLBACK_IMPORT = Rule(
    "KM107",
    "fallback-import",
    "Collapse `try: import keras` with a fallback that is the same after the migration.",
    "Code that ran on several releases tries one import and falls back on another. In `tf.keras` both are the "
    "same import, so one is enough.",
    before="try:\n    import keras\nexcept ImportError:\n    from tensorflow import keras\n",
    after="from tensorflow import keras\n",
)
UNNEEDED_IMPORT = Rule(
    "KM108",
    "unneeded-import",
    "Remove an import that the migration left without use, or that was never used and is gone.",
    "Nothing in the file refers to it any more. Imports that the file lists in `__all__`, and those of an "
    "`__init__.py`, are kept.",
    before="from keras.layers import Dense, merge\n\nlayer = Dense(1)\n",
    after="from tensorflow.keras.layers import Dense\n\nlayer = Dense(1)\n",
)
STAR_IMPORT = Rule(
    "KM109",
    "star-import",
    "Import `*` from the module that has the names now, or the names themselves.",
    "A star import of an inner module becomes one of the public module. Names that only the old module gave, and "
    "names that the new one would put in the place of the project's own, are imported one by one.",
    before="from keras.layers.core import *\n",
    after="from tensorflow.keras.layers import *\n",
)

TRANSFORM = Transform("imports", FALLBACK_IMPORT, UNNEEDED_IMPORT, STAR_IMPORT)

_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception"})


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
    """

    imported: ImportedName
    old: str | None
    successor: Successor | None
    bound: str
    local: str
    uses: list[Reference] = field(default_factory=list)
    lost: int = 0
    dropped: bool = False


class ImportPlan:
    """Decides what every import of a file becomes, and gives transforms the names they need."""

    def __init__(self, file: File) -> None:
        """Works out where each imported name leads; nothing is edited before `finish`."""
        self._file = file
        self._names = file.names
        self._catalog = for_target(file.target)
        self._fates: dict[ImportedName, Fate] = {}
        self._extra: dict[cst.CSTNode, list[Imported]] = {}
        self._new: dict[tuple[str, str], str] = {}
        self._tensorflow: str | None = None
        self._prefix: cst.CSTNode | None = None
        self._statements: dict[cst.CSTNode, list[ImportedName]] = {}
        for imported in file.names.imports:
            self._statements.setdefault(imported.statement, []).append(imported)
            self._fates[imported] = self._fate(imported)
        for reference in file.names.references:
            for imported in {origin.imported for origin in file.names.origins(reference) if origin.imported}:
                if imported in self._fates:
                    self._fates[imported].uses.append(reference)
        self._attributes_only = file.options.import_style is ImportStyle.ATTRIBUTE
        self._init = file.path.rpartition("/")[2] == "__init__.py"
        for fate in self._fates.values():
            self._settle_module(fate)
        for fate in self._fates.values():
            self._settle_name(fate)

    def _fate(self, imported: ImportedName) -> Fate:
        old = moves.normalise(imported.target)
        if old is None or imported.target.startswith("."):
            return Fate(imported, None, None, imported.bound, imported.local)
        found = successor(old, self._file.target)
        if imported.star:
            return Fate(imported, old, found, module_successor(old, self._file.target) or "", "*")
        if imported.bound != imported.target:
            root = "tensorflow" if imported.bound == "tensorflow" else "tensorflow.keras"
            if imported.bound not in ("tensorflow", "keras"):
                root = moves.destination(moves.normalise(imported.bound) or "", self._file.target) or ""
            return Fate(imported, old, found, root, imported.local)
        return Fate(imported, old, found, found.path or "", imported.local)

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
            home = next(iter(homes))
            other = next(
                (f for f in self._fates.values() if f is not fate and f.bound == home and f.local != "*"),
                None,
            )
            if (
                other is None
                or other.imported.scope is not fate.imported.scope
                or other.imported.branch is not None
            ):
                fate.bound = home
            return
        if self._kept_for_others(fate) or any(self.destination(use) is None for use in fate.uses):
            fate.bound = module_successor(fate.old, self._file.target) or ""

    def _settle_name(self, fate: Fate) -> None:
        """Gives a renamed symbol its new name where nothing else has it, and lets unused dead imports go."""
        imported = fate.imported
        if fate.old is None or imported.star:
            return
        if not fate.bound:
            fate.dropped = not fate.uses and not self._kept_for_others(fate)
            return
        if isinstance(imported.alias, cst.ImportAlias) and imported.alias.asname is not None:
            return
        leaf = fate.bound.rpartition(".")[2]
        if leaf == fate.local or imported.bound != imported.target:
            return
        taken = leaf in self._names.identifiers and not any(
            other.bound == fate.bound and other.imported.local == leaf for other in self._fates.values()
        )
        alone = all(
            [origin.imported for origin in self._names.origins(use)] == [imported] for use in fate.uses
        )
        if not taken and alone and not self._kept_for_others(fate) and not was_module(fate.old):
            fate.local = leaf

    def _kept_for_others(self, fate: Fate) -> bool:
        """Whether other modules may import the name from this one."""
        return self._init or fate.imported.local in self._names.exported

    def destination(self, reference: Reference) -> str | None:
        """The one qualified name in the target that a reference stands for; ``None`` if there is none or several."""
        paths = {self._path(origin) for origin in self._names.origins(reference) if origin.name}
        return paths.pop() if len(paths) == 1 else None

    def _path(self, origin: Origin) -> str | None:
        old = moves.normalise(origin.name)
        return origin.name if old is None else successor(old, self._file.target).path

    def name_for(self, path: str, reference: Reference) -> str:
        """How code at a reference can reach a qualified name; asks for an import where there is none.

        Args:
            path: the qualified name, ``tensorflow.keras.layers.Layer``.
            reference: the use of an old name in whose place it is needed.
        Returns:
            A dotted name.
        """
        ours = path.startswith("tensorflow.keras.")
        if self._attributes_only and ours:
            return f"{self._tensorflow_name(reference)}.{path.removeprefix('tensorflow.')}"
        best = self._bound_prefix(path, reference)
        if best is not None:
            return best
        if path.startswith("tensorflow.") and not ours:
            return f"{self._tensorflow_name(reference)}.{path.removeprefix('tensorflow.')}"
        return self._new_import(path, reference)

    def _bound_prefix(self, path: str, reference: Reference) -> str | None:
        """The shortest way to a qualified name through what is imported already."""
        found: list[tuple[int, str]] = []
        for local in dict.fromkeys(
            fate.local
            for fate in self._fates.values()
            if fate.bound and not fate.dropped and fate.local != "*"
        ):
            bound = self._stands_for(local, reference)
            if bound is None or (bound == "tensorflow" and path.startswith("tensorflow.keras.")):
                continue
            if path == bound or path.startswith(bound + "."):
                found.append((len(bound), local + path[len(bound) :]))
        return max(found)[1] if found else None

    def _stands_for(self, local: str, reference: Reference) -> str | None:
        """What a local name means at a place after the migration, if that is one thing."""
        bindings = self._names.visible(local, reference)
        meanings = {
            fate.bound
            if binding.imported and (fate := self._fates.get(binding.imported)) and fate.local == local
            else ""
            for binding in bindings
        }
        if len(meanings) != 1 or "" in meanings:
            return None
        if all(binding.branch is not None for binding in bindings) and len(bindings) == 1:
            return None if bindings[0].branch is not reference.branch else meanings.pop()
        return meanings.pop()

    def _tensorflow_name(self, reference: Reference | None) -> str:
        """The local name of the module ``tensorflow``, imported at the top where it is not yet."""
        if self._tensorflow is None:
            existing = [
                fate.local
                for fate in self._fates.values()
                if fate.bound == "tensorflow"
                and fate.imported.scope.kind == "module"
                and fate.imported.branch is None
            ]
            free = [name for name in ("tf", "tensorflow", "_tf") if name not in self._names.identifiers]
            if existing:
                self._tensorflow = existing[0]
            else:
                self._tensorflow = free[0]
                self._prefix = self._first_statement()
        return self._tensorflow

    def _first_statement(self) -> cst.CSTNode:
        """Where an import of TensorFlow goes: before the first Keras import, else after docstring and ``__future__``."""
        module = self._file.module
        for imported, fate in self._fates.items():
            if fate.old is not None and imported.frame is not None and imported.frame[1] == (module, None):
                return imported.frame[0]
        return module.body[min(starts_code(module), len(module.body) - 1)]

    def _new_import(self, path: str, reference: Reference) -> str:
        """Asks for an import beside the one that the reference came from."""
        origin = next((o.imported for o in self._names.origins(reference) if o.imported in self._fates), None)
        anchor: cst.CSTNode = origin.statement if origin is not None else self._first_statement()
        scope = "" if origin is None or origin.scope.kind == "module" else str(id(origin.scope))
        known = self._new.get((scope, path))
        if known is not None:
            return known
        module, _, leaf = path.rpartition(".")
        local = leaf if module else reference.root.value
        if module and local in self._names.identifiers and not self._is_free(local):
            local = f"Keras{leaf}" if leaf[:1].isupper() else f"keras_{leaf}"
            while local in self._names.identifiers:
                local += "_"
        self._new[scope, path] = local
        made = (
            Imported(module, leaf, local if local != leaf else None) if module else Imported("", path, local)
        )
        self._extra.setdefault(anchor, []).append(made)
        return local

    def _is_free(self, local: str) -> bool:
        """Whether the only thing that has a name is an import that goes away."""
        fates = [fate for fate in self._fates.values() if fate.imported.local == local]
        return bool(fates) and all(not fate.bound or fate.local != local for fate in fates)

    def handled(self, reference: Reference) -> None:
        """Notes that a reference is no longer there, or no longer needs its import."""
        self._file.handled.add(reference.node)
        for origin in self._names.origins(reference):
            if origin.imported in self._fates:
                self._fates[origin.imported].lost += 1

    def handled_within(self, node: cst.CSTNode) -> None:
        """Notes that all references inside a node are gone with it."""
        for reference in self._names.references:
            around: Frame = (reference.node, reference.frame)
            while around is not None:
                if around[0] is node:
                    self.handled(reference)
                    break
                around = around[1]

    def finish(self) -> None:
        """Renames the references that are left, and asks for the edits of all import statements."""
        for reference in self._names.references:
            if reference.node not in self._file.handled:
                self._rename(reference)
        for fate in self._fates.values():
            if (
                fate.uses
                and fate.lost >= len(fate.uses)
                and fate.old is not None
                and not self._kept_for_others(fate)
            ):
                fate.dropped = True
        changes = {statement: self._changes(imports) for statement, imports in self._statements.items()}
        for imports in self._statements.values():
            self._report(imports)
        self._edit_statements(changes)

    def _rename(self, reference: Reference) -> None:
        """Writes a reference the way its destination is reached."""
        origins = self._names.origins(reference)
        if all(moves.normalise(origin.name) is None for origin in origins if origin.name):
            return
        old = next(name for origin in origins if (name := moves.normalise(origin.name)) is not None)
        found = successor(old, self._file.target)
        path = self.destination(reference)
        text = ".".join((reference.root.value, *reference.attributes))
        direct = [self._fates[origin.imported] for origin in origins if origin.imported in self._fates]
        if path is None:
            if reference.attributes and not (direct and direct[0].successor and not direct[0].bound):
                self._file.report(found.rule, Level.MANUAL, reference.node, found.message, old)
            return
        new: str | None = None
        bounds = {(fate.bound, fate.local) for fate in direct}
        starred = any(fate.local == "*" for fate in direct)
        if starred:
            new = self._through_star(path, direct, reference, text)
        elif len(bounds) == 1 and len(direct) == len(origins) and not self._attributes_only:
            bound, local = bounds.pop()
            if bound and (path == bound or path.startswith(bound + ".")):
                new = local + path[len(bound) :]
        elif not direct and not self._through_assignment(reference, path):
            new = text
        if new is None:
            kept = any(self._kept_for_others(fate) for fate in direct)
            new = self.name_for(path, reference) if reference.attributes or not kept else text
            if direct and new.partition(".")[0] != reference.root.value:
                for fate in direct:
                    fate.lost += 1
        if new == text:
            return
        if self._file.report(found.rule, found.level, reference.node, found.message, old):
            replacement = name_node(new)
            self._file.edit(
                reference.node,
                reference.frame,
                lambda node: replacement.with_changes(lpar=node.lpar, rpar=node.rpar),
            )

    def _through_star(self, path: str, direct: list[Fate], reference: Reference, text: str) -> str | None:
        """How a name that a star import gave is reached: as before, if the new star gives it too."""
        module, _, _ = path.rpartition(".")
        head = ".".join((module, reference.root.value)) if not reference.attributes else ""
        for fate in direct:
            if fate.local == "*" and fate.bound and not self._star_shadows(fate):
                given = self._catalog.star(fate.bound)
                if reference.root.value in given and (not head or head == path):
                    return text
        return None

    def _star_shadows(self, fate: Fate) -> bool:
        """Whether the new star import would hide names that the old one did not have."""
        assert fate.old is not None
        new = self._catalog.star(fate.bound) - star(fate.old)
        bindings = fate.imported.scope.bindings
        return any(
            name in bindings and bindings[name][0].order < fate.imported.order and not self._init
            for name in new
        )

    def _through_assignment(self, reference: Reference, path: str) -> bool:
        """Whether a reference through an assigned alias must be written in another way."""
        for binding in self._names.bindings(reference):
            if binding.value is None:
                return False
            bound = self.destination(binding.value)
            tail = "".join("." + attribute for attribute in reference.attributes)
            if bound is None or bound + tail != path:
                return True
        return False

    def _changes(self, imports: list[ImportedName]) -> dict[cst.ImportAlias, Change]:
        """What the names of one statement become, for those that change."""
        changes: dict[cst.ImportAlias, Change] = {}
        seen: set[tuple[str, str]] = set()
        for imported in imports:
            fate = self._fates[imported]
            if fate.old is None or not isinstance(imported.alias, cst.ImportAlias):
                continue
            if fate.dropped:
                changes[imported.alias] = None
                continue
            new = self._written(fate)
            if new is None:
                continue
            if (new.path, new.local) in seen:
                changes[imported.alias] = None
                continue
            seen.add((new.path, new.local))
            if not _same(imported, new):
                changes[imported.alias] = new
        return changes

    def _written(self, fate: Fate) -> Imported | None:
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

    def _report(self, imports: list[ImportedName]) -> None:
        """Leaves one finding for a statement whose modules only moved, and one for each name that did more."""
        file = self._file
        plain: list[str] = []
        for imported in imports:
            fate = self._fates[imported]
            if fate.old is None or fate.successor is None:
                continue
            if imported.star:
                self._report_star(fate)
                continue
            if fate.dropped:
                message = f"`{fate.old}` is no longer used here"
                level = Level.REWRITTEN
                if not fate.uses:
                    message, level = (
                        f"{fate.successor.message}. It was imported but not used here",
                        Level.REVIEW,
                    )
                fate.dropped = file.report(UNNEEDED_IMPORT, level, imported.alias, message, fate.old)
                continue
            if not fate.bound:
                lines = len(fate.uses)
                used = f" Used {lines} time{'s' if lines != 1 else ''} here." if lines else ""
                message = fate.successor.message.rstrip(".") + "." + used
                file.report(fate.successor.rule, Level.MANUAL, imported.alias, message, fate.old)
                continue
            new = self._written(fate)
            if new is None or _same(imported, new):
                continue
            if fate.successor.path is None:
                message = f"`{fate.old}` is gone: what is used of it is in `{fate.bound}`"
                file.report(MOVED_SYMBOL, Level.REWRITTEN, imported.alias, message, fate.old)
            elif fate.successor.rule is MOVED_IMPORT:
                plain.append(fate.old)
            else:
                file.report(
                    fate.successor.rule,
                    fate.successor.level,
                    imported.alias,
                    fate.successor.message,
                    fate.old,
                )
        if plain:
            statement_node = imports[0].statement
            module = plain[0] if isinstance(statement_node, cst.Import) else plain[0].rpartition(".")[0]
            message = f"`{module}` is `tensorflow.{module}`"
            file.report(MOVED_IMPORT, Level.REWRITTEN, statement_node, message, module)

    def _report_star(self, fate: Fate) -> None:
        assert fate.old is not None
        if not fate.bound:
            if fate.successor is not None:
                message = (
                    f"`{fate.old}` is gone. Import the names that are needed from `tensorflow.keras` instead"
                )
                self._file.report(REMOVED_SYMBOL, Level.MANUAL, fate.imported.statement, message, fate.old)
        elif f"{fate.bound}" != fate.imported.target:
            message = f"the names of `{fate.old}` are in `{fate.bound}`"
            self._file.report(STAR_IMPORT, Level.REWRITTEN, fate.imported.statement, message, fate.old)

    def _edit_statements(self, changes: dict[cst.CSTNode, dict[cst.ImportAlias, Change]]) -> None:
        """Asks for the edits of import statements, their lines, and the ``try`` around them."""
        touched = dict.fromkeys(
            statement
            for statement, imports in self._statements.items()
            if changes[statement] or statement in self._extra or self._star_change(imports) is not None
        )
        removed: dict[int, int] = {}
        after: dict[cst.CSTNode, list[cst.Import | cst.ImportFrom]] = {}
        for node in touched:
            after[node] = self._rebuilt(node, self._statements[node], changes[node])
        collapsed = self._collapse(after)
        for node, statements in after.items():
            frame = self._statements[node][0].frame
            if frame is None or any(self._within(frame, gone) for gone in collapsed):
                continue
            self._replace(node, frame, statements, removed)
        if self._prefix is not None:
            self._insert_tensorflow()
        for anchor, extra in self._extra.items():
            if anchor not in after and anchor not in self._statements:
                lines = [cst.SimpleStatementLine([statement(each)]) for each in extra]
                self._put_before(anchor, lines)

    def _star_change(self, imports: list[ImportedName]) -> str | None:
        """The new module of a star import, where it has another."""
        first = imports[0]
        fate = self._fates[first]
        if not first.star or fate.old is None or not fate.bound or fate.bound == first.target:
            return None
        return fate.bound

    def _rebuilt(
        self, node: cst.CSTNode, imports: list[ImportedName], changes: dict[cst.ImportAlias, Change]
    ) -> list[cst.Import | cst.ImportFrom]:
        """The statements that take the place of one."""
        made: list[cst.Import | cst.ImportFrom]
        if isinstance(node, cst.Import):
            made = rewritten_import(node, changes)
        else:
            assert isinstance(node, cst.ImportFrom)
            module = self._star_change(imports)
            if module is not None:
                fate = self._fates[imports[0]]
                keep = not self._star_shadows(fate)
                made = [node.with_changes(module=name_node(module), relative=())] if keep else []
            else:
                made = rewritten_from(node, changes)
        grouped: dict[str, list[Imported]] = {}
        for each in self._extra.get(node, ()):
            grouped.setdefault(each.module or each.path, []).append(each)
        for members in grouped.values():
            first = statement(members[0])
            if (
                len(members) > 1
                and isinstance(first, cst.ImportFrom)
                and not isinstance(first.names, cst.ImportStar)
            ):
                names = [alias for each in members for alias in _names_of(statement(each))]
                first = first.with_changes(names=names)
            made.append(first)
        return made

    def _replace(
        self,
        node: cst.CSTNode,
        frame: Frame,
        statements: list[cst.Import | cst.ImportFrom],
        removed: dict[int, int],
    ) -> None:
        """Asks for one import statement to be replaced, as lines of their own where it has a line of its own."""
        assert frame is not None
        line = frame[0]
        file = self._file
        if not isinstance(line, cst.SimpleStatementLine) or len(line.body) > 1:
            new = statements or [cst.Pass()]
            file.edit(node, frame, lambda _: cst.FlattenSentinel(new))
            return
        if statements:
            first, *others = statements

            def spread(current: cst.SimpleStatementLine) -> cst.FlattenSentinel[cst.SimpleStatementLine]:
                kept = current.with_changes(body=[first])
                return cst.FlattenSentinel([kept, *(cst.SimpleStatementLine([other]) for other in others)])

            file.edit(line, frame[1], spread)
            return
        self._remove(line, frame[1], removed)

    def _remove(self, line: cst.SimpleStatementLine, frame: Frame, removed: dict[int, int]) -> None:
        """Asks for a line to go away; its comments stay with the next line, and a block keeps a ``pass``."""
        assert frame is not None
        block = frame[0]
        assert isinstance(block, (cst.Module, cst.IndentedBlock))
        removed[id(block)] = removed.get(id(block), 0) + 1
        index = next(at for at, each in enumerate(block.body) if each is line)
        following = block.body[index + 1] if index + 1 < len(block.body) else None
        comments = any(empty.comment is not None for empty in line.leading_lines)
        alone = isinstance(block, cst.IndentedBlock) and removed[id(block)] == len(block.body)
        if alone or (comments and following is None):
            self._file.edit(line, frame, lambda current: current.with_changes(body=[cst.Pass()]))
            return
        self._file.edit(line, frame, lambda _: cst.RemoveFromParent())
        if following is None:
            return
        assert isinstance(following, (cst.SimpleStatementLine, cst.BaseCompoundStatement))
        leading = line.leading_lines

        def prepend(current: cst.CSTNode) -> object:
            if isinstance(current, cst.FlattenSentinel):
                first, *others = list(current)
                return cst.FlattenSentinel([_led(first, leading), *others])
            return _led(current, leading) if isinstance(current, cst.CSTNode) else current

        if leading:
            self._file.edit(following, frame, prepend)

    def _insert_tensorflow(self) -> None:
        """Adds ``import tensorflow as tf``."""
        assert self._prefix is not None
        name = self._tensorflow or "tf"
        self._put_before(
            self._prefix, [cst.SimpleStatementLine([statement(Imported("", "tensorflow", name))])]
        )

    def _put_before(self, line: cst.CSTNode, lines: list[cst.SimpleStatementLine]) -> None:
        """Adds lines before a statement of the module, below the comments above it."""

        def add(current: object) -> object:
            if isinstance(current, cst.RemovalSentinel):
                return cst.FlattenSentinel(lines)
            nodes = list(current) if isinstance(current, cst.FlattenSentinel) else [current]
            first = nodes[0]
            assert isinstance(first, (cst.SimpleStatementLine, cst.BaseCompoundStatement))
            if isinstance(first, cst.SimpleStatementLine) and binds(first) is not None:
                lead = lines[0].with_changes(leading_lines=first.leading_lines)
                nodes[0] = first.with_changes(leading_lines=())
                return cst.FlattenSentinel([lead, *lines[1:], *nodes])
            return cst.FlattenSentinel([*lines, *nodes])

        self._file.edit(line, (self._file.module, None), add)

    def _collapse(self, after: dict[cst.CSTNode, list[cst.Import | cst.ImportFrom]]) -> list[cst.Try]:
        """Finds ``try`` statements whose body and handler import the same, and asks for one of them to stay."""
        collapsed: list[cst.Try] = []
        tries = dict.fromkeys(
            around[0]
            for node in after
            if (frame := self._statements[node][0].frame) is not None
            for around in _enclosing(frame, cst.Try)
        )
        for node in tries:
            assert isinstance(node, cst.Try)
            if len(node.handlers) != 1 or node.orelse is not None or node.finalbody is not None:
                continue
            handler = node.handlers[0]
            if handler.type is not None and not _catches_imports(handler.type):
                continue
            body = self._lines_after(node.body, after)
            other = self._lines_after(handler.body, after)
            if body is None or other is None:
                continue
            frame = next(
                around[1]
                for each in after
                if (start := self._statements[each][0].frame) is not None
                for around in _enclosing(start, cst.Try)
                if around[0] is node
            )
            kept = body if self._resolves(body) else other
            if not self._resolves(kept) or {b.local for b in _all(body)} != {b.local for b in _all(other)}:
                continue
            message = "both ways of importing are the same in tf.keras: one is enough"
            if not self._file.report(FALLBACK_IMPORT, Level.REWRITTEN, node, message):
                continue
            collapsed.append(node)
            lines = [line for group in kept for line in group]
            self._file.edit(node, frame, _unwrapped(lines))
        return collapsed

    def _lines_after(
        self, block: cst.BaseSuite, after: dict[cst.CSTNode, list[cst.Import | cst.ImportFrom]]
    ) -> list[list[cst.SimpleStatementLine]] | None:
        """The lines of a block after the migration, if all of them import Keras or TensorFlow."""
        groups: list[list[cst.SimpleStatementLine]] = []
        for line in block.body:
            if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
                return None
            small = line.body[0]
            if small not in self._statements or any(imported.star for imported in self._statements[small]):
                return None
            new = after.get(small)
            if new is None:
                groups.append([line])
            else:
                first, *others = new or [cst.Pass()]
                groups.append(
                    [line.with_changes(body=[first]), *(cst.SimpleStatementLine([other]) for other in others)]
                )
        return groups

    def _resolves(self, groups: list[list[cst.SimpleStatementLine]]) -> bool:
        """Whether everything that some lines import is in the target."""
        bound = _all(groups)
        return bool(bound) and all(
            each.path.startswith("tensorflow") and (each.path in self._catalog or each.path == "tensorflow")
            for each in bound
        )

    @staticmethod
    def _within(frame: Frame, node: cst.CSTNode) -> bool:
        return any(around[0] is node for around in _enclosing(frame, type(node)))


def _same(imported: ImportedName, new: Imported) -> bool:
    """Whether an import is written the same as before."""
    alias = imported.alias
    assert isinstance(alias, cst.ImportAlias)
    asname = imported.local if alias.asname is not None else None
    if isinstance(imported.statement, cst.Import):
        return not new.module and new.name == imported.target and (new.asname == asname or asname is None)
    return new.path == imported.target and new.local == imported.local


def _enclosing(frame: Frame, kind: type[cst.CSTNode]) -> Iterable[tuple[cst.CSTNode, Frame]]:
    while frame is not None:
        if type(frame[0]) is kind:
            yield frame
        frame = frame[1]


def _catches_imports(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.Name):
        return node.value in _IMPORT_ERRORS
    if isinstance(node, cst.Tuple):
        return any(_catches_imports(element.value) for element in node.elements)
    return False


def _all(groups: list[list[cst.SimpleStatementLine]]) -> list[Imported]:
    return [each for group in groups for line in group for each in binds(line) or ()]


def _names_of(node: cst.Import | cst.ImportFrom) -> list[cst.ImportAlias]:
    assert not isinstance(node.names, cst.ImportStar)
    return list(node.names)


def _led(node: cst.CSTNode, leading: Iterable[cst.EmptyLine]) -> cst.CSTNode:
    """A statement with more lines above it; blank lines are not doubled."""
    assert isinstance(node, (cst.SimpleStatementLine, cst.BaseCompoundStatement))
    lines = list(leading)
    own = list(node.leading_lines)  # type: ignore[attr-defined]
    while lines and own and lines[-1].comment is None and own[0].comment is None:
        lines.pop()
    return node.with_changes(leading_lines=[*lines, *own])


def _unwrapped(lines: list[cst.SimpleStatementLine]) -> object:
    def edit(current: cst.Try) -> cst.FlattenSentinel[cst.SimpleStatementLine]:
        first, *others = lines
        return cst.FlattenSentinel([_led(first, current.leading_lines), *others])  # type: ignore[list-item]

    return edit
