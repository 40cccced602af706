"""How much of a generator makes an epoch: Keras 1 counted samples, everything since counts batches."""

from __future__ import annotations

from math import ceil

import libcst as cst

from ...findings import Level, Rule
from ...values import LITERAL
from ..calls.call_adaptation import Adaptation
from ..edits.argument_edits import Value, always, written_as
from ..reading.batch_sizes import Batches, batches_of, counts_own, is_chain, owner_of_count
from ..reading.keras_calls import Argument
from .steps import is_float, rounding

SAMPLE_COUNT = Rule(
    "KM415",
    "sample-count",
    "Count batches where Keras 1 counted samples.",
    "In Keras 1 an epoch of `fit_generator` ended when `samples_per_epoch` samples had been seen; "
    "`nb_val_samples` and `val_samples` said the same for validation, evaluation and prediction. Everything "
    "since counts batches: `steps_per_epoch`, `validation_steps` and `steps`. The size of the batches is "
    "taken from the call that makes the generator, and the number rounded up, which is what Keras 1 did. "
    "Where the size is not known, the argument stays as it is and the call fails; the message says what to "
    "write.",
    before="from keras.models import load_model\n"
    "from keras.preprocessing.image import ImageDataGenerator\n\n"
    "model = load_model('model.h5')\nbatches = ImageDataGenerator().flow(x, y, batch_size=32)\n"
    "model.fit_generator(batches, samples_per_epoch=len(x), nb_epoch=10)\n",
    after="from tensorflow.keras.models import load_model\n"
    "from tensorflow.keras.preprocessing.image import ImageDataGenerator\n\n"
    "model = load_model('model.h5')\nbatches = ImageDataGenerator().flow(x, y, batch_size=32)\n"
    "model.fit(batches, steps_per_epoch=len(batches), epochs=10)\n",
)

COUNTS = {
    "samples_per_epoch": ("steps_per_epoch", "generator"),
    "nb_val_samples": ("validation_steps", "validation_data"),
    "val_samples": ("steps", "generator"),
}
"""What counts samples in Keras 1: what counts batches in its place, and the argument that gives them."""


def adapt_counts(work: Adaptation, arguments: list[Argument], *, first: bool) -> None:
    """Makes every count of samples in a call a count of batches, as far as the batches are known.

    Args:
        work: the call of ``fit_generator`` or the like.
        arguments: its arguments by name.
        first: whether they mean what they meant in Keras 1.
    """
    if not work.file.options.enabled(SAMPLE_COUNT.code):
        return
    given = {argument.name: argument for argument in arguments}
    for argument in arguments:
        if argument.name in COUNTS:
            name, source = COUNTS[argument.name]
            if source not in given and work.call.star is None and source == "validation_data":
                _drop(work, argument, "there is no validation")
            elif source in given:
                _adapt(work, argument, name, given[source], first=first)


def _adapt(work: Adaptation, argument: Argument, name: str, source: Argument, *, first: bool) -> None:
    """Makes one count of samples one of batches."""
    file, node = work.file, source.node.value
    if source.name == "validation_data" and _is_arrays(work, node):
        _drop(work, argument, "it was for generators, and this is all of the data at once")
        return
    if not first:
        _adapt_keras2(work, argument, name, node)
        return
    samples = argument.node.value
    batches = batches_of(file, node)
    owner = owner_of_count(samples)
    if batches is None and owner is not None and is_chain(node) and owner.deep_equals(node):
        batches = Batches(None, sure=False, iterator=node, whole=True)
    steps = _steps(work, argument, batches) if batches is not None else None
    if steps is None or batches is None:
        return
    exact = batches.sure and (not batches.whole or _is_whole(work, samples, batches))
    message = f"`{argument.name}` counted samples, `{name}` counts batches"
    if not batches.sure and batches.size is not None:
        message += f". All batches are taken to have {_shown(work.code(batches.size))} samples"
    elif not batches.sure:
        message += f". `{work.code(node)}` is taken to be one of Keras' own generators of images"
    elif not exact:
        message += (
            f". It is the same number as before where the generator has {_shown(work.code(samples))} samples "
            "in all; else Keras 1 counted the last batch of a pass, which is smaller, as what it is"
        )
    level = work.call.level if exact else Level.REVIEW
    if argument.node.keyword is None:
        level = file.level_if_guessed(level)
        message += file.guess_note
    if work.report(SAMPLE_COUNT, level, argument, message):
        work.changes.names[argument.index] = name
        work.changes.values[argument.index] = steps


def _shown(code: str) -> str:
    """A number as messages show it."""
    return code if code.isdigit() else f"`{code}`"


def question_steps(work: Adaptation, argument: Argument) -> None:
    """Reports a number that is taken for one of batches in a call that looks like Keras 1."""
    first = next((each.name for each in work.call.keywords if each.name in _FIRST), None)
    if argument.name not in ("steps", "steps_per_epoch") or first is None or not work.file.source.guessed:
        return
    message = (
        f"`{work.code(argument.node.value)}` is taken for a number of batches, as Keras 2 took it. Keras 1, "
        f"whose `{first}` this call has, counted samples{work.file.guess_note}"
    )
    work.report(SAMPLE_COUNT, Level.REVIEW, argument, message)


_FIRST = frozenset({"max_q_size", "nb_epoch", "nb_val_samples", "nb_worker", "pickle_safe"})
"""Keywords of Keras 1 that Keras 2 took with a warning."""


def _is_arrays(work: Adaptation, node: cst.BaseExpression) -> bool:
    """Whether validation data are surely arrays: a tuple of them."""
    values = work.file.values.of(node)
    return all(value.kind == LITERAL and isinstance(value.node, (cst.Tuple, cst.List)) for value in values)


def _drop(work: Adaptation, argument: Argument, why: str) -> None:
    """Leaves out a count that had no effect."""
    message = f"`{argument.name}` had no effect: {why}"
    if work.report(SAMPLE_COUNT, work.call.level, argument, message):
        work.changes.drops.add(argument.index)
        work.file.imports.handled_within(argument.node)


def _steps(work: Adaptation, argument: Argument, batches: Batches) -> Value | None:
    """How many batches have so many samples; ``None`` where it cannot be written."""
    samples, size = argument.node.value, batches.size
    own = _own(work, samples, batches)
    if own is not None:
        return always(own)
    if isinstance(samples, cst.BinaryOperation) and isinstance(samples.operator, cst.Multiply):
        for one, other in ((samples.left, samples.right), (samples.right, samples.left)):
            passes = _own(work, one, batches)
            if size is not None and one.deep_equals(size):
                return _whole(work, other)
            if passes is not None and not is_float(work.file, other):
                return always(cst.BinaryOperation(_operand(other), cst.Multiply(), passes))
    if size is None:
        return None
    if isinstance(samples, cst.Integer) and isinstance(size, cst.Integer):
        return always(cst.Integer(str(ceil(samples.evaluated_value / size.evaluated_value))))
    template = rounding(work, _quotient(samples, cst.Divide(), size))
    if template is None:
        return None
    return lambda given: _filled(template, _quotient(given[argument.index], cst.Divide(), size))


def _own(work: Adaptation, samples: cst.BaseExpression, batches: Batches) -> cst.BaseExpression | None:
    """The number of batches in one pass over the data, where that is what an expression counts in samples."""
    if not counts_own(work.file, samples, batches):
        return None
    if batches.iterator is not None:
        work.file.handled.add(samples)  # where it is an attribute, its name does not matter any more
        return cst.Call(cst.Name("len"), [cst.Arg(batches.iterator)])
    if batches.size is None:
        return None
    quotient = _quotient(samples, cst.Divide(), batches.size)
    template = rounding(work, quotient)
    return _filled(template, quotient) if template is not None else None


def _whole(work: Adaptation, node: cst.BaseExpression) -> Value | None:
    """A number of batches as a whole number."""
    bare = node.with_changes(lpar=(), rpar=())
    if not is_float(work.file, node):
        return always(bare)
    template = rounding(work, node)
    return always(_filled(template, bare)) if template is not None else None


def _filled(template: str, node: cst.BaseExpression) -> cst.BaseExpression:
    """A template with an expression in it."""
    return written_as(template, 0)([node])


def _quotient(
    samples: cst.BaseExpression, divide: cst.BaseBinaryOp, size: cst.BaseExpression
) -> cst.BinaryOperation:
    """How many batches of a size so many samples are."""
    return cst.BinaryOperation(_operand(samples), divide, _operand(size))


def _operand(node: cst.BaseExpression) -> cst.BaseExpression:
    """An expression as an operand of a product or quotient, in parentheses where it needs them."""
    plain = (cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.BaseNumber)
    if isinstance(node, plain) or node.lpar:
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _is_whole(work: Adaptation, samples: cst.BaseExpression, batches: Batches) -> bool:
    """Whether a count of samples is surely that of some passes over all of an iterator's data."""
    if counts_own(work.file, samples, batches):
        return True
    return (
        isinstance(samples, cst.BinaryOperation)
        and isinstance(samples.operator, cst.Multiply)
        and any(counts_own(work.file, each, batches) for each in (samples.left, samples.right))
    )


def _adapt_keras2(work: Adaptation, argument: Argument, name: str, node: cst.BaseExpression) -> None:
    """Counts the batches that Keras 2 took an argument of Keras 1 for.

    It divided ``samples_per_epoch`` by the ``batch_size`` of the generator, if that had one, and took every
    other number for one of batches.
    """
    batches = batches_of(work.file, node) if argument.name == "samples_per_epoch" else None
    taken, size = "took it for a number of batches", None
    if batches is not None and batches.sure:
        if batches.size is None:
            return
        size = batches.size
        taken = "divided it by the size of the batches and left out the rest"
    message = (
        f"`{argument.name}` is an argument of Keras 1, where it counted samples; `{name}` counts batches. "
        f"Keras 2 {taken}, and so it is here: check that this is meant{work.file.guess_note}"
    )
    if work.report(SAMPLE_COUNT, Level.REVIEW, argument, message):
        work.changes.names[argument.index] = name
        if size is not None:
            work.changes.values[argument.index] = lambda given: _quotient(
                given[argument.index], cst.FloorDivide(), size
            )
