"""The TensorFlow release that code is migrated to."""

from __future__ import annotations

from dataclasses import dataclass, field

KNOWN_RELEASES = ("2.15", "2.16", "2.17", "2.18", "2.19", "2.20", "2.21")
"""TensorFlow releases that can be named as a target, oldest first."""

NEWEST = KNOWN_RELEASES[-1]


class UnknownTargetError(ValueError):
    """The text names no TensorFlow release that the tool knows."""


@dataclass(frozen=True, slots=True)
class Target:
    """One TensorFlow release, with or without ``TF_USE_LEGACY_KERAS=1``.

    Attributes:
        release: ``2.15`` … ``2.21``.
        legacy: true where the user keeps Keras 2 through the ``tf_keras`` package.
        reason: why it is the target, for people; empty where it was named or is the newest that is known.
    """

    release: str = NEWEST
    legacy: bool = False
    reason: str = field(default="", compare=False)

    @classmethod
    def parse(cls, text: str) -> Target:
        """Reads ``2.15``, ``2.21.0`` or ``2.16+legacy``.

        Raises:
            UnknownTargetError: with the releases that are known.
        """
        release, plus, suffix = text.strip().partition("+")
        release = ".".join(release.split(".")[:2])
        if release not in KNOWN_RELEASES or (plus and suffix != "legacy"):
            known = ", ".join(KNOWN_RELEASES)
            raise UnknownTargetError(
                f"unknown target {text!r}: name a TensorFlow release ({known}), "
                "with +legacy after it from 2.16 on if you set TF_USE_LEGACY_KERAS=1"
            )
        if suffix and release == "2.15":
            raise UnknownTargetError("2.15 already is Keras 2: use --target 2.15 without +legacy")
        return cls(release, bool(suffix))

    @property
    def keras3(self) -> bool:
        """Whether ``tf.keras`` is Keras 3: from TensorFlow 2.16 on, unless ``tf_keras`` is asked for."""
        return not self.legacy and self.version >= (2, 16)

    @property
    def version(self) -> tuple[int, int]:
        """The release as numbers, to compare."""
        major, minor = self.release.split(".")
        return int(major), int(minor)

    def __str__(self) -> str:
        return self.release + ("+legacy" if self.legacy else "")
