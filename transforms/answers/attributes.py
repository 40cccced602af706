"""What became of methods and attributes of models, layers, optimizers and tensors, by their name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from ...answers import Answer, Kind
from ...target import Target
from ...transform import pipeline
from ..methods.generator_methods import NAMES as GENERATOR_METHODS
from ..tables import Entry, applies, load
from .outcomes import said
from .rule_order import reading, showing

_CHANGED, _GONE = "KM405", "KM406"


@cache
def attribute_names() -> frozenset[str]:
    """All names that some transform looks at on models, layers and the like."""
    return frozenset(name for each in pipeline().transforms for name in each.on_attribute)


def about_attribute(name: str, targets: Sequence[Target]) -> Answer | None:
    """What became of a method or attribute; ``None`` where no transform knows one of that name.

    Args:
        name: ``fit_generator``, ``output_shape``, ``lr``.
        targets: the releases to look at.
    """
    if name not in attribute_names():
        return None
    rows = [entry for entry in load("methods/attributes.toml")["attribute"] if name in entry["names"]]
    listed = [_CHANGED if "manual" not in row else _GONE for row in rows]
    treating = reading(name)
    rules = dict.fromkeys((*showing(name, treating), *listed)) or dict.fromkeys(treating)
    text = ""
    if name in GENERATOR_METHODS:
        text = f"`{name}` is `{GENERATOR_METHODS[name]}` now, which takes generators too."
    return Answer(
        Kind.ATTRIBUTE,
        f".{name}",
        text,
        tuple(rules),
        outcomes=tuple(
            outcome
            for row in rows
            for outcome in said(
                [target for target in targets if applies(row.get("targets", ""), target)], _says(row)
            )
        ),
    )


def _says(entry: Entry) -> str:
    """What an entry says, with the kinds of receivers that it is about."""
    kinds = " or ".join(entry["of"])
    if "manual" in entry:
        return f"Of a {kinds}: {entry['manual']}"
    new = entry.get("to") or entry["write"].replace("_", kinds.partition(" ")[0], 1)
    note = f" ({entry['note']})" if "note" in entry else ""
    return f"Of a {kinds}: `{new}`{note}"
