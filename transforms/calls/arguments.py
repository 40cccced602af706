"""Arguments of calls: renamed and removed ones, and positional ones whose place has another meaning.

What a call meant is read off the signature of the old release, what it may say off the target's; both come
from the catalogs. Renames, removals with a reason, and values that are written in another way stand in
``arguments.toml``.
"""

from __future__ import annotations

from ...transform import AttributeUse, ClassUse, File, Transform, Use
from ..edits.line_breaks import keep_short
from ..reading.keras_calls import KerasCall, call_of, derived_calls, super_call
from .call_adaptation import Adaptation
from .decay import DECAY, adapt_decay
from .keras1_arguments import KERAS1_ARGUMENT
from .named_arguments import (
    CHANGED_VALUE,
    REMOVED_ARGUMENT,
    RENAMED_ARGUMENT,
    UNKNOWN_ARGUMENT,
    adapt_keras1,
    adapt_keywords,
    join_input_shape,
)
from .positional_arguments import POSITIONAL_ARGUMENT, adapt_positional
from .sequential_inputs import INPUT_BEFORE_LAYER, put_input_before

TRANSFORM = Transform(
    "arguments",
    RENAMED_ARGUMENT,
    REMOVED_ARGUMENT,
    POSITIONAL_ARGUMENT,
    CHANGED_VALUE,
    UNKNOWN_ARGUMENT,
    INPUT_BEFORE_LAYER,
    DECAY,
    KERAS1_ARGUMENT,
)


@TRANSFORM.use()
def adapt_call(file: File, use: Use) -> None:
    """Makes the arguments of one call mean in the target what they meant in the old release."""
    call = call_of(file, use)
    if call is not None and call.node not in file.handled:
        _adapt(file, call)


@TRANSFORM.attribute("__init__")
def adapt_super_call(file: File, attribute: AttributeUse) -> None:
    """The same for ``super().__init__(…)`` in a class derived from one class of Keras."""
    call = super_call(file, attribute)
    if call is not None:
        _adapt(file, call)


@TRANSFORM.subclass(
    "keras.layers.Layer",
    "keras.callbacks.Callback",
    "keras.initializers.Initializer",
    "keras.optimizers.Optimizer",
    "keras.preprocessing.image.ImageDataGenerator",
    "keras.regularizers.Regularizer",
)
def adapt_derived_calls(file: File, use: ClassUse) -> None:
    """The same for calls of a class of the project that has the constructor of one of Keras."""
    for call in derived_calls(file, use):
        if call.node not in file.handled:
            _adapt(file, call)


def _adapt(file: File, call: KerasCall) -> None:
    """Decides about every argument of a call, and asks for the edit."""
    if len(call.node.args) <= call.first:
        return
    work = Adaptation.of(file, call)
    if work is None:
        return
    adapt_decay(work)
    join_input_shape(work)
    put_input_before(work)
    if call.standalone and work.old is not None:
        adapt_positional(work, work.old)
    adapt_keywords(work)
    adapt_keras1(work)
    if work.changes:
        file.edit(call.node, call.frame, work.changes.apply)
        keep_short(file, call.node, call.frame)
