"""Checks migrated code against the target: every name must exist there, and every keyword be accepted."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import libcst as cst

from keras_migrate.catalog import Catalog, Signature, for_target, moves, tensorflow_has
from keras_migrate.findings import Rule
from keras_migrate.names import Names
from keras_migrate.options import Options
from keras_migrate.scopes import Reference
from keras_migrate.target import Target

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


def verify(names: Names, options: Options, kept: Collection[str] = ()) -> Iterator[Problem]:
    """Finds what does not fit the target.

    Args:
        names: the names of the migrated module.
        options: what the run was asked for.
        kept: the qualified names that were to stay as they are; nothing is said of them.
    """
    catalog = for_target(options.target)
    for imported in names.imports:
        old = moves.normalise(imported.target)
        if old is None or _below(imported.target, kept) or target_has(imported.target, options.target):
            continue
        what = f"module `{imported.target}`" if imported.star else f"`{imported.target}`"
        yield Problem(MISSING_NAME, imported.alias, old, f"{what} is not part of TensorFlow {options.target}")
    for reference in names.references:
        stays = any(_below(origin.name, kept) for origin in names.origins(reference))
        if not stays and names.text_of(reference.node) is None:
            yield from _check(reference, names, catalog, options)


def _below(name: str, roots: Collection[str]) -> bool:
    """Whether a qualified name is one of some others, or a member of one."""
    return any(name == root or name.startswith(root + ".") for root in roots)


def _check(reference: Reference, names: Names, catalog: Catalog, options: Options) -> Iterator[Problem]:
    """Finds what does not fit about one reference; a bare imported name was checked where it is imported."""
    for origin in names.origins(reference):
        old = moves.normalise(origin.name.replace(_OLD_API, "tensorflow.keras."))
        if old is None:
            continue
        there = tensorflow_has if origin.name.startswith(_OLD_API) else target_has
        way = origin.imported.bound if origin.imported is not None else ""
        by_import = way in catalog and not catalog.reachable(way)
        hidden = origin.name in catalog and not by_import and not catalog.reachable(origin.name)
        if hidden or not there(origin.name, options.target):
            if origin.imported is None or reference.attributes:
                message = f"`{origin.name}` is not part of TensorFlow {options.target}"
                yield Problem(MISSING_NAME, reference.node, old, message)
            return
        symbol = catalog.get(origin.name)
        if reference.called is not None and symbol is not None and symbol.signature is not None:
            yield from _keywords(reference.called, origin.name, symbol.signature, old, options)
        return


def _keywords(
    call: cst.Call, name: str, signature: Signature, old: str, options: Options
) -> Iterator[Problem]:
    """Finds the keywords of a call that its target's signature does not take."""
    for arg in call.args:
        if arg.keyword is None or signature.accepts(arg.keyword.value):
            continue
        keyword = arg.keyword.value
        what = "ignores" if keyword in signature.ignored else "does not accept"
        message = f"`{name}` {what} `{keyword}` on TensorFlow {options.target}. Leave it out"
        yield Problem(REFUSED_KEYWORD, arg, f"{moves.canonical(old)}.{keyword}", message)


def target_has(path: str, target: Target) -> bool:
    """Whether the target's Keras has a name, or the class that it is a member of."""
    catalog = for_target(target)
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
