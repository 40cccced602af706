"""Undoing: which runs are recorded, whether one can be taken back, and taking all of it back or nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from keras_migrate import reading
from keras_migrate.writer import (
    Entry,
    Journal,
    JournalError,
    JournalStatus,
    WriteResult,
    bring,
    complete,
    digest,
    is_read_only,
    restore,
    sole_writer_of,
    write_atomically,
)

_REPLACED = "replaced"
"""Folder of a journal for what files held that were restored by force."""


class NoSuchRunError(Exception):
    """No run, or more than one, is called so."""


class Direction(str, Enum):
    """What is to become of the files of a run."""

    RESTORE = "restore"
    """What they were before it."""
    COMPLETE = "complete"
    """What it makes of them."""


class State(str, Enum):
    """What a file of a run holds, seen from where it is to be taken."""

    DONE = "done"
    """It is there already."""
    READY = "ready"
    """What is expected; it can be replaced."""
    CHANGED = "changed since"
    GONE = "gone"
    READ_ONLY = "read-only"
    UNREADABLE = "unreadable"
    OUTSIDE = "leads out of the project by way of a link"


@dataclass(frozen=True, slots=True)
class Plan:
    """What undoing or completing a run comes to, before anything is touched.

    Attributes:
        journal: the run's journal.
        direction: what is to become of its files.
        states: each file with what stands in its way, in the order of the journal.
    """

    journal: Journal
    direction: Direction
    states: tuple[tuple[Entry, State], ...]

    @classmethod
    def of(cls, journal: Journal, direction: Direction = Direction.RESTORE) -> Plan:
        """Looks at every file of a run."""
        return cls(journal, direction, tuple((e, _state(journal, e, direction)) for e in journal.entries))

    def in_state(self, *states: State) -> tuple[Entry, ...]:
        """The files in these states."""
        return tuple(entry for entry, state in self.states if state in states)

    @property
    def ready(self) -> tuple[Entry, ...]:
        """The files that will be replaced."""
        return self.in_state(State.READY)

    @property
    def obstacles(self) -> tuple[tuple[Entry, State], ...]:
        """The files for which the run is refused."""
        return tuple(each for each in self.states if each[1] not in (State.DONE, State.READY))


def recorded(folder: str) -> tuple[str, ...]:
    """The journals of the project that a folder is in, oldest first.

    Args:
        folder: the folder, or a file in it; the nearest folder from there upwards with journals counts.
    """
    place = os.path.abspath(folder)
    while True:
        if journals := Journal.all_of(place):
            return journals
        parent = os.path.dirname(place)
        if parent == place:
            return ()
        place = parent


def last_run(journals: Iterable[str]) -> Journal | None:
    """The newest run that was not undone.

    Raises:
        JournalError: where a journal that comes before it cannot be read.
    """
    newest_first = (Journal.read(folder) for folder in reversed(tuple(journals)))
    return next((j for j in newest_first if j.entries and j.status is not JournalStatus.RESTORED), None)


def named_run(journals: Iterable[str], name: str) -> Journal:
    """The run whose name begins so.

    Raises:
        NoSuchRunError: where there is none, or more than one.
        JournalError: where its journal cannot be read.
    """
    found = [folder for folder in journals if os.path.basename(folder).startswith(name)]
    if len(found) != 1 or not name:
        raise NoSuchRunError(f"{'no run is' if not found else f'{len(found)} runs are'} called {name!r}")
    return Journal.read(found[0])


def later_runs(journals: Iterable[str], plan: Plan) -> tuple[str, ...]:
    """The names of later runs that changed a file on which a plan founders; they have to be undone first."""
    paths = {entry.path for entry, state in plan.obstacles if state is State.CHANGED}
    later = (folder for folder in journals if os.path.basename(folder) > plan.journal.name)
    return tuple(
        journal.name
        for journal in _readable(later)
        if journal.status is not JournalStatus.RESTORED and paths & {entry.path for entry in journal.entries}
    )


def _readable(folders: Iterable[str]) -> Sequence[Journal]:
    found = []
    for folder in folders:
        try:
            found.append(Journal.read(folder))
        except JournalError:
            continue
    return found


def carry_out(plan: Plan) -> WriteResult:
    """Takes every file of a plan where it is to go; one that changed since the plan was made is left alone.

    Raises:
        JournalError: where the journal is damaged; no file is touched then.
    """
    return restore(plan.journal) if plan.direction is Direction.RESTORE else complete(plan.journal)


def keep_and_replace(plan: Plan) -> dict[str, str]:
    """Brings also those files to their places that changed since, and those that are gone.

    Args:
        plan: the plan.
    Returns:
        Where what each held is kept, by the path of the file.
    Raises:
        JournalError: where the journal is damaged, or another run is writing; no file is touched then.
        OSError: where something could not be kept or written; what was not kept was not replaced.
    """
    with sole_writer_of(plan.journal):
        return _keep_and_replace(plan)


def _keep_and_replace(plan: Plan) -> dict[str, str]:
    contents = plan.journal.contents()
    kept: dict[str, str] = {}
    for entry in plan.in_state(State.CHANGED, State.GONE):
        location = plan.journal.locate(entry)
        goal = contents[entry.before if plan.direction is Direction.RESTORE else entry.after]
        if not os.path.lexists(location):
            real = reading.real_location(location, plan.journal.top)
            os.makedirs(os.path.dirname(real), exist_ok=True)
            write_atomically(real, goal)
            continue
        current = reading.read(reading.real_location(location, plan.journal.top), plan.journal.top)
        kept[entry.path] = _keep(plan.journal, entry, current)
        failure = bring(location, current, goal, plan.journal.top)
        if failure is not None:
            raise OSError(0, failure.message, location)
    return kept


def _keep(journal: Journal, entry: Entry, data: bytes) -> str:
    """Stores what a file holds beside the journal."""
    location = os.path.join(journal.folder, _REPLACED, digest(data)[:8], entry.path)
    os.makedirs(os.path.dirname(location), exist_ok=True)
    write_atomically(location, data)
    return location


def _state(journal: Journal, entry: Entry, direction: Direction) -> State:
    location = journal.locate(entry)
    start, goal = entry.after, entry.before
    if direction is Direction.COMPLETE:
        start, goal = goal, start
    try:
        real = reading.real_location(location, journal.top)
        current = digest(reading.read(real, journal.top))
    except FileNotFoundError:
        return State.GONE
    except reading.LeadsOutError:
        return State.OUTSIDE
    except OSError:
        return State.UNREADABLE
    if current == goal:
        return State.DONE
    if current != start:
        return State.CHANGED
    return State.READ_ONLY if is_read_only(real) else State.READY
