"""What a project says of its migration: ``[tool.keras-migrate]`` in pyproject.toml, or keras-migrate.toml."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import Enum
from typing import Any, TypeVar

from keras_migrate import reading
from keras_migrate.options import Defaults, ImportStyle, Options, Override, Paths, Python2
from keras_migrate.project import BadPatternError, Project, check_patterns, upwards
from keras_migrate.source import Source, UnknownSourceError
from keras_migrate.target import Target, UnknownTargetError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

OWN_FILE = "keras-migrate.toml"
SHARED_FILE = "pyproject.toml"
_TABLE = ("tool", "keras-migrate")

_EnumT = TypeVar("_EnumT", bound=Enum)


class ConfigurationError(ValueError):
    """A configuration that is not understood; says where, and what would be.

    Attributes:
        file: its path, absolute or as it was named.
        message: the line, if it is about one, and what is wrong.
    """

    def __init__(self, file: str, message: str) -> None:
        separator = ":" if message[:1].isdigit() else ": "
        super().__init__(f"{_shown(file)}{separator}{message}")
        self.file = file
        self.message = message

    def seen_from(self, folder: str) -> str:
        """The same with the path of the file from another folder than the current one."""
        return str(self).replace(_shown(self.file), os.path.relpath(self.file, folder), 1)


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a file of configuration says; ``None`` and empty where it says nothing.

    Attributes:
        file: its absolute path; empty where there is none.
        target: the TensorFlow release to migrate to.
        source: the release that the code was written for.
        defaults: what becomes of a default that is another one now.
        import_style: how the migrated code reaches Keras.
        python2: what becomes of Python 2 sources.
        select: rule codes or prefixes of codes to apply.
        ignore: rule codes or prefixes of codes not to apply.
        excluded: what is passed over in folders.
        overrides: what is done otherwise in some files.
    """

    file: str = ""
    target: Target | None = None
    source: Source | None = None
    defaults: Defaults | None = None
    import_style: ImportStyle | None = None
    python2: Python2 | None = None
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    excluded: Paths = field(default_factory=Paths)
    overrides: tuple[Override, ...] = ()

    @classmethod
    def of(cls, paths: Sequence[str | os.PathLike[str]]) -> Configuration:
        """The nearest one, from the folder that holds some files and folders upwards.

        It is looked for up to the top of the git repository. In one folder ``keras-migrate.toml`` wins, and a
        ``pyproject.toml`` without ``[tool.keras-migrate]`` is passed by.

        Args:
            paths: files and folders, at least one.
        Returns:
            An empty one where there is none.
        Raises:
            ConfigurationError: where it says something that is not understood.
        """
        project = Project.of(paths)
        for folder in upwards(project.root, ""):
            top = project.top if reading.is_inside(folder, project.top) else folder
            for name in (OWN_FILE, SHARED_FILE):
                file = os.path.join(folder, name)
                if os.path.isfile(file) and (found := _read(file, folder, top)) is not None:
                    return found
            if os.path.exists(os.path.join(folder, ".git")):
                break
        return cls()

    @classmethod
    def read(cls, file: str | os.PathLike[str], base: str) -> Configuration:
        """That of a file that was named.

        Args:
            file: a ``pyproject.toml``, or any other file that holds what ``keras-migrate.toml`` would.
            base: absolute path of the folder that its patterns are relative to.
        Raises:
            ConfigurationError: where it cannot be read, or says something that is not understood.
        """
        found = _read(os.path.abspath(file), base, os.path.dirname(os.path.realpath(file)))
        if found is None:
            raise ConfigurationError(os.path.abspath(file), "has no [tool.keras-migrate]")
        return found

    def options(
        self,
        project: Project,
        *,
        target: Target | None = None,
        source: Source | None = None,
        defaults: Defaults | None = None,
        import_style: ImportStyle | None = None,
        python2: Python2 | None = None,
        select: frozenset[str] = frozenset(),
        ignore: frozenset[str] = frozenset(),
    ) -> Options:
        """What a run is asked for. What is given here wins over the file, also where that has overrides.

        Args:
            project: what is migrated; names the target where nobody else does.
            target: the TensorFlow release to migrate to.
            source: the release that the code was written for.
            defaults: what becomes of a default that is another one now.
            import_style: how the migrated code reaches Keras.
            python2: what becomes of Python 2 sources.
            select: rule codes or prefixes of codes to apply, in place of those of the file.
            ignore: rule codes or prefixes of codes not to apply, with those of the file.
        """
        from keras_migrate.pinned_target import pinned_target

        overrides = tuple(
            replace(
                each,
                source=None if source else each.source,
                defaults=None if defaults else each.defaults,
                import_style=None if import_style else each.import_style,
                python2=None if python2 else each.python2,
            )
            for each in self.overrides
        )
        return Options(
            target or self.target or (pinned_target(project) if project.root else Target()),
            import_style or self.import_style or ImportStyle.FROM,
            select or self.select,
            self.ignore | ignore,
            source or self.source,
            defaults or self.defaults or Defaults.PIN,
            python2 or self.python2 or Python2.REPORT,
            self.excluded,
            overrides,
            self.file,
        )


def _read(file: str, base: str, top: str) -> Configuration | None:
    """What a file says that is below the top; ``None`` for a pyproject.toml that says nothing.

    Raises:
        ConfigurationError: where it cannot be read, or says something that is not understood.
    """
    shared = os.path.basename(file) == SHARED_FILE
    try:
        data = reading.read(file, top)
    except OSError as error:
        raise ConfigurationError(file, f"cannot be read: {error.strerror}") from error
    if shared and b"keras-migrate" not in data:
        return None
    try:
        text = data.decode("utf-8-sig")
        content: Any = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigurationError(file, f"is not TOML: {error}") from error
    for name in _TABLE if shared else ():
        content = content.get(name) if isinstance(content, dict) else None
    if content is None:
        return None
    table = _Table(file, base, text, _TABLE if shared else (), content)
    return Configuration(file, **table.values(_KEYS, {}))


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of a file of configuration.

    Attributes:
        file: absolute path of the file.
        base: the folder that patterns are relative to.
        text: all of the file.
        path: the keys and indices that lead to the table.
        content: what it holds; a table, if the user made no mistake.
    """

    file: str
    base: str
    text: str
    path: tuple[str | int, ...]
    content: Any

    def values(self, keys: Mapping[str, _Key], refused: Mapping[str, str]) -> dict[str, Any]:
        """What its keys say, by the attributes that they set.

        Args:
            keys: those that it may have.
            refused: why it may not have some others.
        """
        if not isinstance(self.content, dict):
            raise self._error((), f"`{self.name()}`: expected a table, not {_kind(self.content)}")
        found = {}
        for name, value in self.content.items():
            if name in refused:
                raise self._error((name,), f"`{name}` {refused[name]}")
            if name not in keys:
                close = get_close_matches(name, keys, 1)
                hint = f"Did you mean `{close[0]}`?" if close else f"There are: {', '.join(keys)}."
                raise self._error((name,), f"unknown key `{name}`. {hint}")
            try:
                found[keys[name].attribute] = keys[name].read(self, value)
            except ConfigurationError:
                raise
            except ValueError as error:
                raise self._error((name,), f"`{name}`: {error}") from error
        return found

    def inner(self, name: str, index: int) -> _Table:
        """A table of an array of tables."""
        content = self.content[name][index]
        return _Table(self.file, self.base, self.text, (*self.path, name, index), content)

    def missing(self, name: str) -> ConfigurationError:
        """Says that a key has to be there."""
        return self._error((), f"`{name}` is missing")

    def name(self, *inner: str) -> str:
        """What the table, or something in it, is called in the file."""
        return ".".join((*(part for part in self.path if isinstance(part, str)), *inner))

    def _error(self, path: tuple[str, ...], message: str) -> ConfigurationError:
        line = _line_of(self.text, (*self.path, *path))
        return ConfigurationError(self.file, f"{line}: {message}")


@dataclass(frozen=True, slots=True)
class _Key:
    """A key that a table may have.

    Attributes:
        attribute: what it sets.
        read: makes the attribute's value of the key's; raises ``ValueError`` where that is none.
    """

    attribute: str
    read: Callable[[_Table, Any], Any]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f'expected text in quotes, such as "2.2", not {_kind(value)}')
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(f'expected an array of texts, such as ["a", "b"], not {_kind(value)}')
    return tuple(value)


def _kind(value: Any) -> str:
    """What a value is in the words of TOML."""
    if isinstance(value, list) and value:
        return f"an array with {_kind(next((each for each in value if not isinstance(each, str)), ''))}"
    kinds = {bool: "a boolean", int: "a number", float: "a number", str: "text", list: "an array"}
    return kinds.get(type(value), "a table" if isinstance(value, dict) else "a date or time")


def _target(table: _Table, value: Any) -> Target:
    try:
        return replace(Target.parse(_text(value)), reason=f"{os.path.basename(table.file)} names it")
    except UnknownTargetError as error:
        raise ValueError(str(error)) from error


def _source(table: _Table, value: Any) -> Source:
    try:
        return replace(Source.parse(_text(value)), reason=f"{os.path.basename(table.file)} says so")
    except UnknownSourceError as error:
        raise ValueError(str(error)) from error


def _one_of(choices: type[_EnumT]) -> Callable[[_Table, Any], _EnumT]:
    """Reads the value of an enumeration."""

    def read(_table: _Table, value: Any) -> _EnumT:
        for choice in choices:
            if choice.value == _text(value):
                return choice
        known = " or ".join(f'"{choice.value}"' for choice in choices)
        raise ValueError(f"expected {known}, not {value!r}")

    return read


def _rules(_table: _Table, value: Any) -> frozenset[str]:
    words = _texts(value)
    if not words:
        return frozenset()
    from keras_migrate.registry import UnknownRuleError, codes_named

    try:
        return codes_named(words)
    except UnknownRuleError as error:
        raise ValueError(str(error)) from error


def _paths(table: _Table, value: Any) -> Paths:
    patterns = _texts(value)
    try:
        check_patterns(patterns)
    except BadPatternError as error:
        raise ValueError(str(error)) from error
    return Paths(table.base, patterns)


def _overrides(table: _Table, value: Any) -> tuple[Override, ...]:
    if not isinstance(value, list):
        raise ValueError(f"expected an array of tables, [[{table.name('overrides')}]], not {_kind(value)}")
    return tuple(_override(table.inner("overrides", index)) for index in range(len(value)))


def _override(table: _Table) -> Override:
    values = table.values(_OVERRIDE_KEYS, _NOT_FOR_SOME)
    if "paths" not in values:
        raise table.missing("paths")
    return Override(**values)


_FOR_SOME = {
    "ignore": _Key("ignore", _rules),
    "source": _Key("source", _source),
    "defaults": _Key("defaults", _one_of(Defaults)),
    "import-style": _Key("import_style", _one_of(ImportStyle)),
    "python2": _Key("python2", _one_of(Python2)),
}
_KEYS = {
    "target": _Key("target", _target),
    **_FOR_SOME,
    "select": _Key("select", _rules),
    "exclude": _Key("excluded", _paths),
    "overrides": _Key("overrides", _overrides),
}
_OVERRIDE_KEYS = {"paths": _Key("paths", _paths), **_FOR_SOME}
_NOT_FOR_SOME = {
    "target": "cannot be set for some paths: files that import each other have one target",
    "select": "cannot be set for some paths: name the other rules in `ignore`",
    "exclude": "cannot be set for some paths: set it above all overrides",
}


def _line_of(text: str, path: tuple[str | int, ...]) -> int:
    """The 1-based line at which something that a TOML file has begins.

    It is the first statement with which the beginning of the file has it, so it is right for every way to
    write it.

    Args:
        text: the file.
        path: the keys and indices that lead to it.
    """
    start = 1
    for number, content in _beginnings(text):
        if _has(content, path):
            return start
        start = number + 1
    return start


def _beginnings(text: str) -> Iterator[tuple[int, Any]]:
    """What a TOML file says up to each of its lines that ends a statement."""
    lines = text.split("\n")
    for number in range(1, len(lines) + 1):
        try:
            yield number, tomllib.loads("\n".join(lines[:number]))
        except tomllib.TOMLDecodeError:
            continue


def _has(content: Any, path: tuple[str | int, ...]) -> bool:
    for part in path:
        try:
            content = content[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def _shown(file: str) -> str:
    """A file's path from the current folder, or absolute where that is shorter."""
    try:
        return min(os.path.relpath(file), file, key=len)
    except ValueError:
        return file
