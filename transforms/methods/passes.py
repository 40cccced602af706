"""Iterators over images that go round: a count of batches beyond one pass over the data."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from ...findings import Level, Rule
from ..calls.call_adaptation import Adaptation
from ..edits.argument_edits import written_as
from ..edits.definitions import define
from ..reading.batch_sizes import Batches, batches_of, counts_own
from ..reading.keras_calls import Argument, imported_reference

BEYOND_A_PASS = Rule(
    "KM416",
    "beyond-a-pass",
    "Let the iterators of `ImageDataGenerator` go on behind the end of the data.",
    "They are endless, and Keras read them so: `steps_per_epoch=200` took 200 batches from an iterator that "
    "has 100 to a pass. tf.keras reads one pass of them for an epoch, and where that has fewer batches it "
    "warns and ends: the training after the first epoch on TensorFlow 2.15, every epoch after a pass from "
    "2.16 on. A generator around the iterator is read on and on as before. Nothing is changed where the "
    "count is the number of samples divided by the size of the batches. A `Sequence` of the project was read "
    "on and on too: where the count is a multiple of its length, a generator that does so is written out.",
    before="from keras.models import load_model\n"
    "from keras.preprocessing.image import ImageDataGenerator\n\n"
    "model = load_model('model.h5')\nbatches = ImageDataGenerator().flow(x, y)\n"
    "model.fit_generator(batches, steps_per_epoch=2 * len(batches), epochs=10)\n",
    after="from tensorflow.keras.models import load_model\n"
    "from tensorflow.keras.preprocessing.image import ImageDataGenerator\n\n"
    "model = load_model('model.h5')\nbatches = ImageDataGenerator().flow(x, y)\n"
    "model.fit((batch for batch in batches), steps_per_epoch=2 * len(batches), epochs=10)\n",
)

_ON = "(batch for batch in _)"
_OF_TUPLES = "(batch if isinstance(batch, tuple) else (batch,) for batch in _)"
"""For ``predict``, which takes no arrays from a generator from TensorFlow 2.16 on."""
_SAMPLES = frozenset({"nb_val_samples", "samples_per_epoch", "val_samples"})
_OF_VALIDATION = frozenset({"nb_val_samples", "validation_steps"})
_COUNTS = frozenset(
    {"nb_val_samples", "samples_per_epoch", "steps", "steps_per_epoch", "val_samples", "validation_steps"}
)
_ROUNDS = frozenset({"ceil", "floor", "int", "max", "min", "rint", "round"})
"""Functions that keep a number of batches about what it is."""
_SEVERAL = frozenset({"nb_worker", "pickle_safe", "use_multiprocessing", "workers"})


def adapt_passes(work: Adaptation, arguments: Sequence[Argument]) -> None:
    """Lets the iterators of a call of ``fit`` or the like go on behind the end of their data.

    Args:
        work: the call.
        arguments: all its arguments by name.
    """
    given = {argument.name: argument for argument in arguments}
    for count in arguments:
        if count.name not in _COUNTS:
            continue
        sources = ("validation_data",) if count.name in _OF_VALIDATION else ("generator", "x")
        source = next((given[name] for name in sources if name in given), None)
        if source is not None and source.index not in work.changes.values:
            _adapt(work, count, source)


def _adapt(work: Adaptation, count: Argument, source: Argument) -> None:
    """Puts a generator around one iterator that can be asked for more batches than a pass has."""
    node = source.node.value
    values = work.file.values.of(node)
    if not all(value.kind == "iterator" and value.sure and value.standalone for value in values):
        if _is_beyond(count.node.value, node):
            _go_round(work, count, source)
        return
    batches = batches_of(work.file, node)
    if batches is None or _within(work, count.node.value, batches, samples=count.name in _SAMPLES):
        return
    asked = work.code(count.node.value)
    message = (
        f"only one pass over the data of `{work.code(node)}` is read for an epoch now. "
        f"`{count.name}={asked}` can be more than that; a generator, read by one thread, goes on as before"
    )
    if work.report(BEYOND_A_PASS, work.call.level, source, message):
        tuples = work.file.target.keras3 and work.call.name.startswith("predict")
        work.changes.values[source.index] = written_as(_OF_TUPLES if tuples else _ON, source.index)
        _drop_workers(work)


def _drop_workers(work: Adaptation) -> None:
    """Leaves out how many threads or processes prepare batches: a generator is read by one."""
    work.changes.drops.update(each.index for each in work.call.keywords if each.name in _SEVERAL)


def _is_beyond(count: cst.BaseExpression, source: cst.BaseExpression) -> bool:
    """Whether a count is several times the length of what gives the batches."""
    if not isinstance(count, cst.BinaryOperation) or not isinstance(count.operator, cst.Multiply):
        return False
    return any(
        isinstance(each, cst.Call)
        and isinstance(each.func, cst.Name)
        and each.func.value == "len"
        and len(each.args) == 1
        and each.args[0].value.deep_equals(source)
        for each in (count.left, count.right)
    )


def _go_round(work: Adaptation, count: Argument, source: Argument) -> None:
    """Reads a ``Sequence`` on and on by a generator that is written into the module."""
    file, reference = work.file, imported_reference(work.file)
    if not work.call.standalone and not (reference is not None and work.call.name.endswith("_generator")):
        return
    name = "endless" if "endless" not in file.names.identifiers else "keras_endless"
    shuffled = work.call.name.startswith("fit") and count.name not in _OF_VALIDATION
    shuffled = shuffled and not any(
        argument.name == "shuffle" and work.code(argument.node.value) == "False"
        for argument in work.call.keywords
    )
    place = (work.call.node, work.call.frame)
    message = (
        f"only one pass over `{work.code(source.node.value)}` is read for an epoch now, and "
        f"`{count.name}={work.code(count.node.value)}` is more"
    )
    if not file.options.enabled(BEYOND_A_PASS.code):
        return
    if reference is None or not define(file, reference, name, _ENDLESS.replace("<name>", name), place):
        message += ". Give a generator that goes through its batches again and again"
        work.report(BEYOND_A_PASS, Level.MANUAL, source, message)
        return
    message += f". `{name}` goes on as Keras did, in one thread"
    work.report(BEYOND_A_PASS, Level.REVIEW, source, message)
    call = f"{name}(_)" if shuffled else f"{name}(_, shuffle=False)"
    work.changes.values[source.index] = written_as(call, source.index)
    _drop_workers(work)


_ENDLESS = """\
def <name>(sequence, shuffle=True):
    import random

    while True:
        order = list(range(len(sequence)))
        if shuffle:
            random.shuffle(order)
        for index in order:
            yield sequence[index]
        sequence.on_epoch_end()
"""


def _within(
    work: Adaptation, node: cst.BaseExpression, batches: Batches, *, samples: bool, depth: int = 0
) -> bool:
    """Whether a count is that of one pass, going by how it is written.

    Args:
        work: the call.
        node: the count.
        batches: those of the iterator.
        samples: whether it counts samples.
        depth: how many names it was followed through.
    """
    if counts_own(work.file, node, batches):
        return samples
    if isinstance(node, cst.Call):
        name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
        called = name.value if isinstance(name, cst.Name) else ""
        if called == "len" and len(node.args) == 1:
            own = batches.iterator is not None and node.args[0].value.deep_equals(batches.iterator)
            return own or samples
        return called in _ROUNDS and any(
            _within(work, arg.value, batches, samples=samples, depth=depth) for arg in node.args
        )
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, (cst.Divide, cst.FloorDivide)):
        return not samples and _is_size(work, node.right, batches)
    if isinstance(node, cst.Name) and depth < _DEPTH:
        reference = work.file.names.reference(node)
        bindings = work.file.names.bindings(reference) if reference is not None else []
        given = [binding.given.node for binding in bindings if binding.given is not None]
        values = [each for each in given if isinstance(each, cst.BaseExpression)]
        literal = samples and all(isinstance(each, cst.BaseNumber) for each in values)
        return literal or (
            bool(values)
            and all(_within(work, each, batches, samples=samples, depth=depth + 1) for each in values)
        )
    return samples and isinstance(node, (cst.Attribute, cst.Subscript))


_DEPTH = 4


def _is_size(work: Adaptation, node: cst.BaseExpression, batches: Batches) -> bool:
    """Whether an expression is the size of the batches."""
    if isinstance(node, cst.Attribute) and node.attr.value == "batch_size":
        return True
    if batches.size is None:
        return False
    return work.code(node) == work.code(batches.size) or _number(work, node) == _number(work, batches.size)


def _number(work: Adaptation, node: cst.BaseExpression) -> str:
    """The code of the number that an expression stands for, or its own."""
    if isinstance(node, cst.Name):
        values = {value.node for value in work.file.values.of(node)}
        found = values.pop() if len(values) == 1 else None
        if isinstance(found, cst.BaseNumber):
            return found.value if isinstance(found, (cst.Integer, cst.Float)) else ""
    return work.code(node)
