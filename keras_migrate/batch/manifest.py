"""The list of repositories that a batch is about: a TOML file, or a text file with one a line."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from keras_migrate.options import Defaults, ImportStyle, Options, Python2
from keras_migrate.source import Source
from keras_migrate.target import Target

if TYPE_CHECKING:
    from keras_migrate.project import Project

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROTOCOLS = ("https", "http", "ssh", "git", "file")
"""How git may reach a repository."""

_NAME = re.compile(r"\w[\w.+-]{0,99}")
_OTHER_THAN_NAME = re.compile(r"[^\w.+-]+")
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{p}{n}" for p in ("com", "lpt") for n in range(1, 10))}
)
"""What Windows takes for a device, whatever its suffix."""
_SCP = re.compile(r"[\w.+-]+@([\w.-]+|\[[\da-fA-F:]+\]):(?!//).+", re.S)
"""``git@host:owner/name.git``"""
_CREDENTIALS = re.compile(r"(?:(?<=http://)|(?<=https://))[^/@\s]+@")
_REF = re.compile(r"(?!-)[^\s:?*\[\\^~\x00-\x1f\x7f]+")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_HEADER = re.compile(r"\s*\[\[\s*repository\s*\]\]")


class ManifestError(ValueError):
    """A manifest that cannot be used; the message begins with its file and the line."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a repository is to be migrated; ``None`` and empty leave it to the repository's own configuration.

    Attributes:
        target: the TensorFlow release; without any, what the repository pins, else the newest.
        source: the release of Keras that it was written for; without any, it is found out.
        defaults: what becomes of defaults that are others now.
        import_style: how the migrated code reaches Keras.
        python2: what becomes of Python 2 sources.
        select: codes or beginnings of codes of the rules to apply; empty means all.
        ignore: those not to apply.
        exclude: what to pass over, in the syntax of ``.gitignore``, relative to the repository's top.
    """

    target: Target | None = None
    source: Source | None = None
    defaults: Defaults | None = None
    import_style: ImportStyle | None = None
    python2: Python2 | None = None
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    exclude: tuple[str, ...] = ()

    def options(self, project: Project) -> Options:
        """What a run in the repository is asked for.

        Args:
            project: the repository; its own configuration counts where nothing is said here.
        Raises:
            ConfigurationError: where that says something that is not understood.
        """
        from keras_migrate.configuration import Configuration

        return Configuration.of([project.root]).options(
            project,
            target=self.target,
            source=self.source,
            defaults=self.defaults,
            import_style=self.import_style,
            python2=self.python2,
            select=self.select,
            ignore=self.ignore,
        )


@dataclass(frozen=True, slots=True)
class Repository:
    """One entry of a manifest.

    Attributes:
        name: what its results are called; no other of the manifest has it, whatever the case of letters.
        location: an absolute path or a URL.
        is_url: whether it is a URL.
        ref: the branch, tag or commit to migrate; empty for what is checked out there, or its default branch.
        settings: how it is to be migrated.
    """

    name: str
    location: str
    is_url: bool = False
    ref: str = ""
    settings: Settings = Settings()

    @property
    def shown(self) -> str:
        """The location as it may be shown to anybody."""
        return without_credentials(self.location)

    def fingerprint(self, *more: str) -> str:
        """Changes where anything of the entry does.

        Args:
            more: what else the result hangs on.
        Returns:
            SHA-256 in hexadecimal.
        """
        settings = self.settings
        told = {
            "name": self.name,
            "location": self.location,
            "ref": self.ref,
            "target": settings.target and str(settings.target),
            "source": settings.source and settings.source.release,
            "defaults": settings.defaults and settings.defaults.value,
            "import-style": settings.import_style and settings.import_style.value,
            "python2": settings.python2 and settings.python2.value,
            "select": sorted(settings.select),
            "ignore": sorted(settings.ignore),
            "exclude": settings.exclude,
            "more": more,
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def without_credentials(text: str) -> str:
    """A text without the names and passwords in its URLs."""
    return _CREDENTIALS.sub("", text)


def read(path: str | os.PathLike[str], settings: Settings = Settings()) -> tuple[Repository, ...]:
    """Reads a manifest.

    Args:
        path: a file whose name ends in ``.toml``, or any other for one repository a line. Paths in it are
            relative to its folder.
        settings: what holds where the manifest says nothing.
    Returns:
        Its repositories in their order, at least one.
    Raises:
        ManifestError: where it cannot be read or used, with the line.
    """
    name = os.fspath(path)
    try:
        with open(name, encoding="utf-8-sig") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ManifestError(f"{name}: the manifest cannot be read: {reason}") from error
    folder = os.path.dirname(os.path.abspath(name))
    entries = _from_toml if name.lower().endswith(".toml") else _from_text
    found: dict[str, tuple[int, Repository]] = {}
    for line, repository in entries(_Place(name, text), folder, settings):
        key = repository.name.casefold()
        if key in found:
            raise ManifestError(
                f"{name}:{line}: the name {repository.name!r} is taken by line {found[key][0]}: "
                "give one of them another 'name' (in TOML)"
            )
        found[key] = line, repository
    if not found:
        raise ManifestError(
            f"{name}:1: it names no repository: write a path or URL a line, or [[repository]]"
        )
    return tuple(repository for _, repository in found.values())


@dataclass(frozen=True, slots=True)
class _Place:
    """Where something is said: a file, its text, and which of its repositories."""

    file: str
    text: str
    number: int | None = None

    def lines(self) -> Iterator[tuple[int, str]]:
        """The lines of the repository, or those before the first."""
        at = -1
        for line, text in enumerate(self.text.splitlines(), 1):
            at += _HEADER.match(text) is not None
            if at == (-1 if self.number is None else self.number):
                yield line, text

    def line(self, key: str = "") -> int:
        """The line of a key, else that of the repository."""
        lines = list(self.lines())
        setting = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.\]]" if key else ".*")
        first = lines[0][0] if lines else 1
        return next((line for line, text in lines if setting.match(text.lstrip("[ "))), first)

    def error(self, message: str, key: str = "") -> ManifestError:
        return ManifestError(f"{self.file}:{self.line(key)}: {message}")


def _from_text(place: _Place, folder: str, settings: Settings) -> Iterator[tuple[int, Repository]]:
    for line, text in enumerate(place.text.splitlines(), 1):
        said = _COMMENT.sub("", text).strip()
        if said:
            location, _, ref = said.partition("#")
            try:
                if "#" in said and not ref:
                    raise ValueError("a branch, tag or commit has to follow on '#'")
                yield line, _repository(location, _is_url(location), ref or None, None, folder, settings)
            except ValueError as error:
                raise ManifestError(f"{place.file}:{line}: {error}") from error


def _from_toml(place: _Place, folder: str, settings: Settings) -> Iterator[tuple[int, Repository]]:
    try:
        document = tomllib.loads(place.text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+), column \d+\)", str(error))
        last = max(1, place.text.count("\n") + (not place.text.endswith("\n")))
        reason = str(error).partition(" (at ")[0]
        raise ManifestError(f"{place.file}:{at[1] if at else last}: not TOML: {reason}") from error
    entries = document.pop("repository", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise place.error("a repository is written as [[repository]], with double brackets", "repository")
    settings = _applied(settings, document, place, "[[repository]]")
    for number, entry in enumerate(entries):
        here = replace(place, number=number)
        entry = dict(entry)
        said = {key: _text(entry.pop(key), key, here) for key in _PLACE_KEYS if key in entry}
        own = _applied(settings, entry, here, "")
        if ("path" in said) == ("url" in said):
            raise here.error("name either a 'path' or a 'url'", "url" if "url" in said else "")
        key = "url" if "url" in said else "path"
        try:
            yield (
                here.line(key),
                _repository(said[key], key == "url", said.get("ref"), said.get("name"), folder, own),
            )
        except _BadValueError as error:
            raise here.error(str(error), error.key or key) from error


class _BadValueError(ValueError):
    """What one key says cannot be used."""

    def __init__(self, message: str, key: str = "") -> None:
        super().__init__(message)
        self.key = key


def _repository(
    location: str, is_url: bool, ref: str | None, name: str | None, folder: str, settings: Settings
) -> Repository:
    if is_url:
        _check_url(location)
    else:
        if not location or "\0" in location:
            raise _BadValueError("the path is empty")
        location = os.path.normpath(os.path.join(folder, os.path.expanduser(location)))
    if ref is not None and not _REF.fullmatch(ref):
        raise _BadValueError(f"{ref!r} is no branch, tag or commit", "ref")
    if name is None:
        name = _name_of(location)
    elif not _is_name(name):
        raise _BadValueError(
            f"{name!r} cannot be the name of a folder: take letters, digits, '.', '-', '_' and '+'", "name"
        )
    return Repository(name, location, is_url, ref or "", settings)


def _is_url(text: str) -> bool:
    return "://" in text or "::" in text or text.startswith("-") or _SCP.fullmatch(text) is not None


def _check_url(url: str) -> None:
    """Refuses what would make git run a program, or take the URL for an option."""
    protocol, separator, rest = url.partition("://")
    if any(ord(character) <= 32 for character in url):
        raise _BadValueError(f"{url!r} is no URL: there is a blank or a control character in it")
    if not separator:
        if url.startswith("-") or not _SCP.fullmatch(url):
            raise _BadValueError(f"{url!r} is no URL that git may use: {_POSSIBLE}")
        return
    host = rest.partition("/")[0].rpartition("@")[2]
    if protocol not in PROTOCOLS or not rest.strip("/") or host.startswith("-"):
        raise _BadValueError(f"{url!r} is no URL that git may use: {_POSSIBLE}")


_POSSIBLE = f"it begins with {', '.join(f'{protocol}://' for protocol in PROTOCOLS)}, or is user@host:path"


def _name_of(location: str) -> str:
    """The name of a repository that was given none: the last part of its path."""
    last = re.split(r"[\\/:]", location.rstrip("\\/"))[-1].removesuffix(".git")
    name = _OTHER_THAN_NAME.sub("-", last).strip(".-")[:100]
    if not _is_name(name):
        raise _BadValueError(f"{location!r} ends in nothing to call it by: give it a 'name' (in TOML)")
    return name


def _is_name(name: str) -> bool:
    """Whether a name is that of one folder, on every system."""
    reserved = name.casefold().partition(".")[0] in _RESERVED
    return _NAME.fullmatch(name) is not None and not name.endswith(".") and not reserved


def _applied(settings: Settings, table: Mapping[str, Any], place: _Place, other: str) -> Settings:
    """Settings with what a table says in their place."""
    for key, value in table.items():
        if key not in _READERS:
            raise place.error(_unknown(key, [*_READERS, *([] if other else _PLACE_KEYS)], other), key)
        field, read = _READERS[key]
        try:
            settings = replace(settings, **{field: read(value)})
        except ValueError as error:
            raise place.error(f"{key}: {error}", key) from error
    return settings


def _unknown(key: str, known: Sequence[str], other: str) -> str:
    if other and key in _PLACE_KEYS:
        return f"{key!r} is said of one repository: write it below {other}"
    close = get_close_matches(key.replace("_", "-"), known, 1)
    hint = f"Did you mean {close[0]!r}?" if close else f"There is: {', '.join(known)}."
    return f"unknown key {key!r}. {hint}"


def _text(value: object, key: str, place: _Place) -> str:
    if not isinstance(value, str):
        raise place.error(f"{key}: text in quotes is expected", key)
    return value


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError('text in quotes is expected, such as "2.21"')
    return value


def _strings(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError("a list of texts is expected")
    return tuple(value)


def _choice(kind: type[Defaults] | type[ImportStyle] | type[Python2]) -> Callable[[object], Any]:
    def read(value: object) -> Any:
        try:
            return kind(value)
        except ValueError as error:
            known = " or ".join(repr(choice.value) for choice in kind)
            raise ValueError(f"{value!r} is not {known}") from error

    return read


def _codes(value: object) -> frozenset[str]:
    from keras_migrate.registry import codes_named

    return codes_named(_strings(value))


def _patterns(value: object) -> tuple[str, ...]:
    from keras_migrate.project import check_patterns

    patterns = _strings(value)
    check_patterns(patterns)
    return patterns


_PLACE_KEYS = ("path", "url", "ref", "name")
_READERS: Mapping[str, tuple[str, Callable[[object], Any]]] = {
    "target": ("target", lambda value: Target.parse(_string(value))),
    "source": ("source", lambda value: Source.parse(_string(value))),
    "defaults": ("defaults", _choice(Defaults)),
    "import-style": ("import_style", _choice(ImportStyle)),
    "python2": ("python2", _choice(Python2)),
    "select": ("select", _codes),
    "ignore": ("ignore", _codes),
    "exclude": ("exclude", _patterns),
}
"""The keys that say how to migrate, the field of `Settings` that each is for, and what reads it."""
