"""The files in which a project says what it needs, and where in them the requirements stand."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Mapping

from keras_migrate.documents import dependency_lists, dependency_setup, dependency_tables, install_commands
from keras_migrate.documents.kinds import dependency_kind
from keras_migrate.documents.python import DocumentError
from keras_migrate.documents.requirements import Group

_READERS: Mapping[str, Callable[[str], Iterable[Group]]] = {
    "requirements": dependency_lists.in_requirements,
    "setup.cfg": dependency_lists.in_setup_cfg,
    "tox": dependency_lists.in_tox,
    "environment": dependency_lists.in_environment,
    "setup": dependency_setup.in_setup,
    "toml": dependency_tables.in_toml,
    "lock": dependency_tables.in_lock,
    "dockerfile": install_commands.in_dockerfile,
    "ci": install_commands.in_ci,
    "script": install_commands.in_commands,
}


def groups(path: str, text: str) -> tuple[Group, ...]:
    """The requirements of a file.

    Args:
        path: the file.
        text: what it says.
    Raises:
        DocumentError: if it is broken.
    """
    kind = dependency_kind(path)
    return () if kind is None else tuple(_READERS[kind](text))


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a file, and the encoding that gives back its bytes.

    Raises:
        DocumentError: if it has none that is known.
    """
    encoding = "utf-8"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # what PowerShell writes
        encoding = "utf-16-le" if data.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DocumentError("KM902", f"is not {encoding}: {error.reason}", line) from None
