"""Import statements, and the names by which migrated code reaches what it needs."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from ...catalog import for_target, moves, tensorflow_has
from ...findings import Level, Rule
from ...lines import LineEdits, Small, spread
from ...scopes import Binding, Frame, ImportedName, Reference
from ...statements import (
    Change,
    Imported,
    binds,
    from_statement,
    import_statement,
    name_node,
    rewritten_from,
    rewritten_import,
    statement,
)
from ...transform import File, Transform
from .bindings import Bindings, Fate, catches_imports, same
from .import_findings import FALLBACK_IMPORT, UNNEEDED_IMPORT, report
from .new_imports import NewImports
from .symbols import Successor, module_of, module_successor, star, successor, was_module

TRANSFORM = Transform("imports", FALLBACK_IMPORT, UNNEEDED_IMPORT)

Line = cst.SimpleStatementLine


class ImportPlan:
    """Decides what every import of a file becomes, and gives transforms the names they need."""

    def __init__(self, file: File) -> None:
        """Works out where each imported name leads; nothing is edited before `finish`."""
        self._file = file
        self._lines = LineEdits(file)
        self._names = file.names
        self._catalog = for_target(file.target)
        self._bindings = Bindings(file)
        self._new = NewImports(file, self._bindings)
        self.name_for = self._new.name_for

    def like(self, reference: Reference, path: str) -> str:
        """How code can reach what takes the place of a reference: as it did the old, by a name of its own.

        Args:
            reference: the use of an old name.
            path: the qualified name.
        """
        name = self.name_for(path, reference)
        own = not reference.attributes and not self._new.attributes_only
        return self._new.add(path, reference) if own and "." in name else name

    def handled(self, reference: Reference) -> None:
        """Notes that a reference is no longer there, or no longer needs its import."""
        self._file.handled.add(reference.node)
        for fate in self._bindings.of(reference):
            fate.lost += 1

    def gives_way(self, reference: Reference, name: str) -> None:
        """Notes that a name is written in the place of a reference; one of the same root keeps its import."""
        if name.partition(".")[0] == reference.root.value:
            self._file.handled.add(reference.node)
        else:
            self.handled(reference)

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
            if reference.node not in self._file.handled and not self._stays(reference):
                self._rename(reference)
        for fate in self._bindings.fates.values():
            if (
                (fate.uses or fate.abandoned)
                and fate.lost >= len(fate.uses)
                and (fate.old is not None or self._gone_from_tensorflow(fate))
                and (fate.bound or fate.imported.bound == fate.imported.target)
                and not self._bindings.needed(fate)
            ):
                fate.dropped = True
        self._drop_repeated()
        statements = self._bindings.statements
        for imports in statements.values():
            report(self._file, self._bindings, imports)
        changes = {node: self._changes(imports) for node, imports in statements.items()}
        self._edit_statements(changes)

    def _gone_from_tensorflow(self, fate: Fate) -> bool:
        """Whether an import is of a name outside Keras that the target's TensorFlow does not have."""
        target = fate.imported.target
        return target.startswith("tensorflow.") and not tensorflow_has(target, self._file.target)

    def _drop_repeated(self) -> None:
        """Lets go of imports that became the same as one above them in the same block and part."""
        above: dict[tuple[int, int, int, str, str], ImportedName] = {}
        for imported, fate in self._bindings.fates.items():
            if fate.dropped or not fate.bound:
                continue
            part = self._file.part_of(imported.frame)
            key = (part, id(imported.scope), id(imported.branch), fate.bound, fate.local)
            new = None if imported.star else self._bindings.written(fate)
            moved = fate.old is not None and (
                imported.target != fate.bound if new is None else not same(imported, new)
            )
            first = above.get(key)
            fate.dropped = fate.repeated = moved and first is not None and self._lasts(first, imported)
            above[key] = imported

    def _lasts(self, first: ImportedName, second: ImportedName) -> bool:
        """Whether what an import gives is still there where another one is to give the same."""
        fates = self._bindings.fates
        same_place = fates[first].bound

        def gives_the_same(binding: Binding) -> bool:
            fate = fates.get(binding.imported) if binding.imported is not None else None
            return fate is not None and (fate.bound == same_place or fate.local == second.local == "*")

        return all(map(gives_the_same, self._names.between(first, second)))

    def _rename(self, reference: Reference) -> None:
        """Writes a reference the way its destination is reached."""
        origins = self._names.origins(reference)
        old = next((name for origin in origins if (name := moves.normalise(origin.name)) is not None), None)
        if old is None:
            return
        found = successor(old, self._file.target)
        fates = self._bindings.of(reference)
        if any(fate.refused for fate in fates) or not self._file.options.enabled(found.rule.code):
            return
        path = self._bindings.destination(reference)
        if path is None:
            if self._hand_on_successor(reference, old, found):
                return
            if any(fate.late for fate in fates):
                self._fail_here(reference, old, found)
            elif reference.attributes or any(fate.local == "*" for fate in fates):
                quoted = self._names.text_of(reference.node) is not None
                level = Level.REVIEW if quoted else Level.MANUAL
                self._file.report(found.rule, level, reference.node, found.message, old)
            return
        text = ".".join((reference.root.value, *reference.attributes))
        sure = all(origin.name for origin in origins)
        new = self._written_reference(reference, path, text, fates, sure)
        told = any(fate.successor is not None and fate.successor.level is found.level for fate in fates)
        level = Level.REWRITTEN if told else found.level
        if new == text:
            if level is not Level.REWRITTEN:
                self._file.report(found.rule, level, reference.node, found.message, old)
            return
        if new is None:
            message = f"{found.message}, but `{reference.root.value}` can also be something else here"
            self._file.report(found.rule, Level.MANUAL, reference.node, message, old)
            return
        message = f"`{old}` is `{path}` now" if told and found.level is not level else found.message
        if level is Level.REVIEW and found.brief and _only_shown(reference):
            level, message = Level.REWRITTEN, found.brief
        if not self._file.report(found.rule, level, reference.node, message, old):
            self._stay(reference, found.rule)
            return
        if new.partition(".")[0] not in {fate.local for fate in fates}:
            for fate in fates:
                fate.lost += 1
        self._replace(reference, new)

    def _hand_on_successor(self, reference: Reference, old: str, found: Successor) -> bool:
        """Gives other modules what has most of a module that is gone: ``engine = keras.engine``."""
        node = reference.frame[0] if reference.frame is not None else None
        if not isinstance(node, cst.Assign) or reference.scope.kind != "module" or not was_module(old):
            return False
        home = module_successor(old, self._file.target)
        names = [each.target.value for each in node.targets if isinstance(each.target, cst.Name)]
        used = any(self._names.uses(str(name)) for name in names)
        if home is None or not names or used:
            return False
        message = (
            f"`{old}` is gone, and what other modules may take from here is `{home}` now, which has most of "
            "what it had"
        )
        if self._file.report(found.rule, Level.REVIEW, reference.node, message, old):
            self._replace(reference, self.name_for(home, reference))
            for fate in self._bindings.of(reference):
                fate.lost += 1
        return True

    def _fail_here(self, reference: Reference, old: str, found: Successor) -> None:
        """Names something that is gone by its old path where it is used, in place of its import."""
        message = f"{found.message.rstrip('.')}. Only this use of it fails, its import is left out"
        if not self._file.report(found.rule, Level.MANUAL, reference.node, message, old):
            self._stay(reference, found.rule)
            return
        self.handled(reference)
        if self._new.attributes_only:
            new = self.name_for(f"tensorflow.{old}", reference)
        else:
            new = self._bindings.prefix_for(f"tensorflow.{old}", reference) or (
                self.name_for("tensorflow.keras", reference) + old.removeprefix("keras")
            )
        self._replace(reference, new)

    def _stay(self, reference: Reference, rule: Rule) -> None:
        """Notes that a reference has to stay as it is, and its imports for it."""
        if self._file.refusals is not None and self._file.options.enabled(rule.code):
            imports = (fate.imported.alias for fate in self._bindings.of(reference))
            self._file.refusals.stay(self._place(reference), imports)

    def _stays(self, reference: Reference) -> bool:
        """Whether a reference is known to stay as it is."""
        refusals = self._file.refusals
        if refusals is None or self._place(reference) not in refusals.staying:
            return False
        refusals.again([refusals.staying[self._place(reference)]])
        return True

    def _place(self, reference: Reference) -> cst.CSTNode:
        """The node of a reference; the string or comment that one is read from, which outlasts a plan."""
        return self._names.text_of(reference.node) or reference.node

    def _replace(self, reference: Reference, name: str) -> None:
        """Asks for another dotted name in the place of a reference."""
        replacement = name_node(name)
        self._file.edit(
            reference.node,
            reference.frame,
            lambda node: replacement.with_changes(lpar=node.lpar, rpar=node.rpar),
        )

    def _written_reference(
        self, reference: Reference, path: str, text: str, fates: list[Fate], sure: bool
    ) -> str | None:
        """The dotted name for a reference after the migration; ``None`` where no one name is right."""
        if any(fate.local == "*" for fate in fates):
            return self._through_star(path, fates, reference, text) or self.name_for(path, reference)
        meanings = {(fate.bound, fate.local) for fate in fates if fate.bound}
        if len(meanings) == 1 and not self._new.attributes_only:
            ((bound, local),) = meanings
            if path == bound or path.startswith(bound + "."):
                return local + path[len(bound) :]
        loaded = self._through_loaded(reference, path) if not fates and reference.attributes else None
        if loaded is not None:
            return loaded
        if not fates and not (reference.attributes and self._through_assignment(reference, path)):
            return text
        if not reference.attributes and any(self._bindings.kept_for_others(fate) for fate in fates):
            return text
        return self.name_for(path, reference) if sure else None

    def _through_star(self, path: str, direct: list[Fate], reference: Reference, text: str) -> str | None:
        """Keeps a name that a star import gave: from the new star, or by an import of its own."""
        tail = "".join("." + attribute for attribute in reference.attributes)
        if not path.endswith(tail):
            return None
        root = path.removesuffix(tail)
        module, _, leaf = root.rpartition(".")
        for fate in direct:
            here = fate.bound == module and leaf == reference.root.value
            if (
                fate.local == "*"
                and here
                and not self._star_shadows(fate)
                and leaf in self._catalog.star(module)
            ):
                return text
        fates = self._bindings.fates.values()
        if not any(each.bound == root and each.local == reference.root.value for each in fates):
            self._new.add(root, reference, reference.root.value)
        return text

    def _star_shadows(self, fate: Fate) -> bool:
        """Whether the new star import would hide names that the old one did not have."""
        assert fate.old is not None
        if self._bindings.kept_for_others(fate):
            return False
        new = self._catalog.star(fate.bound) - star(fate.old)
        bindings = fate.imported.scope.bindings
        return any(name in bindings and bindings[name][0].order < fate.imported.order for name in new)

    def _handed_on(self, fate: Fate) -> list[Imported]:
        """The names of a star that goes away which other modules of the project take from this one."""
        assert fate.old is not None
        given = star(fate.old) & self._catalog.star(fate.bound)
        bound = self._names.scope.bindings
        names = (name for name in given if name not in bound and self._bindings.taken(name))
        return [Imported(fate.bound, name) for name in sorted(names)]

    def _renamed_for_others(self, fate: Fate) -> list[Imported]:
        """The names that only the old star gave and that other modules of the project take from this one."""
        assert fate.old is not None
        gone = star(fate.old) - self._catalog.star(fate.bound)
        known = self._names.scope.bindings.keys() | self._names.identifiers
        found = []
        for name in sorted(gone - known):
            path = successor(f"{fate.old}.{name}", self._file.target).path
            if path and path.startswith("tensorflow.keras") and self._bindings.named_elsewhere(name):
                module, _, leaf = path.rpartition(".")
                found.append(Imported(module, leaf, None if leaf == name else name))
        return found

    def _through_loaded(self, reference: Reference, path: str) -> str | None:
        """A name in a module that a call loads: ``layers = importlib.import_module('keras.layers')``."""
        homes = {
            home
            for binding in self._names.bindings(reference)
            if not binding.nothing
            for old in (moves.normalise(binding.loaded),)
            for home in ("" if old is None else module_of(old, self._file.target) or "",)
        }
        home = homes.pop() if len(homes) == 1 else ""
        return reference.root.value + path[len(home) :] if home and path.startswith(f"{home}.") else None

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
            if (fate.old is None and not fate.dropped) or not isinstance(imported.alias, cst.ImportAlias):
                continue
            new = None if fate.dropped else self._bindings.written(fate)
            if fate.dropped or (new is not None and not same(imported, new)):
                changes[imported.alias] = new
        return changes

    def _edit_statements(self, changes: dict[cst.CSTNode, dict[cst.ImportAlias, Change]]) -> None:
        """Asks for the edits of import statements, their lines, and the ``try`` around them."""
        touched = dict.fromkeys(
            statement
            for statement, imports in self._bindings.statements.items()
            if changes[statement] or statement in self._new.beside or self._star_change(imports) is not None
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
        for anchor, added in self._new.before.items():
            self._lines.put_before(anchor, [cst.SimpleStatementLine([statement(each)]) for each in added])

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
                keep = not fate.dropped and not self._star_shadows(fate)
                made = [node.with_changes(module=name_node(module), relative=())] if keep else []
                handed_on = [] if keep or fate.dropped else self._handed_on(fate)
                made += [from_statement(module, handed_on)] if handed_on else []
                made += [] if fate.dropped else map(statement, self._renamed_for_others(fate))
            else:
                made = rewritten_from(node, changes)
        grouped: dict[str, list[Imported]] = {}
        for each in self._new.beside.get(node, ()):
            grouped.setdefault(each.module, []).append(each)
        for module, added in grouped.items():
            made += [from_statement(module, added)] if module else map(import_statement, added)
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
        if not catches_imports(handler):
            return []
        body, fallback = self._lines_after(node.body, after), self._lines_after(handler.body, after)
        if {each.local for each in _bound(body)} != {each.local for each in _bound(fallback)}:
            return []
        return next((lines for lines in (body, fallback) if self._resolves(lines)), [])

    def _lines_after(self, block: cst.BaseSuite, after: dict[cst.CSTNode, list[Small]]) -> list[Line]:
        """The lines of a block after the migration; empty unless all of them import Keras or TensorFlow."""
        lines: list[Line] = []
        for line in block.body:
            if isinstance(line, cst.Try):
                arm = self._one_arm(line, after)
                if not arm:
                    return []
                lines += arm
                continue
            if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
                return []
            imports = self._bindings.statements.get(line.body[0])
            if imports is None or isinstance(getattr(line.body[0], "names", None), cst.ImportStar):
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


def _only_shown(reference: Reference) -> bool:
    """Whether nothing is done with a value but to print it, or to show it as the result of a cell."""
    node = reference.frame[0] if reference.frame is not None else None
    if isinstance(node, cst.Arg) and reference.frame is not None and reference.frame[1] is not None:
        node = reference.frame[1][0]
        return isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value == "print"
    return isinstance(node, cst.Expr)


def _enclosing(frame: Frame, kind: type[cst.CSTNode]) -> Iterable[tuple[cst.CSTNode, Frame]]:
    while frame is not None:
        if type(frame[0]) is kind:
            yield frame
        frame = frame[1]


def _bound(lines: list[Line]) -> list[Imported]:
    return [each for line in lines for each in binds(line) or ()]
