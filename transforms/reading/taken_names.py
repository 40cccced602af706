"""Which names of a module other files of the project take, read off the text of their imports."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from ...catalog import LEGACY_RELEASES, legacy
from ...import_lines import import_lines
from ...transform import File

ALL = "*"
"""In the place of a name: another file takes whatever the module has."""


def taken_from(file: File) -> frozenset[str]:
    """The names that other files take from a file, or from a module of the same name elsewhere.

    Args:
        file: the file.
    Returns:
        The names; `ALL` among them where some file imports everything.
    """
    *_, name = file.path.removesuffix(".py").removesuffix(".pyw").split("/")
    facts = [*file.nearby(taken_in)]
    everywhere = facts[-1] if facts else ()
    return frozenset(fact.partition(" ")[2] for fact in everywhere if fact.startswith(f"{name} "))


def taken_in(data: bytes) -> tuple[str, ...]:
    """The names that code takes from modules, whatever their packages.

    Returns:
        One text for each: the last part of the module's name, a space, and the name that is taken.
    """
    if b"import" not in data:
        return ()
    found: dict[str, None] = {}
    for line in import_lines(data):
        module = line.module.rpartition(".")[2]
        if module and line.name:
            found[f"{module} {line.name}"] = None
        taken, used = line.name or module, line.local
        if taken == ALL:
            continue
        if not line.name and line.local == line.module.partition(".")[0]:
            used = line.module
        pattern = rb"\b%s\.(\w+)" % re.escape(used.encode())
        found.update(dict.fromkeys(f"{taken} {name.decode()}" for name in set(re.findall(pattern, data))))
    for target in _PATCHED.findall(data):
        parts = target.decode().split(".")
        found.update(dict.fromkeys(map(" ".join, pairwise(parts))))
    return tuple(found)


def names_of_keras(data: bytes) -> tuple[str, ...]:
    """The words of a file that are names of something in some release of standalone Keras."""
    return tuple(sorted({word.decode() for word in _WORD.findall(data)} & _names()))


_WORD = re.compile(rb"[A-Za-z]\w*")


@cache
def _names() -> frozenset[str]:
    """The public names of everything in the catalogs of standalone Keras."""
    paths = (path for release in LEGACY_RELEASES for path in legacy(release))
    return frozenset(name for path in paths if not (name := path.rpartition(".")[2]).startswith("_"))


_PATCHED = re.compile(rb"\b(?:patch|[gs]etattr|delattr)\(\s*['\"]([A-Za-z_][\w.]*)['\"]")
"""What tests replace by its name: ``mock.patch('package.module.name')``."""
