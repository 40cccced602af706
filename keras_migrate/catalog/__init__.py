"""What each Keras and TensorFlow release really offers, looked up in tables that were read off the releases.

The tables are made by :mod:`keras_migrate.catalog.extract`. A table is loaded once, stays raw, and makes
its symbols when they are asked for.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from typing import Any

from keras_migrate.target import Target

LEGACY_RELEASES = ("1.2.2", "2.0.8", "2.1.6", "2.2.4", "2.3.1")
"""The releases of standalone Keras that have a table, oldest first."""

TENSORFLOW_RELEASES = ("2.15", "2.16", "2.18", "2.21")
"""The TensorFlow releases that have a table, oldest first; one between two is read from the older."""


class UnknownCatalogError(LookupError):
    """There is no table of that name."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a signature.

    Attributes:
        name: without stars.
        kind: ``positional-only``, ``positional``, ``var-positional``, ``keyword-only`` or ``var-keyword``,
            where ``positional`` can be given by keyword too.
        default: the default as source text, ``...`` where it has no short text; ``None`` where there is no
            default.
    """

    name: str
    kind: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """What a callable takes, without ``self``.

    Attributes:
        parameters: as declared, behind compatibility decorators.
        keywords: everything that can be given by keyword and has an effect: the declared parameters, and
            what is really taken from ``**kwargs``.
        ignored: keywords that are swallowed without an error and without any effect.
        refused: keywords that raise although others do not (``open``, ``swallows``).
        open: whether keywords that are not listed are accepted too, or it is not known which are.
        swallows: whether keywords that are not listed are swallowed as the ignored ones are.
    """

    parameters: tuple[Parameter, ...]
    keywords: frozenset[str]
    ignored: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    open: bool = False
    swallows: bool = False

    @property
    def positional(self) -> tuple[str, ...]:
        """The names that positional arguments go to, in order."""
        return tuple(one.name for one in self.parameters if one.kind in ("positional-only", "positional"))

    @property
    def variadic(self) -> bool:
        """Whether any number of positional arguments is accepted."""
        return any(one.kind == "var-positional" for one in self.parameters)

    def accepts(self, keyword: str) -> bool:
        """Whether a keyword is accepted and does something.

        Args:
            keyword: its name.

        Returns:
            true for a known keyword, and for an unknown one where the signature is open.
        """
        if keyword in self.ignored or keyword in self.refused:
            return False
        return self.open or keyword in self.keywords

    def default(self, name: str) -> str | None:
        """The default of a declared parameter as source text; ``None`` where there is none."""
        return next((one.default for one in self.parameters if one.name == name), None)


@dataclass(frozen=True, slots=True)
class Symbol:
    """One object of one release, under one of its paths.

    Attributes:
        path: the path that was asked for.
        kind: ``module``, ``class``, ``function`` or ``value``.
        name: the qualified name at its definition, or a module's own name; ``None`` where it has none.
        signature: of the function or of the constructor; ``None`` where it is not known.
        methods: a class's methods by name with those that it inherits; ``None`` for an unknown signature.
        attributes: a class's other public attributes and properties.
        bases: the qualified names of the method resolution order, beginning with the class itself.
        stub: whether it only raises when it is used.
        paths: every path of the same object in this release, sorted; only the one asked for where identity
            means nothing (numbers, strings).
    """

    path: str
    kind: str
    name: str | None = None
    signature: Signature | None = None
    methods: Mapping[str, Signature | None] = field(default_factory=dict)
    attributes: frozenset[str] = frozenset()
    bases: tuple[str, ...] = ()
    stub: bool = False
    paths: tuple[str, ...] = ()


class Catalog:
    """The table of one release.

    Args:
        name: the table's name, ``keras-2.3.1``.
        table: its content.
        root: what the paths begin with, ``keras`` or ``tensorflow.keras``.
    """

    def __init__(self, name: str, table: dict[str, Any], root: str) -> None:
        self.name = name
        self.root = root
        self.versions: dict[str, str] = table["versions"]
        self._modules: dict[str, dict[str, Any]] = table["modules"]
        self._objects: list[dict[str, Any]] = table["objects"]
        self._classes: dict[str, dict[str, Any]] = table["classes"]
        self._signatures: list[dict[str, Any]] = table["signatures"]
        self._made: dict[int, Signature] = {}
        self._symbols: dict[str, Symbol | None] = {}

    def __repr__(self) -> str:
        return f"<Catalog {self.name} as {self.root}>"

    def __contains__(self, path: str) -> bool:
        """Whether there is something under this path, be it a module that can only be imported."""
        return self._find(path) is not None

    def __iter__(self) -> Iterator[str]:
        """All direct paths, private ones and modules included."""
        for module, row in self._modules.items():
            yield self._absolute(module)
            for leaf in row["members"]:
                path = f"{module}.{leaf}" if module else leaf
                if path not in self._modules:
                    yield self._absolute(path)

    def get(self, path: str) -> Symbol | None:
        """Looks a path up.

        Args:
            path: as code writes it, beginning with the root. It may lead through a module's other name
                (``keras.layers.core.K.sum``), but not into a class: see :meth:`split`.

        Returns:
            the symbol, or ``None`` where the release has nothing there.
        """
        if path not in self._symbols:
            self._symbols[path] = self._symbol(path)
        return self._symbols[path]

    def split(self, path: str) -> tuple[str, str]:
        """Divides a path into the longest part that is known and the rest.

        Args:
            path: ``keras.layers.Dense.from_config``.

        Returns:
            ``("keras.layers.Dense", "from_config")``; the first is empty where not even the root fits.
        """
        prefix = path
        while prefix and self._find(prefix) is None:
            prefix = prefix.rpartition(".")[0]
        return prefix, path[len(prefix) + 1 :] if prefix else path

    def is_module(self, path: str) -> bool:
        """Whether the path is a module, this release's own or another library's that it lets through."""
        symbol = self.get(path)
        return symbol is not None and symbol.kind == "module"

    def importable(self, path: str) -> bool:
        """Whether ``import path`` works, which needs more than that the attribute exists."""
        relative = self._relative(path)
        row = self._modules.get(relative) if relative is not None else None
        return row is not None and bool(row.get("importable", 1))

    def reachable(self, path: str) -> bool:
        """Whether attribute access from the root leads to a path when nothing but the root is imported.

        Args:
            path: as for :meth:`get`. In Keras 3 ``from tensorflow.keras.saving import load_model`` works, but
                ``keras.saving.load_model`` after ``from tensorflow import keras`` does not.
        """
        if path == self.root:
            return True
        head, _, leaf = path.rpartition(".")
        row = self._row(head)
        return row is not None and leaf in row["members"] and self.reachable(head)

    def star(self, path: str) -> frozenset[str]:
        """The names that ``from path import *`` brings; empty where the path is no module of this release."""
        row = self._row(path)
        if row is None:
            return frozenset()
        if "star" in row:
            return frozenset(row["star"])
        return frozenset(name for name in row["members"] if not name.startswith("_"))

    def members(self, path: str) -> frozenset[str]:
        """All names in a module, or a class's methods and attributes."""
        row = self._row(path)
        if row is not None:
            return frozenset(row["members"])
        symbol = self.get(path)
        return frozenset() if symbol is None else symbol.attributes | frozenset(symbol.methods)

    def paths_of(self, symbol: Symbol) -> tuple[str, ...]:
        """Every path of a symbol's object in this release."""
        return symbol.paths

    def _absolute(self, relative: str) -> str:
        return f"{self.root}.{relative}" if relative else self.root

    def _relative(self, path: str) -> str | None:
        if path == self.root:
            return ""
        return path[len(self.root) + 1 :] if path.startswith(self.root + ".") else None

    def _row(self, path: str) -> dict[str, Any] | None:
        module = self._module(self._find(path))
        return None if module is None else self._modules[module]

    def _module(self, found: str | int | None) -> str | None:
        """The relative path of the module of this release that was found, if it is one."""
        if isinstance(found, int) and found >= 0:
            found = self._objects[found].get("module")
        return found if isinstance(found, str) else None

    def _find(self, path: str) -> str | int | None:
        """A module's relative path, an object's number, -1 for a plain value, or ``None``."""
        relative = self._relative(path)
        if relative is None:
            return None
        head, _, leaf = relative.rpartition(".")
        row = self._modules.get(head)
        if row is None and head:
            module = self._module(self._find(self._absolute(head)))
            row = None if module is None else self._modules[module]
        member: int | None = row["members"].get(leaf) if row is not None and leaf else None
        if relative in self._modules and (member is None or self._module(member) is not None):
            return relative
        return member

    def _symbol(self, path: str) -> Symbol | None:
        found = self._find(path)
        if found is None:
            return None
        if found == -1:
            return Symbol(path, "value", paths=(path,))
        module = self._module(found)
        if module is not None:
            paths = tuple(sorted({self._absolute(module), *self._paths.get(self._number(module), ())}))
            return Symbol(path, "module", self._absolute(module), paths=paths)
        assert isinstance(found, int)
        row = self._objects[found]
        bases = tuple(row.get("bases", ()))
        methods: dict[str, Signature | None] = {}
        attributes: set[str] = set()
        for base in reversed(bases):
            own = self._classes.get(base, {"methods": {}, "attributes": ()})
            for name, number in own["methods"].items():
                methods[name] = self._signature(number)
                attributes.discard(name)
            for name in own["attributes"]:
                methods.pop(name, None)
                attributes.add(name)
        return Symbol(
            path,
            row["kind"],
            row.get("name"),
            self._signature(row.get("signature", -1)),
            methods,
            frozenset(attributes),
            bases,
            bool(row.get("stub")),
            self._paths.get(found, (path,)),
        )

    def _number(self, module: str) -> int:
        return next((number for number, row in enumerate(self._objects) if row.get("module") == module), -1)

    @cached_property
    def _paths(self) -> dict[int, tuple[str, ...]]:
        found: dict[int, list[str]] = {}
        for module, row in self._modules.items():
            for leaf, number in row["members"].items():
                if number >= 0:
                    found.setdefault(number, []).append(
                        self._absolute(f"{module}.{leaf}" if module else leaf)
                    )
        return {number: tuple(sorted(paths)) for number, paths in found.items()}

    def _signature(self, number: int) -> Signature | None:
        if number < 0:
            return None
        if number not in self._made:
            self._made[number] = _signature(self._signatures[number])
        return self._made[number]


def _signature(row: dict[str, Any]) -> Signature:
    """Makes a signature from its row."""
    parameters: list[Parameter] = []
    kind = "positional"
    for text in row["p"]:
        if text == "/":
            parameters = [Parameter(one.name, "positional-only", one.default) for one in parameters]
        elif text == "*":
            kind = "keyword-only"
        elif text.startswith("**"):
            parameters.append(Parameter(text[2:], "var-keyword"))
        elif text.startswith("*"):
            parameters.append(Parameter(text[1:], "var-positional"))
            kind = "keyword-only"
        else:
            name, equals, default = text.partition("=")
            parameters.append(Parameter(name, kind, default if equals else None))
    named = {one.name for one in parameters if one.kind in ("positional", "keyword-only")}
    return Signature(
        tuple(parameters),
        frozenset(named | set(row.get("k", ()))),
        frozenset(row.get("i", ())),
        frozenset(row.get("r", ())),
        bool(row.get("o")),
        bool(row.get("s")),
    )


@cache
def _table(name: str) -> dict[str, Any]:
    """Reads one table from the package.

    Raises:
        UnknownCatalogError: where there is none of that name.
    """
    file = resources.files(__name__).joinpath(f"{name}.json.gz")
    if not file.is_file():
        raise UnknownCatalogError(f"there is no catalog called {name!r}")
    content: dict[str, Any] = json.loads(gzip.decompress(file.read_bytes()))
    return content


@cache
def load(name: str) -> Catalog:
    """Loads one table under the paths that it was extracted with.

    Args:
        name: ``keras-2.3.1``, ``tensorflow-2.15`` or ``tf_keras``.

    Raises:
        UnknownCatalogError: where there is none of that name.
    """
    table = _table(name)
    return Catalog(name, table, table["package"])


@cache
def for_target(target: Target) -> Catalog:
    """The catalog that code for a target is checked against; its paths begin with ``tensorflow.keras``.

    Args:
        target: a release without a table of its own is read from the next older one; with ``legacy`` it is
            ``tf_keras`` under the paths that ``tf.keras`` then has.
    """
    if target.legacy:
        return Catalog("tf_keras", _table("tf_keras"), "tensorflow.keras")
    return load(f"tensorflow-{_table_release(target)}")


@cache
def legacy(release: str) -> Catalog:
    """The catalog of one release of standalone Keras.

    Args:
        release: one of :data:`LEGACY_RELEASES`.

    Raises:
        UnknownCatalogError: for any other.
    """
    return load(f"keras-{release}")


def tensorflow_has(path: str, target: Target) -> bool:
    """Whether a target's TensorFlow has a public name, be it of Keras or not.

    Args:
        path: ``tensorflow.compat.v1.Session``. Below a class or function nothing is known: ask for that
            itself.
        target: the release.
    """
    if path == "tensorflow" or path == "tensorflow.keras" or path.startswith("tensorflow.keras."):
        return path == "tensorflow" or path in for_target(target)
    head, _, leaf = path.rpartition(".")
    return leaf in tensorflow_members(head, target)


@cache
def tensorflow_members(path: str, target: Target) -> frozenset[str]:
    """The public names in a module of a target's TensorFlow outside Keras; empty for anything else."""
    table = _table(f"tensorflow-{_table_release(target)}.names")
    if target.legacy:
        changed = _table("tf_keras.names")
        if any(path == root or path.startswith(root + ".") for root in changed["roots"]):
            table = changed
    return frozenset(table["names"].get(table["same"].get(path, path), "").split())


def _table_release(target: Target) -> str:
    """The newest release that has a table and is not newer than the target."""
    fitting = [one for one in TENSORFLOW_RELEASES if tuple(map(int, one.split("."))) <= target.version]
    return fitting[-1]
