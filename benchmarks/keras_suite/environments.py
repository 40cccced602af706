"""The virtual environments that the suite runs in."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_BESIDE = ("pandas", "scikit-learn", "matplotlib", "pillow", "requests", "pydot", "pytest", "mock", "six")
"""What the examples and tests import besides Keras."""


@dataclass(frozen=True)
class Stack:
    """One set of packages.

    Attributes:
        pythons: the interpreters that it has wheels for, the best first.
        packages: what is installed.
    """

    pythons: tuple[str, ...]
    packages: tuple[str, ...]


OLD_STACKS = {
    "2.2.4": Stack(
        ("python3.6",),
        (
            *(
                "tensorflow==1.14.0",
                "keras==2.2.4",
                "keras-preprocessing==1.0.5",
                "keras-applications==1.0.6",
            ),
            *("numpy==1.16.2", "protobuf<3.20", "h5py<3", "scipy<1.3", "pyyaml<5.1"),
        ),
    ),
    "1.2.2": Stack(
        ("python3.6",),
        (
            *("tensorflow==1.4.0", "keras==1.2.2"),
            *("numpy==1.16.2", "protobuf<3.20", "h5py<3", "scipy<1.3", "pyyaml<5.1"),
        ),
    ),
}
"""The stacks that the tags of Keras were written for."""

STACKS = {
    "2.15": Stack(
        ("python3.11", "python3.10"),
        ("tensorflow-cpu==2.15.1", "numpy<2", "pandas<3", "scipy", "scikeras==0.12.0"),
    ),
    "2.21": Stack(
        ("python3.11", "python3.12", "python3.13"),
        ("tensorflow-cpu==2.21.0", "tensorboard", "scipy", "scikeras"),
    ),
}
"""The stacks by the name of the target."""


def make(folder: Path, tag: str) -> None:
    """Makes those environments that are not there yet.

    Args:
        folder: where they go, each under the name of its target, that of the old stack under ``old``.
        tag: the tag of Keras that the old stack is for.
    Raises:
        SystemExit: where a Python is missing.
    """
    for name, stack in {"old": OLD_STACKS[tag], **STACKS}.items():
        if (folder / name / "bin" / "python").exists():
            continue
        python = next(filter(None, map(shutil.which, stack.pythons)), None)
        if python is None:
            raise SystemExit(f"the stack {name!r} needs one of {', '.join(stack.pythons)}")
        subprocess.run([python, "-m", "venv", str(folder / name)], check=True)
        pip = [str(folder / name / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        if name == "old":
            subprocess.run([*pip, "pip==21.3.1"], check=True)
        subprocess.run([*pip, *stack.packages, *_BESIDE], check=True)
