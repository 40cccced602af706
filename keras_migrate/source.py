"""The release of standalone Keras that code was written for."""

from __future__ import annotations

from dataclasses import dataclass

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
        release = ".".join(text.strip().split(".")[:2])
        if release in ("0.1", "0.2", "0.3", "1", "1.0", "1.1"):
            release = "1.2"
        if release not in KNOWN_SOURCES:
            known = ", ".join(KNOWN_SOURCES)
            raise UnknownSourceError(f"unknown source {text!r}: name a release of standalone Keras ({known})")
        return cls(release, guessed=False, reason="--source")

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
