"""Where the project's own modules are: from the name of an import to the file that it loads."""

from __future__ import annotations

import os
from functools import lru_cache


def module_file(module: str, folder: str, top: str) -> str | None:
    """The file of a module of the project, ``pkg.backend`` or ``..backend``, if there is one.

    Args:
        module: the dotted name as an import has it.
        folder: the absolute path of the folder of the file that imports it.
        top: that of the project's top; nothing above it is looked at.
    """
    bare = module.lstrip(".")
    parts = bare.split(".") if bare else []
    level = len(module) - len(bare)
    if level:
        for _ in range(level - 1):
            if folder == top:
                return None  # Python refuses a relative import beyond the top as well
            folder = os.path.dirname(folder)
        return _found(folder, parts)
    if not parts:
        return None
    starts = [each for each in search_path(folder, top) if parts[0] in names_in(each)]
    for start in sorted(starts, key=lambda each: not _is_regular(each, parts[0])):
        found = _found(start, parts)
        if found is not None:
            return found
    return None


def is_submodule(file: str, name: str) -> bool:
    """Whether a name of a package is that of a module in it, which wins over what the package imports."""
    return file.endswith("__init__.py") and name in names_in(os.path.dirname(file))


@lru_cache(maxsize=4096)
def search_path(folder: str, top: str) -> tuple[str, ...]:
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
def names_in(folder: str) -> frozenset[str]:
    """What can be imported from a folder."""
    try:
        entries = os.listdir(folder)
    except OSError:
        return frozenset()
    return frozenset(entry.removesuffix(".py") for entry in entries)


@lru_cache(maxsize=4096)
def _is_regular(folder: str, name: str) -> bool:
    """Whether a folder has a module or package of a name, before which no plain folder comes."""
    return _file_of(os.path.join(folder, name)) is not None


def _found(folder: str, parts: list[str]) -> str | None:
    return _file_of(os.path.join(folder, *parts))


@lru_cache(maxsize=16384)
def _file_of(stem: str) -> str | None:
    for candidate in (os.path.join(stem, "__init__.py"), stem + ".py"):
        if os.path.isfile(candidate):
            return candidate
    return None
