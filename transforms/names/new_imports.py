"""The names that migrated code needs, and the imports that give them."""

from __future__ import annotations

import libcst as cst

from ...catalog import for_target
from ...options import ImportStyle
from ...scopes import Reference
from ...statements import Imported, starts_code
from ...transform import File
from .bindings import Bindings, Fate


class NewImports:
    """Finds or makes a way to reach a qualified name from a place in a file.

    Attributes:
        attributes_only: whether all of Keras is reached as ``tf.keras.…``.
        beside: the imports to add, by the import statement that they go with.
        before: the imports to add, by the statement of the module that they go before.
    """

    def __init__(self, file: File, bindings: Bindings) -> None:
        """Starts with nothing to add."""
        self._module = file.module
        self._catalog = for_target(file.target)
        self._names = file.names
        self._bindings = bindings
        self._part_of = file.part_of
        self._known: dict[tuple[int, int, str], str] = {}
        self._tensorflow: dict[int, str] = {}
        self.attributes_only = file.options.import_style is ImportStyle.ATTRIBUTE
        self.beside: dict[cst.CSTNode, list[Imported]] = {}
        self.before: dict[cst.CSTNode, list[Imported]] = {}

    def name_for(self, path: str, reference: Reference) -> str:
        """How code at a reference can reach a qualified name; asks for an import where there is none.

        Args:
            path: the qualified name, ``tensorflow.keras.layers.Layer``.
            reference: the use of an old name in whose place it is needed.
        Returns:
            A dotted name.
        """
        ours = path.startswith("tensorflow.keras.")
        if self.attributes_only and ours:
            return f"{self._tensorflow_name(reference)}.{path.removeprefix('tensorflow.')}"
        best = self._bindings.prefix_for(path, reference)
        if best is not None:
            return best
        if path.startswith("tensorflow.") and not ours:
            return f"{self._tensorflow_name(reference)}.{path.removeprefix('tensorflow.')}"
        return self._through_module(path, reference) if reference.attributes else self.add(path, reference)

    def _through_module(self, path: str, reference: Reference) -> str:
        """A qualified name for code that reached the old one through a module: through its module again."""
        module = path
        while module and not self._catalog.is_module(module):
            module = module.rpartition(".")[0]
        starred = any(fate.local == "*" for fate in self._bindings.of(reference))
        if starred and len(reference.attributes) == 1:  # a module that a star leaked, `K`, keeps its name
            return self.add(module, reference, reference.root.value) + path[len(module) :]
        name = module.rpartition(".")[2]
        known = any(added == module for _, _, added in self._known)
        if not module.startswith("tensorflow.keras.") or not (
            known or name not in self._names.identifiers or self._is_free(name)
        ):
            return self.add(path, reference)
        return self.add(module, reference) + path[len(module) :]

    def _tensorflow_name(self, reference: Reference) -> str:
        """The local name of the module ``tensorflow``, imported where it is not yet.

        That is at the top, or of parts that are run by themselves too in that which imports Keras for the
        reference, or in the function that does: a module that can be loaded without Keras stays so.
        """
        origin = next(iter(self._bindings.of(reference)), None)
        part = self._part(origin)
        if part not in self._tensorflow:
            local = origin is not None and origin.imported.scope.kind != "module"
            if local and not self.attributes_only:
                return self.add("tensorflow", reference, self._free_tensorflow())
            existing = [
                fate.local
                for fate in self._bindings.fates.values()
                if fate.bound == "tensorflow"
                and fate.imported.scope.kind == "module"
                and fate.imported.branch is None
                and fate.imported.order < reference.order
            ]
            if existing:
                self._tensorflow[part] = existing[0]
            else:
                self._tensorflow[part] = self._free_tensorflow()
                added = Imported("", "tensorflow", self._tensorflow[part])
                self.before.setdefault(self._first_statement(part), []).insert(0, added)
        return self._tensorflow[part]

    def _part(self, fate: Fate | None) -> int:
        """The part of the file in which something is imported; the first where nothing is."""
        return 0 if fate is None else self._part_of(fate.imported.frame)

    def _free_tensorflow(self) -> str:
        """A local name for ``tensorflow`` that stands for nothing else in the file."""
        used = {fate.local for fate in self._bindings.fates.values() if fate.bound == "tensorflow"}
        taken = self._names.identifiers - used
        return next(name for name in ("tf", "tensorflow", "_tf") if name not in taken)

    def _first_statement(self, part: int = 0) -> cst.CSTNode:
        """Where an import of TensorFlow goes: before the first of Keras in a part, else where code starts."""
        module = self._module
        for imported, fate in self._bindings.fates.items():
            if fate.old is None or imported.frame is None or imported.frame[1] != (module, None):
                continue
            if part in (0, self._part(fate)):
                return imported.frame[0]
        return module.body[min(starts_code(module), len(module.body) - 1)]

    def add(self, path: str, reference: Reference, wanted: str = "") -> str:
        """Asks for an import beside the one that the reference came from, perhaps under a wanted name."""
        fate = next(iter(self._bindings.of(reference)), None)
        scope = self._names.scope if fate is None else fate.imported.scope
        key = (self._part(fate), id(scope), path)
        known = self._known.get(key)
        if known is not None and wanted in ("", known):
            return known
        module, _, leaf = path.rpartition(".")
        local = wanted or (leaf if module else reference.root.value)
        if not wanted and module and local in self._names.identifiers and not self._is_free(local):
            local = f"Keras{leaf}" if leaf[:1].isupper() else f"keras_{leaf}"
            while local in self._names.identifiers:
                local += "_"
        self._known[key] = local
        made = Imported(module, leaf, local if local != leaf else None)
        if not module:
            made = Imported("", path, local)
        if fate is None:
            self.before.setdefault(self._first_statement(), []).append(made)
        else:
            self.beside.setdefault(fate.imported.statement, []).append(made)
        return local

    def _is_free(self, local: str) -> bool:
        """Whether the only thing that has a name is an import that goes away."""
        fates = [fate for fate in self._bindings.fates.values() if fate.imported.local == local]
        return bool(fates) and all(fate.dropped or (fate.bound and fate.local != local) for fate in fates)
