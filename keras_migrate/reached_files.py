"""Which files name Keras, or import a file of the project that does, at first or any later hand."""

from __future__ import annotations

import os
from functools import lru_cache

from keras_migrate import reading
from keras_migrate.import_lines import import_lines
from keras_migrate.module_files import module_file
from keras_migrate.project import Project


def names_or_reaches_keras(project: Project, path: str, data: bytes) -> bool:
    """Whether a file names Keras, or imports a module of its project that does, or that imports one.

    Args:
        project: the tree that the file is part of.
        path: the file, relative to the project's root, or absolute.
        data: its Python code.
    """
    if b"keras" in data:
        return True
    top = project.top or project.root
    seen: set[str] = set()
    pending = list(_imported(data, os.path.dirname(project.locate(path)), top))
    while pending:
        file = pending.pop()
        if file in seen:
            continue
        seen.add(file)
        keras, others = _look(file, top)
        if keras:
            return True
        pending += others
    return False


@lru_cache(maxsize=65536)
def _look(file: str, top: str) -> tuple[bool, tuple[str, ...]]:
    """Whether a file names Keras, and, where it does not, the files of the project that it imports."""
    try:
        data = reading.read(file, top)
    except OSError:
        return False, ()
    if b"keras" in data:
        return True, ()
    return False, _imported(data, os.path.dirname(file), top)


def _imported(data: bytes, folder: str, top: str) -> tuple[str, ...]:
    """The files of the project that code in a folder imports."""
    found: dict[str, None] = {}
    for line in import_lines(data):
        joint = "" if line.module.endswith(".") else "."
        for module in (line.module, f"{line.module}{joint}{line.name}" if line.name not in ("", "*") else ""):
            file = module_file(module, folder, top) if module else None
            if file is not None:
                found[file] = None
    return tuple(found)
