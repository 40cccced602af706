"""One outcome for all targets of which the same is true."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from ...answers import Outcome
from ...target import Target

_Said = TypeVar("_Said")

_TARGET = re.compile(r"(?:TensorFlow|--target) 2\.\d+(?:\+legacy)?")
"""How a message names the target that it is for."""


def said(targets: Sequence[Target], message: str, path: str | None = None) -> tuple[Outcome, ...]:
    """One outcome that is the same on some targets; none where there are no targets."""
    return (Outcome(tuple(map(str, targets)), message, path),) if targets else ()


def joined(found: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """Outcomes, those with the same message as one."""
    targets: dict[tuple[str, str | None], tuple[str, ...]] = {}
    for each in found:
        key = (each.message, each.path)
        targets[key] = (*targets.get(key, ()), *each.targets)
    return tuple(Outcome(those, message, path) for (message, path), those in targets.items())


def outcomes(
    targets: Sequence[Target],
    find: Callable[[Target], _Said | None],
    say: Callable[[_Said], tuple[str, str | None]],
) -> tuple[Outcome, ...]:
    """What is true of some targets, those together of which the same is.

    Args:
        targets: the targets, in order.
        find: what is known for a target; ``None`` where nothing is.
        say: the message and the path of what was found.
    """
    found: dict[tuple[str, str | None], list[tuple[Target, str]]] = {}
    for target in targets:
        said = find(target)
        if said is not None:
            message, path = say(said)
            same = _TARGET.sub("", message)
            found.setdefault((same, path), []).append((target, message))
    return tuple(
        Outcome(tuple(str(target) for target, _ in group), _newest(group), path)
        for (_, path), group in found.items()
    )


def _newest(group: Sequence[tuple[Target, str]]) -> str:
    """The message for the newest target of a group, without legacy Keras where there is one."""
    return max(group, key=lambda each: (not each[0].legacy, each[0].version))[1]
