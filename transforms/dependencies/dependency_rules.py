"""The rules about what a project asks for, and what is decided by them."""

from __future__ import annotations

from dataclasses import dataclass

from ...documents.requirements import Requirement, Wanted
from ...findings import Level, Rule
from .version_sets import meet

KERAS_REQUIREMENT = Rule(
    "KM801",
    "keras-requirement",
    "Ask for TensorFlow in the place of standalone Keras.",
    "`tf.keras` is part of TensorFlow. Where a project's code imports standalone Keras, `keras`, "
    "`keras-applications` and `keras-preprocessing` go from its dependency files; where a list has no "
    "`tensorflow`, that takes their place. A target with legacy Keras needs `tf_keras` as well, and "
    "code that wraps models for scikit-learn `scikeras`.",
    before="keras==2.2.4\ntensorflow==1.12.0\n",
    after="tensorflow==2.21.*\n",
)
TENSORFLOW_REQUIREMENT = Rule(
    "KM802",
    "tensorflow-requirement",
    "Ask for the TensorFlow that the code is migrated to.",
    "A requirement that allows the target stays. For 2.15 it must not allow 2.16, which has Keras 3. "
    "`tensorflow-gpu` is gone from PyPI: `tensorflow` is for both.",
    before="tensorflow-gpu>=1.4,<2\n",
    after="tensorflow>=2.21\n",
)
UNUSED_BACKEND = Rule(
    "KM803",
    "unused-backend",
    "Take Theano and CNTK away where no code imports them.",
    "They were backends of standalone Keras; `tf.keras` knows TensorFlow only and Keras 3 does not "
    "know them either. They do not run on the Pythons that TensorFlow needs.",
    before="theano==1.0.4\ntensorflow>=2.21\n",
    after="tensorflow>=2.21\n",
)
VERSION_CONFLICT = Rule(
    "KM804",
    "version-conflict",
    "Report a requirement that the target's TensorFlow cannot be installed with.",
    "Releases of NumPy, h5py, protobuf and others that TensorFlow itself excludes, and Pythons that it is "
    "not made for. Which newer release the project's code runs with is for a person to find out.",
)
THIRD_PARTY = Rule(
    "KM805",
    "third-party-keras",
    "Report a package that imports standalone Keras.",
    "Layers and models of standalone Keras and of `tf.keras` cannot be mixed: a program that does so fails "
    "when it runs.",
)
UNDECIDED = Rule(
    "KM806",
    "undecided-requirement",
    "Report a requirement of Keras or TensorFlow that cannot be edited.",
    "Its version is a variable, it comes from an address, it is pinned by hashes, or a tool writes the file.",
)
RULES = (
    KERAS_REQUIREMENT,
    TENSORFLOW_REQUIREMENT,
    UNUSED_BACKEND,
    VERSION_CONFLICT,
    THIRD_PARTY,
    UNDECIDED,
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to become of one requirement, and what to say of it.

    Attributes:
        requirement: which.
        rule: the rule that decides.
        level: how much it asks of a person.
        message: what happened or what to do.
        wanted: what it is to ask for; ``None`` where it stays as it is or goes away.
        removed: whether it goes away.
        beside: what is to be asked for besides.
    """

    requirement: Requirement
    rule: Rule
    level: Level
    message: str
    wanted: Wanted | None = None
    removed: bool = False
    beside: tuple[Wanted, ...] = ()

    @property
    def asked(self) -> tuple[Wanted, ...]:
        """All that is asked for in the place of the requirement."""
        return self.beside if self.wanted is None else (self.wanted, *self.beside)


KERAS = frozenset(
    {"keras", "keras-gpu", "keras-base", "keras-nightly", "keras-applications", "keras-preprocessing"}
)
"""The packages of standalone Keras."""
LOCKED = "a tool writes this file"


def only_keras_3(requirement: Requirement) -> bool:
    """Whether a requirement of Keras leaves out all of Keras 2 and those before."""
    if requirement.name not in ("keras", "keras-nightly") or not requirement.specifier:
        return False
    return not meet(requirement.specifier, "<3")


def short(requirement: Requirement) -> str:
    """A requirement without its marker and the spaces in it."""
    name = as_written(requirement)
    if requirement.keyed:
        return f"{name} {requirement.version}".rstrip()
    return f"{name}{requirement.version}"


def as_written(requirement: Requirement) -> str:
    return requirement.text[: requirement.name_span[1] - requirement.name_span[0]]
