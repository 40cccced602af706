"""What the other files of a project say: facts that one file needs and another one states.

A fact is read off the Python code of a file, a notebook's among them, by a function of those who know what to
look for. Files are asked from near to far: those of a file's own folder and below, then those of the folder
around, up to the project's top.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TypeAlias

from keras_migrate import reading
from keras_migrate.project import CODE_SUFFIXES, MODULE_SUFFIXES, PASSED_OVER, Project, upwards

Facts: TypeAlias = "tuple[str, ...]"
"""What a file says, in the words of those who asked; empty where it says nothing."""

Read: TypeAlias = "Callable[[bytes], Facts]"
"""Reads the facts off the code of one file."""

Nearby: TypeAlias = "Callable[[Read], Iterator[Facts]]"
"""The facts of a file's folder, then those of each folder around it; farther ones include nearer ones."""


Elsewhere: TypeAlias = "Callable[[Read], Iterator[tuple[str, Facts]]]"
"""The other files of a project that have something to say, by their paths relative to its root, and what."""


def nowhere(read: Read) -> Iterator[Facts]:
    """The facts around code that is in no project: none."""
    return iter(())


def no_others(read: Read) -> Iterator[tuple[str, Facts]]:
    """The other files of code that is in no project: none."""
    return iter(())


def nearby(project: Project, path: str) -> Nearby:
    """Makes the function that finds facts around one file.

    Args:
        project: the tree that the file is part of.
        path: the file, relative to the project's root.
    """
    if not project.root:
        return nowhere
    folder = os.path.dirname(project.locate(path))
    top = project.top or project.root

    def ask(read: Read) -> Iterator[Facts]:
        return (_below(each, read) for each in upwards(folder, top))

    return ask


def elsewhere(project: Project, path: str) -> Elsewhere:
    """Makes the function that asks the other files of a project one by one.

    Args:
        project: the tree that the file is part of.
        path: the file, relative to the project's root.
    """
    if not project.root:
        return no_others
    own = project.locate(path)

    def ask(read: Read) -> Iterator[tuple[str, Facts]]:
        for location, facts in _by_file(project.top or project.root, read):
            if location != own:
                yield project.relative(location), facts

    return ask


@lru_cache(maxsize=4096)
def _below(folder: str, read: Read) -> Facts:
    """The facts of all files in a folder and below it, each once."""
    return tuple(dict.fromkeys(fact for _, facts in _by_file(folder, read) for fact in facts))


@lru_cache(maxsize=4096)
def _by_file(folder: str, read: Read) -> tuple[tuple[str, Facts], ...]:
    """The files in a folder and below it that have something to say, and their facts."""
    found: list[tuple[str, Facts]] = []
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return ()
    for entry in listed:
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in PASSED_OVER:
                found += _by_file(entry.path, read)
        elif entry.name.endswith(CODE_SUFFIXES) and entry.is_file(follow_symlinks=False):
            facts = _of_file(entry.path, read)
            if facts:
                found.append((entry.path, facts))
    return tuple(found)


def _of_file(path: str, read: Read) -> Facts:
    try:
        return read(_code(path) if path.endswith(MODULE_SUFFIXES) else _code_in_parts(path))
    except OSError:
        return ()


def _code(path: str) -> bytes:
    return reading.read(path, os.path.dirname(path))


@lru_cache(maxsize=1024)
def _code_in_parts(path: str) -> bytes:
    """The code of a notebook's cells; what reads one takes a moment to load."""
    from keras_migrate.documents.program import code_in

    data = _code(path)
    return code_in(path, data) if b"import" in data else b""
