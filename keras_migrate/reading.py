"""Reads the files of a project: regular ones only, and none through a link that leads out of it."""

from __future__ import annotations

import errno
import os
import stat
from functools import lru_cache
from io import FileIO

LARGEST = 256 * 1024 * 1024
"""Bytes; nothing that a person wrote is longer."""

_FLAGS = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_BINARY", "O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK")
)
"""A pipe that took the place of a file must not be waited for, and a link not be followed."""


class LeadsOutError(OSError):
    """A path leads out of the project by way of a link."""


def read(location: str, top: str) -> bytes:
    """The bytes of a file of a project.

    Args:
        location: its absolute path.
        top: that of the project's top; the file, or what it leads to where it is a link, has to be below.
    Raises:
        LeadsOutError: where it is not.
        OSError: where it is no regular file, is too long, or cannot be read.
    """
    with open_regular(location, top) as file:
        return file.readall()


def open_regular(location: str, top: str) -> FileIO:
    """Opens a file of a project for reading.

    Args:
        location: its absolute path.
        top: that of the project's top.
    Raises:
        LeadsOutError: where it is a link, or in a folder that is one, that leads out of the top.
        OSError: where it is no regular file, is too long, or cannot be read.
    """
    status = os.lstat(location)
    real = location
    if stat.S_ISLNK(status.st_mode) or not is_inside(os.path.dirname(location), top):
        real = real_location(location, top)
        status = os.stat(real)
    _check(status, location)  # opening some devices does something
    file = FileIO(real, opener=lambda path, _: os.open(path, _FLAGS))
    try:
        _check(os.fstat(file.fileno()), location)
    except OSError:
        file.close()
        raise
    return file


def real_location(location: str, top: str) -> str:
    """The absolute path that a path of a project leads to, links followed; there need not be a file.

    Raises:
        LeadsOutError: where that is not below the project's top.
        OSError: where links go round in circles.
    """
    real = os.path.realpath(location)
    if os.path.islink(real):
        raise OSError(errno.ELOOP, "the link leads round in a circle", location)
    if not _is_below(real, top):
        raise LeadsOutError(errno.ELOOP, f"it leads out of {top}, to {real}: name that file itself", location)
    return real


def _check(status: os.stat_result, location: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), location)
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is a pipe, a device or the like, and no file", location)
    if status.st_size > LARGEST:
        why = f"it is longer than {LARGEST >> 20} MB: leave it out with --exclude"
        raise OSError(errno.EFBIG, why, location)


def _is_below(real: str, top: str) -> bool:
    return real.startswith(os.path.join(_real(top), ""))


@lru_cache(maxsize=4096)
def is_inside(folder: str, top: str) -> bool:
    """Whether a folder is below the top, links followed, or the top itself."""
    real = os.path.realpath(folder)
    return real == _real(top) or _is_below(real, top)


@lru_cache(maxsize=64)
def _real(folder: str) -> str:
    return os.path.realpath(folder)
