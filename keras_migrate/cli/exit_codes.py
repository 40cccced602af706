"""What the process returns; ``pages.EXIT_CODES`` says the same on help pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keras_migrate.runner import RunResult

NOTHING_LEFT, WOULD_CHANGE, NEEDS_PERSON, FAILED, INTERRUPTED = 0, 1, 3, 4, 130


def exit_code(run: RunResult, *, written: bool) -> int:
    """What a run comes to.

    Args:
        run: the run, with what went wrong in writing.
        written: whether its changes were made.
    """
    if run.failed:
        return FAILED
    if run.needs_person:
        return NEEDS_PERSON
    return WOULD_CHANGE if run.changed and not written else NOTHING_LEFT
