"""Positional arguments whose place in the signature has another meaning now."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from ..catalog import Signature, legacy
from ..findings import Level, Rule
from .argument_edits import tuple_of
from .argument_tables import keras1, special
from .call_adaptation import Adaptation
from .keras_calls import Argument
from .named_arguments import REMOVED_ARGUMENT, RENAMED_ARGUMENT, adapt_argument, adapt_value

POSITIONAL_ARGUMENT = Rule(
    "KM203",
    "positional-argument",
    "Name positional arguments whose place in the signature changed.",
    "`RMSprop(0.1, 0.9, 1e-6)` meant learning rate, rho and epsilon; in the target the third place is "
    "`momentum`. `Conv2D(64, 3, 3)` was a kernel of 3 by 3 in every release of Keras up to 2.3.1; in the "
    "target the third place is `strides`.",
    before="from keras.layers import Conv2D\n\nlayer = Conv2D(64, 3, 3)\n",
    after="from tensorflow.keras.layers import Conv2D\n\nlayer = Conv2D(64, (3, 3))\n",
)

_BY_NAME = (RENAMED_ARGUMENT, REMOVED_ARGUMENT, POSITIONAL_ARGUMENT)
"""The rules that pass positional arguments by name together, or not at all."""

_NOT_A_SIZE = (cst.Tuple, cst.List, cst.BaseString)
"""What can stand in the place of a kernel's second size only if it is something else."""


def join_kernel_sizes(work: Adaptation) -> bool:
    """Makes one kernel size of those that Keras 2 still took one by one: ``Conv2D(64, 3, 3)``.

    Returns:
        Whether the call has such sizes; nothing else is to be decided about its positional arguments then.
    """
    call = work.call
    count = next((count for count in (2, 3) if call.symbol in special(f"kernel{count}")), 0)
    if not count or not call.standalone:
        return False
    given = call.positional
    sizes, others = given[1 : 1 + count], given[1 + count :]
    if len(sizes) < count or any(isinstance(arg.value, _NOT_A_SIZE) for arg in sizes):
        return False
    if others and (len(others) > 1 or call.symbol not in special("output_shape")):
        return False
    code = ", ".join(work.code(arg.value) for arg in sizes)
    size = Argument(call.first + 1, sizes[0], "kernel_size")
    clash = sorted(call.written & {"padding", "strides", "data_format"})
    if clash and count == 2:
        message = (
            f"Keras 2 refuses `{call.name}(…, {code}, {clash[0]}=…)`: are these the sizes of a kernel, or "
            f"its size and `strides`? Write `kernel_size=({code})`, or `strides=` with its name"
        )
        work.report(POSITIONAL_ARGUMENT, Level.MANUAL, size, message)
        return True
    message = f"`{code}` was the kernel's size; by position, the target takes the second number for `strides`"
    if work.report(POSITIONAL_ARGUMENT, call.level, size, message):
        indexes = range(size.index, size.index + count)
        work.changes.values[size.index] = tuple_of(indexes)
        work.changes.drops.update(indexes[1:])
        if others:
            _drop_output_shape(work, others[0], call.first + 1 + count)
    return True


def _drop_output_shape(work: Adaptation, shape: cst.Arg, index: int) -> None:
    """Drops an output shape that follows the sizes of a kernel, or passes it by its name."""
    message = "`output_shape` is computed from the input; Keras 2 paid no heed to it either"
    argument = Argument(index, shape, "output_shape")
    if work.report(REMOVED_ARGUMENT, work.call.level, argument, message):
        work.changes.drops.add(index)
        work.file.imports.handled_within(shape)
    else:
        work.changes.names[index] = "output_shape"


def adapt_positional(work: Adaptation, old: Signature) -> None:
    """Decides about the positional arguments by the old signature."""
    limit = keras1(work.call.symbol).positional
    if limit is not None and _report_keras1(work, limit):
        return
    arguments = work.call.slots(old.positional)
    for slot, argument in enumerate(arguments):
        if not _in_place(work, slot, argument, old):
            _pass_by_name(work, slot, arguments[slot:])
            return
        adapt_value(work, argument)
    if limit is None:
        _check_star(work, old)


def _report_keras1(work: Adaptation, limit: int) -> bool:
    """Reports a positional argument that only Keras 1 takes, if it had another meaning there."""
    call = work.call
    given = call.positional
    if len(given) <= limit:
        return False
    first = legacy("1.2.2").get(call.path) or legacy("1.2.2").get(call.symbol)
    if first is None or first.signature is None or limit >= len(first.signature.positional):
        return False
    argument = Argument(call.first + limit, given[limit], first.signature.positional[limit])
    now = work.new.positional[limit] if limit < len(work.new.positional) else None
    renamed = keras1(call.symbol).renamed.get(argument.name, argument.name)
    if renamed == now or any(isinstance(arg.value, cst.Tuple) for arg in given[1:]):
        return False
    value = work.code(argument.node.value)
    advice = f"write `{renamed}={value}`" if work.new.accepts(renamed) else "leave it out"
    message = (
        f"argument {limit + 1} of `{call.name}` was `{argument.name}` in Keras 1 and is `{now}` now; "
        f"Keras 2 takes only {limit} by position. If the code is Keras 1, {advice}"
    )
    work.report(POSITIONAL_ARGUMENT, Level.MANUAL, argument, message)
    return True


def _in_place(work: Adaptation, slot: int, argument: Argument, old: Signature) -> bool:
    """Whether a positional slot still means the same.

    It does where it has the same name, or another name that neither side knows from another place.
    """
    if slot >= len(work.new.positional):
        return False
    was, now = argument.name, work.new.positional[slot]
    entry = work.entry(argument)
    if entry is not None:
        return now == entry.get("to") and "value" not in entry
    return was == now or (not work.new.accepts(was) and now not in old.keywords)


def _pass_by_name(work: Adaptation, start: int, moved: Sequence[Argument]) -> None:
    """Passes the positional arguments from one slot on by name, or drops them; reports them if it cannot."""
    if not _nameable(work, moved):
        _report_moved(work, start, moved)
        return
    if not all(work.file.options.enabled(rule.code) for rule in _BY_NAME):
        return
    for slot, argument in enumerate(moved, start):
        if argument.index in work.changes.drops:
            continue
        if work.entry(argument) is None:
            message = (
                f"argument {slot + 1} of `{work.call.symbol}` was `{argument.name}`; "
                "its place has another meaning now"
            )
            work.report(POSITIONAL_ARGUMENT, work.call.level, argument, message)
            work.changes.names[argument.index] = argument.name
        adapt_argument(work, argument)


def _nameable(work: Adaptation, moved: Sequence[Argument]) -> bool:
    """Whether all of some positional arguments can be passed by name, or dropped."""
    call = work.call
    if work.old is None or len(call.positional) > len(work.old.positional):
        return False
    if call.star is not None or call.place is not None or not all(_fits(work, each) for each in moved):
        return False
    kept = [argument for argument in moved if argument.index not in work.changes.drops]
    entries = [(argument, work.entry(argument) or {}) for argument in kept]
    names = [entry.get("to", argument.name) for argument, entry in entries if not entry.get("drop")]
    return len({*names, *call.written}) == len(names) + len(call.written)


def _fits(work: Adaptation, argument: Argument) -> bool:
    """Whether an argument can be passed by name, or dropped."""
    if argument.index in work.changes.drops:
        return True
    entry = work.entry(argument)
    if entry is not None:
        return "to" in entry or bool(entry.get("drop"))
    return work.new.accepts(argument.name)


def _report_moved(work: Adaptation, start: int, moved: Sequence[Argument]) -> None:
    """Reports positional arguments whose slots changed and that cannot all be passed by name."""
    stuck = next((each for each in moved if not _fits(work, each)), None)
    argument = stuck or moved[0]
    if stuck is None:
        problem, advice = "and its place has another meaning", ""
    else:
        entry = work.entry(stuck)
        what = work.advice(entry) if entry else "leave it out, or give the call what it stood for"
        problem, advice = "which is not accepted", f": {what}"
    message = (
        f"argument {argument.index - work.call.first + 1} of `{work.call.symbol}` was `{argument.name}`, "
        f"{problem} on TensorFlow {work.file.target}{advice}. Pass the arguments from {start + 1} on by name"
    )
    work.report(POSITIONAL_ARGUMENT, Level.MANUAL, argument, message)


def _check_star(work: Adaptation, old: Signature) -> None:
    """Reports ``f(*args)`` where the slots that it can fill changed their meaning."""
    index = work.call.star
    if index is None:
        return
    start = index - work.call.first
    pairs = zip(old.positional[start:], work.new.positional[start:], strict=False)
    first = next((was for was, now in pairs if was != now and work.new.accepts(was)), None)
    if first is None:
        return
    message = (
        f"`*` gives `{work.call.symbol}` positional arguments, and from `{first}` on their places have "
        f"another meaning on TensorFlow {work.file.target}. Pass them by name if there are so many"
    )
    star = Argument(index, work.call.node.args[index], first)
    work.report(POSITIONAL_ARGUMENT, Level.MANUAL, star, message)
