"""What of a file stays as it is because somebody wants it so, and what has to stay with it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

import libcst as cst

Refuses = Callable[[str, int], bool]
"""Whether a rule, by its code, is refused on a line, counted from 1."""

Place = tuple[str, int]
"""The code of a rule, and a line."""


class Refusals:
    """What is refused in one tree.

    A plan that finds out what has to stay beside a refused change is made again with that in mind, until
    there is nothing more.

    Attributes:
        untouched: the imported names, by their nodes, that stay, with all that is reached through them.
        staying: references, by their nodes, that are not to be written in another way.
        needed: the imported names that stay, while other names that they bind may move.
        undone: functions of transforms, and what they looked at, whose edits no finding explains any more.
        hits: what was refused so far, in this plan and those before it.
    """

    def __init__(self, refuses: Refuses, line_of: Callable[[cst.CSTNode], int]) -> None:
        """Starts with nothing beside what is refused.

        Args:
            refuses: what is refused.
            line_of: the line of a node of the tree, counted from 1.
        """
        self._refuses = refuses
        self._line_of = line_of
        self.untouched: dict[cst.CSTNode, Place] = {}
        self.staying: dict[cst.CSTNode, Place] = {}
        self.needed: dict[cst.CSTNode, Place] = {}
        self.undone: dict[tuple[Hashable, Hashable], tuple[Place, ...]] = {}
        self.hits: list[Place] = []
        self._size = 0

    def at(self, code: str, node: cst.CSTNode) -> bool:
        """Whether a rule is refused at a node."""
        place = code, self._line_of(node)
        refused = self._refuses(*place)
        if refused:
            self.hits.append(place)
        return refused

    def leave(self, imports: Iterable[cst.CSTNode]) -> None:
        """Notes that imported names, by their nodes, stay for the change that was refused last."""
        self.untouched.update((each, self.hits[-1]) for each in imports if each not in self.untouched)

    def stay(self, reference: cst.CSTNode, imports: Iterable[cst.CSTNode]) -> None:
        """Notes that a reference stays for the change that was refused last, and its imports for it."""
        self.staying[reference] = self.hits[-1]
        self.keep(imports)

    def keep(self, imports: Iterable[cst.CSTNode]) -> None:
        """Notes that imported names, by their nodes, stay for the change that was refused last."""
        self.needed.update((each, self.hits[-1]) for each in imports if each not in self.needed)

    def undo(self, key: tuple[Hashable, Hashable], since: int) -> None:
        """Notes that a function is not to look at something again, for what was refused since some hit."""
        self.undone[key] = tuple(self.hits[since:])

    def again(self, places: Iterable[Place]) -> None:
        """Refuses places again that a plan does not come to any more, so that they count as used."""
        for place in places:
            self._refuses(*place)

    def grew(self) -> bool:
        """Whether there is more that stays beside refused changes than when this was last asked."""
        before = self._size
        self._size = len(self.untouched) + len(self.staying) + len(self.needed) + len(self.undone)
        return self._size > before

    def kept(self) -> list[Place]:
        """The places for which imports stay."""
        needed = (place for node, place in self.needed.items() if node not in self.untouched)
        return [*self.untouched.values(), *needed]
