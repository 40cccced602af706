"""The TensorFlow release that a project itself asks for, to migrate to where none is named."""

from __future__ import annotations

from collections.abc import Iterable

from keras_migrate.pins import Pin, pins_in
from keras_migrate.project import Project, upwards
from keras_migrate.target import KNOWN_RELEASES, Target

_OLDER = tuple(f"2.{minor}" for minor in range(15))
"""TensorFlow 2 before the releases that are known."""


def pinned_target(project: Project) -> Target:
    """The release that a project's pins of TensorFlow name, else the newest that is known.

    A pin names one where it gives TensorFlow 2 an upper bound: the newest that it allows. For a TensorFlow 2
    that is older than all that are known it is the oldest of those, which has Keras 2 as well. TensorFlow 1
    is what the old code ran on, and a lower bound says what it needs: neither counts.

    Args:
        project: its dependency files are looked for in its root and upwards to its top; the nearest count.
    """
    for folder in upwards(project.root, project.top):
        pins = pins_in(folder, project.top)
        named = [(release, pin) for pin in pins if (release := _named(pin)) is not None]
        if named:
            release, pin = min(named, key=lambda each: (each[1].rank, -KNOWN_RELEASES.index(each[0])))
            return Target(release, reason=f"{pin.file} asks for {pin}")
    return Target()


def _named(pin: Pin) -> str | None:
    if pin.package != "tensorflow" or _allowed(pin, ("2.999", "3.0")):
        return None
    known = _allowed(pin, KNOWN_RELEASES)
    if known:
        return known[-1]
    return KNOWN_RELEASES[0] if _allowed(pin, _OLDER) else None


def _allowed(pin: Pin, releases: Iterable[str]) -> list[str]:
    """Those of some releases of which a pin allows one version at least."""
    return [release for release in releases if any(pin.allows(f"{release}.{patch}") for patch in range(6))]
