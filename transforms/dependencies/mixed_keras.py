"""Programs in which objects of tf.keras meet those of another Keras."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from ...catalog import moves
from ...facts import Facts
from ...findings import Level, Rule
from ...scopes import ImportedName
from ...transform import File, Transform
from ..names.symbols import successor, was_module
from ..tables import Entry, load

MIXED_KERAS = Rule(
    "KM130",
    "mixed-keras",
    "Report what brings objects of another Keras into a program of `tf.keras`.",
    "Packages that are made for standalone Keras, and what stays on `tensorflow.python.keras`: a model of "
    "one Keras does not take layers, tensors or optimizers of another. The message names both places. Beside "
    "TensorFlow 2.15 and later `import keras` gives the classes of `tf.keras`, so that a package which can "
    "be imported there fits; with `TF_USE_LEGACY_KERAS` it gives Keras 3, and `tf.keras` is another one.",
    before="from keras.models import Sequential\nfrom rl.agents import DQNAgent\n\nmodel = Sequential()\n",
)

TRANSFORM = Transform("mixed Keras", MIXED_KERAS)

_KERAS = re.compile(
    rb"^[ \t]*(?:import[ \t]+(?:tensorflow\.)?keras\b"
    rb"|from[ \t]+(?:tensorflow\.)?keras\b(?!_)|from[ \t]+tensorflow[ \t]+import[ \t]+keras\b)",
    re.MULTILINE,
)
_SWITCHED = re.compile(
    rb"(TF_KERAS|SM_FRAMEWORK)['\"]\]?\s*[=,]\s*['\"](?:1|tf\.keras)['\"]|(set_framework)\(['\"]tf\.keras"
)


@cache
def _packages() -> Mapping[str, Entry]:
    """What is known of packages by the name that code imports."""
    entries: list[Entry] = load("dependencies/dependencies.toml")["package"]
    return {
        module: entry
        for entry in entries
        for module in entry.get("modules", [name.replace("-", "_") for name in entry["names"]])
    }


@TRANSFORM.package(*_packages())
def package(file: File, imported: ImportedName) -> None:
    """Reports the first import of a package that is made for standalone Keras."""
    root = imported.target.partition(".")[0]
    first = next(each for each in file.names.foreign if each.target.partition(".")[0] == root)
    if imported is not first or "tfkeras" in imported.target:
        return
    place = _keras_at(file)
    entry = _packages()[root]
    if place is None or _switched(file, entry) or _own(file, root):
        return
    target = file.target
    effect = (
        f"on TensorFlow {target.release} `import keras` is Keras {'3' if target.keras3 else target.release}, "
        "with which it may not even be imported"
    )
    level = Level.REVIEW if "since" in entry or "alike" in entry else Level.MANUAL
    if target.legacy:
        effect = "it gets Keras 3, whose objects do not go with those of `tf_keras` into one model"
    elif entry.get("runs"):
        effect = (
            f"it can be imported on TensorFlow {target.release}, where `import keras` is the same: try it"
        )
        level = Level.REVIEW
    note = entry["note"][0].upper() + entry["note"][1:]
    message = f"`{root}` is made for standalone Keras, and `{place}` uses tf.keras: {effect}. {note}"
    file.report(MIXED_KERAS, level, imported.alias, message, root)


@TRANSFORM.end
def old_copy(file: File) -> None:
    """Reports the first import of TensorFlow's own old copy of Keras that stays."""
    uses = (origin.imported for use in file.names.references for origin in file.names.origins(use))
    stays = min(
        (each for each in uses if each and _stays(file, each)), key=lambda one: one.order, default=None
    )
    place = None if stays is None else _keras_at(file)
    if stays is None or place is None:
        return
    message = (
        f"`{stays.target}` stays, and is of another Keras than what `{place}` uses: its layers, tensors and "
        "optimizers do not go into models of tf.keras"
    )
    file.report(MIXED_KERAS, Level.REVIEW, stays.alias, message, "tensorflow.python.keras")


def _stays(file: File, imported: ImportedName) -> bool:
    """Whether an import is of TensorFlow's old copy of Keras, and nothing of tf.keras takes its place."""
    old = moves.normalise(imported.target)
    return (
        old is not None
        and imported.target.startswith("tensorflow.python.keras.")
        and not imported.star
        and not was_module(old)
        and successor(old, file.target).path is None
    )


def keras_lines(data: bytes) -> Facts:
    """The first line of a file that imports Keras or tf.keras."""
    match = _KERAS.search(data) if b"keras" in data else None
    return () if match is None else (str(data.count(b"\n", 0, match.start()) + 1),)


def switches(data: bytes) -> Facts:
    """The environment variables that a file sets so that other packages use tf.keras."""
    found = (match[1] or b"SM_FRAMEWORK" for match in _SWITCHED.finditer(data))
    return tuple(dict.fromkeys(each.decode() for each in found))


def paths(data: bytes) -> Facts:
    """Something to say of every file."""
    return ("",)


def _keras_at(file: File) -> str | None:
    """A place of the program that uses tf.keras: in the file itself, else in another of its project."""
    own = keras_lines(file.code.encode())
    if own:
        return file.path if file.heads else f"{file.path}:{own[0]}"
    others = file.elsewhere(keras_lines)
    return next((path if path.endswith(".ipynb") else f"{path}:{line}" for path, (line, *_) in others), None)


def _switched(file: File, entry: Entry) -> bool:
    """Whether the program makes a package use tf.keras."""
    switch = entry.get("switch")
    own = switches(file.code.encode())
    return switch is not None and (
        switch in own or any(switch in facts for _, facts in file.elsewhere(switches))
    )


def _own(file: File, root: str) -> bool:
    """Whether a package is a copy in the project, which is migrated with it."""
    return any(
        root in (*path.split("/")[:-1], path.rpartition("/")[2].removesuffix(".py"))
        for path, _ in file.elsewhere(paths)
    )
