"""Small functions of Keras, and a few layers, that are gone: written into the module that uses them."""

from __future__ import annotations

from functools import lru_cache

import libcst as cst

from ...catalog import moves
from ...findings import Level, Rule
from ...scopes import Frame, Reference
from ...transform import File, Transform, Use
from ..edits.definitions import define
from ..reading.keras_calls import imported_reference
from ..tables import Entry, load

WRITTEN_OUT = Rule(
    "KM111",
    "written-out-function",
    "Write a small function or layer of Keras that is gone into the module that uses it.",
    "Old code took small functions from inside Keras, like `to_list` or those of `keras.utils.conv_utils`. "
    "`tf.keras` does not offer them. They are a few lines of plain Python that depend on nothing else: the "
    "module gets a function of its own that does the same. So it gets a class for a layer of Keras 1 that no "
    "other layer stands for (`Highway`, `MaxoutDense`, `ParametricSoftplus`, `SReLU`): it takes the same "
    "arguments, and has the same weights in the same order.",
    before=(
        "import numpy as np\nfrom keras.utils.generic_utils import to_list\n\n"
        "shapes = to_list(np.zeros(3).shape)\n"
    ),
    after=(
        "import numpy as np\n\n\ndef to_list(x, allow_tuple=False):\n"
        "    if allow_tuple and isinstance(x, tuple):\n        return list(x)\n"
        "    return x if isinstance(x, list) else [x]\n\n\nshapes = to_list(np.zeros(3).shape)\n"
    ),
)

TRANSFORM = Transform("written-out functions", WRITTEN_OUT)


@lru_cache(maxsize=1)
def functions() -> dict[str, Entry]:
    """The functions of ``written_out.toml`` by the symbol of each of their old paths."""
    return {
        moves.canonical(old): entry
        for entry in load("names/written_out.toml")["function"]
        for old in entry["old"]
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
    if not define(file, reference, local, _code(file, reference, entry, local)):
        return
    what = "class" if entry["code"].lstrip().startswith("@") else "function"
    message = f"`{use.symbol}` is gone: what it did is a {what} here now"
    if "note" in entry:
        message = f"{message}. {entry['note']}"
    level = Level(entry.get("level", "rewritten"))
    file.report(WRITTEN_OUT, level, reference.node, message, use.symbol)
    file.imports.handled(reference)
    if reference.attributes:
        file.edit(reference.node, reference.frame, lambda _: cst.Name(local))


def written_below_imports(file: File, symbol: str, place: Frame) -> str | None:
    """Defines a function that takes the place of a string, which stood for it.

    Args:
        file: the file.
        symbol: the symbol of the function in old Keras.
        place: the string and the nodes around it.
    Returns:
        Code for it, which logs know by its name; ``None`` where it cannot be defined.
    """
    entry, reference = functions()[symbol], imported_reference(file)
    logged: str = entry["name"]
    name = logged if logged not in file.names.identifiers else f"keras_{logged}"
    if reference is None or not file.options.enabled(WRITTEN_OUT.code):
        return None
    if not define(file, reference, name, _code(file, reference, entry, name), place):
        return None
    if name == logged:
        return name
    wrapper = file.imports.name_for("tensorflow.keras.metrics.MeanMetricWrapper", reference)
    return f"{wrapper}({name}, name='{logged}')"


def written_for(file: File, symbol: str, reference: Reference) -> str | None:
    """Defines what does the work of a symbol where a reference to it uses what is gone.

    Returns:
        Its name in the module; ``None`` where it cannot be defined.
    """
    entry = functions()[symbol]
    name = entry["name"] if entry["name"] not in file.names.identifiers else f"keras_{entry['name']}"
    if not file.options.enabled(WRITTEN_OUT.code):
        return None
    return name if define(file, reference, name, _code(file, reference, entry, name)) else None


def _code(file: File, reference: Reference, entry: Entry, local: str) -> str:
    """The source of a function under its name in the module."""
    code: str = entry["code"]
    for placeholder, path in entry.get("needs", {}).items():
        code = code.replace(f"<{placeholder}>", file.imports.name_for(path, reference))
    return code.replace("<name>", local)


TRANSFORM.use(*(symbol for symbol, entry in functions().items() if not entry.get("asked")))(write_out)
