"""Transforms that other packages bring: found by their entry points, checked, and kept from doing harm."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from keras_migrate.findings import Rule

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from keras_migrate.transform import File, Transform

GROUP = "keras_migrate.transforms"
"""The group of entry points under which packages offer transforms."""

FAILED_TRANSFORM = Rule(
    "KM912",
    "failed-transform",
    "A transform of another package failed on a file.",
    "The mistake is in the transform that the message names, or in the package that it comes from. The file "
    "is untouched and the rest of the run is not affected. Report it to those who made the package, or "
    "uninstall it and run again.",
)
RULES = (FAILED_TRANSFORM,)
"""The rules whose findings are made here."""

_CODE = re.compile(r"[A-Z][A-Z0-9]*[A-Z][0-9]{3,}")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class PluginError(Exception):
    """A package whose transform cannot be used; names the package and says why."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """A transform of another package.

    Attributes:
        name: what the transform is called: that of its entry point.
        package: the package and its version, for people: ``acme-transforms 1.0``.
        transform: the transform.
    """

    name: str
    package: str
    transform: Transform

    @property
    def title(self) -> str:
        """The transform and its package, for people."""
        return f"the transform `{self.name}` of {self.package}"

    def guarded(self) -> Transform:
        """The transform with functions of which an exception stops the file and names the plugin."""
        return self.transform.mapped(self._guarded)

    def _guarded(self, function: Callable[..., None]) -> Callable[..., None]:
        def guarded(file: File, *seen: Any) -> None:
            file.guard = self._guarded_edit
            try:
                with self._failures():
                    function(file, *seen)
            finally:
                file.guard = None

        return guarded

    def _guarded_edit(self, edit: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def guarded(node: Any) -> Any:
            with self._failures():
                return edit(node)

        return guarded

    @contextmanager
    def _failures(self) -> Iterator[None]:
        from keras_migrate.documents.python import DocumentError

        try:
            yield
        except DocumentError:
            raise
        except Exception as error:
            reason = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}".rstrip(": ")
            raise DocumentError(FAILED_TRANSFORM.code, f"{self.title} failed: {reason}") from error


@lru_cache(maxsize=1)
def plugins() -> tuple[Plugin, ...]:
    """The transforms of other packages that are installed, by the names of package and transform.

    Raises:
        PluginError: where one cannot be loaded, is no transform, or has the code of another rule.
    """
    from importlib.metadata import entry_points

    found = sorted(entry_points(group=GROUP), key=lambda each: (_package(each), each.name))
    loaded = tuple(map(_loaded, dict.fromkeys(found)))
    owners: dict[str, Plugin] = {}
    for plugin in loaded:
        for rule in plugin.transform.rules:
            other = owners.setdefault(rule.code, plugin)
            if other is not plugin:
                problem = f"{plugin.title} has the rule {rule.code}, and so has {other.title}"
                raise PluginError(f"{problem}: uninstall one of the packages")
    return loaded


def _loaded(entry_point: EntryPoint) -> Plugin:
    from keras_migrate.transform import Transform

    title = f"the transform `{entry_point.name}` of {_package(entry_point)}"
    try:
        transform = entry_point.load()
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".rstrip(": ")
        raise PluginError(f"{title} cannot be loaded ({entry_point.value}): {reason}") from error
    if not isinstance(transform, Transform):
        kind = type(transform).__name__
        raise PluginError(f"{title} ({entry_point.value}) is no keras_migrate.transform.Transform but {kind}")
    for rule in transform.rules:
        if not isinstance(rule, Rule) or not _CODE.fullmatch(rule.code) or not _NAME.fullmatch(rule.name):
            raise PluginError(f"{title} has {rule!r}: a rule has a code like ACME001 and a name-like-this")
        if rule.code.startswith("KM"):
            raise PluginError(f"{title} has the rule {rule.code}: KM begins the codes of keras-migrate")
    return Plugin(entry_point.name, _package(entry_point), transform)


def _package(entry_point: EntryPoint) -> str:
    found = entry_point.dist
    return "an unknown package" if found is None else f"{found.name} {found.version}"
