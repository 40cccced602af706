"""What a Python has of Keras and TensorFlow, for a person and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console

from keras_migrate.findings import Level
from keras_migrate.installed import Installed
from keras_migrate.pins import Pin
from keras_migrate.reports import palette
from keras_migrate.reports.prose import heading, labelled, paragraph
from keras_migrate.target import Target
from keras_migrate.transforms.dependencies.installed_packages import SHOWN, Problem


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is known of an environment.

    Attributes:
        installed: what the Python has.
        meaning: what ``tf.keras`` is there.
        target: the ``--target`` for it; ``None`` where there is none.
        problems: what does not fit, and what to do.
        editor: why an editor may mark ``tensorflow.keras``; empty without TensorFlow 2.
        pins: what the project asks for.
        pinned: the ``--target`` that the project itself names; ``None`` where no project was given.
    """

    installed: Installed
    meaning: str
    target: Target | None
    problems: tuple[Problem, ...]
    editor: str
    pins: tuple[Pin, ...] = ()
    pinned: Target | None = None


def show(console: Console, found: Diagnosis) -> None:
    """Shows a diagnosis."""
    heading(console, f"Python {found.installed.version} ({found.installed.python})")
    labelled(console, _packages(found.installed))
    console.print()
    paragraph(console, found.meaning)
    if found.target is not None:
        paragraph(console, f"Migrate for it with `--target {found.target}`.")
    if found.pinned is not None:
        console.print()
        heading(console, "The project asks for")
        labelled(console, [(str(pin), f"in {pin.file}") for pin in found.pins] or [("nothing of Keras", "")])
        paragraph(console, _agreement(found))
    for problem in found.problems:
        console.print()
        heading(console, f"{problem.what}.", palette.LEVEL[Level.MANUAL])
        paragraph(console, f"{problem.do}.")
    if not found.problems:
        paragraph(console, "Nothing is wrong with what is installed.")
    if found.editor:
        console.print()
        heading(console, "Where an editor marks `tensorflow.keras` as unresolved")
        paragraph(console, found.editor)


def document(found: Diagnosis) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "python": {"program": found.installed.python, "version": found.installed.version},
        "packages": dict(_packages(found.installed)),
        "legacy_keras": found.installed.legacy,
        "tf_keras_is": found.meaning,
        "target": None if found.target is None else str(found.target),
        "problems": [asdict(problem) for problem in found.problems],
        "editor": found.editor,
        "project": None if found.pinned is None else _project(found.pinned, found.pins),
    }


def _packages(installed: Installed) -> Sequence[tuple[str, str]]:
    return [(name, installed.packages[name]) for name in SHOWN if name in installed.packages]


def _project(pinned: Target, pins: Sequence[Pin]) -> dict[str, Any]:
    asked = [{"file": pin.file, "package": pin.package, "specifier": pin.specifier} for pin in pins]
    return {"pins": asked, "target": str(pinned), "target_reason": pinned.reason or None}


def _agreement(found: Diagnosis) -> str:
    """Whether the target of the project is that of its Python."""
    assert found.pinned is not None
    why = f"because {found.pinned.reason}" if found.pinned.reason else "the newest, as it names none"
    if found.target is None or found.target == found.pinned:
        return f"Its target is TensorFlow {found.pinned}, {why}."
    return (
        f"Its target is TensorFlow {found.pinned}, {why}; this Python has another: name the one that the "
        "code will run on with `--target`."
    )
