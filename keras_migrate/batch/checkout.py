"""A copy of a repository to work in. The original is only read."""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import dataclass

from keras_migrate.batch.git import GitError, git, said, take_bytes_as_they_are
from keras_migrate.batch.manifest import Repository


class CheckoutError(Exception):
    """A repository could not be fetched, or not be worked on; the message says why."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A copy of a repository, which is a git repository itself.

    Attributes:
        folder: absolute path.
        commit: what is checked out; empty for a copied folder, which has no commit yet.
    """

    folder: str
    commit: str = ""


def check_out(repository: Repository, folder: str) -> Checkout:
    """Clones a git repository, or copies a folder that is none.

    Args:
        repository: what to fetch.
        folder: where to; must not exist.
    Raises:
        CheckoutError: where it cannot be fetched.
    """
    location = repository.location
    if not repository.is_url:
        if not os.path.isdir(location):
            raise CheckoutError(f"no such folder: {location}")
        if not is_git(location):
            if repository.ref:
                raise CheckoutError(f"{location} is no git repository and has no {repository.ref!r}")
            return _copied(location, folder)
    try:
        return _cloned(location, repository.ref, folder)
    except GitError as error:
        raise CheckoutError(str(error)) from error


def is_git(folder: str) -> bool:
    """Whether a folder is the top of a work tree, or a repository without one."""
    bare = ("HEAD", "objects", "refs")
    return os.path.lexists(os.path.join(folder, ".git")) or all(
        os.path.exists(os.path.join(folder, name)) for name in bare
    )


def _cloned(location: str, ref: str, folder: str) -> Checkout:
    git(
        os.path.dirname(folder),
        *("clone", "--quiet", "--no-checkout", "--no-local", "--no-recurse-submodules", "--template="),
        *("--", location, folder),
    )
    take_bytes_as_they_are(folder)
    commit = _commit(folder, ref)
    git(folder, "checkout", "--quiet", "--detach", commit)
    return Checkout(folder, commit)


def _commit(folder: str, ref: str) -> str:
    """The commit that a ref of the origin means: a branch, a tag, a commit, or what only a fetch finds."""
    names = (f"refs/remotes/origin/{ref}", f"refs/tags/{ref}", ref) if ref else ("HEAD",)
    for name in names:
        commit = said(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}")
        if commit:
            return commit
    if not ref:
        raise GitError("there is no commit in it")
    try:
        git(folder, "fetch", "--quiet", "--no-recurse-submodules", "origin", ref)
    except GitError as error:
        raise GitError(f"it has no branch, tag or commit {ref!r}") from error
    return said(folder, "rev-parse", "--verify", "FETCH_HEAD^{commit}")


def _copied(location: str, folder: str) -> Checkout:
    try:
        _copy(location, folder)
    except OSError as error:
        raise CheckoutError(f"{error.filename or location} could not be copied: {error.strerror}") from error
    try:
        git(folder, "init", "--quiet", "--template=", more={"init.defaultBranch": "main"})
    except GitError as error:
        raise CheckoutError(str(error)) from error
    take_bytes_as_they_are(folder)
    return Checkout(folder)


def _copy(source: str, destination: str) -> None:
    """Copies files, folders and links as such; what is for git, and what is no file, is left out.

    The copies can be written and removed whatever the originals' modes.
    """
    os.mkdir(destination)
    with os.scandir(source) as entries:
        for entry in entries:
            copy = os.path.join(destination, entry.name)
            if entry.name.casefold() == ".git":
                continue
            if entry.is_symlink():
                os.symlink(os.readlink(entry.path), copy)
            elif entry.is_dir():
                _copy(entry.path, copy)
            elif entry.is_file():
                shutil.copyfile(entry.path, copy)
                if entry.stat().st_mode & stat.S_IXUSR:
                    os.chmod(copy, os.stat(copy).st_mode | stat.S_IXUSR)
