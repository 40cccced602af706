"""What a repository's migration is handed over as: a branch of the clone, or a patch."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from keras_migrate import __version__
from keras_migrate.batch.checkout import Checkout
from keras_migrate.batch.git import git, honour_attributes, said
from keras_migrate.findings import Finding, Level
from keras_migrate.runner import RunResult
from keras_migrate.writer import bring

_NOBODY = ("keras-migrate", "keras-migrate@localhost")
"""The author where git knows no name of the user."""


class Delivery(str, Enum):
    """What the result is left as."""

    BRANCH = "branch"
    """A clone with a branch that has one commit more."""
    PATCH = "patch"
    """A file for ``git apply``."""


@dataclass(frozen=True, slots=True)
class Committed:
    """The migration as a commit.

    Attributes:
        run: the run, with what went wrong in writing.
        branch: the branch that it is on.
        before: the commit that it is based on.
        after: the commit; the same as ``before`` where nothing was written.
    """

    run: RunResult
    branch: str
    before: str
    after: str


def commit(checkout: Checkout, run: RunResult) -> Committed:
    """Writes a run's changes to a checkout, and commits them.

    Args:
        checkout: nothing was changed in it so far.
        run: what was worked out there.
    Raises:
        GitError: where git fails.
    """
    folder, branch = checkout.folder, f"keras-migrate/{run.target}"
    changed = [result.path for result in run.changed]
    before = checkout.commit or _first_commit(folder, changed)
    run = run.once_written(_written(run))
    written = [result.path for result in run.changed]
    git(folder, "checkout", "--quiet", "-B", branch, before)
    if written:
        _stage(folder, written)
        _commit(folder, _message(run))
    after = said(folder, "rev-parse", "HEAD")
    honour_attributes(folder)
    return Committed(run, branch, before, after)


def patch(checkout: Checkout, committed: Committed) -> bytes:
    """The change as ``git apply`` takes it, byte for byte."""
    exact = ("--binary", "--full-index", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color")
    return git(checkout.folder, "diff-tree", "-p", *exact, committed.before, committed.after)


def _first_commit(folder: str, paths: Sequence[str]) -> str:
    """Commits a copied folder as it was, those files too that it tells git to ignore if they will change."""
    git(folder, "add", "--all")
    _stage(folder, paths)
    _commit(folder, "As it was before the migration\n")
    return said(folder, "rev-parse", "HEAD")


def _written(run: RunResult) -> dict[str, Finding]:
    failures = {}
    for result in run.changed:
        failure = bring(run.project.locate(result.path), result.before, result.after, run.project.top)
        if failure is not None:
            failures[result.path] = failure
    return failures


def _stage(folder: str, paths: Sequence[str]) -> None:
    names = b"".join(os.fsencode(path) + b"\0" for path in paths)
    git(folder, "update-index", "--add", "-z", "--stdin", stdin=names)


def _commit(folder: str, message: str) -> None:
    name, email = (said(folder, "config", f"user.{key}") for key in ("name", "email"))
    author = {"user.name": name or _NOBODY[0], "user.email": email or _NOBODY[1]}
    command = ("commit", "--quiet", "--no-verify", "--allow-empty", "--cleanup=verbatim", "--file=-")
    git(folder, *command, stdin=message.encode(), more=author)


def _message(run: RunResult) -> str:
    files = len(run.changed)
    left = len(run.at_level(Level.MANUAL))
    done = f"{files} {'file' if files == 1 else 'files'} changed"
    places = f"{left} {'place needs' if left == 1 else 'places need'} a person" if left else "nothing is left"
    return (
        f"Migrate from standalone Keras to tf.keras of TensorFlow {run.target}\n\n"
        f"Made with keras-migrate {__version__}: {done}, {places}.\n"
    )
