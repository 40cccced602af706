"""Lines of notebooks for IPython or the shell: what they install, and which TensorFlow they ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ...findings import Level, Rule
from ...target import Target

INSTALLS = Rule(
    "KM810",
    "installed-packages",
    "Say what to install in the place of Keras.",
    "A notebook that installs standalone Keras, or an old TensorFlow, gets what it names and not what the "
    "migrated code needs. `tf.keras` is part of TensorFlow.",
)
TENSORFLOW_VERSION = Rule(
    "KM811",
    "tensorflow-version-magic",
    "Say that Colab has no TensorFlow 1 any more.",
    "`%tensorflow_version 1.x` chose the TensorFlow of a notebook in Colab. Now it stops with an error.",
)
RULES = (INSTALLS, TENSORFLOW_VERSION)

_INSTALL = re.compile(r"\b(?:pip[\d.]*|conda|mamba)\s+install\b(?P<what>[^;&|\n]*)")
_PACKAGE = re.compile(
    r"(?<![\w./=@-])(?P<name>keras|tensorflow(?:-gpu|-cpu)?)"
    r"(?P<version>\s*(?:\[[\w,]*\])?(?:[=<>!~]=?=?[^\s'\"]*)?)(?=[\s'\"\\]|$)",
    re.IGNORECASE,
)
_VERSION = re.compile(r"\s*%tensorflow_version\s+1")


class Note(NamedTuple):
    """What is to be said about a line."""

    rule: Rule
    level: Level
    message: str
    symbol: str


def of_command(text: str, target: Target) -> Iterator[Note]:
    """What is to be said about a line that is not Python.

    Args:
        text: the line, with those that a backslash joins to it.
        target: the TensorFlow release that the notebook is migrated to.
    """
    if _VERSION.match(text) is not None:
        message = (
            f"Colab has no TensorFlow 1: remove the line; the code is for TensorFlow {target.release} now"
        )
        yield Note(TENSORFLOW_VERSION, Level.MANUAL, message, "tensorflow")
    for command in _INSTALL.finditer(text):
        for package in _PACKAGE.finditer(command["what"]):
            name, version = package["name"].lower(), package["version"].strip()
            if name == "keras" or (version and not _is_target(version, target)):
                message = f"installs `{package[0].strip()}`: install {_wanted(target)} in its place"
                yield Note(INSTALLS, Level.REVIEW, message, name)


def _is_target(version: str, target: Target) -> bool:
    """Whether the version that is asked for is one of TensorFlow 2 that may be the target's."""
    return re.match(rf"(?:\[[\w,]*\])?(?:>=?|~=|==)\s*{re.escape(target.release)}\b", version) is not None


def _wanted(target: Target) -> str:
    """What gives ``tf.keras`` of the target."""
    tensorflow = f"`tensorflow=={target.release}.*`"
    return f"{tensorflow} and `tf_keras=={target.release}.*`" if target.legacy else tensorflow
