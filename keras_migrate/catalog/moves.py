"""Where an object of old Keras lives in a target, worked out by comparing releases: nothing here is typed in.

Two paths of one release that lead to one and the same object are names of one thing. If an old path is gone
from a target, another of its object's names may not be.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

from keras_migrate.catalog import LEGACY_RELEASES, Catalog, Symbol, for_target, legacy
from keras_migrate.target import KNOWN_RELEASES, Target

ALIASED_ROOTS = (
    "tensorflow.contrib.keras.api.keras",
    "tensorflow.contrib.keras.python.keras",
    "tensorflow.contrib.keras",
    "tensorflow.python.keras",
    "tensorflow.keras",
    "keras_applications",
    "keras_preprocessing",
    "keras",
)
"""What the roots of old Keras were called, the longer before what they begin with."""

SPLIT_OFF = {"keras_applications": "keras.applications", "keras_preprocessing": "keras.preprocessing"}
"""Packages that were parts of Keras before and after they stood alone."""

SAME_MODULE = 0.8
"""The share of names that two modules must have in common to be two names of one module."""


def normalise(path: str) -> str | None:
    """Writes a path below any root that old Keras had as one below ``keras``.

    Args:
        path: ``tensorflow.python.keras.layers.Dense``.

    Returns:
        ``keras.layers.Dense``, or ``None`` where the path is not one of Keras.
    """
    for root in ALIASED_ROOTS:
        if path == root or path.startswith(root + "."):
            return SPLIT_OFF.get(root, "keras") + path[len(root) :]
    return None


@cache
def known(path: str) -> tuple[str, ...]:
    """The releases of standalone Keras that had a path, oldest first."""
    return tuple(release for release in LEGACY_RELEASES if path in legacy(release))


@cache
def destination(path: str, target: Target) -> str | None:
    """Finds where the object that old code reached under a path lives in a target.

    Args:
        path: begins with ``keras``; it may lead on into a class (``keras.layers.core.Dense.from_config``)
            or into another library that a module lets through (``keras.backend.tf.reshape``).
        target: the release to look in.

    Returns:
        a path as code for the target writes it: ``tensorflow.keras.…``, or the other library's own name,
        which is not checked; ``None`` where the target has it no more.
    """
    prefix, rest = _split(path)
    if not prefix:
        return _by_leaf(path, target)
    if rest and all(one.get(prefix) is None or one.is_module(prefix) for one in _catalogs()):
        foreign = _foreign(prefix)
        if foreign is not None:
            return f"{foreign}.{rest}"
        return _by_leaf(path, target)
    found = _moved(prefix, target)
    if found is None or not rest:
        return found
    return f"{found}.{rest}"


@cache
def canonical(path: str) -> str:
    """The one path that stands for an object in tables that people write.

    Args:
        path: any path of the object in any release, below ``keras``; what follows a class is kept.

    Returns:
        the path that most looks like a public one (``keras.layers.core.Dense`` → ``keras.layers.Dense``,
        ``keras.metrics.mse`` → ``keras.losses.mean_squared_error``); the path itself where nothing is known
        of it. The canonical path of a canonical path is itself.
    """
    prefix, rest = _split(path)
    symbol = _newest(prefix)
    if symbol is None or symbol.kind == "module" or _foreign(prefix) is not None:
        return path if symbol is None or symbol.kind != "module" else _canonical_module(symbol, path, rest)
    seen = [prefix]
    while True:
        best = min(_names(seen[-1]), key=lambda one: _plainness(one, _newest(seen[-1])))
        if best in seen:
            # a circle is the same circle wherever it is entered
            circle = seen[seen.index(best) :]
            best = min(circle, key=lambda one: (one.count("."), len(one), one))
            return f"{best}.{rest}" if rest else best
        seen.append(best)


def _catalogs() -> tuple[Catalog, ...]:
    """The legacy catalogs, newest first: where they disagree, the newest that knows a path is believed."""
    return tuple(legacy(release) for release in reversed(LEGACY_RELEASES))


def _private(path: str) -> bool:
    return any(part.startswith("_") for part in path.split("."))


def _split(path: str) -> tuple[str, str]:
    """Divides a path into the longest part that any release knows and the rest."""
    return max((one.split(path) for one in _catalogs()), key=lambda parts: len(parts[0]))


def _newest(path: str) -> Symbol | None:
    """The symbol in the newest release that has the path."""
    return next((symbol for one in _catalogs() if (symbol := one.get(path)) is not None), None)


def _foreign(path: str) -> str | None:
    """The other library's module, class or function that a path of Keras lets through."""
    symbol = _newest(path)
    if symbol is None or symbol.name is None:
        return None
    own = normalise(symbol.name)
    if own is not None or symbol.name.startswith(
        ("tensorflow.python.", "tensorflow._api.", "tensorflow_core.")
    ):
        return None
    return symbol.name


def _fits(old: Symbol, new: Symbol | None) -> bool:
    """Whether a target's symbol can stand for an old one: it works, and is called if the old one was."""
    if new is None or new.stub:
        return False
    callable_kinds = ("class", "function")
    return old.kind == new.kind or (old.kind in callable_kinds and new.kind in callable_kinds)


def _moved(path: str, target: Target) -> str | None:
    """The destination of a path that some release knows."""
    catalog = for_target(target)
    symbols = [symbol for one in _catalogs() if (symbol := one.get(path)) is not None]
    same = catalog.get(f"tensorflow.{path}")
    if any(_fits(symbol, same) for symbol in symbols):
        return f"tensorflow.{path}"
    if symbols[0].kind == "module":
        return _moved_module(symbols[0], path, target)
    foreign = _foreign(path)
    if foreign is not None:
        return foreign
    fitting = _fitting(path, target)
    if not fitting:
        return _by_definition(symbols[0], target) or _by_backend(path, symbols[0], target)
    home = _home(_module(path), target) if len(fitting) > 1 else ""
    return "tensorflow." + min(fitting, key=lambda one: _distance(one, path, symbols[0], home))


def _fitting(path: str, target: Target) -> frozenset[str]:
    """The names that the object of a path had in old Keras and that a target still has as attributes."""
    catalog = for_target(target)
    return frozenset(
        other
        for one in _catalogs()
        if (symbol := one.get(path)) is not None
        for other in _same_object(symbol)
        if _fits(symbol, catalog.get(f"tensorflow.{other}")) and catalog.reachable(f"tensorflow.{other}")
    )


@cache
def _home(module: str, target: Target) -> str:
    """The module below ``keras`` that most public members of an old module can move to; empty on a draw."""
    newest = next((one for one in _catalogs() if module in one), None)
    if newest is None:
        return ""
    leaves = {entry.partition(" ")[0] for entry in _contents(newest, module)}
    counts: Counter[str] = Counter()
    for leaf in leaves:
        counts.update({_module(one) for one in _fitting(f"{module}.{leaf}", target)} - {"keras"})
    best = [there for there, count in counts.items() if count == max(counts.values())]
    return best[0] if len(best) == 1 else ""


def _same_object(symbol: Symbol) -> tuple[str, ...]:
    """The public paths of a symbol's object; of a plain container only those that end alike."""
    if symbol.kind == "value" and len(symbol.paths) > 1 and symbol.name is None:
        return tuple(one for one in symbol.paths if _leaf(one) == _leaf(symbol.path))
    return tuple(one for one in symbol.paths if not _private(one))


def _names(path: str) -> tuple[str, ...]:
    """The public paths of the object of a path in the newest release that knows the path."""
    symbol = _newest(path)
    assert symbol is not None
    return tuple(_same_object(symbol)) or (path,)


def _moved_module(symbol: Symbol, path: str, target: Target) -> str | None:
    """The destination of a module that is not under its own path any more."""
    foreign = _foreign(path)
    if foreign is not None:
        return foreign
    if symbol.name is None:
        return None
    own = normalise(symbol.name)
    if own is None:
        return None
    if own != path:
        return destination(own, target)
    catalog = for_target(target)
    twins = [one for one in _twins(path) if catalog.is_module(f"tensorflow.{one}")]
    return f"tensorflow.{min(twins, key=lambda one: (one.count('.'), one))}" if twins else None


@cache
def _twins(path: str) -> tuple[str, ...]:
    """Modules with nearly the same contents as this one, in the newest release that has it."""
    catalog = next(one for one in _catalogs() if path in one)
    own = _contents(catalog, path)
    if not own:
        return ()
    found = []
    for module in catalog:
        if (
            module == path
            or not catalog.is_module(module)
            or _private(module)
            or not catalog.importable(module)
        ):
            continue
        other = _contents(catalog, module)
        if len(own & other) >= SAME_MODULE * len(own | other):
            found.append(module)
    return tuple(found)


@cache
def _contents(catalog: Catalog, module: str) -> frozenset[str]:
    """The public classes and functions of Keras' own in a module, by name and definition."""
    found = set()
    for leaf in catalog.members(module):
        symbol = catalog.get(f"{module}.{leaf}")
        if symbol is None or leaf.startswith("_") or symbol.kind not in ("class", "function"):
            continue
        if symbol.name is not None and normalise(symbol.name) is not None:
            found.add(f"{leaf} {symbol.name}")
    return frozenset(found)


def _by_definition(symbol: Symbol, target: Target) -> str | None:
    """The target's path of the object that is still defined in the same module under the same name."""
    if symbol.name is None:
        return None
    found = _definitions(for_target(target)).get(symbol.name, ())
    catalog = for_target(target)
    fitting = [one for one in found if _fits(symbol, catalog.get(one)) and catalog.reachable(one)]
    return min(fitting, key=lambda one: (_depth(one), one)) if fitting else None


@cache
def _definitions(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """A target's paths by the name at the definition, as standalone Keras would write that."""
    found: dict[str, list[str]] = {}
    for path in catalog:
        symbol = catalog.get(path)
        if symbol is None or symbol.name is None or symbol.kind not in ("class", "function"):
            continue
        root, _, rest = symbol.name.partition(".src.")
        if rest and root in ("keras", "tf_keras"):
            found.setdefault(f"keras.{rest}", []).append(path)
    return {name: tuple(paths) for name, paths in found.items()}


def _by_backend(path: str, symbol: Symbol, target: Target) -> str | None:
    """Functions of one backend's own module are those of the backend in use."""
    parts = path.split(".")
    if len(parts) != 4 or parts[:2] != ["keras", "backend"]:
        return None
    there = for_target(target).get(f"tensorflow.keras.backend.{parts[3]}")
    return there.path if there is not None and _fits(symbol, there) else None


def _by_leaf(path: str, target: Target) -> str | None:
    """For paths that standalone Keras never had: the same path, or the only such name in the same area."""
    catalog = for_target(target)
    same = catalog.get(f"tensorflow.{path}")
    if same is not None:
        return None if same.stub else _attribute(same, catalog)
    parts = path.split(".")
    area = f"tensorflow.{_area(path)}"
    if len(parts) < 4 or not catalog.is_module(area):
        return None
    found = {
        one: catalog.get(one)
        for one in catalog
        if one.startswith(area + ".")
        and _leaf(one) == parts[-1]
        and not catalog.is_module(one)
        and catalog.reachable(one)
    }
    usable = {one: symbol for one, symbol in found.items() if symbol is not None and not symbol.stub}
    if len({symbol.paths for symbol in usable.values()}) != 1:
        return None
    return min(usable, key=lambda one: (one.count("."), one))


def _attribute(symbol: Symbol, catalog: Catalog) -> str:
    """A target's path of a symbol that works without an import of its own, its own path where none does."""
    if catalog.reachable(symbol.path):
        return symbol.path
    others = [one for one in symbol.paths if catalog.reachable(one)]
    leaf = _leaf(symbol.path)
    return min(others, key=lambda one: (_leaf(one) != leaf, one.count(".") < 3, one), default=symbol.path)


def _leaf(path: str) -> str:
    return path.rpartition(".")[2]


def _module(path: str) -> str:
    return path.rpartition(".")[0]


def _depth(path: str) -> int:
    """How far a path is from the form ``keras.<module>.<name>``; a deeper one is better than a bare one."""
    return {3: 0, 4: 1, 2: 2}.get(path.count(".") + 1, path.count("."))


def _likeness(leaf: str, old: str, defined: str) -> int:
    """How much a name is like the old one; 0 is the same."""
    if leaf == old:
        return 0
    if leaf.replace("_", "") == old.replace("_", ""):
        return 1
    if leaf.replace("_", "").lower() == old.replace("_", "").lower():
        return 2
    return 3 if leaf == defined else 4


def _distance(path: str, old: str, symbol: Symbol, home: str) -> tuple[int, bool, bool, int, int, str]:
    """Orders the paths that an old one may move to, the best first.

    Args:
        path: one of them.
        old: where it comes from.
        symbol: what it is.
        home: the module that most of the old module's members can move to.
    """
    likeness = _likeness(_leaf(path), _leaf(old), _leaf(symbol.name or ""))
    elsewhere = path.split(".")[1:2] != old.split(".")[1:2]
    return likeness, _module(path) != home, elsewhere, _depth(path), len(path), path


@cache
def _lasting(path: str) -> bool:
    """Whether any target has a path under ``tensorflow.keras``."""
    return any(f"tensorflow.{path}" in for_target(Target(release)) for release in KNOWN_RELEASES)


@cache
def _everywhere(path: str) -> bool:
    """Whether all targets have a path under ``tensorflow.keras``."""
    return all(f"tensorflow.{path}" in for_target(Target(release)) for release in KNOWN_RELEASES)


def _plainness(path: str, symbol: Symbol | None) -> tuple[bool, bool, bool, bool, int, bool, int, str]:
    """Orders the names of one object by how fit they are to stand for it, the best first."""
    name = "" if symbol is None or symbol.name is None else symbol.name
    home = _area(normalise(name.rpartition(".")[0]) or "")
    area = _area(path)
    return (
        _private(path),
        not _lasting(path),
        _leaf(path) != _leaf(name),
        area != home and _everywhere(home),
        _depth(path),
        not _everywhere(area),
        len(path),
        path,
    )


def _area(path: str) -> str:
    """The first two parts of a path: ``keras.layers``."""
    return ".".join(path.split(".")[:2])


def _canonical_module(symbol: Symbol, path: str, rest: str) -> str:
    """A module's own name in front of what follows it."""
    own = normalise(symbol.name or "") or path
    if rest:
        return f"{own}.{rest}" if normalise(symbol.name or "") else path
    return own
