"""What becomes of the packages that a project asks for: TensorFlow in the place of Keras."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from ...documents.requirements import Group, Requirement, Spelling, Wanted, spelled
from ...facts import Facts
from ...findings import Level
from ...target import KNOWN_RELEASES, Target
from .dependency_conflicts import others
from .dependency_facts import BACKENDS, KERAS_OF_TENSORFLOW, STANDALONE, THROUGH_TENSORFLOW, WRAPPERS, needs
from .dependency_rules import (
    KERAS,
    KERAS_REQUIREMENT,
    LOCKED,
    RULES,
    TENSORFLOW_REQUIREMENT,
    UNDECIDED,
    UNUSED_BACKEND,
    Decision,
    as_written,
    only_keras_3,
    short,
)
from .version_sets import meet

__all__ = [
    "BACKENDS",
    "KERAS_OF_TENSORFLOW",
    "NEEDS_OF_KERAS",
    "RULES",
    "STANDALONE",
    "THROUGH_TENSORFLOW",
    "Decision",
    "concerns",
    "decide",
    "needs",
]


_TENSORFLOW = frozenset({"tensorflow", "tensorflow-cpu", "tensorflow-macos", "tensorflow-intel"})
_GPU = frozenset({"tensorflow-gpu", "tensorflow-rocm", "tf-nightly-gpu"})
_BACKENDS = {"theano": "theano", "cntk": "cntk", "cntk-gpu": "cntk"}


NEEDS_OF_KERAS = frozenset({KERAS_REQUIREMENT, TENSORFLOW_REQUIREMENT, UNUSED_BACKEND, UNDECIDED})
"""The rules about Keras and what it runs on, and not about what else a project asks for."""


def decide(group: Group, used: Facts, asked: Container[str], target: Target) -> Iterator[Decision]:
    """What becomes of the requirements of a group.

    Where no code imports standalone Keras, nothing changes, and only what does not fit is named.

    Args:
        group: requirements that are installed together.
        used: what the code needs.
        asked: packages that the file asks for elsewhere.
        target: the release to migrate to.
    """
    if STANDALONE in used:
        yield from _Group(group, used, asked, target).decisions()
    for requirement in group.requirements:
        yield from others(requirement, target)


def concerns(groups: Iterable[Group], used: Facts, target: Target) -> bool:
    """Whether anything is to be said of a file: its project is to be migrated, or looks like one that was.

    Args:
        groups: the requirements of the file.
        used: what the code needs.
        target: the release to migrate to.
    """
    if STANDALONE in used or KERAS_OF_TENSORFLOW not in used:
        return STANDALONE in used
    requirements = (each for group in groups for each in group.requirements)
    return any(
        each.name in _TENSORFLOW and not each.obstacle and _fits(each, target) for each in requirements
    )


class _Group:
    """The requirements of a group by what they are."""

    def __init__(self, group: Group, used: Facts, asked: Container[str], target: Target) -> None:
        self._group = group
        self._asked = asked
        self._used = used
        self._target = target
        free = [each for each in group.requirements if not each.obstacle]
        self._keras = [each for each in free if each.name in KERAS and not only_keras_3(each)]
        self._tensorflow = [each for each in free if each.name in _TENSORFLOW]
        self._gpu = [each for each in free if each.name in _GPU]
        self._backends = [
            each for each in free if each.name in _BACKENDS and _BACKENDS[each.name] not in used
        ]

    def decisions(self) -> Iterator[Decision]:
        for requirement in self._group.requirements:
            if requirement.obstacle:
                yield from self._undecided(requirement)
        present = [each.name for each in self._group.requirements]
        beside = [
            each
            for each in self._besides()
            if (name := each.name.replace("_", "-")) not in present and name not in self._asked
        ]
        heirs: list[Requirement] = []
        for requirement in self._tensorflow:
            yield from self._updated(requirement)
        for requirement in self._gpu:
            yield self._without_gpu(requirement, heirs)
        settled = [*self._tensorflow, *heirs]
        for requirement in sorted(self._keras, key=lambda each: each.name not in ("keras", "keras-gpu")):
            decision = self._replaced(requirement, settled, beside)
            if decision.wanted is not None and decision.wanted.name == "tensorflow":
                settled.append(requirement)
            beside = [] if decision.level is not Level.MANUAL else beside
            yield decision
        yield from self._without_backends()

    def _besides(self) -> Iterator[Wanted]:
        """What the code needs besides TensorFlow."""
        if not self._keras:
            return
        exact = any(each.exact for each in self._keras if each.name == "keras")
        if self._target.legacy:
            conda = all(each.spelling is Spelling.CONDA for each in self._keras)
            yield Wanted("tf-keras" if conda else "tf_keras", self._target.release, exact=exact)
        if WRAPPERS in self._used:
            yield Wanted("scikeras", "0.13") if self._target.keras3 else Wanted("scikeras", "0.12", "0.13")

    def _undecided(self, requirement: Requirement) -> Iterator[Decision]:
        name = requirement.name
        if name == "python" or name not in KERAS | _TENSORFLOW | _GPU:
            return
        if name in _TENSORFLOW and requirement.specifier and _fits(requirement, self._target):
            return
        if only_keras_3(requirement):
            return
        wanted = tensorflow(self._target, exact=requirement.exact)
        if requirement.obstacle == LOCKED:
            if name in ("keras", "tensorflow", "tensorflow-gpu"):
                message = f"holds `{requirement.text}`: lock again once the requirements are migrated"
                yield Decision(requirement, UNDECIDED, Level.MANUAL, message)
            return
        text = f"`{wanted.name}{spelled(wanted, Spelling.PIP, bare=requirement.bare)}`"
        if name in KERAS and len({each.name for each in self._group.requirements} & _TENSORFLOW):
            message = f"`{requirement.text}` was left, as {requirement.obstacle}: remove it"
        else:
            message = f"`{requirement.text}` was left, as {requirement.obstacle}: ask for {text} in its place"
        yield Decision(requirement, UNDECIDED, Level.MANUAL, message, None)

    def _updated(self, requirement: Requirement) -> Iterator[Decision]:
        if _fits(requirement, self._target):
            return
        wanted = tensorflow(self._target, exact=requirement.exact, name=as_written(requirement))
        if requirement.spelling is Spelling.CONDA or requirement.name in (
            "tensorflow-macos",
            "tensorflow-intel",
        ):
            wanted = tensorflow(self._target, exact=requirement.exact)
        message = (
            f"`{short(requirement)}` is `{_new(requirement, wanted)}`: {_why(requirement, self._target)}"
        )
        yield Decision(
            requirement, TENSORFLOW_REQUIREMENT, _level(requirement), message + _conda(requirement), wanted
        )

    def _without_gpu(self, requirement: Requirement, heirs: list[Requirement]) -> Decision:
        hint = (
            "`tensorflow-gpu` is gone: `tensorflow` is for both, "
            "`tensorflow[and-cuda]` brings CUDA along on Linux"
        )
        if requirement.spelling is Spelling.CONDA:
            hint = f"`{requirement.name}` is `tensorflow`, which channels build for CUDA{_conda(requirement)}"
        elif requirement.name != "tensorflow-gpu":
            hint = f"`{requirement.name}` is not for TensorFlow {self._target.release}"
        if any(each.marker == requirement.marker for each in (*self._tensorflow, *heirs)):
            return Decision(requirement, TENSORFLOW_REQUIREMENT, Level.REVIEW, hint, removed=True)
        heirs.append(requirement)
        wanted = tensorflow(self._target, exact=requirement.exact)
        if _fits(requirement, self._target):
            wanted = Wanted("tensorflow")
            return Decision(requirement, TENSORFLOW_REQUIREMENT, Level.REVIEW, hint, wanted)
        return Decision(requirement, TENSORFLOW_REQUIREMENT, Level.REVIEW, hint, wanted)

    def _replaced(
        self, requirement: Requirement, settled: Sequence[Requirement], beside: Sequence[Wanted]
    ) -> Decision:
        """TensorFlow, or what is needed besides it, in the place of Keras."""
        has_tensorflow = any(
            each.marker in ("", requirement.marker) or each.keyed for each in settled
        ) or any(each.keyed and each.name == "tensorflow" for each in self._group.requirements)
        taken: list[Wanted] = list(beside)
        if not has_tensorflow:
            taken.insert(0, tensorflow(self._target, exact=self._exact()))
        was = short(requirement)
        if len(taken) > 1 and requirement.insertion is None:
            names = " and ".join(f"`{each.name}{spelled(each, Spelling.PIP)}`" for each in taken)
            message = f"`{was}` was left, as more than one takes its place: ask for {names}"
            return Decision(requirement, UNDECIDED, Level.MANUAL, message)
        if taken:
            names = " and ".join(f"`{_new(requirement, each)}`" for each in taken)
            message = f"`{was}` is {names}: `tf.keras` is part of TensorFlow"
            if has_tensorflow:
                message = f"`{was}` goes, as `tf.keras` is part of TensorFlow, and the code needs {names}"
            message += _conda(requirement)
            beside = taken[1:]
            return Decision(
                requirement, KERAS_REQUIREMENT, _level(requirement), message, taken[0], beside=tuple(beside)
            )
        message = f"`{was}` is removed: `tf.keras` is part of TensorFlow"
        return Decision(requirement, KERAS_REQUIREMENT, Level.REWRITTEN, message, removed=True)

    def _exact(self) -> bool:
        return any(each.exact for each in self._keras if each.name in ("keras", "keras-gpu"))

    def _without_backends(self) -> Iterator[Decision]:
        left = len(self._group.spans) - len(self._backends)
        for requirement in self._backends:
            was = short(requirement)
            if not left and not self._group.may_be_empty:
                message = f"`{was}` is not needed: nothing in the project imports it; remove what asks for it"
                yield Decision(requirement, UNUSED_BACKEND, Level.MANUAL, message)
                continue
            message = f"`{was}` is removed: nothing in the project imports it"
            yield Decision(requirement, UNUSED_BACKEND, Level.REWRITTEN, message, removed=True)


def tensorflow(target: Target, *, exact: bool, name: str = "tensorflow") -> Wanted:
    """The TensorFlow that is to be asked for."""
    below = "2.16" if target.release == "2.15" else ""
    return Wanted(name, target.release, below, exact)


def _level(requirement: Requirement) -> Level:
    """The level of a requirement that becomes another one: whether a channel of conda has it is not known."""
    return Level.REVIEW if requirement.spelling is Spelling.CONDA else Level.REWRITTEN


def _conda(requirement: Requirement) -> str:
    conda = requirement.spelling is Spelling.CONDA
    return ". Where no channel of conda has it, install it with pip" if conda else ""


def _fits(requirement: Requirement, target: Target) -> bool:
    """Whether a requirement of TensorFlow allows the target, and for 2.15 nothing that has Keras 3."""
    if not meet(requirement.specifier, f"=={target.release}.*"):
        return False
    newer = KNOWN_RELEASES[KNOWN_RELEASES.index(target.release) + 1 :]
    return target.release != "2.15" or not any(
        meet(requirement.specifier, f"=={each}.*") for each in (*newer, "2.99")
    )


def _why(requirement: Requirement, target: Target) -> str:
    if target.release == "2.15" and meet(requirement.specifier, "==2.15.*"):
        return "from 2.16 on `tf.keras` is Keras 3"
    return f"the code is migrated to TensorFlow {target.release}"


def _new(requirement: Requirement, wanted: Wanted) -> str:
    version = requirement.written(wanted)
    return f"{wanted.name} {version}" if requirement.keyed else f"{wanted.name}{version}"
