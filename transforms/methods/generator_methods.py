"""``fit_generator``, ``evaluate_generator``, ``predict_generator``: the methods without the suffix now."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from ...findings import Level, Rule
from ...transform import AttributeUse, File, Transform
from ..calls.call_adaptation import Adaptation
from ..calls.named_arguments import adapt_argument, adapt_keywords
from ..reading.keras_calls import Argument
from ..reading.receivers import call_of_method, level_of
from ..silent_changes.defaults import CHANGED_DEFAULT
from .batch_order import keep_order
from .method_arguments import MODEL, adapt_data, adapt_known, adaptation, old_signature
from .sample_counts import SAMPLE_COUNT, adapt_counts, question_steps
from .shown_accuracy import adapt_shown_accuracy

GENERATOR_METHOD = Rule(
    "KM401",
    "generator-method",
    "Train, evaluate and predict from a generator with `fit`, `evaluate` and `predict`.",
    "They take generators since TensorFlow 2.1. The methods that were for generators only are deprecated up "
    "to 2.15 and gone from 2.16 on. The number of batches and epochs, which could be given by position, is "
    "given by name, because `fit` has other arguments there.",
    before="from keras.models import load_model\n\nmodel = load_model('model.h5')\n"
    "model.fit_generator(batches, 100, epochs=5)\n",
    after="from tensorflow.keras.models import load_model\n\nmodel = load_model('model.h5')\n"
    "model.fit(batches, steps_per_epoch=100, epochs=5)\n",
)

TRANSFORM = Transform("generator methods", GENERATOR_METHOD, SAMPLE_COUNT, CHANGED_DEFAULT)

NAMES = {"fit_generator": "fit", "evaluate_generator": "evaluate", "predict_generator": "predict"}

_BY_POSITION = 3
"""How many arguments Keras 2 took by position before 2.3."""


@TRANSFORM.attribute(*NAMES)
def rename(file: File, use: AttributeUse) -> None:
    """Calls the method that takes generators now, with arguments by its names."""
    level = level_of(file, use, "model", unique=True)
    if level is None:
        return
    old = use.node.attr.value
    found = call_of_method(use)
    if found is None or any(arg.star == "*" for arg in found[0].args):
        _report_unknown_arguments(file, use)
        return
    work = adaptation(file, *found, old, NAMES[old], level)
    if work is None:
        return
    message = f"`{old}` is `{NAMES[old]}` now, which takes generators too"
    if level is Level.REVIEW:
        message += ". Taken to be a method of a Keras model"
    if not file.report(GENERATOR_METHOD, level, use.node, message, f"{MODEL}.{old}"):
        return
    file.edit(use.node, use.frame, lambda node: node.with_changes(attr=cst.Name(NAMES[old])))
    first = _is_keras1(work)
    arguments = _named(work, first=first)
    adapt_counts(work, arguments, first=first)
    _name_positional(work, arguments)
    adapt_shown_accuracy(work)
    if work.call.sure:
        adapt_keywords(work)
    else:
        adapt_known(work)
    adapt_data(work, arguments)
    if work.changes:
        file.edit(work.call.node, work.call.frame, work.changes.apply)
    if old == "fit_generator":
        keep_order(work, arguments)


def _is_keras1(work: Adaptation) -> bool:
    """Whether a call means what it meant in Keras 1, also for its many positional arguments."""
    version = work.file.source.version
    return version < (2, 0) or (version < (2, 3) and len(work.call.positional) > _BY_POSITION)


def _named(work: Adaptation, *, first: bool) -> list[Argument]:
    """All arguments by name, those given by position by the names of Keras 1 where that is meant."""
    old = old_signature(work.call.name, "1.2.2") if first else work.old
    return [*work.call.slots(old.positional if old is not None else ()), *work.call.keywords]


def _name_positional(work: Adaptation, arguments: Sequence[Argument]) -> None:
    """Passes all but the generator by name."""
    for argument in arguments[1:]:
        if argument.node.keyword is not None or argument.index in work.changes:
            continue
        if work.entry(argument) is not None:
            adapt_argument(work, argument)
        question_steps(work, argument)
        if argument.index not in work.changes:  # what is left to a person keeps the name that it had
            work.changes.names[argument.index] = argument.name


def _report_unknown_arguments(file: File, use: AttributeUse) -> None:
    """Reports a method whose arguments are not to be seen; on Keras 2 it still works."""
    if not file.target.keras3:
        return
    old = use.node.attr.value
    message = (
        f"`{old}` is gone: use `{NAMES[old]}`, and pass all but the generator by name, because the places of "
        "its arguments have another meaning"
    )
    file.report(GENERATOR_METHOD, Level.MANUAL, use.node, message, f"{MODEL}.{old}")
