"""Which versions of Keras and TensorFlow a project asks for, read from its dependency files."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from keras_migrate import reading

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

_LARGEST = 2_000_000
"""Bytes; no dependency file that a person reads is larger."""

_KINDS = (
    r"(?:.*[-_.])?requirements?(?:[-_.].*)?\.(?:txt|in)",
    r"constraints.*\.txt",
    r"pipfile\.lock|poetry\.lock",
    r"pipfile|pyproject\.toml",
    r"setup\.(?:cfg|py)",
    r"(?:conda[-_]?)?env(?:ironment)?.*\.ya?ml",
    r"tox\.ini",
    r"dockerfile.*",
    r"(?:\.travis|\.gitlab-ci|appveyor|config|[\w-]+)\.ya?ml",
)
"""Names of dependency files, those that say most exactly what the code ran with first."""

_FOLDERS = {
    "requirements": r".*\.(?:txt|in)",
    "docker": _KINDS[7],
    ".circleci": _KINDS[8],
    ".github/workflows": _KINDS[8],
}
"""Folders below a project's own that hold dependency files, and what those are called there."""

_AT_HOME = re.compile("|".join((*_KINDS[:8], r"\.travis\.yml|\.gitlab-ci\.yml|appveyor\.yml")), re.IGNORECASE)

_PACKAGES = {
    "keras": "keras",
    "tensorflow": "tensorflow",
    "tensorflow-gpu": "tensorflow",
    "tensorflow-cpu": "tensorflow",
    "tensorflow-macos": "tensorflow",
    "tensorflow-intel": "tensorflow",
}

_VERSION = r"[0-9][\w.*+!]*"
_CLAUSE = rf"(?:===|==|~=|!=|<=|>=|<|>|=)[ \t]*{_VERSION}"
_REQUIREMENT = re.compile(
    rf"(?<![\w./-])(keras|tensorflow(?:[-_](?:gpu|cpu|macos|intel))?)(?:[ \t]*\[[^\]\n]*\])?[ \t]*\(?"
    rf"({_CLAUSE}(?:[ \t]*,[ \t]*{_CLAUSE})*)(?![\w.*$])",
    re.IGNORECASE,
)
"""A requirement as pip and conda spell it, wherever it stands: in a list, a string, a command."""
_TAG = re.compile(
    r"(?:fchollet|keras-team)/(keras)(?:\.git)?@v?([0-9][0-9.]*[0-9])|tensorflow/(tensorflow):([0-9]+(?:\.[0-9]+)+)"
)
"""A tag of Keras' repository in what pip installs, or of TensorFlow's images."""
_COMMENT = re.compile(r"(?:^|\s)#.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Pin:
    """What one dependency file asks for.

    Attributes:
        file: its path, relative to the folder of the project that holds it.
        package: ``keras`` or ``tensorflow``, whichever build of it.
        specifier: the versions, as pip spells them: ``>=2.0.8,<2.3``.
        rank: how exactly files of its kind say what the code ran with; 0 is best.
    """

    file: str
    package: str
    specifier: str
    rank: int = 0

    @property
    def exact(self) -> bool:
        """Whether it names one release, or one series of releases."""
        return self.specifier.startswith("==")

    def allows(self, version: str) -> bool:
        """Whether a version satisfies it."""
        return _specifiers(self.specifier).contains(version, prereleases=True)

    def __str__(self) -> str:
        return self.package + self.specifier


@cache
def _specifiers(text: str) -> SpecifierSet:
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(text)


def pins_in(folder: str, top: str = "") -> tuple[Pin, ...]:
    """What the dependency files of a folder ask for.

    Those in its ``requirements``, ``docker`` and continuous integration folders count as its own.

    Args:
        folder: its path.
        top: that of the project's top, which no link may lead out of; the folder itself by default.
    Returns:
        Its pins, those of the more exact kinds of files first, else in the order of names.
    """
    names = names_in(folder)
    files = [name for name in names if _AT_HOME.fullmatch(name)]
    for below, pattern in _FOLDERS.items():
        if below.partition("/")[0] in names:
            inner = names_in(os.path.join(folder, below))
            files += [f"{below}/{name}" for name in inner if re.fullmatch(pattern, name, re.IGNORECASE)]
    found = dict.fromkeys(pin for file in files for pin in _pins(folder, file, top or folder))
    return tuple(sorted(found, key=lambda pin: pin.rank))


def names_in(folder: str) -> list[str]:
    """What is in a folder, sorted; nothing where it cannot be listed."""
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _pins(folder: str, file: str, top: str) -> Iterator[Pin]:
    """The pins of one file; none where it cannot be read or is broken."""
    text = _text(os.path.join(folder, file), top)
    if not re.search("keras|tensorflow", text, re.IGNORECASE):
        return
    name = os.path.basename(file).lower()
    rank = next((rank for rank, kind in enumerate(_KINDS) if re.fullmatch(kind, name)), 0)
    for package, specifier in _asked_for(name, text):
        if _is_specifier(specifier):
            yield Pin(file, package, specifier, rank)


def _asked_for(name: str, text: str) -> Iterator[tuple[str, str]]:
    """Packages and specifiers in the text of a file."""
    try:
        if name == "pipfile.lock":
            yield from _in_table(json.loads(text))
            return
        if name.endswith((".toml", ".lock")) or name == "pipfile":
            yield from _in_table(tomllib.loads(text))
            return
    except (ValueError, RecursionError):
        return
    yield from _in_text(_COMMENT.sub("", text))


def _in_text(text: str) -> Iterator[tuple[str, str]]:
    for match in _REQUIREMENT.finditer(text):
        package = _PACKAGES[match[1].lower().replace("_", "-")]
        clauses = (clause.strip() for clause in match[2].split(","))
        yield package, ",".join(_as_pip(re.sub(r"\s", "", clause)) for clause in clauses)
    for keras, tag, tensorflow, image in _TAG.findall(text):
        yield keras or tensorflow, f"=={tag or image}"


def _as_pip(clause: str) -> str:
    """A clause of conda's, ``=2.2``, as pip spells it; others as they are."""
    version = re.match(r"=(\d+(?:\.\d+)*)", clause)
    if version is None:
        return clause
    return f"=={version[1]}" + ("" if version[1].count(".") > 1 else ".*")


def _in_table(table: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Packages and specifiers in a table of dependencies, at any depth: Poetry's, Pipenv's, plain strings."""
    package = _PACKAGES.get(key.lower().replace("_", "-"))
    if isinstance(table, str):
        if package is None:
            yield from _in_text(table)
        elif specifier := _from_poetry(table):
            yield package, specifier
    elif isinstance(table, list):
        for each in table:
            yield from _in_table(each, key)
    elif isinstance(table, Mapping):
        locked = _PACKAGES.get(str(table.get("name")).lower())
        if package or locked:
            yield from _in_table(table.get("version", ""), package or locked or "")
        else:
            for name, value in table.items():
                yield from _in_table(value, name)


def _from_poetry(text: str) -> str:
    """The versions that Poetry means by ``^2.2``, ``~2.3`` or ``2.2.4``, as pip spells them."""
    return ",".join(filter(None, (_poetry_clause(clause.strip()) for clause in text.split(","))))


def _poetry_clause(clause: str) -> str:
    match = re.fullmatch(r"(\^|~)?\s*(\d+(?:\.\d+)*)", clause)
    if match is None:
        return "" if clause == "*" else f"=={clause}" if clause[:1].isdigit() else clause.replace(" ", "")
    sign, version = match.groups()
    if sign is None:
        return f"=={version}"
    numbers = [int(part) for part in version.split(".")]
    kept = min(len(numbers), 2) if sign == "~" else _first_that_counts(numbers)
    above = [*numbers[: kept - 1], numbers[kept - 1] + 1]
    return f">={version},<{'.'.join(map(str, above))}"


def _first_that_counts(numbers: list[int]) -> int:
    """How many parts of a version Poetry's caret keeps: up to the first that is not zero."""
    return next((index for index, part in enumerate(numbers, 1) if part), len(numbers))


def _is_specifier(text: str) -> bool:
    from packaging.specifiers import InvalidSpecifier

    try:
        return bool(text) and _specifiers(text) is not None
    except InvalidSpecifier:
        return False


def _text(path: str, top: str) -> str:
    try:
        with reading.open_regular(path, top) as file:
            data = file.read(_LARGEST + 1)
    except OSError:
        return ""
    text = data.decode("utf-8", "replace") if len(data) <= _LARGEST else ""
    return text.replace("\r\n", "\n").replace("\r", "\n")
