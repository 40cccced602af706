"""What the packages that a Python has mean for Keras, and which of them do not fit together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from ...installed import Installed
from ...target import KNOWN_RELEASES, NEWEST, Target
from ..tables import Entry, load

TENSORFLOWS = (
    "tensorflow",
    "tensorflow-cpu",
    "tensorflow-gpu",
    "tensorflow-intel",
    "tensorflow-macos",
    "tensorflow-rocm",
    "tf-nightly",
)
"""Distributions that all put the same package ``tensorflow`` in place."""

SHOWN = (
    *TENSORFLOWS,
    "keras",
    "tf-keras",
    "keras-applications",
    "keras-preprocessing",
    "scikeras",
    "h5py",
    "numpy",
)
"""The packages that matter to Keras."""

_PARTS = {"tensorflow-intel", "tensorflow-macos"}
"""What ``tensorflow`` itself installs on Windows and on Macs."""

_APART = (2, 6)
"""The first TensorFlow whose ``tf.keras`` comes from the package ``keras``."""

_LEGACY = (2, 15)
"""The first TensorFlow that heeds ``TF_USE_LEGACY_KERAS``."""

_KERAS_3 = (2, 16)
"""The first TensorFlow whose ``tf.keras`` is Keras 3."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What does not fit, and what to do about it."""

    what: str
    do: str


def tensorflow_of(has: Installed) -> tuple[str, str] | None:
    """The distribution of TensorFlow that a Python has, and its version."""
    return next(((name, has.packages[name]) for name in TENSORFLOWS if name in has.packages), None)


def meaning(has: Installed) -> str:
    """What ``tf.keras`` is, in a sentence."""
    release = _release_of(has)
    if release is None:
        return "There is no TensorFlow, so there is no `tf.keras`."
    if release < (2, 0):
        return f"`tf.keras` is a part of TensorFlow {_text(release)} itself, and Keras 2."
    if release < _KERAS_3:
        home = _version(has, "keras", "missing") if release >= _APART else "a part of TensorFlow itself"
        return f"`tf.keras` is Keras 2, as it is up to TensorFlow 2.15 ({home})."
    if has.legacy:
        return (
            "`tf.keras` is Keras 2, because `TF_USE_LEGACY_KERAS` is set "
            f"({_version(has, 'tf-keras', 'missing')})."
        )
    return f"`tf.keras` is Keras 3, from TensorFlow 2.16 on ({_version(has, 'keras', 'missing')})."


def target(has: Installed) -> Target | None:
    """The ``--target`` for what is there; ``None`` where no known one is."""
    release = _release_of(has)
    if release is None or release < (2, 0):
        return None
    if release < (2, 15):
        return Target("2.15")
    text = _text(release) if _text(release) in KNOWN_RELEASES else NEWEST
    return Target(text, has.legacy and release >= _KERAS_3)


def problems(has: Installed) -> Iterator[Problem]:
    """What does not fit together, the worst first."""
    yield from _tensorflows(has)
    release = _release_of(has)
    if release is None:
        yield Problem(
            "There is no TensorFlow",
            f"`pip install tensorflow=={NEWEST}.*`, or name the Python that runs the code with `--python`",
        )
        yield from _python(has, None)
        return
    yield from _python(has, release)
    if release < (2, 0):
        yield Problem(
            f"TensorFlow {_text(release)} is what old code ran on; migrated code needs 2.15 or later",
            f"Make a new environment: `pip install tensorflow=={NEWEST}.*`",
        )
        return
    yield from _keras(has, release)
    yield from _requirements(has)
    yield from _leftovers(has, release)


def editor(has: Installed) -> str:
    """Why an editor may mark imports of ``tensorflow.keras`` as unresolved, and what to do about it."""
    release = _release_of(has)
    if release is None or release < (2, 0):
        return ""
    if has.legacy and release >= _LEGACY:
        home = "tf_keras.api._v2"
    elif release < _KERAS_3:
        home = "keras.api._v2" if release >= _APART else "tensorflow.python"
    else:
        home = "keras._tf_keras"
    return (
        "There is no folder `tensorflow/keras`: TensorFlow puts `tensorflow.keras` in place when it "
        "is imported, "
        "so an editor, which only reads files, finds nothing there. The program runs all the same. In "
        f"TensorFlow {_text(release)} the files are those of `{home}.keras`. Switch the mark off "
        f"for such lines "
        "(`# pyright: ignore[reportMissingImports]`, `# type: ignore`), or name the files to the "
        f"editor alone: `if TYPE_CHECKING: from {home} import keras`, `else: from tensorflow import keras`."
    )


def _tensorflows(has: Installed) -> Iterator[Problem]:
    there = [name for name in TENSORFLOWS if name in has.packages]
    own = has.packages.get("tensorflow")
    several = [name for name in there if not (name in _PARTS and has.packages[name] == own)]
    if len(several) > 1:
        named = " and ".join(f"{name} {has.packages[name]}" for name in several)
        yield Problem(
            f"{named} put their files in the same place, and overwrite each other",
            f"`pip uninstall {' '.join(several)}`, then install one of them: `tensorflow` is for "
            f"CPUs and GPUs",
        )


def _python(has: Installed, release: tuple[int, int] | None) -> Iterator[Problem]:
    version = _text(_release(has.version))
    pythons = _pythons(_text(release) if release is not None else NEWEST)
    if not pythons or version in pythons:
        return
    named = f"TensorFlow {_text(release) if release is not None else NEWEST}"
    fitting = [each["version"] for each in _releases() if version in each["python"]]
    do = f"take Python {pythons[-1]}"
    if fitting:
        do = f"install TensorFlow {_text(_release(fitting[-1]))}, or {do}"
    yield Problem(
        f"{named} is made for Python {pythons[0]} to {pythons[-1]}, and this is {has.version}",
        do[:1].upper() + do[1:],
    )


def _keras(has: Installed, release: tuple[int, int]) -> Iterator[Problem]:
    """What is wrong with the Keras beside a TensorFlow 2."""
    text = _text(release)
    if _has(has, "keras", "<2.4"):
        yield Problem(
            f"Standalone Keras {has.packages['keras']} beside TensorFlow {text}: `import keras` and "
            f"`tf.keras` are "
            "two libraries, whose layers and models cannot be mixed",
            _install_keras(release),
        )
    elif release < _KERAS_3 and _has(has, "keras", ">=3"):
        yield Problem(
            f"Keras {has.packages['keras']} beside TensorFlow {text}, whose `tf.keras` is Keras 2 and "
            "does not work with it",
            _install_keras(release),
        )
    elif release >= _KERAS_3 and _has(has, "keras", "<3"):
        yield Problem(
            f"Keras {has.packages['keras']} beside TensorFlow {text}, whose `tf.keras` is Keras 3",
            "`pip install 'keras>=3'`",
        )
    elif release >= _KERAS_3 and "keras" not in has.packages:
        yield Problem(
            f"TensorFlow {text} without Keras: `tf.keras` cannot be loaded", "`pip install 'keras>=3'`"
        )
    if has.legacy and release >= _LEGACY and "tf-keras" not in has.packages:
        yield Problem(
            "`TF_USE_LEGACY_KERAS` is set, but the package `tf_keras` is not there: `tf.keras` "
            "cannot be loaded",
            f"`pip install tf_keras=={text}.*`, or unset the variable",
        )
    elif "tf-keras" in has.packages and _release(has.packages["tf-keras"]) != release:
        yield Problem(
            f"tf_keras {has.packages['tf-keras']} is made for another TensorFlow than {text}",
            f"`pip install tf_keras=={text}.*`",
        )


def _install_keras(release: tuple[int, int]) -> str:
    """What to install where the Keras beside a TensorFlow is the wrong one."""
    if release >= _KERAS_3:
        return "`pip install 'keras>=3'`; code that says `import keras` has to be migrated first"
    if release < _APART:
        return "`pip uninstall keras`; code that says `import keras` has to be migrated first"
    return f"`pip install keras=={_text(release)}.*`; code that says `import keras` has to be migrated first"


def _requirements(has: Installed) -> Iterator[Problem]:
    """What of the other packages the TensorFlow itself does not allow."""
    found = tensorflow_of(has)
    assert found is not None
    for name, specifier in sorted(_required(has, *found).items()):
        if (
            name in has.packages
            and name in SHOWN
            and name != "keras"
            and not _in(has.packages[name], specifier)
        ):
            yield Problem(
                f"{name} {has.packages[name]}, where {found[0]} {found[1]} requires `{name}{specifier}`",
                f"`pip install '{name}{specifier}'`",
            )


def _required(has: Installed, name: str, version: str) -> Mapping[str, str]:
    """The versions of other packages that a TensorFlow requires, by its metadata or else by the table."""
    environment = {
        "python_version": _text(_release(has.version)),
        "python_full_version": has.version,
        "extra": "",
    }
    found: dict[str, str] = {}
    for line in has.requires.get(name, ()):
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            continue
        if requirement.marker is None or requirement.marker.evaluate(environment):
            found[requirement.name.lower().replace("_", "-")] = str(requirement.specifier)
    if found:
        return found
    release = _text(_release(version))
    return next((each["requires"] for each in _releases() if each["version"].startswith(f"{release}.")), {})


def _leftovers(has: Installed, release: tuple[int, int]) -> Iterator[Problem]:
    """Installed that belong to another Keras than ``tf.keras``."""
    keras_3 = release >= _KERAS_3 and not has.legacy
    if _has(has, "scikeras", "<0.13") and keras_3:
        yield Problem(f"scikeras {has.packages['scikeras']} is for Keras 2", "`pip install 'scikeras>=0.13'`")
    if _has(has, "scikeras", ">=0.13") and not keras_3:
        yield Problem(
            f"scikeras {has.packages['scikeras']} is for Keras 3", "`pip install 'scikeras>=0.12,<0.13'`"
        )
    for name in ("keras-applications", "keras-preprocessing"):
        if name in has.packages:
            yield Problem(
                f"{name} {has.packages[name]} belongs to standalone Keras; `tf.keras` has its own",
                f"`pip uninstall {name}` once the code is migrated",
            )


def _release_of(has: Installed) -> tuple[int, int] | None:
    """The release of TensorFlow as numbers."""
    found = tensorflow_of(has)
    return None if found is None else _release(found[1])


def _has(has: Installed, name: str, specifier: str) -> bool:
    """Whether a package is there in one of some versions."""
    return name in has.packages and _in(has.packages[name], specifier)


def _version(has: Installed, name: str, otherwise: str) -> str:
    shown = name.replace("-", "_")
    return f"{shown} {has.packages[name]}" if name in has.packages else f"{shown}: {otherwise}"


def _releases() -> Sequence[Entry]:
    entries: Sequence[Entry] = load("dependencies/tensorflow_requirements.toml")["release"]
    return entries


def _pythons(release: str) -> Sequence[str]:
    """The Pythons that a release of TensorFlow is made for, oldest first; none where that is not known."""
    return next((each["python"] for each in _releases() if each["version"].startswith(f"{release}.")), ())


def _release(version: str) -> tuple[int, int]:
    try:
        parsed = Version(version)
    except InvalidVersion:
        return (0, 0)
    return parsed.major, parsed.minor


def _text(release: tuple[int, int]) -> str:
    return f"{release[0]}.{release[1]}"


def _in(version: str, specifier: str) -> bool:
    """Whether a version is among those of a specifier; true for what cannot be read."""
    try:
        return SpecifierSet(specifier).contains(version, prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        return True
