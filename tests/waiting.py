"""Waiting for what other processes do."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path


def wait_for(done: Callable[[], bool], seconds: float = 60) -> None:
    """Waits until something is so, and fails where it does not come to be."""
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, "it did not come to be"
        time.sleep(0.05)


def is_alive(process: int) -> bool:
    """Whether a process is there and is no zombie."""
    try:
        os.kill(process, 0)
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # no /proc, or gone meanwhile
        return not Path("/proc/self").exists()
    return state != "Z"


def number_in(path: Path) -> int | None:
    """The number that a file holds; ``None`` as long as it is not written."""
    text = path.read_text().strip() if path.exists() else ""
    return int(text) if text else None
