"""Arguments of methods of models: the same work as for constructors, by the methods' own signatures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import libcst as cst

from ...catalog import LEGACY_RELEASES, Signature, for_target, legacy
from ...findings import Level
from ...scopes import Frame
from ...target import Target
from ...transform import AttributeUse, File, Transform
from ..calls.call_adaptation import Adaptation
from ..calls.named_arguments import (
    CHANGED_VALUE,
    REMOVED_ARGUMENT,
    RENAMED_ARGUMENT,
    UNKNOWN_ARGUMENT,
    adapt_argument,
    adapt_keywords,
)
from ..calls.positional_arguments import POSITIONAL_ARGUMENT, adapt_positional
from ..reading.keras_calls import Argument, KerasCall
from ..reading.receivers import call_of_method, classes, level_of
from ..tables import Entry, load
from .generators import GENERATOR_OUTPUT, adapt_source
from .passes import BEYOND_A_PASS, adapt_passes
from .shown_accuracy import SHOWN_ACCURACY, adapt_shown_accuracy
from .steps import WHOLE_STEPS, adapt_steps

TRANSFORM = Transform(
    "arguments of methods",
    RENAMED_ARGUMENT,
    REMOVED_ARGUMENT,
    POSITIONAL_ARGUMENT,
    CHANGED_VALUE,
    UNKNOWN_ARGUMENT,
    GENERATOR_OUTPUT,
    WHOLE_STEPS,
    BEYOND_A_PASS,
    SHOWN_ACCURACY,
)

MODEL = "keras.models.Model"
_SEQUENTIAL = "keras.models.Sequential"


@TRANSFORM.attribute(
    "compile",
    "evaluate",
    "fit",
    "load_weights",
    "predict",
    "save",
    "save_weights",
    "test_on_batch",
    "train_on_batch",
)
def adapt_method(file: File, use: AttributeUse) -> None:
    """Makes the arguments of a model's method mean in the target what they meant in the old release."""
    found = call_of_method(use)
    level = level_of(file, use, "model") if found is not None else None
    if found is None or level is None:
        return
    name = use.node.attr.value
    sequential = classes(file, use) == {_SEQUENTIAL}
    work = adaptation(file, *found, name, name, level, sequential=sequential)
    if work is None:
        return
    adapt_shown_accuracy(work)
    if work.call.sure:
        if work.old is not None and work.call.standalone:
            adapt_positional(work, work.old)
        adapt_keywords(work)
    else:
        adapt_known(work)
    names = work.old.positional if work.old is not None else ()
    adapt_data(work, [*work.call.slots(names), *work.call.keywords])
    if work.changes:
        file.edit(work.call.node, work.call.frame, work.changes.apply)


def adaptation(
    file: File, node: cst.Call, frame: Frame, old: str, new: str, level: Level, *, sequential: bool = False
) -> Adaptation | None:
    """What is known of the call of a model's method.

    Args:
        file: the file that it is in.
        node: the call.
        frame: the nodes around it.
        old: the name of the method.
        new: its name in the target.
        level: how sure it is that this is one of Keras' methods.
        sequential: whether the model is surely a ``Sequential``.
    """
    signature = new_signature(new, file.target)
    if signature is None:
        return None
    assert isinstance(node.func, cst.Attribute)
    sure = level is Level.REWRITTEN
    symbol, reference = f"{MODEL}.{old}", file.names.reference(node.func)
    call = KerasCall(node, frame, 0, None, symbol, symbol, sure, _standalone(file, node), reference)  # type: ignore[arg-type]
    meant = old_signature(old, file.source.catalog, sequential=sequential)
    return Adaptation(file, call, meant, signature, entries(old))


def _standalone(file: File, node: cst.Call) -> bool:
    """Whether the receiver of a method comes from standalone Keras, as far as that is known."""
    assert isinstance(node.func, cst.Attribute)
    return any(value.standalone for value in file.values.of(node.func.value))


def adapt_known(work: Adaptation) -> None:
    """Decides about the keywords that the table knows, for a call that is perhaps not one of Keras."""
    for argument in work.call.keywords:
        if argument.index not in work.changes and work.entry(argument) is not None:
            adapt_argument(work, argument)


def adapt_data(work: Adaptation, arguments: Sequence[Argument]) -> None:
    """Makes the batches and their number fit the target, where they are among the arguments of the call."""
    predicts = work.call.name.startswith("predict")
    for argument in arguments:
        if argument.name in ("x", "generator", "validation_data"):
            adapt_source(work, argument, predicts=predicts)
        elif argument.name in ("steps", "steps_per_epoch", "validation_steps"):
            adapt_steps(work, argument)
    adapt_passes(work, arguments)


@cache
def entries(method: str) -> dict[str, list[Entry]]:
    """The entries of the table about a method by argument."""
    found: dict[str, list[Entry]] = {}
    for entry in load("methods/methods.toml")["argument"]:
        if method in entry["of"]:
            for old in entry["old"]:
                found.setdefault(old, []).append(entry)
    return found


def old_signature(method: str, release: str, *, sequential: bool = False) -> Signature | None:
    """The signature of a model's method in an old release, or else in the newest that has it."""
    for each in (release, *reversed(LEGACY_RELEASES)):
        for owner in (_SEQUENTIAL,) if sequential else (MODEL, _SEQUENTIAL):
            symbol = legacy(each).get(owner)
            signature = symbol.methods.get(method) if symbol is not None else None
            if signature is not None:
                return signature
    return None


def new_signature(method: str, target: Target) -> Signature | None:
    """The signature of a model's method in a target."""
    symbol = for_target(target).get(f"tensorflow.{MODEL}")
    return symbol.methods.get(method) if symbol is not None else None
