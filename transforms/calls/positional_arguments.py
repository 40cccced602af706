"""Positional arguments whose place in the signature has another meaning now."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from ...catalog import Signature
from ...findings import Level, Rule
from ..reading.keras_calls import Argument
from .call_adaptation import Adaptation
from .keras1_arguments import keras1, signature
from .named_arguments import REMOVED_ARGUMENT, RENAMED_ARGUMENT, adapt_argument, adapt_value

POSITIONAL_ARGUMENT = Rule(
    "KM203",
    "positional-argument",
    "Name positional arguments whose place in the signature changed.",
    "`RMSprop(0.1, 0.9, 1e-6)` meant learning rate, rho and epsilon; in the target the third place is "
    "`momentum`. `Conv2D(64, 3, 3)` was a kernel of 3 by 3 in every release of Keras up to 2.3.1; in the "
    "target the third place is `strides`.",
    before="from keras.optimizers import RMSprop\n\noptimizer = RMSprop(0.1, 0.9, 1e-8)\n",
    after=(
        "from tensorflow.keras.optimizers import RMSprop\n\noptimizer = RMSprop(0.1, 0.9, epsilon=1e-16)\n"
    ),
)

_BY_NAME = (RENAMED_ARGUMENT, REMOVED_ARGUMENT, POSITIONAL_ARGUMENT)
"""The rules that pass positional arguments by name together, or not at all."""

_NOT_A_SIZE = (cst.Tuple, cst.List, cst.BaseString)
"""What can stand in the place of a kernel's second size only if it is something else."""


def adapt_positional(work: Adaptation, old: Signature) -> None:
    """Decides about the positional arguments by the old signature."""
    limit = keras1(work.call.symbol).positional
    if limit is not None and _report_ambiguous(work, limit):
        return
    arguments = work.call.slots(old.positional)
    for slot, argument in enumerate(arguments):
        if not _in_place(work, slot, argument, old):
            _pass_by_name(work, slot, arguments[slot:])
            return
        adapt_value(work, argument)
    if limit is None:
        _check_star(work, old)


def _report_ambiguous(work: Adaptation, limit: int) -> bool:
    """Reports a positional argument that Keras 2 did not take, where the call need not be one of Keras 1."""
    call = work.call
    given = call.positional
    first = signature(call.path, call.symbol)
    if len(given) <= limit or first is None or limit >= len(first.positional):
        return False
    if any(isinstance(arg.value, cst.Tuple) for arg in given[1:]):
        return False
    names = keras1(call.symbol)
    argument = Argument(call.first + limit, given[limit], first.positional[limit])
    if names.joined:
        new, parts = next(iter(names.joined.items()))
        size = ", ".join(work.code(arg.value) for arg in given[1 : 1 + len(parts)])
        message = (
            f"are `{size}` the sizes of a kernel, as in Keras 1, or its size and `strides`? Write "
            f"`{new}=({size})`, or `strides=` with its name"
        )
    else:
        now = work.new.positional[limit] if limit < len(work.new.positional) else None
        renamed = names.renamed.get(argument.name, argument.name)
        if renamed == now:
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
    if not all(work.file.allows(rule, each.node) for rule in _BY_NAME for each in moved):
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
