"""Which findings make one change: an import that moves, and the names that are reached through it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import libcst as cst

from keras_migrate.names import Names
from keras_migrate.scopes import ImportedName


def bundles(names: Names) -> Mapping[cst.CSTNode, int]:
    """Numbers, from 1, for the imports of a module and for the references that have their names from them.

    Imports have the same number where one statement makes them, where they bind the same name in a scope, and
    where a reference can be to each.

    Args:
        names: the names of the module.
    Returns:
        The numbers by the nodes of statements, of imported names and of references.
    """
    together = _Together()
    for imported in names.imports:
        together.join((imported.statement, (id(imported.scope), imported.local.partition(".")[0])))
    reached = {
        reference.node: [
            origin.imported for origin in names.origins(reference) if origin.imported is not None
        ]
        for reference in names.references
    }
    for imports in reached.values():
        together.join(imported.statement for imported in imports)
    numbers: dict[object, int] = {}

    def number(imported: ImportedName) -> int:
        return numbers.setdefault(together.first(imported.statement), len(numbers) + 1)

    found: dict[cst.CSTNode, int] = {}
    for imported in names.imports:
        found[imported.statement] = found[imported.alias] = number(imported)
    found.update({node: number(imports[0]) for node, imports in reached.items() if imports})
    return found


class _Together:
    """Things that belong together, directly or through others."""

    def __init__(self) -> None:
        self._before: dict[object, object] = {}

    def first(self, thing: object) -> object:
        """What stands for all that belong together with a thing."""
        while (before := self._before.get(thing, thing)) is not thing:
            thing = before
        return thing

    def join(self, things: Iterable[object]) -> None:
        """Notes that things belong together."""
        firsts = [self.first(thing) for thing in things]
        for first in firsts[1:]:
            self._before[self.first(first)] = self.first(firsts[0])
