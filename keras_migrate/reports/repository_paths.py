"""Paths as the forges of repositories want them: from the top of the repository."""

from __future__ import annotations

import os

from keras_migrate.runner import RunResult


def path_in_repository(run: RunResult, path: str) -> str:
    """A file's path from the top of its repository, with forward slashes.

    The repository is the nearest folder from the run's root upwards that holds ``.git``; where there is none,
    the current folder if the root is in it, else the root itself.

    Args:
        run: the run.
        path: the file, relative to the run's root; the name of code that is in no file comes back as it is.
    """
    if not run.root:
        return path
    location = os.path.normpath(run.project.locate(path))
    return os.path.relpath(location, _top(run.root)).replace(os.sep, "/")


def _top(root: str) -> str:
    folder = root
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return _current_or(root)
        folder = parent
    return folder


def _current_or(root: str) -> str:
    current = os.getcwd()
    try:
        return current if os.path.commonpath([current, root]) == current else root
    except ValueError:  # two drives of Windows
        return root
