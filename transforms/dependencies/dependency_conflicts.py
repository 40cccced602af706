"""Requirements that stay and no longer fit: TensorFlow's own, Pythons, images, packages on Keras."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from ...documents.requirements import Requirement, Spelling
from ...findings import Level
from ...target import Target
from ..tables import Entry, load
from .dependency_rules import KERAS, LOCKED, THIRD_PARTY, VERSION_CONFLICT, Decision, only_keras_3, short
from .version_sets import meet

_IMAGE = "tensorflow/tensorflow"


def others(requirement: Requirement, target: Target) -> Iterator[Decision]:
    """What is to be said of a requirement that stays."""
    name = requirement.name
    entry = _third_party().get(name)
    if entry is not None and requirement.obstacle != LOCKED:
        since = entry.get("since", "")
        if not since or not meet(requirement.specifier, f">={since}"):
            message = f"`{name}` imports standalone Keras: {entry['note']}"
            yield Decision(requirement, THIRD_PARTY, Level.MANUAL, message)
        return
    if name == _IMAGE:
        yield from _image(requirement, target)
    elif name == "python":
        yield from _python(requirement, target)
    elif requirement.obstacle != LOCKED and (name not in KERAS or only_keras_3(requirement)):
        yield from _conflict(requirement, target)


def _image(requirement: Requirement, target: Target) -> Iterator[Decision]:
    if requirement.version and not meet(requirement.specifier, f"=={target.release}.*"):
        gpu = "-gpu" if "gpu" in requirement.text else ""
        message = (
            f"`{requirement.text}` has another TensorFlow: take an image of {target.release}, such as "
            f"`{_IMAGE}:{target.release}.0{gpu}`"
        )
        yield Decision(requirement, VERSION_CONFLICT, Level.MANUAL, message)


def _python(requirement: Requirement, target: Target) -> Iterator[Decision]:
    pythons = _pythons(target)
    oldest, newest = pythons[0], pythons[-1]
    allowed = [each for each in pythons if meet(requirement.specifier, f"=={each}.*")]
    if not allowed and requirement.specifier:
        message = f"`{requirement.text}`: TensorFlow {target.release} is made for Python {oldest} to {newest}"
        yield Decision(requirement, VERSION_CONFLICT, Level.MANUAL, message)
    elif requirement.spelling is Spelling.POETRY and _older_allowed(requirement.specifier, oldest):
        above = f"3.{int(newest.partition('.')[2]) + 1}"
        message = (
            f"`{requirement.text}`: Poetry locks only what fits all of these, and TensorFlow "
            f"{target.release} is made for Python {oldest} to {newest}: "
            f'write `python = ">={oldest},<{above}"`'
        )
        yield Decision(requirement, VERSION_CONFLICT, Level.MANUAL, message)


def _older_allowed(specifier: str, oldest: str) -> bool:
    minor = int(oldest.partition(".")[2])
    return any(meet(specifier, f"==3.{older}.*") for older in range(minor)) or meet(specifier, "==2.7.*")


def _conflict(requirement: Requirement, target: Target) -> Iterator[Decision]:
    if requirement.obstacle or not requirement.specifier:
        return
    name, release = requirement.name, target.release
    required = _required(name, target)
    python = _pythons(target)[0]
    oldest = None if required is not None else _oldest_wheel(name, python)
    if required is not None and not meet(requirement.specifier, required):
        message = (
            f"`{short(requirement)}` conflicts: TensorFlow {release} requires `{name}{_shown(required)}`"
        )
        yield Decision(requirement, VERSION_CONFLICT, Level.MANUAL, message)
    elif oldest is not None and not meet(requirement.specifier, f">={oldest}"):
        message = (
            f"`{short(requirement)}` has no wheel for Python {python}, the oldest that TensorFlow {release} "
            f"is made for: {oldest} is the first that has"
        )
        yield Decision(requirement, VERSION_CONFLICT, Level.MANUAL, message)


def _shown(specifier: str) -> str:
    """The bounds of a specifier without the single releases that it leaves out, the lower one first."""
    clauses = [each for each in specifier.split(",") if not each.startswith("!=")]
    return ",".join(sorted(clauses, key=lambda clause: clause.startswith("<")))


@cache
def _third_party() -> Mapping[str, Entry]:
    return {
        name: entry for entry in load("dependencies/dependencies.toml")["package"] for name in entry["names"]
    }


def _pythons(target: Target) -> Sequence[str]:
    """The Pythons that a release of TensorFlow is made for, oldest first."""
    return tuple(_release(target)["python"])


def _required(name: str, target: Target) -> str | None:
    """The versions of a package that a release of TensorFlow requires."""
    requires: Mapping[str, str] = _release(target)["requires"]
    return requires.get(name)


def _oldest_wheel(name: str, python: str) -> str | None:
    """The first version of a package that has wheels for a Python, if that is known."""
    entries: Sequence[Entry] = load("dependencies/dependencies.toml")["wheels"]
    return next((each["oldest"].get(name) for each in entries if each["python"] == python), None)


def _release(target: Target) -> Entry:
    entries: Sequence[Entry] = load("dependencies/tensorflow_requirements.toml")["release"]
    return next(each for each in entries if each["version"].startswith(target.release + "."))
