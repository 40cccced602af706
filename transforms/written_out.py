"""Small functions from inside Keras that are gone: written into the module that uses them."""

from __future__ import annotations

from functools import lru_cache

import libcst as cst

from ..catalog import moves
from ..findings import Level, Rule
from ..transform import File, Transform, Use
from .definitions import define
from .tables import Entry, load

WRITTEN_OUT = Rule(
    "KM111",
    "written-out-function",
    "Write a small function of Keras that is gone into the module that uses it.",
    "Old code took small functions from inside Keras, like `to_list` or those of `keras.utils.conv_utils`. "
    "`tf.keras` does not offer them. They are a few lines of plain Python that depend on nothing else: the "
    "module gets a function of its own that does the same.",
    before="from keras.utils.generic_utils import to_list\n\nshapes = to_list(shape)\n",
    after="def to_list(x, allow_tuple=False):\n"
    "    if allow_tuple and isinstance(x, tuple):\n"
    "        return list(x)\n"
    "    return x if isinstance(x, list) else [x]\n\n\n"
    "shapes = to_list(shape)\n",
)

TRANSFORM = Transform("written-out functions", WRITTEN_OUT)


@lru_cache(maxsize=1)
def functions() -> dict[str, Entry]:
    """The functions of ``written_out.toml`` by the symbol of each of their old paths."""
    return {
        moves.canonical(old): entry for entry in load("written_out.toml")["function"] for old in entry["old"]
    }


def write_out(file: File, use: Use) -> None:
    """Defines the function, and calls it by its own name."""
    entry = functions()[use.symbol]
    reference = use.reference
    local = reference.root.value if not reference.attributes else entry["name"]
    taken = reference.attributes and local in file.names.identifiers
    if use.members or not use.sure or not use.standalone or not file.options.enabled(WRITTEN_OUT.code):
        return
    if taken:
        local = f"keras_{local}"
    if not define(file, reference, local, _code(file, use, entry, local)):
        return
    message = f"`{use.symbol}` is gone: what it did is a function here now"
    file.report(WRITTEN_OUT, Level.REWRITTEN, reference.node, message, use.symbol)
    file.imports.handled(reference)
    if reference.attributes:
        file.edit(reference.node, reference.frame, lambda _: cst.Name(local))


def _code(file: File, use: Use, entry: Entry, local: str) -> str:
    """The source of a function under its name in the module."""
    code: str = entry["code"]
    for placeholder, path in entry.get("needs", {}).items():
        code = code.replace(f"<{placeholder}>", file.imports.name_for(path, use.reference))
    return code.replace("<name>", local)


TRANSFORM.use(*(symbol for symbol, entry in functions().items() if not entry.get("asked")))(write_out)
