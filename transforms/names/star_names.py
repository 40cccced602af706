"""Names that a star import of an earlier Keras brought, and that no release with a catalog brings."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from functools import cache

from ...catalog import LEGACY_RELEASES, legacy, moves
from ...findings import Level, Rule
from ...scopes import Reference
from ...transform import File, Transform
from .symbols import successor

UNBOUND_NAME = Rule(
    "KM114",
    "unbound-name",
    "Report a name of Keras that no import gives.",
    "Modules of early releases handed on what they imported themselves, so that `from keras.layers import *` "
    "brought more than layers. A name that is known from Keras, and that nothing in the file binds, came "
    "that way; no `tf.keras` gives it.",
    before="from keras.layers import *\n\nlabels = to_categorical([0, 1])\n",
)

TRANSFORM = Transform("star names", UNBOUND_NAME)


@TRANSFORM.file
def report_unbound(file: File) -> None:
    """Reports every use of such a name in a file whose star imports are all from Keras."""
    stars = [imported for imported in file.names.imports if imported.star]
    if not stars or len(stars) < len(file.names.scope.stars):
        return
    for name in sorted(file.names.identifiers):
        for reference in _unbound(file, name):
            path = _paths().get(name)
            if path is None:
                break
            found = successor(path, file.target)
            advice = f"import it from `{found.path.rpartition('.')[0]}`" if found.path else found.message
            message = f"nothing here gives `{name}`, which is Keras' own: {advice}"
            file.report(UNBOUND_NAME, Level.MANUAL, reference.node, message, path)


def _unbound(file: File, name: str) -> Iterator[Reference]:
    """The uses of a name where nothing binds it."""
    if hasattr(builtins, name) or name.startswith("_"):
        return
    for reference in file.names.uses(name):
        if not file.names.bindings(reference):
            yield reference


@cache
def _paths() -> dict[str, str]:
    """Public functions and classes of standalone Keras by their names alone."""
    found: dict[str, str] = {}
    for release in LEGACY_RELEASES:
        catalog = legacy(release)
        for path in catalog:
            name = path.rpartition(".")[2]
            symbol = catalog.get(path) if not name.startswith("_") else None
            if symbol is not None and symbol.kind in ("class", "function"):
                found[name] = moves.canonical(path)
    return found
