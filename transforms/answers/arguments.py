"""What became of an argument of Keras' callables, asked about by its old name alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from ...answers import Answer, Kind, Outcome
from ...target import Target
from ..tables import Entry, applies, load
from .outcomes import joined, said

_RENAMED, _DROPPED, _VALUE, _UNKNOWN, _KERAS_1 = "KM201", "KM202", "KM204", "KM205", "KM208"

_OF_THEIR_OWN = {
    "decay": "KM206",
    "batch_input_shape": "KM207",
    "samples_per_epoch": "KM415",
    "nb_val_samples": "KM415",
    "val_samples": "KM415",
    "show_accuracy": "KM417",
    "dropout": "KM210",
}
"""Arguments that a rule of their own treats, besides what the tables say."""

_MANY = 4
"""Callables are named up to here, and counted beyond."""


@dataclass(frozen=True, slots=True)
class _Row:
    """What one table says of an argument of some callables."""

    owners: tuple[str, ...]
    entry: Entry


def argument_names() -> frozenset[str]:
    """All old names of arguments that the tables know."""
    return frozenset(_rows())


def about_argument(name: str, targets: Sequence[Target], owner: str = "") -> tuple[Answer, ...]:
    """What became of an argument, an answer for each group of callables with the same fate.

    Args:
        name: its old name.
        targets: the releases to look at.
        owner: the class or method that it was given to, ``Adam``; those that it fits come alone.
    """
    rows = _rows().get(name, ())
    fitting = [row for row in rows if owner and owner in _leaves(row)]
    fitting = fitting or [row for row in rows if owner and "*" in _leaves(row)]
    found: dict[str, list[tuple[str, tuple[Outcome, ...]]]] = {}
    for (rule, text, specifier), owners in _grouped(fitting or rows).items():
        outcome = said([target for target in targets if applies(specifier, target)], text)
        if outcome:
            found.setdefault(_named(owners), []).append((rule, outcome))
    return tuple(
        Answer(
            Kind.ARGUMENT,
            f"{name}= of {owners}",
            rules=_ordered(name, (rule for rule, _ in told)),
            outcomes=joined(outcome for _, each in told for outcome in each),
        )
        for owners, told in found.items()
    )


def _ordered(name: str, rules: Iterable[str]) -> tuple[str, ...]:
    own = _OF_THEIR_OWN.get(name)
    return tuple(dict.fromkeys((*((own,) if own else ()), *rules)))


def _grouped(rows: Sequence[_Row]) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """Callables by the rule, the text and the targets of what is said of an argument of theirs."""
    found: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for row in rows:
        key = (*_says(row.entry), row.entry.get("targets", ""))
        found[key] = tuple(dict.fromkeys((*found.get(key, ()), *row.owners)))
    return found


def _says(entry: Entry) -> tuple[str, str]:
    """The rule and the sentence of an entry."""
    note = f". {_sentence(entry['note'])}" if "note" in entry else ""
    only = f" where it is {' or '.join(f'`{value}`' for value in entry['when'])}" if "when" in entry else ""
    old = f"`{entry['argument']}`"
    if "keras1" in entry:
        return _KERAS_1, f"{old} is `{entry['keras1']}`"
    if "to" in entry:
        value = f", with the value `{entry['value'].replace('_', '…', 1)}`" if "value" in entry else ""
        return _RENAMED, f"{old} is `{entry['to']}`{value}{only}{note}"
    if "drop" in entry:
        return _DROPPED, f"{old} is dropped{only}{note}"
    if "values" in entry:
        values = ", ".join(f"`'{was}'` is `'{now}'`" for was, now in entry["values"].items())
        return _VALUE, f"Values of {old}: {values}{note}"
    advice = re.sub(r"\{(\w+)\}", r"\1", entry.get("manual", "it is not accepted"))
    return _UNKNOWN, f"{old}{only}: {advice}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _named(owners: Sequence[str]) -> str:
    if len(owners) > _MANY:
        return f"{', '.join(owners[:_MANY])} and {len(owners) - _MANY} more"
    return ", ".join(owners)


def _leaves(row: _Row) -> frozenset[str]:
    return frozenset(each.rpartition(".")[2] for each in row.owners)


@cache
def _rows() -> dict[str, tuple[_Row, ...]]:
    found: dict[str, list[_Row]] = {}
    for name, row in _all_rows():
        found.setdefault(name, []).append(row)
    return {name: tuple(rows) for name, rows in found.items()}


def _all_rows() -> Iterator[tuple[str, _Row]]:
    for table in ("calls/arguments.toml", "methods/methods.toml"):
        for entry in load(table)["argument"]:
            for old in entry["old"]:
                yield old, _Row(tuple(entry["of"]), {**entry, "argument": old})
    for call in load("calls/keras1_arguments.toml")["call"]:
        owners = tuple(call["of"])
        for old, new in call.get("renamed", {}).items():
            yield old, _Row(owners, {"argument": old, "keras1": new})
        for new, parts in call.get("joined", {}).items():
            for old in parts:
                whole = f"{new}=({', '.join(parts)})"
                yield old, _Row(owners, {"argument": old, "keras1": whole})
