"""What a name imported from the project's own modules really is: ``from .backend import keras``.

The name of something of Keras is followed by :func:`reexports`, what a class or function of the project is by
:func:`outside`.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache

import libcst as cst

from keras_migrate import transforms
from keras_migrate.catalog import moves
from keras_migrate.documents import python2
from keras_migrate.documents.python import DocumentError, PythonDocument
from keras_migrate.names import Names, Reexport
from keras_migrate.project import Project
from keras_migrate.values import UNKNOWN, Outside, Value, Values


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
    return _follower(os.path.dirname(project.locate(path)), project.top or project.root, roots)


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
    return _evaluator(os.path.dirname(project.locate(path)), project.top or project.root, roots)


def _evaluator(folder: str, top: str, roots: frozenset[str], depth: int = 0) -> Outside:
    def evaluate(name: str) -> tuple[Value, ...]:
        module, leaf = _divided(name)
        file = None if depth > _DEPTH else _module_file(module, folder, top)
        if file is None:
            return (UNKNOWN,)
        stamp = os.stat(file).st_mtime_ns
        if leaf.encode() not in _source(file, stamp):
            return (UNKNOWN,)
        values = _values(file, stamp, top, roots, depth)
        return (UNKNOWN,) if values is None else values.exported(leaf)

    return evaluate


_DEPTH = 3
"""How many modules of the project a name is followed through at most."""


@lru_cache(maxsize=64)
def _values(file: str, stamp: int, top: str, roots: frozenset[str], depth: int) -> Values | None:
    """The values of another module of the project; ``None`` where it cannot be read."""
    module = _parsed(file, stamp)
    if module is None:
        return None
    folder = os.path.dirname(file)
    names = Names(module, roots, reexport=_follower(folder, top, roots, depth + 1))
    return Values(names, transforms.values, _evaluator(folder, top, roots, depth + 1))


def _divided(name: str) -> tuple[str, str]:
    """A dotted name as a module and a name in it: ``("..", "keras")`` for ``..keras``."""
    module, _, leaf = name.rpartition(".")
    return (module if module.strip(".") else module + "."), leaf


def _follower(folder: str, top: str, roots: frozenset[str], depth: int = 0) -> Reexport:
    def follow(name: str) -> str | None:
        module, leaf = _divided(name)
        file = None if depth > _DEPTH else _module_file(module, folder, top)
        if file is None:
            return None
        if file.endswith("__init__.py") and leaf in _names_in(os.path.dirname(file)):
            return None  # a module of that name wins over what the package itself imports
        stamp = os.stat(file).st_mtime_ns
        data = _source(file, stamp)
        if leaf.encode() not in data or _defines(leaf, data):
            return None
        return _exports(file, stamp, top, roots, depth).get(leaf)

    return follow


def _module_file(module: str, folder: str, top: str) -> str | None:
    """The file of a module of the project, ``pkg.backend`` or ``..backend``, if there is one."""
    bare = module.lstrip(".")
    parts = bare.split(".") if bare else []
    level = len(module) - len(bare)
    if level:
        for _ in range(level - 1):
            folder = os.path.dirname(folder)
        return _found(os.path.join(folder, *parts))
    start = next((each for each in _search_path(folder, top) if parts[0] in _names_in(each)), None)
    return None if start is None else _found(os.path.join(start, *parts))


def _found(stem: str) -> str | None:
    for candidate in (stem + ".py", os.path.join(stem, "__init__.py")):
        if os.path.isfile(candidate):
            return candidate
    return None


@lru_cache(maxsize=4096)
def _search_path(folder: str, top: str) -> tuple[str, ...]:
    """The folders from which a file can import the project's modules by absolute names, nearest first."""
    found: list[str] = []
    while True:
        if not os.path.isfile(os.path.join(folder, "__init__.py")):
            found.append(folder)
        source = os.path.join(folder, "src")
        if os.path.isdir(source):
            found.append(source)
        parent = os.path.dirname(folder)
        if folder == top or parent == folder or not folder.startswith(top):
            return tuple(found)
        folder = parent


@lru_cache(maxsize=4096)
def _names_in(folder: str) -> frozenset[str]:
    """What can be imported from a folder."""
    try:
        entries = os.listdir(folder)
    except OSError:
        return frozenset()
    return frozenset(entry.removesuffix(".py") for entry in entries)


@lru_cache(maxsize=256)
def _source(file: str, stamp: int) -> bytes:
    """The bytes of a file; empty where they do not name Keras."""
    with open(file, "rb") as stream:
        data = stream.read()
    return data if b"keras" in data else b""


def _defines(name: str, data: bytes) -> bool:
    """Whether a module has a function or class of a name, which then is nothing that it imports."""
    return (
        re.search(rb"^(?:class|(?:async[ \t]+)?def)[ \t]+%s\b" % name.encode(), data, re.MULTILINE)
        is not None
    )


@lru_cache(maxsize=1024)
def _exports(file: str, stamp: int, top: str, roots: frozenset[str], depth: int) -> dict[str, str]:
    """The module-level names of a file that stand for something of interest, and what that is."""
    module = _parsed(file, stamp)
    if module is None:
        return {}
    names = Names(module, roots, reexport=_follower(os.path.dirname(file), top, roots, depth + 1))
    found: dict[str, str] = {}
    for name, bindings in names.scope.bindings.items():
        meanings: set[str] = set()
        for binding in bindings:
            if binding.imported is not None:
                meanings.add(binding.imported.bound)
            elif binding.value is not None:
                meanings.update(origin.name for origin in names.origins(binding.value))
            elif not binding.nothing:
                meanings.add("")
        keras = {moves.normalise(meaning) for meaning in meanings}
        if len(keras) == 1 and None not in keras:
            found[name] = min(meanings)
    return found


def _parsed(file: str, stamp: int) -> cst.Module | None:
    """The tree of another module of the project, of Python 2 too; ``None`` where it cannot be parsed."""
    data = _source(file, stamp)
    try:
        return cst.parse_module(data)
    except cst.ParserSyntaxError:
        return _converted(data, file)
    except (UnicodeDecodeError, SyntaxError, RecursionError):
        return None


def _converted(data: bytes, file: str) -> cst.Module | None:
    try:
        conversion = python2.convert(PythonDocument.read(data).text, file)
        return None if conversion is None else cst.parse_module(conversion.text)
    except (DocumentError, cst.ParserSyntaxError, RecursionError):
        return None
