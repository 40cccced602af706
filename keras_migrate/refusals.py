"""What of a file stays as it is because somebody wants it so, and what has to stay with it."""

from __future__ import annotations

from collections.abc import Callable, Hashable

import libcst as cst

Refuses = Callable[[str, int], bool]
"""Whether a rule, by its code, is refused on a line, counted from 1."""


class Refusals:
    """What is refused in one tree.

    A plan that finds out what has to stay beside a refused change is made again with that in mind, until
    there is nothing more.

    Attributes:
        untouched: the imported names, by their nodes, that stay, with all that is reached through them.
        staying: references, by their nodes, that are not to be written in another way.
        needed: the imported names that stay for such a reference, while others that they bind may move.
        undone: functions of transforms, and what they looked at, whose edits no finding explains any more.
        count: how many findings were refused.
    """

    def __init__(self, refuses: Refuses, line_of: Callable[[cst.CSTNode], int]) -> None:
        """Starts with nothing beside what is refused.

        Args:
            refuses: what is refused.
            line_of: the line of a node of the tree, counted from 1.
        """
        self._refuses = refuses
        self._line_of = line_of
        self.untouched: set[cst.CSTNode] = set()
        self.staying: set[cst.CSTNode] = set()
        self.needed: set[cst.CSTNode] = set()
        self.undone: set[tuple[Hashable, Hashable]] = set()
        self.count = 0
        self._size = 0

    def at(self, code: str, node: cst.CSTNode) -> bool:
        """Whether a rule is refused at a node."""
        refused = self._refuses(code, self._line_of(node))
        self.count += refused
        return refused

    def grew(self) -> bool:
        """Whether there is more that stays beside refused changes than when this was last asked."""
        before = self._size
        self._size = len(self.untouched) + len(self.staying) + len(self.needed) + len(self.undone)
        return self._size > before
