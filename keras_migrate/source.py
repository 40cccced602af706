"""The release of standalone Keras that code was written for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

KNOWN_SOURCES = ("1.2", "2.0", "2.1", "2.2", "2.3")
"""Releases of standalone Keras that can be named as a source, oldest first."""

_CATALOGS = {"1.2": "1.2.2", "2.0": "2.0.8", "2.1": "2.1.6", "2.2": "2.2.4", "2.3": "2.3.1"}


class UnknownSourceError(ValueError):
    """The text names no release of standalone Keras that the tool knows."""


@dataclass(frozen=True, slots=True)
class Source:
    """One release of standalone Keras, and why it is taken to be the one.

    Attributes:
        release: ``1.2``, ``2.0`` … ``2.3``.
        guessed: whether nobody said so: neither ``--source`` nor the project's own pins.
        reason: why it was taken, for people: ``requirements.txt pins keras==2.2.4``.
    """

    release: str = "2.2"
    guessed: bool = True
    reason: str = "nothing in the project says otherwise"

    @classmethod
    def parse(cls, text: str) -> Source:
        """Reads ``2.2`` or ``2.2.4``; releases before 1.2 count as 1.2.

        Raises:
            UnknownSourceError: with the releases that are known.
        """
        release = series(text.strip())
        if release is None:
            known = ", ".join(KNOWN_SOURCES)
            raise UnknownSourceError(f"unknown source {text!r}: name a release of standalone Keras ({known})")
        return cls(release, guessed=False, reason="--source says so")

    @property
    def version(self) -> tuple[int, int]:
        """The release as numbers, to compare."""
        major, minor = self.release.split(".")
        return int(major), int(minor)

    @property
    def note(self) -> str:
        """What was guessed, to be appended to a message; empty where nothing was."""
        if not self.guessed:
            return ""
        return f". Taken to be written for Keras {self.release}, as {self.reason}; --source names another"

    @property
    def catalog(self) -> str:
        """The release whose table describes it: ``2.2.4``."""
        return _CATALOGS[self.release]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What something about code says of the release that it was written for.

    Attributes:
        releases: those that it speaks for.
        reason: what it is, for people: ``keras.losses (Keras from 2.0 on)``.
        able: those that can run the code; it may speak for some of them only.
    """

    releases: frozenset[str]
    reason: str
    able: frozenset[str] = frozenset(KNOWN_SOURCES)

    def told_by(self, subject: str) -> Evidence:
        """The same with who says so in its reason: ``it has keras.losses (Keras from 2.0 on)``."""
        return replace(self, reason=f"{subject} {self.reason}")


def series(version: str) -> str | None:
    """The source that a version of Keras belongs to, ``2.2`` for ``2.2.4``; ``None`` for one not known."""
    release = ".".join(version.split(".")[:2])
    if release in ("0.1", "0.2", "0.3", "1", "1.0", "1.1"):
        return KNOWN_SOURCES[0]
    return release if release in KNOWN_SOURCES else None


def weigh(evidence: Iterable[Evidence]) -> Source:
    """Guesses a release.

    Each piece of evidence leaves fewer releases, or is passed over where it contradicts all that came before.
    Of those that are left it is the newest up to 2.2: Keras 2.3 changed what defaults mean, so it takes
    evidence of its own.

    Args:
        evidence: the weightiest first.
    """
    possible = frozenset(KNOWN_SOURCES)
    reason = Source().reason
    for each in evidence:
        left = possible & each.releases
        if left and left != possible:
            possible, reason = left, each.reason
    return Source(preferred(possible), guessed=True, reason=reason)


def preferred(releases: Iterable[str]) -> str:
    """Of some releases the newest up to 2.2, and 2.3 only where there is no other."""
    return max(releases, key=lambda release: (release <= "2.2", release))
