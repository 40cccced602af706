"""Which kind of file is which."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

DEPENDENCY_FILES: Mapping[str, str] = {
    "requirements": r"(?:.*[-_.])?requirements?(?:[-_.].*)?\.(?:txt|in)"
    r"|(?:.*[-_.])?constraints?(?:[-_.].*)?\.(?:txt|in)|(?:.*/)?requirements/[^/]*\.(?:txt|in)",
    "setup.cfg": r"setup\.cfg",
    "tox": r"tox\.ini",
    "environment": r"(?:.*[-_.])?env(?:ironment)?(?:[-_.].*)?\.ya?ml",
    "setup": r"setup\.py",
    "toml": r"pyproject\.toml|pipfile",
    "lock": r"pipfile\.lock|poetry\.lock",
    "dockerfile": r"(?:.*\.)?dockerfile(?:[-_.].*)?",
    "ci": r"\.travis\.yml|\.gitlab-ci\.ya?ml|\.?appveyor\.ya?ml|(?:.*/)?\.github/workflows/[^/]*\.ya?ml"
    r"|(?:.*/)?\.circleci/config\.ya?ml",
    "script": r".*\.sh",
}
"""The kinds of files that say what a project needs, and their names; what has a slash is of paths."""

_KINDS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in DEPENDENCY_FILES.items())
_MAY_BE_ONE = re.compile(r"\.(?:txt|in|cfg|ini|toml|ya?ml|lock|sh)$|file|setup\.py$", re.IGNORECASE)
_NAMES_KERAS = re.compile(rb"keras|tensorflow|theano|cntk", re.IGNORECASE)


def dependency_kind(path: str) -> str | None:
    """Which kind of dependency file a file is, ``requirements`` or ``toml``; ``None`` if it is none.

    Args:
        path: with forward slashes, from two folders above it at least.
    """
    if _MAY_BE_ONE.search(path) is None:
        return None
    name = path.rpartition("/")[2]
    return next(
        (kind for kind, pattern in _KINDS if pattern.fullmatch(name) or pattern.fullmatch(path)), None
    )


def names_keras(data: bytes) -> bool:
    """Whether a dependency file names Keras or what it ran on, as far as can be told without decoding it."""
    return data.startswith((b"\xff\xfe", b"\xfe\xff")) or _NAMES_KERAS.search(data) is not None


def is_notebook(path: str, data: bytes) -> bool:
    """Whether a file is a notebook; code that comes without the name of a file is looked at.

    Args:
        path: what it is called.
        data: its bytes.
    """
    ending = os.path.splitext(path)[1]
    if ending:
        return ending == ".ipynb"
    return data.lstrip()[:1] == b"{" and b'"nbformat"' in data


DOCUMENT_SUFFIXES = (".md", ".markdown", ".mdown", ".rst")
"""How the names of documents end."""
_HISTORY = re.compile(
    r"(?:change[-_ ]?(?:log|s)|history|news|release(?:s|[-_ ]?notes)?)(?:[-_]?v?\d[\w.-]*)?\.\w+",
    re.IGNORECASE,
)
"""The names of documents that tell what was."""


def document_kind(path: str) -> str | None:
    """Which kind of document a file is, ``markdown`` or ``rst``; ``None`` if it is none."""
    ending = os.path.splitext(path)[1].lower()
    if ending not in DOCUMENT_SUFFIXES:
        return None
    return "rst" if ending == ".rst" else "markdown"


def is_history(path: str) -> bool:
    """Whether a document tells what was, like a changelog, and has to stay as it is."""
    return document_kind(path) is not None and _HISTORY.fullmatch(os.path.basename(path)) is not None
