"""The way of one model file: bytes → what it holds → what the target makes of it → a copy."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from keras_migrate.findings import Finding, Level, Rule, Status
from keras_migrate.model_files import descriptions, hdf5
from keras_migrate.model_files.saved_model import Config, Form, SavedModel
from keras_migrate.options import Paths
from keras_migrate.project import Project, discover
from keras_migrate.target import KNOWN_RELEASES, NEWEST, Target
from keras_migrate.transforms.models import rules
from keras_migrate.transforms.models.verdicts import Concern, Judgement, Need, era_of, judge
from keras_migrate.writer import create_atomically

SUFFIXES = (".h5", ".hdf5", ".json", ".yaml", ".yml")
"""The kinds of file that are looked at."""

_LEVELS = {Need.COPY: Level.REWRITTEN, Need.CODE: Level.MANUAL, Need.LOOK: Level.REVIEW}
_DESERVE_A_LOOK = (rules.HARD_SIGMOID, rules.TRAINING)
"""A copy alone does not do here."""
_MOST_TEXT = 50_000_000
"""Bytes; a longer JSON or YAML file is data."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that a target loads.

    Attributes:
        path: where it belongs, relative to the root, with forward slashes.
        data: its content.
        exists: whether a file of that name is there already.
        written: whether this run wrote it.
    """

    path: str
    data: bytes
    exists: bool = False
    written: bool = False


@dataclass(frozen=True, slots=True)
class ModelResult:
    """All that is known of one model file.

    Attributes:
        path: relative to the root that was given, with forward slashes.
        findings: what is to be said of it.
        saved: what it holds; ``None`` where it could not be read.
        written_by: which Keras wrote it, in words.
        loads: how each target loads it: ``as it is``, ``copy`` or ``by code``.
        copy: the copy that the target loads; ``None`` where none is needed or none would do.
    """

    path: str
    findings: tuple[Finding, ...] = ()
    saved: SavedModel | None = None
    written_by: str = ""
    loads: dict[str, str] | None = None
    copy: Copy | None = None

    @property
    def status(self) -> Status:
        """What became of it, or would."""
        if any(finding.level is Level.ERROR for finding in self.findings):
            return Status.FAILED
        if any(finding.level is Level.MANUAL for finding in self.findings):
            return Status.MANUAL
        if self.copy is not None and not self.copy.exists:
            return Status.CHANGED
        return Status.UNCHANGED


def check_paths(
    project: Project,
    paths: Sequence[str],
    target: Target,
    excludes: Sequence[str] = (),
    excluded: Paths = Paths(),  # noqa: B008 - immutable
) -> Iterator[ModelResult]:
    """Looks at all model files of some paths.

    Args:
        project: the project of the paths.
        paths: files, which are taken to be model files, and folders, in which files of other kinds are
            passed over.
        target: the release that is to load them.
        excludes: what to pass over, in gitignore syntax.
        excluded: more to pass over.
    """
    given = {project.relative(os.path.abspath(path)) for path in paths if os.path.isfile(path)}
    for path in discover(project, paths, excludes, _is_model_file, excluded):
        result = check(project, path, target)
        if result is not None:
            yield result
        elif path in given:
            yield ModelResult(path, (_error(rules.NO_MODEL, "holds no model of Keras"),))


def _is_model_file(path: str) -> bool:
    return path.lower().endswith(SUFFIXES)


def check(project: Project, path: str, target: Target) -> ModelResult | None:
    """Looks at one file.

    Returns:
        What is known of it; ``None`` where it holds no model.
    """
    name = path.rpartition("/")[2]
    try:
        data = _content(project.locate(path))
        saved = None if data is None else _read(name, data)
    except OSError as error:
        return ModelResult(path, (_error(rules.UNREADABLE, f"cannot be read: {error.strerror or error}"),))
    except hdf5.MissingLibraryError:
        message = "HDF5 is read with h5py, which is not installed: pip install 'keras-migrate[models]'"
        return ModelResult(path, (_error(rules.MISSING_LIBRARY, message),))
    except hdf5.DamagedFileError as error:
        return ModelResult(path, (_error(rules.UNREADABLE, str(error)),))
    except descriptions.UnreadableTextError as error:
        return ModelResult(path, (_error(rules.UNREADABLE, str(error), error.line),))
    if saved is None or data is None:
        return None
    judgement = judge(saved, target)
    return ModelResult(
        path,
        tuple(_finding(concern) for concern in judgement.concerns),
        saved,
        _written_by(saved),
        _loads(saved, target, judgement),
        _copy(project, path, saved, data, judgement, target),
    )


def write_copy(project: Project, result: ModelResult) -> ModelResult:
    """Writes the copy of a result, if it has one that is not there yet.

    Returns:
        The result as it is now.
    """
    copy = result.copy
    if copy is None or copy.exists:
        return result
    try:
        create_atomically(project.locate(copy.path), copy.data)
    except FileExistsError:
        message = f"{copy.path} is there and is another file: move it away, and run again"
        return replace(result, findings=(*result.findings, _error(rules.COPY_FAILED, message)))
    except OSError as error:
        failure = _error(rules.COPY_FAILED, f"{copy.path} could not be written: {error.strerror or error}")
        return replace(result, findings=(*result.findings, failure))
    return replace(result, copy=replace(copy, exists=True, written=True))


def _content(location: str) -> bytes | None:
    """The bytes of a file that can be a model; ``None`` of others, most of which are not read whole."""
    with open(location, "rb") as file:
        start = file.read(len(hdf5.SIGNATURE))
        if start == hdf5.SIGNATURE:
            return start + file.read()
        if location.lower().endswith((".h5", ".hdf5")) or os.path.getsize(location) > _MOST_TEXT:
            return None
        data = start + file.read()
    return data if descriptions.may_describe(data) else None


def _read(name: str, data: bytes) -> SavedModel | None:
    if data.startswith(hdf5.SIGNATURE):
        return hdf5.read(name, data)
    return (descriptions.read_json if name.lower().endswith(".json") else descriptions.read_yaml)(name, data)


def _finding(concern: Concern) -> Finding:
    level = _LEVELS[concern.need]
    if level is Level.REWRITTEN and concern.rule in _DESERVE_A_LOOK:
        level = Level.REVIEW
    return Finding(concern.rule.code, level, concern.message, None, 1, 1)


def _error(rule: Rule, message: str, line: int = 1) -> Finding:
    return Finding(rule.code, Level.ERROR, message, None, line, 1)


def _written_by(saved: SavedModel) -> str:
    era = era_of(saved).value
    if saved.keras_version is None:
        return f"{era}, by what is in it"
    backend = f" on {saved.backend}" if saved.backend else ""
    return f"{era.partition(' of ')[0].partition(' ')[0]} {saved.keras_version}{backend}"


def _loads(saved: SavedModel, target: Target, judgement: Judgement) -> dict[str, str]:
    """How each release loads it; all with Keras 2 are alike, and all with Keras 3."""
    newest = target if target.keras3 else Target(NEWEST)
    old = judge(saved, Target("2.15")).loads
    new = judgement.loads if target.keras3 else judge(saved, newest).loads
    found = {release: old if release == "2.15" else new for release in KNOWN_RELEASES}
    return {**found, **{f"{release}+legacy": old for release in KNOWN_RELEASES if release != "2.15"}}


def _copy(
    project: Project, path: str, saved: SavedModel, data: bytes, judgement: Judgement, target: Target
) -> Copy | None:
    if judgement.loads != "copy":
        return None
    folder, slash, name = path.rpartition("/")
    stem = os.path.splitext(name)[0]
    if saved.config is None:
        stem = stem.removesuffix(".weights")
    suffix = ".h5" if saved.form is Form.HDF5 else ".json"
    copy = f"{folder}{slash}{stem}.tf-{target}{suffix}"
    corrected = _corrected(saved, data, judgement.config)
    return Copy(copy, corrected, _is_there(project.locate(copy), corrected))


def _is_there(location: str, copy: bytes) -> bool:
    """Whether a copy was written by an earlier run: the same, or at least with the same architecture."""
    try:
        with open(location, "rb") as file:
            found = file.read()
        if found == copy:
            return True
        there, here = _read(location, found), _read(location, copy)
    except (OSError, hdf5.DamagedFileError, descriptions.UnreadableTextError):
        return False
    return there is not None and here is not None and here.config is not None and there.config == here.config


def _corrected(saved: SavedModel, data: bytes, config: Config | None) -> bytes:
    if config is None:
        return data
    return hdf5.with_config(data, config) if saved.form is Form.HDF5 else descriptions.text_of(config, saved)
