"""Losses, metrics and optimizers that are given by a name which the target does not know."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from ...catalog import moves
from ...findings import Level, Rule
from ...scopes import Frame
from ...target import Target
from ...transform import AttributeUse, File, Transform, Use
from ..names.written_out import written_below_imports
from ..reading.receivers import call_of_method, level_of
from ..tables import Entry, applies, load

IDENTIFIER = Rule(
    "KM605",
    "identifier",
    "Name losses, metrics and optimizers as the target does.",
    "Some strings that stood for a loss or a metric are not known any more. Most have another name. A metric "
    "is logged under the name that is given for it, so what reads it from a history follows (KM601).",
    before=(
        "from keras.models import Sequential\n\nmodel = Sequential()\n"
        "model.compile('sgd', 'kullback_leibler_divergence')\n"
    ),
    after=(
        "from tensorflow.keras.models import Sequential\n\nmodel = Sequential()\n"
        "model.compile('sgd', 'kl_divergence')\n"
    ),
)

TRANSFORM = Transform("identifiers", IDENTIFIER)

_COMPILE = {"optimizer": "optimizer", "loss": "loss", "metrics": "metric", "weighted_metrics": "metric"}
"""What the strings in an argument of ``compile`` name."""

_SLOTS = ("optimizer", "loss", "metrics")


def entry_for(kind: str, name: str, source: str, target: Target) -> Entry | None:
    """The table's entry about a name, if the target does not know it.

    Args:
        kind: what it names.
        name: the string.
        source: the release that the code was written for, ``2.2``.
        target: the TensorFlow release to migrate to.
    """
    for entry in load("training/identifiers.toml")["identifier"]:
        if (
            entry["kind"] == kind
            and name in entry["old"]
            and source in entry.get("source", (source,))
            and applies(entry.get("targets", ""), target)
        ):
            found: Entry = entry
            return found
    return None


@TRANSFORM.attribute("compile")
def compile_model(file: File, use: AttributeUse) -> None:
    """Renames what ``compile`` is given."""
    found = call_of_method(use)
    if found is None:
        return
    call, frame = found
    if not any(arg.keyword is not None and arg.keyword.value in _COMPILE for arg in call.args) and (
        level_of(file, use, "model") is None
    ):
        return
    for name, node, around in arguments_of_compile(call, frame):
        kind = _COMPILE.get(name)
        if kind is not None:
            for string, inside in _strings(file, node, around):
                _rename(file, kind, string, inside, call)


@TRANSFORM.use(
    "keras.losses.get", "keras.metrics.get", "keras.losses.deserialize", "keras.metrics.deserialize"
)
def get(file: File, use: Use) -> None:
    """Renames what is looked up by name."""
    if use.call is None or not use.call.args or use.reference.frame is None:
        return
    arg = use.call.args[0]
    if isinstance(arg.value, cst.SimpleString):
        kind = "loss" if use.symbol.startswith("keras.losses.") else "metric"
        _rename(file, kind, arg.value, (arg, use.reference.frame), use.call)


def arguments_of_compile(call: cst.Call, frame: Frame) -> Iterator[tuple[str, cst.BaseExpression, Frame]]:
    """The arguments of ``compile`` by name, with the nodes around their values."""
    inside: Frame = (call, frame)
    for slot, arg in enumerate(call.args):
        if arg.star:
            return
        if arg.keyword is not None:
            yield arg.keyword.value, arg.value, (arg, inside)
        elif slot < len(_SLOTS):
            yield _SLOTS[slot], arg.value, (arg, inside)


def _strings(file: File, node: cst.BaseExpression, frame: Frame) -> Iterator[tuple[cst.SimpleString, Frame]]:
    """The strings in an argument: itself, or the members of a list or the values of a dict."""
    if isinstance(node, cst.SimpleString):
        yield node, frame
    elif isinstance(node, (cst.List, cst.Tuple)):
        for element in node.elements:
            yield from _strings(file, element.value, (element, (node, frame)))
    elif isinstance(node, cst.Dict):
        for member in node.elements:
            yield from _strings(file, member.value, (member, (node, frame)))
    elif isinstance(node, cst.IfExp):
        yield from _strings(file, node.body, (node, frame))
        yield from _strings(file, node.orelse, (node, frame))


def _rename(file: File, kind: str, node: cst.SimpleString, frame: Frame, call: cst.Call) -> None:
    """Writes one string as the target has it, or says what to do."""
    name = str(node.raw_value)
    entry = entry_for(kind, name, file.source.release, file.target)
    if entry is None or node in file.handled:
        return
    file.handled.add(node)
    written_out = entry.get("function") and file.allows(IDENTIFIER, node)
    if written_out and _write_function(file, name, node, frame):
        return
    new = entry.get("new") or (crossentropy(name, call) if kind == "metric" else None)
    if new is None:
        message = f"The {kind} '{name}' is not known any more: {entry['manual']}"
        file.report(IDENTIFIER, Level.MANUAL, node, message)
        return
    level = Level.REVIEW if "note" in entry else Level.REWRITTEN
    message = f"The {kind} '{name}' is '{new}' now"
    if "note" in entry:
        message += f". {entry['note']}"
    if "source" in entry:
        level = file.level_if_guessed(level)
        message += file.guess_note
    if file.report(IDENTIFIER, level, node, message):
        file.edit(node, frame, lambda old: renamed(old, name, new))


_ALIASES = {"f1score": "fmeasure", "fscore": "fmeasure"}
"""Other names that metrics of Keras 1 had."""


def _write_function(file: File, name: str, node: cst.SimpleString, frame: Frame) -> bool:
    """Writes a metric out that a string stood for; whether that can be done."""
    symbol = moves.canonical(f"keras.metrics.{_ALIASES.get(name, name)}")
    function = written_below_imports(file, symbol, (node, frame))
    if function is None:
        return False
    message = (
        f"The metric '{name}' is not known any more: what it did is a function here now, computed for each "
        f"batch and averaged as before{file.guess_note}"
    )
    if file.report(IDENTIFIER, file.level_if_guessed(Level.REWRITTEN), node, message):
        file.edit(node, frame, lambda _: cst.parse_expression(function))
    return True


def renamed(node: cst.SimpleString, old: str, new: str) -> cst.SimpleString:
    """A literal with a part of its text replaced."""
    start = len(node.prefix) + len(node.quote)
    text = node.value[start : len(node.value) - len(node.quote)]
    return node.with_changes(value=f"{node.value[:start]}{text.replace(old, new)}{node.quote}")


def crossentropy(name: str, call: cst.Call) -> str | None:
    """What the metric 'crossentropy' stands for beside the loss of its call; ``None`` for other metrics."""
    if name not in ("ce", "crossentropy"):
        return None
    for argument, node, _ in arguments_of_compile(call, None):
        if argument == "loss" and isinstance(node, cst.SimpleString):
            loss = str(node.raw_value)
            return loss if loss.endswith("_crossentropy") else None
    return None
