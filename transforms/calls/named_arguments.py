"""What becomes of an argument by its old name: another name or value, or none; and what nobody takes."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ..edits.argument_edits import always, tuple_of, written_as
from ..reading.keras_calls import Argument
from ..tables import Entry
from .argument_tables import special
from .call_adaptation import Adaptation
from .keras1_arguments import KERAS1_ARGUMENT, Meaning

RENAMED_ARGUMENT = Rule(
    "KM201",
    "renamed-argument",
    "Use the name that an argument has now.",
    "Some old names fail, others are accepted and ignored: `Adam(lr=0.5)` runs on TensorFlow 2.15 with the "
    "learning rate at 0.001.",
    before="from keras.optimizers import Adam\n\noptimizer = Adam(lr=0.5)\n",
    after="from tensorflow.keras.optimizers import Adam\n\noptimizer = Adam(learning_rate=0.5)\n",
)
REMOVED_ARGUMENT = Rule(
    "KM202",
    "removed-argument",
    "Drop an argument that has no effect any more.",
    "The target does not accept it, and leaving it out means the same; the message says why. Where something "
    "is lost with it, the finding is a review and says what.",
    before="from keras.layers import SimpleRNN\n\nlayer = SimpleRNN(8, implementation=2)\n",
    after="from tensorflow.keras.layers import SimpleRNN\n\nlayer = SimpleRNN(8)\n",
    targets=">=2.16",
)
CHANGED_VALUE = Rule(
    "KM204",
    "changed-value",
    "Write a value as the target knows it.",
    "The argument is the same, but the target does not know this value, or knows it under another name.",
    before="from keras.layers import Dense\n\nlayer = Dense(8, kernel_constraint='maxnorm')\n",
    after="from tensorflow.keras.layers import Dense\n\nlayer = Dense(8, kernel_constraint='max_norm')\n",
    targets=">=2.16",
)
UNKNOWN_ARGUMENT = Rule(
    "KM205",
    "unknown-argument",
    "Report an argument that the target does not accept or ignores.",
    "The call fails on the target, or, worse, runs as if the argument were not there. It is left as it is; "
    "the message says what to do.",
    before="from keras.layers import Dense\n\nlayer = Dense(8, foo=1)\n",
)


def adapt_keywords(work: Adaptation) -> None:
    """Decides about the arguments of a call that are given by keyword."""
    for argument in work.call.keywords:
        if argument.index not in work.changes and argument.node not in work.file.handled:
            adapt_argument(work, argument)


def adapt_keras1(work: Adaptation) -> None:
    """Gives the arguments that are in the words of Keras 1 the names and values of Keras 2.

    To be called last: what else becomes of an argument is decided by its name in Keras 2.
    """
    changes = work.changes
    for index, meaning in work.call.keras1.items():
        if not meaning.name:
            changes.drops.add(index)
        if index in changes.drops:
            continue
        node = work.call.node.args[index]
        level, message = _in_keras2(work, meaning, node)
        if meaning.joined or meaning.was != meaning.name or node.keyword is None:
            work.report(KERAS1_ARGUMENT, level, Argument(index, node, meaning.was), message)
        if meaning.joined:
            changes.values[index] = tuple_of(meaning.joined)
        elif meaning.value is not None:
            changes.values.setdefault(index, always(cst.parse_expression(meaning.value)))
        if not meaning.slot:
            changes.names.setdefault(index, meaning.name)


def _in_keras2(work: Adaptation, meaning: Meaning, node: cst.Arg) -> tuple[Level, str]:
    """The level and message for an argument that is written as in Keras 2."""
    if meaning.joined:
        return work.call.level, f"`{meaning.was}` are one `{meaning.name}` since Keras 2"
    if meaning.was == meaning.name:
        return work.call.level, f"Keras 2 takes `{meaning.name}` by name only"
    message = f"`{meaning.was}` is `{meaning.name}` since Keras 2"
    if meaning.value is not None:
        return work.call.level, f"{message}, and `{work.code(node.value)}` is `{meaning.value}`"
    if (
        meaning.name == "data_format"
        and work.code(node.value) != "None"
        and node.value not in work.file.handled  # in the new words already
    ):
        return Level.REVIEW, (
            f"{message}, and takes 'channels_first' and 'channels_last' for 'th' and 'tf': see that "
            f"`{work.code(node.value)}` is one of these"
        )
    return work.call.level, message


def join_input_shape(work: Adaptation) -> None:
    """Writes ``input_dim`` and ``input_length`` of a layer over sequences as ``input_shape``."""
    if work.call.symbol not in special("sequences"):
        return
    given = {argument.name: argument for argument in work.call.keywords}
    size, length = given.get("input_dim"), given.get("input_length")
    if size is None or {"input_shape", "batch_input_shape"} & given.keys():
        return
    if not work.new.accepts("input_shape"):
        return
    message = "`input_dim` of a layer over sequences, with `input_length`, is `input_shape` now"
    if work.report(RENAMED_ARGUMENT, work.call.level, size, message):
        work.changes.names[size.index] = "input_shape"
        work.changes.values[size.index] = tuple_of([length.index if length else None, size.index])
        if length:
            work.changes.drops.add(length.index)


def adapt_argument(work: Adaptation, argument: Argument) -> None:
    """Decides about one argument by its old name."""
    entry = work.entry(argument)
    if entry is None and work.new.accepts(argument.name):
        adapt_value(work, argument)
    elif entry is None:
        _report_unknown(work, argument)
    elif "to" in entry:
        _rename(work, argument, entry)
    elif "manual" in entry:
        message = f"{_shown(work, argument)}: {work.advice(entry)}"
        work.report(UNKNOWN_ARGUMENT, Level.MANUAL, argument, message)
    else:
        _drop(work, argument, entry)


def adapt_value(work: Adaptation, argument: Argument) -> None:
    """Writes a literal value as the target knows it."""
    given = argument.node.value
    if not isinstance(given, cst.SimpleString):
        return
    entry = work.new_value(argument, given.raw_value)
    if entry is None:
        return
    new = entry["values"][given.raw_value]
    message = f"the value `{given.raw_value}` of `{argument.name}` is `{new}` now.{_note(entry)}"
    if work.report(CHANGED_VALUE, work.level(entry), argument, message):
        value = f"{given.prefix}{given.quote}{new}{given.quote}"
        work.changes.values[argument.index] = always(given.with_changes(value=value))


def _rename(work: Adaptation, argument: Argument, entry: Entry) -> None:
    """Gives an argument another name, and where the entry says so another value."""
    old, new = argument.name, str(entry["to"])
    if new in work.call.written or new in work.changes.names.values():
        message = f"{work.call.name}({old}=…, {new}=…): both are the same argument now; keep one"
        work.report(UNKNOWN_ARGUMENT, Level.MANUAL, argument, message)
        return
    message = f"`{old}` is `{new}` now.{_note(entry)}"
    if work.report(RENAMED_ARGUMENT, work.level(entry), argument, message):
        work.changes.names[argument.index] = new
        if "value" in entry:
            work.changes.values[argument.index] = written_as(entry["value"], argument.index)


def _drop(work: Adaptation, argument: Argument, entry: Entry) -> None:
    """Leaves out an argument that means nothing any more."""
    message = f"{_shown(work, argument)}: {entry['note']}"
    if work.report(REMOVED_ARGUMENT, work.level(entry), argument, message):
        work.changes.drops.add(argument.index)
        work.file.imports.handled_within(argument.node)


def _report_unknown(work: Adaptation, argument: Argument) -> None:
    """Says what to do about an argument that is not accepted and of which the table says nothing."""
    what = "is ignored" if argument.name in work.new.ignored else "is not accepted"
    message = (
        f"{_shown(work, argument)} {what} on TensorFlow {work.file.target}. "
        "Leave it out, or give the call what it stood for"
    )
    work.report(UNKNOWN_ARGUMENT, Level.MANUAL, argument, message)


def _shown(work: Adaptation, argument: Argument) -> str:
    """An argument as messages show it."""
    return f"{work.call.name}({argument.name}=…)"


def _note(entry: Entry) -> str:
    """What an entry adds to a message."""
    return f" {entry['note']}" if "note" in entry else ""
