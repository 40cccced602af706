"""A limit to the time that work may take."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class OverTimeError(BaseException):
    """The time is up. No exception that code which tries things out would pass over."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Ends what takes too long.

    Only the main thread of a process can be stopped so, and on Windows none.

    Args:
        seconds: how long it may take.
    Raises:
        OverTimeError: where it takes longer.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return
    handler = signal.signal(signal.SIGALRM, _expire)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)


def _expire(_signal: int, _frame: FrameType | None) -> None:
    raise OverTimeError
