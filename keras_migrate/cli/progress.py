"""The progress bar of a long run, on standard error, gone when the run is done."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from keras_migrate.runner import Progress

_PATIENCE = 0.5
"""Seconds before a run counts as long."""
_INTERVAL = 0.1
"""Seconds between two looks of the bar."""


@contextmanager
def bar(color: str) -> Iterator[Progress]:
    """Shows a bar while the block runs, if that takes long.

    It has no thread of its own, so that processes can still be forked.

    Args:
        color: as ``--color`` says.
    Yields:
        The function to tell the progress to.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    from keras_migrate.reports.terminal import output

    bars = Bars(
        TextColumn("Migrating"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=output(sys.stderr, color),
        transient=True,
        auto_refresh=False,
    )
    task = bars.add_task("", total=None)
    started = drawn = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal drawn
        now = time.monotonic()
        if done == total or now - started < _PATIENCE or now - drawn < _INTERVAL:
            return
        drawn = now
        bars.start()
        bars.update(task, completed=done, total=total, refresh=True)

    try:
        yield tell
    finally:
        bars.stop()


@contextmanager
def repositories(color: str, total: int) -> Iterator[Callable[[str, int], None]]:
    """Shows a bar while the block runs, with a line above it for each repository that is finished.

    Args:
        color: as ``--color`` says.
        total: how many there are.
    Yields:
        The function to tell the line to, and how many are finished.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    from keras_migrate.reports.terminal import output

    columns = TextColumn("Repositories"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Bars(*columns, console=output(sys.stderr, color), transient=True) as bars:
        task = bars.add_task("", total=total)

        def tell(line: str, done: int) -> None:
            bars.console.print(line, soft_wrap=True)
            bars.update(task, completed=done)

        yield tell
