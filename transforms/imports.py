"""Import statements, and the names by which migrated code reaches what it needs."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from ..catalog import for_target, moves, tensorflow_has
from ..findings import Level, Rule
from ..lines import LineEdits, Small, spread
from ..names import Frame, ImportedName, Reference
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
from .bindings import Bindings, Fate
from .symbols import (
    MOVED_IMPORT,
    MOVED_SYMBOL,
    REMOVED_SYMBOL,
    star,
    successor,
)

FALLBACK_IMPORT = Rule(
    "KM107",
    "fallback-import",
    "Collapse `try: import keras` with a fallback that is the same after the migration.",
    "Code that ran on several releases tries one import and falls back on another. In `tf.keras` both are "
    "the same import, so one is enough.",
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
    "A star import of an inner module becomes one of the public module. Names that only the old module "
    "gave, and names that the new one would put in the place of the project's own, are imported one by one.",
    before="from keras.layers.core import *\n",
    after="from tensorflow.keras.layers import *\n",
)

TRANSFORM = Transform("imports", FALLBACK_IMPORT, UNNEEDED_IMPORT, STAR_IMPORT)

Line = cst.SimpleStatementLine

_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception"})


class ImportPlan:
    """Decides what every import of a file becomes, and gives transforms the names they need."""

    def __init__(self, file: File) -> None:
        """Works out where each imported name leads; nothing is edited before `finish`."""
        self._file = file
        self._lines = LineEdits(file)
        self._names = file.names
        self._catalog = for_target(file.target)
        self._bindings = Bindings(file)
        self._attributes_only = file.options.import_style is ImportStyle.ATTRIBUTE
        self._extra: dict[cst.CSTNode, list[Imported]] = {}
        self._new: dict[tuple[str, str], str] = {}
        self._tensorflow: str | None = None
        self._prefix: cst.CSTNode | None = None

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
        best = self._bindings.prefix_for(path, reference)
        if best is not None:
            return best
        if path.startswith("tensorflow.") and not ours:
            return f"{self._tensorflow_name(reference)}.{path.removeprefix('tensorflow.')}"
        return self._new_import(path, reference)

    def _tensorflow_name(self, reference: Reference) -> str:
        """The local name of the module ``tensorflow``, imported where it is not yet.

        That is at the top, or in the function that imports Keras for the reference: a module that can be
        loaded without Keras stays so.
        """
        if self._tensorflow is None:
            origin = next(iter(self._bindings.of(reference)), None)
            local = origin is not None and origin.imported.scope.kind != "module"
            if local and not self._attributes_only:
                return self._new_import("tensorflow", reference, self._free_tensorflow())
            existing = [
                fate.local
                for fate in self._bindings.fates.values()
                if fate.bound == "tensorflow"
                and fate.imported.scope.kind == "module"
                and fate.imported.branch is None
            ]
            if existing:
                self._tensorflow = existing[0]
            else:
                self._tensorflow = self._free_tensorflow()
                self._prefix = self._first_statement()
        return self._tensorflow

    def _free_tensorflow(self) -> str:
        """A local name for ``tensorflow`` that stands for nothing else in the file."""
        used = {fate.local for fate in self._bindings.fates.values() if fate.bound == "tensorflow"}
        taken = self._names.identifiers - used
        return next(name for name in ("tf", "tensorflow", "_tf") if name not in taken)

    def _first_statement(self) -> cst.CSTNode:
        """Where an import of TensorFlow goes: before the first of Keras, else where code starts."""
        module = self._file.module
        for imported, fate in self._bindings.fates.items():
            if fate.old is not None and imported.frame is not None and imported.frame[1] == (module, None):
                return imported.frame[0]
        return module.body[min(starts_code(module), len(module.body) - 1)]

    def _new_import(self, path: str, reference: Reference, wanted: str = "") -> str:
        """Asks for an import beside the one that the reference came from, perhaps under a wanted name."""
        origin = next(
            (o.imported for o in self._names.origins(reference) if o.imported in self._bindings.fates), None
        )
        anchor: cst.CSTNode = origin.statement if origin is not None else self._first_statement()
        scope = "" if origin is None or origin.scope.kind == "module" else str(id(origin.scope))
        known = self._new.get((scope, path))
        if known is not None:
            return known
        module, _, leaf = path.rpartition(".")
        local = wanted or (leaf if module else reference.root.value)
        if not wanted and module and local in self._names.identifiers and not self._is_free(local):
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
        fates = [fate for fate in self._bindings.fates.values() if fate.imported.local == local]
        return bool(fates) and all(not fate.bound or fate.local != local for fate in fates)

    def handled(self, reference: Reference) -> None:
        """Notes that a reference is no longer there, or no longer needs its import."""
        self._file.handled.add(reference.node)
        for fate in self._bindings.of(reference):
            fate.lost += 1

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
        for fate in self._bindings.fates.values():
            if (
                fate.uses
                and fate.lost >= len(fate.uses)
                and fate.old is not None
                and not self._bindings.kept_for_others(fate)
            ):
                fate.dropped = True
        self._drop_repeated()
        statements = self._bindings.statements
        for imports in statements.values():
            self._report(imports)
        changes = {node: self._changes(imports) for node, imports in statements.items()}
        self._edit_statements(changes)

    def _drop_repeated(self) -> None:
        """Lets go of imports that became the same as one above them in the same block."""
        above: set[tuple[int, int, str, str]] = set()
        for imported, fate in self._bindings.fates.items():
            if fate.dropped or not fate.bound or imported.star:
                continue
            key = (id(imported.scope), id(imported.branch), fate.bound, fate.local)
            new = self._written(fate)
            moved = fate.old is not None and new is not None and not _same(imported, new)
            fate.dropped = fate.repeated = moved and key in above
            above.add(key)

    def _rename(self, reference: Reference) -> None:
        """Writes a reference the way its destination is reached."""
        origins = self._names.origins(reference)
        old = next((name for origin in origins if (name := moves.normalise(origin.name)) is not None), None)
        if old is None:
            return
        found = successor(old, self._file.target)
        if not self._file.options.enabled(found.rule.code):
            return
        path = self._bindings.destination(reference)
        fates = self._bindings.of(reference)
        if path is None:
            if reference.attributes:
                self._file.report(found.rule, Level.MANUAL, reference.node, found.message, old)
            return
        text = ".".join((reference.root.value, *reference.attributes))
        new = self._written_reference(reference, path, text, fates)
        if new == text:
            return
        if not all(origin.name for origin in origins) and new.partition(".")[0] != reference.root.value:
            message = f"{found.message}, but `{reference.root.value}` can also be something else here"
            self._file.report(found.rule, Level.MANUAL, reference.node, message, old)
            return
        self._file.report(found.rule, found.level, reference.node, found.message, old)
        if new.partition(".")[0] not in {fate.local for fate in fates}:
            for fate in fates:
                fate.lost += 1
        replacement = name_node(new)
        self._file.edit(
            reference.node,
            reference.frame,
            lambda node: replacement.with_changes(lpar=node.lpar, rpar=node.rpar),
        )

    def _written_reference(self, reference: Reference, path: str, text: str, fates: list[Fate]) -> str:
        """The dotted name for a reference after the migration."""
        if any(fate.local == "*" for fate in fates):
            return self._through_star(path, fates, reference, text) or self.name_for(path, reference)
        meanings = {(fate.bound, fate.local) for fate in fates}
        if len(meanings) == 1 and not self._attributes_only:
            ((bound, local),) = meanings
            if bound and (path == bound or path.startswith(bound + ".")):
                return local + path[len(bound) :]
        if not fates and not self._through_assignment(reference, path):
            return text
        if not reference.attributes and any(self._bindings.kept_for_others(fate) for fate in fates):
            return text
        return self.name_for(path, reference)

    def _through_star(self, path: str, direct: list[Fate], reference: Reference, text: str) -> str | None:
        """Keeps a name that a star import gave: from the new star, or by an import of its own."""
        tail = "".join("." + attribute for attribute in reference.attributes)
        if not path.endswith(tail):
            return None
        root = path.removesuffix(tail)
        module, _, leaf = root.rpartition(".")
        for fate in direct:
            same = fate.bound == module and leaf == reference.root.value
            if (
                fate.local == "*"
                and same
                and not self._star_shadows(fate)
                and leaf in self._catalog.star(module)
            ):
                return text
        self._new_import(root, reference, reference.root.value)
        return text

    def _star_shadows(self, fate: Fate) -> bool:
        """Whether the new star import would hide names that the old one did not have."""
        assert fate.old is not None
        if self._bindings.kept_for_others(fate):
            return False
        new = self._catalog.star(fate.bound) - star(fate.old)
        bindings = fate.imported.scope.bindings
        return any(name in bindings and bindings[name][0].order < fate.imported.order for name in new)

    def _through_assignment(self, reference: Reference, path: str) -> bool:
        """Whether a reference through an assigned alias must be written in another way."""
        for binding in self._names.bindings(reference):
            if binding.value is None:
                return False
            bound = self._bindings.destination(binding.value)
            tail = "".join("." + attribute for attribute in reference.attributes)
            if bound is None or bound + tail != path:
                return True
        return False

    def _changes(self, imports: list[ImportedName]) -> dict[cst.ImportAlias, Change]:
        """What the names of one statement become, for those that change."""
        changes: dict[cst.ImportAlias, Change] = {}
        for imported in imports:
            fate = self._bindings.fates[imported]
            if fate.old is None or not isinstance(imported.alias, cst.ImportAlias):
                continue
            new = None if fate.dropped else self._written(fate)
            if fate.dropped or (new is not None and not _same(imported, new)):
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
        """Leaves one finding for a statement that only moved, and one for each name that did more."""
        file = self._file
        plain: list[str] = []
        for imported in imports:
            fate = self._bindings.fates[imported]
            if fate.old is None or fate.successor is None:
                continue
            if imported.star:
                self._report_star(fate)
                continue
            if fate.dropped:
                message = f"`{fate.old}` is no longer used here"
                level = Level.REWRITTEN
                if fate.repeated:
                    message = f"`{fate.old}` is reached through an import above"
                elif not fate.uses:
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
            for statement, imports in self._bindings.statements.items()
            if changes[statement] or statement in self._extra or self._star_change(imports) is not None
        )
        after: dict[cst.CSTNode, list[Small]] = {}
        for node in touched:
            after[node] = self._rebuilt(node, self._bindings.statements[node], changes[node])
        collapsed = self._collapse(after)
        for node, statements in after.items():
            frame = self._bindings.statements[node][0].frame
            if frame is None or any(self._within(frame, gone) for gone in collapsed):
                continue
            self._lines.replace(node, frame, statements)
        if self._prefix is not None:
            added = Imported("", "tensorflow", self._tensorflow)
            self._lines.put_before(self._prefix, [cst.SimpleStatementLine([statement(added)])])
        for anchor, extra in self._extra.items():
            if anchor not in self._bindings.statements:
                self._lines.put_before(anchor, [cst.SimpleStatementLine([statement(each)]) for each in extra])

    def _star_change(self, imports: list[ImportedName]) -> str | None:
        """The new module of a star import, where it has another."""
        first = imports[0]
        fate = self._bindings.fates[first]
        if not first.star or fate.old is None or not fate.bound or fate.bound == first.target:
            return None
        return fate.bound

    def _rebuilt(
        self, node: cst.CSTNode, imports: list[ImportedName], changes: dict[cst.ImportAlias, Change]
    ) -> list[Small]:
        """The statements that take the place of one."""
        made: list[Small]
        if isinstance(node, cst.Import):
            made = rewritten_import(node, changes)
        else:
            assert isinstance(node, cst.ImportFrom)
            module = self._star_change(imports)
            if module is not None:
                fate = self._bindings.fates[imports[0]]
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

    def _collapse(self, after: dict[cst.CSTNode, list[Small]]) -> list[cst.Try]:
        """Finds ``try`` statements whose arms import the same, and asks for one of them to stay."""
        tries = {
            around[0]: around[1]
            for node in after
            for around in _enclosing(self._bindings.statements[node][0].frame, cst.Try)
        }
        collapsed: list[cst.Try] = []
        for node, frame in tries.items():
            assert isinstance(node, cst.Try)
            kept = self._one_arm(node, after)
            message = "both ways of importing are the same in tf.keras: one is enough"
            if kept and self._file.report(FALLBACK_IMPORT, Level.REWRITTEN, node, message):
                collapsed.append(node)
                self._lines.unwrap(node, frame, kept)
        return collapsed

    def _one_arm(self, node: cst.Try, after: dict[cst.CSTNode, list[Small]]) -> list[Line]:
        """The lines that can stand for a whole ``try`` statement after the migration; empty if none can."""
        if len(node.handlers) != 1 or node.orelse is not None or node.finalbody is not None:
            return []
        handler = node.handlers[0]
        if handler.type is not None and not _catches_imports(handler.type):
            return []
        body, fallback = self._lines_after(node.body, after), self._lines_after(handler.body, after)
        if {each.local for each in _bound(body)} != {each.local for each in _bound(fallback)}:
            return []
        return next((lines for lines in (body, fallback) if self._resolves(lines)), [])

    def _lines_after(self, block: cst.BaseSuite, after: dict[cst.CSTNode, list[Small]]) -> list[Line]:
        """The lines of a block after the migration; empty unless all of them import Keras or TensorFlow."""
        lines: list[Line] = []
        for line in block.body:
            if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
                return []
            imports = self._bindings.statements.get(line.body[0])
            if imports is None or any(imported.star for imported in imports):
                return []
            new = after.get(line.body[0])
            lines += [line] if new is None else spread(line, new) if new else []
        return lines

    def _resolves(self, lines: list[Line]) -> bool:
        """Whether there are lines, and everything that they import is in the target."""
        return bool(lines) and all(tensorflow_has(each.path, self._file.target) for each in _bound(lines))

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


def _bound(lines: list[Line]) -> list[Imported]:
    return [each for line in lines for each in binds(line) or ()]


def _names_of(node: Small) -> list[cst.ImportAlias]:
    assert not isinstance(node.names, cst.ImportStar)
    return list(node.names)
