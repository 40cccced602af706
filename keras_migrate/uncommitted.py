"""Which files have changes that git does not have yet. Without git, and outside of its repositories, none."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

_AT_ONCE = 500
"""Paths on one command line, which has its limits."""
_TIMEOUT = 60
"""Seconds that git may take over them."""
_REDIRECTIONS = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"})
"""What hooks are started with: it would make git look elsewhere than at the files."""


_CAREFUL = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}
"""A partial clone would fetch what it lacks, by a command that its configuration can name."""
_FILTER = re.compile(rb"filter\..*\.(?:clean|process|smudge)", re.DOTALL)


class UnknownStateError(Exception):
    """Git is there and could not tell."""


def uncommitted(locations: Iterable[str]) -> tuple[str, ...]:
    """The files whose content is not in the last commit: changed, staged, or never added.

    Files that git is told to ignore are not among them.

    Args:
        locations: absolute paths of files; of a link, what it leads to counts.
    Returns:
        Those of them, in their order.
    Raises:
        UnknownStateError: where git fails, with what it says.
    """
    given = {location: os.path.realpath(location) for location in locations}
    dirty: set[str] = set()
    for top, files in _by_repository(given.values()).items():
        for some in _handfuls(files):
            dirty.update(os.path.join(top, name) for name in _status(top, some))
    return tuple(location for location, real in given.items() if real in dirty)


def _by_repository(files: Iterable[str]) -> dict[str, list[str]]:
    """The files of each repository, by its top, relative to it."""
    tops: dict[str, str | None] = {}
    found: dict[str, list[str]] = {}
    for file in files:
        top = _top_of(os.path.dirname(file), tops)
        if top is not None:
            found.setdefault(top, []).append(os.path.relpath(file, top))
    return found


def _top_of(folder: str, known: dict[str, str | None]) -> str | None:
    """The top of the repository that a folder is in."""
    if folder not in known:
        parent = os.path.dirname(folder)
        if os.path.exists(os.path.join(folder, ".git")):
            known[folder] = folder
        else:
            known[folder] = None if parent == folder else _top_of(parent, known)
    return known[folder]


def _handfuls(files: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(files)
    while some := list(islice(remaining, _AT_ONCE)):
        yield some


def _status(top: str, files: Sequence[str]) -> Iterator[str]:
    """The paths, relative to the top, of those files that git would name."""
    status = (
        "status",
        "--porcelain",
        "-z",
        "--no-renames",
        "--untracked-files=all",
        "--ignore-submodules=all",
    )
    try:
        found = _git(top, *_without_filters(top), *status, "--", *files)
    except FileNotFoundError:
        return
    for entry in found.split(b"\0"):
        if len(entry) > 3:
            yield os.path.normpath(os.fsdecode(entry[3:]))


def _without_filters(top: str) -> Iterator[str]:
    """Switches off the commands by which a repository's own configuration would filter what files hold."""
    listed = _git(top, "config", "--list", "--show-scope", "--name-only", "-z").split(b"\0")
    for scope, name in zip(listed[::2], listed[1::2], strict=False):
        if scope in (b"local", b"worktree") and _FILTER.fullmatch(name):
            yield from ("-c", f"{os.fsdecode(name)}=")
            yield from ("-c", f"{os.fsdecode(name.rpartition(b'.')[0])}.required=false")


def _git(top: str, *arguments: str) -> bytes:
    """What git says; it runs no command that the repository's configuration names.

    Raises:
        FileNotFoundError: where there is no git.
        UnknownStateError: where it fails.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _REDIRECTIONS}
    try:
        done = subprocess.run(
            [
                "git",
                "-C",
                top,
                "-c",
                "core.fsmonitor=false",
                "-c",
                f"core.hooksPath={os.devnull}",
                *arguments,
            ],
            env=environment | _CAREFUL,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except FileNotFoundError:
        raise
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnknownStateError(str(error)) from error
    if done.returncode != 0:
        raise UnknownStateError(done.stderr.decode(errors="replace").strip().partition("\n")[0])
    return done.stdout
