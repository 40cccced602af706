"""Which packages a Python has, read from their metadata: nothing of them is imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import distributions

_ASK = "import json, sys; print(json.dumps([list(sys.version_info[:3]), sys.path, sys.executable]))"
_SECONDS = 60


class NoPythonError(ValueError):
    """What was named as a Python is none, or does not answer."""


@dataclass(frozen=True, slots=True)
class Installed:
    """What a Python has.

    Attributes:
        python: its program.
        version: its version, ``3.11.7``.
        packages: the versions of its packages by their names, in lower case with hyphens.
        requires: what each of them asks for, as it is written in its metadata.
        legacy: whether ``TF_USE_LEGACY_KERAS`` asks for Keras 2.
    """

    python: str
    version: str
    packages: Mapping[str, str]
    requires: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    legacy: bool = False


def installed(python: str | None = None) -> Installed:
    """Reads what a Python has.

    Args:
        python: its program, or the folder of its environment; the Python that runs this where it is ``None``.
    Raises:
        NoPythonError: if it is no Python, or one that does not answer.
    """
    if python is None:
        version: Sequence[int] = sys.version_info[:3]
        path: Sequence[str] = sys.path
        program = sys.executable
    else:
        version, path, program = _asked(_program(python))
    found: dict[str, str] = {}
    requires: dict[str, tuple[str, ...]] = {}
    for each in distributions(path=[entry for entry in path if entry]):
        name = (each.metadata["Name"] or "").lower().replace("_", "-").replace(".", "-")
        if name and name not in found:  # the first on the path is the one that is imported
            found[name] = each.version
            requires[name] = tuple(each.requires or ())
    legacy = os.environ.get("TF_USE_LEGACY_KERAS") in ("true", "True", "1")  # as TensorFlow reads it
    return Installed(program, ".".join(map(str, version)), found, requires, legacy)


def _program(python: str) -> str:
    if not os.path.isdir(python):
        return python
    for inside in ("bin/python", "Scripts/python.exe", "python.exe"):
        program = os.path.join(python, inside)
        if os.path.exists(program):
            return program
    raise NoPythonError(
        f"{python} is a folder without a Python: name the program, or an environment's folder"
    )


def _asked(program: str) -> tuple[Sequence[int], Sequence[str], str]:
    """The version, the path and the program of a Python, which runs one line for it."""
    try:
        done = subprocess.run(
            [program, "-I", "-c", _ASK], capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = getattr(error, "strerror", None) or "it does not answer"
        raise NoPythonError(f"{program} cannot be run: {reason}") from error
    try:
        version, path, own = json.loads(done.stdout)
    except ValueError as error:
        told = (done.stderr or done.stdout).strip().splitlines()
        raise NoPythonError(f"{program} is no Python 3" + (f": {told[-1]}" if told else "")) from error
    return version, path, own
