"""What became of strings that code hands to Keras or gets from it: names of losses, keys of logs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from ...answers import Answer, Kind, Outcome
from ...target import Target
from ..tables import load, matching
from ..training.compiled_metrics import changed_names
from .outcomes import joined, said

_LOG_KEY, _LEARNING_RATE, _IDENTIFIER = "KM601", "KM602", "KM605"
_ACCURACIES = {"acc": "accuracy", "val_acc": "val_accuracy"}


@cache
def words() -> frozenset[str]:
    """All strings that something is known of."""
    keys = changed_names()
    named = (old for entry in load("training/identifiers.toml")["identifier"] for old in entry["old"])
    return frozenset({"lr", *keys, *(f"val_{key}" for key in keys), *named})


def about_word(word: str, targets: Sequence[Target], kind: str = "") -> Iterator[Answer]:
    """What became of a string, as the key of a log and as the name of a loss or metric.

    Args:
        word: ``val_acc``, ``kullback_leibler_divergence``.
        targets: the releases to look at.
        kind: what it names, ``loss`` or ``metric``; empty where that is not known.
    """
    base = word.removeprefix("val_")
    if base in changed_names() and not kind:
        yield Answer(Kind.WORD, f"'{word}' in logs and histories", _of_key(word), (_LOG_KEY,))
    if word == "lr" and not kind:
        found = said([target for target in targets if target.keras3], "The key is `'learning_rate'`")
        if found:
            yield Answer(Kind.WORD, "'lr' in logs and histories", rules=(_LEARNING_RATE,), outcomes=found)
    for told in ("loss", "metric", "optimizer"):
        found = _named(word, told, targets) if kind in ("", told) else ()
        if found:
            yield Answer(Kind.WORD, f"'{word}', a {told}", rules=(_IDENTIFIER,), outcomes=found)


def _named(word: str, kind: str, targets: Sequence[Target]) -> tuple[Outcome, ...]:
    """What a string that names something of a kind is called now; of several entries those for Keras 2."""
    found: list[Outcome] = []
    for target in targets:
        rows = [
            entry
            for entry in load("training/identifiers.toml")["identifier"]
            if word in entry["old"] and entry["kind"] == kind and "source" not in entry
        ]
        entry = matching(rows, target)
        if entry is None:
            continue
        note = f". {entry['note']}" if "note" in entry else ""
        message = entry.get("manual") or f"`'{word}'` is `'{entry.get('new', word)}'`"
        found += said([target], message + note)
    return joined(found)


def _of_key(word: str) -> str:
    """Under which name a metric is logged now."""
    rule = "A metric is logged under the very name that `metrics=` has for it"
    if word in _ACCURACIES:
        return (
            f"{rule}: compiled with `metrics=['accuracy']` it is `'{_ACCURACIES[word]}'` now, and with "
            f"`metrics=['acc']` still `'{word}'`."
        )
    return f"{rule}: the old long name is the key only where `metrics=` has that."
