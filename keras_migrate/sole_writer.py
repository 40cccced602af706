"""One run at a time writes to a project. The system itself lets go of the lock of a run that was killed."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_NAME = "lock"
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
_TAKEN = frozenset({errno.EAGAIN, errno.EACCES, errno.EDEADLK})


class BusyError(Exception):
    """Another run is writing."""


@contextmanager
def sole_writer(folder: str) -> Iterator[None]:
    """Keeps all others from writing meanwhile.

    Where the file system knows no locks, nobody is kept.

    Args:
        folder: the project's own folder of the tool, which exists.
    Raises:
        BusyError: where another process is writing.
        OSError: where no file can be made in the folder.
    """
    handle = os.open(os.path.join(folder, _NAME), _FLAGS, 0o666)
    try:
        if not _locked(handle):
            message = "another keras-migrate is writing to this project: wait until it is done, and run again"
            raise BusyError(message)
        yield
    finally:
        os.close(handle)  # lets go of the lock


def is_busy(folder: str) -> bool:
    """Whether a run is writing at this moment.

    Args:
        folder: the project's own folder of the tool.
    """
    try:
        handle = os.open(os.path.join(folder, _NAME), _FLAGS & ~os.O_CREAT)
    except OSError:
        return False
    try:
        return not _locked(handle)
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _locked(handle: int) -> bool:
        """Takes the lock, if nobody has it."""
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            return error.errno not in _TAKEN
        return True

else:
    import fcntl

    def _locked(handle: int) -> bool:
        """Takes the lock, if nobody has it."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            return error.errno not in _TAKEN
        return True
