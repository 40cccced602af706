"""What a name imported from the project's own modules really is: ``from .backend import keras``.

The name of something of Keras is followed by :func:`reexports`, what a class or function of the project is by
:func:`outside`. Both read another module only when one of its names is asked for, and only one that names
Keras or imports a module that does, at first or any later hand.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import libcst as cst

from keras_migrate import reading, transforms
from keras_migrate.catalog import moves
from keras_migrate.documents import python2
from keras_migrate.documents.python import DocumentError, PythonDocument
from keras_migrate.import_lines import import_lines
from keras_migrate.module_files import is_submodule, module_file
from keras_migrate.names import Names, Reexport
from keras_migrate.project import Project
from keras_migrate.reached_files import names_or_reaches_keras
from keras_migrate.scopes import Binding, Reference
from keras_migrate.values import CLASS, FUNCTION, GENERATOR, LITERAL, OBJECT, UNKNOWN, Outside, Value, Values


def reexports(project: Project, path: str, roots: frozenset[str]) -> Reexport:
    """Makes the function by which the names of one file are followed into the project's other modules.

    Args:
        project: the tree that the file is part of.
        path: the file, relative to the project's root.
        roots: first parts of the qualified names of interest.
    Returns:
        A function from a dotted name, relative or absolute, to the qualified name of what it is, if that is
        known and of interest.
    """
    if not project.root:
        return lambda name: None
    modules = _modules(project.top or project.root, roots)
    folder = os.path.dirname(project.locate(path))
    return lambda name: modules.follow(name, folder)


def outside(project: Project, path: str, roots: frozenset[str]) -> Outside:
    """Makes the function that tells one file what the names of the project's other modules are.

    Args:
        project: the tree that the file is part of.
        path: the file, relative to the project's root.
        roots: first parts of the qualified names of interest.
    Returns:
        A function from a dotted name, relative or absolute, to the values that it can have there.
    """
    if not project.root:
        return lambda name: (UNKNOWN,)
    modules = _modules(project.top or project.root, roots)
    folder = os.path.dirname(project.locate(path))
    return lambda name: modules.values(name, folder)


def takes_keras(project: Project, path: str, data: bytes, roots: frozenset[str]) -> bool:
    """Whether a file that does not name Keras gets something of it from the project's other modules.

    Args:
        project: the tree that the file is part of.
        path: the file, relative to the project's root.
        data: its Python code.
        roots: first parts of the qualified names of interest.
    """
    if not project.root or not names_or_reaches_keras(project, path, data):
        return False
    modules = _modules(project.top or project.root, roots)
    folder = os.path.dirname(project.locate(path))
    return any(modules.is_of_keras(name, folder) for name in dict.fromkeys(_taken(modules, folder, data)))


_WORD = re.compile(rb"[A-Za-z_]\w*")
_MOST_NAMES = 400
"""So many different words of a file are looked up in a module that all is imported from."""


def _taken(modules: Modules, folder: str, data: bytes) -> Iterator[str]:
    """The dotted names that code takes from other modules of the project."""
    for line in import_lines(data):
        joint = "" if line.module.endswith(".") else "."
        if line.name == "*":
            if modules.file(line.module, folder) is not None:
                words = dict.fromkeys(_WORD.findall(data))
                yield from (f"{line.module}{joint}{word.decode()}" for word in [*words][:_MOST_NAMES])
            continue
        taken = f"{line.module}{joint}{line.name}" if line.name else line.module
        if line.name:
            yield taken
        if modules.file(taken, folder) is not None:
            whole = taken if line.name or line.local != line.module.partition(".")[0] else line.local
            pattern = rb"\b%s((?:\.[A-Za-z_]\w*)+)" % line.local.encode()
            for chain in dict.fromkeys(re.findall(pattern, data)):
                names = chain.decode().split(".")[1:]
                yield from (".".join((whole, *names[:end])) for end in range(1, len(names) + 1))


class _Parsed(NamedTuple):
    """Another module of the project, and what its names are as far as it says so itself."""

    names: Names
    folder: str


class Modules:
    """The modules of one project, read as their names are asked for."""

    def __init__(self, top: str, roots: frozenset[str]) -> None:
        """For the modules below a folder.

        Args:
            top: absolute path of the project's top.
            roots: first parts of the qualified names of interest.
        """
        self._top = top
        self._roots = roots
        self._followed: dict[tuple[str, int, str], str | None] = {}
        self._following: set[tuple[str, int, str]] = set()
        self._evaluating: set[tuple[str, int, str]] = set()

    def file(self, module: str, folder: str) -> str | None:
        """The file of a module as a file in a folder imports it; ``None`` where it is none of the project."""
        return module_file(module, folder, self._top)

    def follow(self, name: str, folder: str) -> str | None:
        """The qualified name of what a name of another module is, if that is of interest."""
        found = self._place(name, folder)
        if found is None:
            return self._through_member(name, folder)
        if found not in self._followed:
            if found in self._following:
                return None  # modules that import a name from each other
            self._following.add(found)
            try:
                self._followed[found] = self._meaning(*found)
            finally:
                self._following.discard(found)
        return self._followed[found]

    def values(self, name: str, folder: str) -> tuple[Value, ...]:
        """The values that a name of another module can have."""
        found = self._place(name, folder)
        if found is None or found in self._evaluating:
            return (UNKNOWN,)
        file, stamp, leaf = found
        self._evaluating.add(found)
        try:
            values = _values(file, stamp, self)
            return (UNKNOWN,) if values is None else values.exported(leaf)
        finally:
            self._evaluating.discard(found)

    def is_of_keras(self, name: str, folder: str) -> bool:
        """Whether a name of another module is something of Keras, derived from it, or gives such a thing."""
        if self.follow(name, folder) is not None:
            return True
        return any(map(_is_of_keras, self.values(name, folder)))

    def names(self, file: str, stamp: int) -> Names | None:
        """The names of another module and what it takes from others; ``None`` where it cannot be read."""
        module = _parsed(file, stamp, self._top)
        if module is None:
            return None
        folder = os.path.dirname(file)
        return Names(
            module, self._roots, star_names=_star_names, reexport=lambda name: self.follow(name, folder)
        )

    def _place(self, name: str, folder: str) -> tuple[str, int, str] | None:
        """The file that has a name of another module, its time stamp, and the name there."""
        module, leaf = _divided(name)
        file = self.file(module, folder)
        if file is None or is_submodule(file, leaf):
            return None
        try:
            stamp = os.stat(file).st_mtime_ns
        except OSError:  # it went away
            return None
        data = _source(file, stamp, self._top)
        if not data or (leaf.encode() not in data and b"*" not in data):
            return None
        return file, stamp, leaf

    def _through_member(self, name: str, folder: str) -> str | None:
        """What ``shim.layers.Dense`` is, where the module ``shim`` has ``layers``."""
        module, leaf = _divided(name)
        if not module.strip(".") or self.file(module, folder) is not None:
            return None
        if "." not in module.lstrip("."):
            return None
        real = self.follow(module, folder)
        return None if real is None else f"{real}.{leaf}"

    def _meaning(self, file: str, stamp: int, name: str) -> str | None:
        """What a name of a module is, if it is one thing of interest."""
        if _defines(name, _source(file, stamp, self._top)):
            return None
        parsed = _outline(file, stamp, self._top, self._roots)
        if parsed is None:
            return None
        bindings = parsed.names.exports(name)
        if not bindings:
            return self._through_stars(parsed, name)
        meanings = {
            meaning for each in bindings if not each.nothing for meaning in self._bound(parsed, each, name)
        }
        keras = {moves.normalise(meaning) for meaning in meanings}
        return min(meanings) if len(keras) == 1 and None not in keras else None

    def _through_stars(self, parsed: _Parsed, name: str) -> str | None:
        """What a name is that a module has by ``from other import *``, the last of them first."""
        for star in reversed(parsed.names.scope.stars):
            joint = "" if star.target.endswith(".") else "."
            found = self.follow(f"{star.target}{joint}{name}", parsed.folder)
            if found is not None:
                return found
        return None

    def _bound(self, parsed: _Parsed, binding: Binding, name: str) -> Iterator[str]:
        """What a binding of a module gives a name; empty where that is not of interest."""
        imported = binding.imported
        if imported is not None:
            target = f"{imported.target}.{name}" if imported.star else imported.bound
            own = target.partition(".")[0] in self._roots
            yield target if own else self.follow(imported.target, parsed.folder) or ""
        elif binding.value is not None:
            yield from self._referred(parsed, binding.value)
        else:
            yield ""

    def _referred(self, parsed: _Parsed, reference: Reference) -> Iterator[str]:
        """What a reference at the level of a module stands for."""
        tail = "".join("." + attribute for attribute in reference.attributes)
        root = reference.root.value
        found = False
        for binding in parsed.names.bindings(reference):
            for meaning in self._bound(parsed, binding, root):
                found = True
                yield f"{meaning}{tail}" if meaning else ""
        if not found:
            through = self._through_stars(parsed, root)
            yield f"{through}{tail}" if through else ""


@lru_cache(maxsize=64)
def _modules(top: str, roots: frozenset[str]) -> Modules:
    return Modules(top, roots)


@lru_cache(maxsize=64)
def _values(file: str, stamp: int, modules: Modules) -> Values | None:
    """The values of another module of the project; ``None`` where it cannot be read."""
    names = modules.names(file, stamp)
    if names is None:
        return None
    folder = os.path.dirname(file)
    return Values(names, transforms.values, lambda name: modules.values(name, folder))


@lru_cache(maxsize=256)
def _outline(file: str, stamp: int, top: str, roots: frozenset[str]) -> _Parsed | None:
    """Another module of the project by itself; ``None`` where it cannot be read."""
    module = _parsed(file, stamp, top)
    if module is None:
        return None
    return _Parsed(Names(module, roots, star_names=_star_names), os.path.dirname(file))


def _is_of_keras(value: Value) -> bool:
    if value.elsewhere is not None:
        return True  # it can hold models
    if value.kind == CLASS:
        return bool(value.lineage)
    if value.kind == FUNCTION:
        return bool(value.symbol) or any(map(_is_of_keras, value.returned))
    return value.kind.strip("[]") not in ("", OBJECT, LITERAL, GENERATOR)


def _star_names(module: str) -> frozenset[str] | None:
    """The names that a star import of a module of Keras gave."""
    old = moves.normalise(module)
    return None if old is None else transforms.star(old)


def _divided(name: str) -> tuple[str, str]:
    """A dotted name as a module and a name in it: ``("..", "keras")`` for ``..keras``."""
    module, _, leaf = name.rpartition(".")
    return (module if module.strip(".") else module + "."), leaf


@lru_cache(maxsize=256)
def _source(file: str, stamp: int, top: str) -> bytes:
    """The bytes of a file; empty where it has nothing of Keras, nor from the modules that it imports."""
    try:
        data = reading.read(file, top)
    except OSError:
        return b""
    return data if names_or_reaches_keras(Project(top, top), file, data) else b""


def _defines(name: str, data: bytes) -> bool:
    """Whether a module has a function or class of a name, which then is nothing that it imports."""
    return (
        re.search(rb"^(?:class|(?:async[ \t]+)?def)[ \t]+%s\b" % name.encode(), data, re.MULTILINE)
        is not None
    )


@lru_cache(maxsize=256)
def _parsed(file: str, stamp: int, top: str) -> cst.Module | None:
    """The tree of another module of the project, of Python 2 too; ``None`` where it cannot be read."""
    try:
        document = PythonDocument.read(reading.read(file, top))
        try:
            return document.parse()
        except DocumentError:
            conversion = python2.convert(document.text, file)
            return None if conversion is None else replace(document, text=conversion.text).parse()
    except (OSError, DocumentError, RecursionError):
        return None
