"""Checks migrated code against the target: every name must exist there, and every keyword be accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from keras_migrate.catalog import Catalog, for_target, moves, tensorflow_has
from keras_migrate.findings import Rule
from keras_migrate.names import Names, Reference
from keras_migrate.options import Options

MISSING_NAME = Rule(
    "KM120",
    "missing-name",
    "Report a name of Keras in the migrated code that the target does not have.",
    "The last check of every file, whatever the other rules did: each reference to Keras that is left must "
    "exist in the target.",
    before="import tensorflow as tf\n\nlayer = tf.keras.layers.Densse(3)\n",
)
REFUSED_KEYWORD = Rule(
    "KM220",
    "refused-keyword",
    "Report a keyword in the migrated code that the target does not accept.",
    "The last check of every file: each keyword of a call of Keras must be accepted by the target's "
    "signature, and have an effect.",
    before="import tensorflow as tf\n\nlayer = tf.keras.layers.Dense(3, colour='red')\n",
)

RULES = (MISSING_NAME, REFUSED_KEYWORD)


_OLD_API = "tensorflow.compat.v1.keras."


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the migrated code that does not fit the target.

    Attributes:
        rule: the rule that found it.
        node: where, in the new tree.
        symbol: the qualified name, normalised to ``keras.…``, with the keyword where it is about one.
        message: what does not fit and what to do.
    """

    rule: Rule
    node: cst.CSTNode
    symbol: str
    message: str


def verify(names: Names, options: Options) -> Iterator[Problem]:
    """Finds what does not fit the target.

    Args:
        names: the names of the migrated module.
        options: what the run was asked for.
    """
    catalog = for_target(options.target)
    for imported in names.imports:
        old = moves.normalise(imported.target)
        if old is None or _exists(imported.target, catalog):
            continue
        what = f"module `{imported.target}`" if imported.star else f"`{imported.target}`"
        yield Problem(MISSING_NAME, imported.alias, old, f"{what} is not part of TensorFlow {options.target}")
    for reference in names.references:
        yield from _check(reference, names, catalog, options)


def _check(reference: Reference, names: Names, catalog: Catalog, options: Options) -> Iterator[Problem]:
    for origin in names.origins(reference):
        old = moves.normalise(origin.name)
        if origin.name.startswith(_OLD_API) and not tensorflow_has(origin.name, options.target):
            message = f"`{origin.name}` is not part of TensorFlow {options.target}"
            yield Problem(
                MISSING_NAME, reference.node, f"keras.{origin.name.removeprefix(_OLD_API)}", message
            )
            return
        if old is None or (origin.imported is not None and not reference.attributes):
            if old is None or not _exists(origin.name, catalog):
                continue
        elif not _exists(origin.name, catalog):
            message = f"`{origin.name}` is not part of TensorFlow {options.target}"
            yield Problem(MISSING_NAME, reference.node, old, message)
            return
        call = reference.called
        symbol = catalog.get(origin.name) if call is not None else None
        if call is None or symbol is None or symbol.signature is None:
            continue
        for arg in call.args:
            if arg.keyword is not None and not symbol.signature.accepts(arg.keyword.value):
                keyword = arg.keyword.value
                what = "ignores" if keyword in symbol.signature.ignored else "does not accept"
                message = f"`{origin.name}` {what} `{keyword}` on TensorFlow {options.target}. Leave it out"
                yield Problem(REFUSED_KEYWORD, arg, f"{moves.canonical(old)}.{keyword}", message)
        return


def _exists(path: str, catalog: Catalog) -> bool:
    """Whether the target has a name, or the class that it is a member of."""
    if path in catalog:
        return True
    if not path.startswith("tensorflow.keras"):
        return False
    head, rest = catalog.split(path)
    symbol = catalog.get(head)
    if symbol is None:
        return False
    if symbol.kind == "module":
        return rest.startswith("__")
    if symbol.kind != "class":
        return True
    member = rest.partition(".")[0]
    return member.startswith("_") or member in symbol.methods or member in symbol.attributes
