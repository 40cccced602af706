"""Stops a process at one of the steps at which it writes, and counts these steps.

A step is each time that a file is opened for writing, half of its bytes are written, it is flushed, renamed,
removed, linked, or given a mode or an owner, and that a folder is made or removed. Python reports most of
them itself (`sys.addaudithook`), so the code that is stopped is the code that users run.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any

_EVENTS = frozenset(
    {
        "os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink",
        "os.truncate",
    }
)  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_FAILED = 99


def install(root: str, step: Callable[[], None]) -> None:
    """Calls a function before each write step below a folder, as long as the process lives."""
    inside = False

    def reached() -> None:
        nonlocal inside
        if not inside:
            inside = True
            try:
                step()
            finally:
                inside = False

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _EVENTS or (event == "open" and arguments[2] & _WRITING):
            path = arguments[0]
            if not isinstance(path, (str, bytes)) or os.path.abspath(os.fsdecode(path)).startswith(root):
                reached()

    fsync, fdopen = os.fsync, os.fdopen

    def counted_fsync(handle: int) -> None:
        reached()
        fsync(handle)

    def halved(handle: int, mode: str = "r", *arguments: Any, **settings: Any) -> Any:
        file = fdopen(handle, mode, *arguments, **settings)
        if "w" not in mode:
            return file
        write = file.write

        class Halved:
            def __enter__(self) -> Halved:
                return self

            def __exit__(self, *_: object) -> None:
                file.close()

            def __getattr__(self, name: str) -> Any:
                return getattr(file, name)

            def write(self, data: bytes) -> int:
                write(data[: len(data) // 2])
                file.flush()
                reached()
                write(data[len(data) // 2 :])
                return len(data)

        return Halved()

    os.fsync, os.fdopen = counted_fsync, halved
    sys.addaudithook(hook)


def count(root: str, action: Callable[[], object]) -> int:
    """How many steps an action takes."""
    reader, writer = os.pipe()

    def counted() -> None:
        steps = 0

        def step() -> None:
            nonlocal steps
            steps += 1

        install(root, step)
        action()
        os.write(writer, str(steps).encode())

    status = in_child(counted)
    os.close(writer)
    with os.fdopen(reader) as file:
        told = file.read()
    assert status == 0, "the action fails by itself"
    return int(told)


def stopped(root: str, action: Callable[[], object], at: int, by: signal.Signals) -> int:
    """Runs an action in a process of its own and sends that a signal at one step.

    Args:
        root: absolute path of the folder whose writes count.
        action: what to do; where it is interrupted, the process ends with 130.
        at: the number of the step, from 1.
        by: the signal.
    Returns:
        How the process ended, as `subprocess` has it: negative where a signal ended it.
    """

    def signalled() -> None:
        steps = 0

        def step() -> None:
            nonlocal steps
            steps += 1
            if steps == at:
                signal.raise_signal(by)

        install(root, step)
        try:
            action()
        except KeyboardInterrupt:
            os._exit(130)

    return in_child(signalled)


def in_child(action: Callable[[], object]) -> int:
    """Runs an action in a process that is forked off, and says how that ended."""
    child = os.fork()
    if child == 0:
        code = _FAILED
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            action()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def some(steps: int, most: int) -> Sequence[int]:
    """At most so many of the steps, the first and the last among them."""
    if steps <= most:
        return range(1, steps + 1)
    return sorted({1 + round(number * (steps - 1) / (most - 1)) for number in range(most)})
