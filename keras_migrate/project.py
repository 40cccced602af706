"""What is known of the tree that a run works on: its files, and the facts that span them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Project:
    """A root that was given, and what is known of the files below it.

    Attributes:
        root: absolute path of the folder; empty for code that has no file.
    """

    root: str = ""

    def own_keras(self, path: str) -> str | None:
        """The project's own ``keras`` package or module that ``import keras`` means in a file, if there is one.

        Args:
            path: the file, relative to the root, with forward slashes.
        Returns:
            The path of that package or module, relative to the root.
        """
        return None
