"""Where every symbol of standalone Keras lives in the target, and what to do about those that are gone.

Moves are computed from the catalogs; renames, replacements and advice for what is gone stand in
``symbols.toml``, which wins over the catalogs.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from ...catalog import LEGACY_RELEASES, for_target, legacy, moves, tensorflow_has
from ...findings import Level, Rule
from ...target import Target
from ...transform import Transform
from ..tables import Entry, load, matching

MOVED_IMPORT = Rule(
    "KM101",
    "moved-import",
    "Import from `tensorflow.keras` what was imported from `keras`.",
    "Standalone Keras ended with 2.3.1. The same modules are part of TensorFlow, under `tensorflow.keras`.",
    before="from keras.layers import Dense\n",
    after="from tensorflow.keras.layers import Dense\n",
)
MOVED_SYMBOL = Rule(
    "KM102",
    "moved-symbol",
    "Import a symbol from the module that has it now.",
    "`tf.keras` has only the public modules. What old code took from inner ones (`keras.layers.core`, "
    "`keras.engine.topology`, `keras.utils.np_utils`) is the same object under its public path.",
    before="from keras.layers.core import Dense\n",
    after="from tensorflow.keras.layers import Dense\n",
)
RENAMED_SYMBOL = Rule(
    "KM103",
    "renamed-symbol",
    "Use the name that a symbol has now.",
    "The same function or class, of which only another of its old names is left.",
    before="from keras.constraints import maxnorm\n\nconstraint = maxnorm(2)\n",
    after="from tensorflow.keras.constraints import max_norm\n\nconstraint = max_norm(2)\n",
)
REPLACED_SYMBOL = Rule(
    "KM104",
    "replaced-symbol",
    "Use what took the place of a symbol that is gone.",
    "The symbol was removed, and something else does the same work. Where it can differ, the finding is a "
    "review and says in what.",
    before="from keras.backend import tf\n\ny = tf.reshape(x, (-1,))\n",
    after="import tensorflow as tf\n\ny = tf.reshape(x, (-1,))\n",
)
REMOVED_SYMBOL = Rule(
    "KM105",
    "removed-symbol",
    "Report a symbol that the target does not have and that nothing replaces one to one.",
    "An attribute is left as it is, so that it fails loudly, and so is an import that code at the top of the "
    "module needs. Where only functions use the name, it is no longer imported, and they reach it by its old "
    "path (`tf.keras.utils.io_utils.HDF5Matrix`): each use fails, and the rest of the module works. The "
    "message says what to do.",
    before="from keras.utils.io_utils import HDF5Matrix\n\nx = HDF5Matrix('data.h5', 'x')\n",
)
UNKNOWN_SYMBOL = Rule(
    "KM106",
    "unknown-symbol",
    "Report a name that no known release of Keras has.",
    "A typing error, a private name, or a symbol of a release between those that the catalog holds. It stays "
    "as it is, or fails where functions use it, like what was removed (KM105).",
    before="from keras.layers import Densse\n\nlayer = Densse(3)\n",
)
STAR_IMPORT = Rule(
    "KM109",
    "star-import",
    "Import `*` from the module that has the names now, or the names themselves.",
    "A star import of an inner module becomes one of the public module. Names that only the old module "
    "gave, and names that the new one would put in the place of the project's own, are imported one by one.",
    before="from keras.layers.core import *\n",
    after="from tensorflow.keras.layers import *\n",
)

TRANSFORM = Transform(
    "symbols",
    MOVED_IMPORT,
    MOVED_SYMBOL,
    RENAMED_SYMBOL,
    REPLACED_SYMBOL,
    REMOVED_SYMBOL,
    UNKNOWN_SYMBOL,
    STAR_IMPORT,
)

_KERAS_2 = Target("2.15")
"""The last release whose tf.keras is Keras 2."""


@dataclass(frozen=True, slots=True)
class Successor:
    """What became of an old qualified name.

    Attributes:
        path: the qualified name in the target; ``None`` where there is nothing.
        rule: the rule that says so.
        level: how much it asks of a person.
        message: what happened or what to do.
        brief: what happened, without what to look at; empty where that is the message.
    """

    path: str | None
    rule: Rule
    level: Level
    message: str
    brief: str = ""


@lru_cache(maxsize=1)
def table() -> dict[str, list[Entry]]:
    """The entries of ``symbols.toml`` by the preferred old path of their symbol, or by ``module.*``."""
    found: dict[str, list[Entry]] = {}
    for entry in load("names/symbols.toml")["symbol"]:
        for old in entry["old"]:
            found.setdefault(old if old.endswith(".*") else moves.canonical(old), []).append(entry)
    return found


def entry_for(path: str, target: Target) -> Entry | None:
    """The table's entry about a symbol: one of its own, or one about all of its module.

    Args:
        path: any old path of the symbol, normalised to ``keras.…``.
        target: the TensorFlow release to migrate to.
    """
    own = table().get(moves.canonical(path), [])
    return matching([*own, *table().get(f"{path.rpartition('.')[0]}.*", [])], target)


@lru_cache(maxsize=4096)
def successor(path: str, target: Target) -> Successor:
    """What became of a symbol or module.

    Args:
        path: the old qualified name, normalised to ``keras.…``.
        target: the TensorFlow release to migrate to.
    """
    symbol, rest = split(path)
    tail = "".join(f".{name}" for name in rest)
    entry = entry_for(symbol, target)
    if entry is not None:
        return _listed(entry, symbol, tail, target)
    new = _computed(symbol, tail, target)
    if new is not None and new.startswith("tensorflow.") and not new.startswith("tensorflow.keras"):
        return _of_tensorflow(path, new, target)
    if new is not None:
        return Successor(new, *_moved(path, new))
    inner = rest and was_module(symbol) and moves.normalise(_defined(symbol)) is not None
    if moves.known(symbol) and not inner:
        return Successor(None, REMOVED_SYMBOL, Level.MANUAL, _internal(symbol, target))
    return _unknown(path, target)


def _computed(symbol: str, tail: str, target: Target) -> str | None:
    """Where the catalogs have a symbol, by its own path or by the one that stands for its object."""
    if tail.startswith(".__") and was_module(symbol):
        module = moves.destination(symbol, target)
        return module and module + tail  # every module has them
    new = moves.destination(symbol + tail, target)
    if new is None and not was_module(symbol):
        new = moves.destination(moves.canonical(symbol) + tail, target)
    return new


def _of_tensorflow(path: str, new: str, target: Target) -> Successor:
    """What became of a symbol of TensorFlow itself that old code reached through Keras (``K.tf.log``)."""
    message = f"`{path}` is `{new}`"
    if tensorflow_has(new, target) or not tensorflow_has(new.rpartition(".")[0], target):
        return Successor(new, REPLACED_SYMBOL, Level.REWRITTEN, message)
    old_api = new.replace("tensorflow.", "tensorflow.compat.v1.", 1)
    if tensorflow_has(old_api, target):
        note = "TensorFlow 2 has it only for old code: look whether the code still needs a graph or a session"
        return Successor(old_api, REPLACED_SYMBOL, Level.REVIEW, f"`{path}` is `{old_api}`. {note}")
    return Successor(
        None, REMOVED_SYMBOL, Level.MANUAL, f"{message}, which TensorFlow {target} does not have"
    )


def _listed(entry: Entry, symbol: str, tail: str, target: Target) -> Successor:
    """What the table says about a symbol."""
    still_there = f"tensorflow.{symbol}" in for_target(target)
    message = "" if still_there else f"`{symbol}` is gone"
    if "to" not in entry:
        text = f"{message}. {entry['manual']}" if message else entry["manual"]
        return Successor(None, REMOVED_SYMBOL, Level.MANUAL, text)
    new, note = entry["to"], entry.get("note", "")
    text = f"{message or f'`{symbol}` is not used any more'}: `{new}` takes its place"
    level = Level(entry.get("level", "rewritten"))
    message = f"{text}. {note}" if note else text
    return Successor(new + tail, REPLACED_SYMBOL, level, message, text if note else "")


def _defined(symbol: str) -> str:
    """The qualified name at a known symbol's definition, of the newest release that has it."""
    found = legacy(moves.known(symbol)[-1]).get(symbol) if moves.known(symbol) else None
    return symbol if found is None or found.name is None else found.name


def _internal(symbol: str, target: Target) -> str:
    """What to do about a symbol that some release had and that nothing replaces."""
    release = moves.known(symbol)[-1]
    found = legacy(release).get(symbol)
    gone = f"`{symbol}` is not in TensorFlow {target}"
    name = _defined(symbol)
    if moves.normalise(name) is None:
        return f"{gone}. It was `{name}`: import that itself, or the public name that TensorFlow has for it"
    if found is not None and found.kind == "module":
        home = module_successor(symbol, target)
        if home is not None:
            return f"{gone}. Use `{home}`, which has most of what it had"
        return f"{gone}. Replace what is used of it, then delete the import"
    file = f"`{name.rpartition('.')[0].replace('.', '/')}.py`"
    return f"{gone}. It was internal to Keras: do without it, or copy it from Keras {release} ({file})"


def _unknown(path: str, target: Target) -> Successor:
    """What to do about a name that standalone Keras never had: tf.keras lost it, or it is a slip."""
    here = f"`{path}` is not in TensorFlow {target}"
    if target.keras3 and f"tensorflow.{path}" in for_target(_KERAS_2):
        stay = f"--target {target}+legacy"
        message = f"{here}. Keras 3 dropped it: do without it, or stay with Keras 2 (`{stay}`)"
        return Successor(None, REMOVED_SYMBOL, Level.MANUAL, message)
    module, _, leaf = path.rpartition(".")
    names = members(module) | for_target(target).members(f"tensorflow.{module}")
    near = get_close_matches(leaf, sorted(names), 1, 0.75)
    guess = f"perhaps `{near[0]}` is meant" if near else "look for its name"
    return Successor(
        None, UNKNOWN_SYMBOL, Level.MANUAL, f"{here}, nor in any known release of Keras: {guess}"
    )


def _moved(path: str, new: str) -> tuple[Rule, Level, str]:
    """The rule, level and message for a symbol or module that the catalogs found under another path."""
    message = f"`{path}` is `{new}`"
    if new == f"tensorflow.{path}":
        return MOVED_IMPORT, Level.REWRITTEN, message
    if not new.startswith("tensorflow.keras"):
        return REPLACED_SYMBOL, Level.REWRITTEN, message
    same_name = path.rpartition(".")[2] == new.rpartition(".")[2]
    return (MOVED_SYMBOL if same_name or was_module(path) else RENAMED_SYMBOL), Level.REWRITTEN, message


@lru_cache(maxsize=4096)
def split(path: str) -> tuple[str, tuple[str, ...]]:
    """An old qualified name as a known symbol or module and the attributes that follow it."""
    parts = path.split(".")
    for size in range(len(parts), 0, -1):
        head = ".".join(parts[:size])
        if moves.known(head) or head in table() or f"{head.rpartition('.')[0]}.*" in table():
            return head, tuple(parts[size:])
    return path, ()


@lru_cache(maxsize=1024)
def module_successor(path: str, target: Target) -> str | None:
    """The module of the target that has most of what an old module had."""
    new = moves.destination(path, target)
    if new is not None and for_target(target).is_module(new):
        return new
    votes: dict[str, int] = {}
    for member in members(path):
        moved = moves.destination(f"{path}.{member}", target)
        if (
            moved is not None
            and moved.startswith("tensorflow.keras.")
            and not for_target(target).is_module(moved)
        ):
            home = moved.rpartition(".")[0]
            votes[home] = votes.get(home, 0) + 1
    return max(votes, key=lambda home: (votes[home], home)) if votes else None


@lru_cache(maxsize=1024)
def module_of(old: str, target: Target) -> str | None:
    """The module of the target that can be imported in the place of an old one, if there is one.

    Args:
        old: its name, normalised to ``keras.…``.
        target: the TensorFlow release to migrate to.
    """
    new = moves.destination(old, target)
    if new is None or not for_target(target).is_module(new):
        new = module_successor(old, target)
    return new if new is not None and for_target(target).importable(new) else None


@lru_cache(maxsize=1024)
def was_module(path: str) -> bool:
    """Whether an old qualified name is a module in some release of standalone Keras."""
    return any(legacy(release).is_module(path) for release in LEGACY_RELEASES)


@lru_cache(maxsize=256)
def members(path: str) -> frozenset[str]:
    """All public names that a module had in any release of standalone Keras."""
    found = frozenset[str]().union(*(legacy(release).members(path) for release in LEGACY_RELEASES))
    return frozenset(name for name in found if not name.startswith("_"))


@lru_cache(maxsize=256)
def star(path: str) -> frozenset[str]:
    """What ``from module import *`` gave in any release of standalone Keras."""
    return frozenset[str]().union(*(legacy(release).star(path) for release in LEGACY_RELEASES))


@lru_cache(maxsize=256)
def mentioned(module: str) -> bool:
    """Whether the table knows something in a module that no catalog has."""
    return any(old.startswith(module + ".") for old in table())
