"""Which release of standalone Keras each file of a run was written for."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from keras_migrate import named_versions
from keras_migrate.documents.kinds import document_kind, is_notebook
from keras_migrate.pins import Pin, pins_in
from keras_migrate.project import MODULE_SUFFIXES, Project, upwards
from keras_migrate.source import Evidence, Source, weigh
from keras_migrate.transforms.reading import evidence

_HEADS_A_PROJECT = re.compile(
    r"\.git|setup\.(?:py|cfg)|pyproject\.toml|pipfile|.*requirements.*\.txt|(?:readme|licen[cs]e)(?:\.\w+)?",
    re.IGNORECASE,
)
"""What lies in the folder that a project begins with."""


class Sources:
    """Decides for each file, from pins, from the file itself, and from the rest of its project.

    The pins of the nearest folder upwards that has some decide for all files below it. Where there are none,
    every file has a say for its project; so all are looked at before those are settled.
    """

    def __init__(self, project: Project) -> None:
        """For the files below a root that was given."""
        self._project = project
        self._own: dict[str, Evidence] = {}
        self._shown_versions: dict[str, tuple[Evidence, ...]] = {}
        self._said: dict[str, Counter[Evidence]] = {}
        self._agreed: dict[str, Evidence | None] = {}
        self._pinned: dict[str, Source | None] = {}
        self._pins: dict[str, tuple[Pin, ...]] = {}
        self._folders: dict[str, tuple[Evidence, ...]] = {}

    def look(self, path: str, data: bytes) -> Source | None:
        """Looks at a file.

        Args:
            path: the file, relative to the root.
            data: its bytes.
        Returns:
            Its release, if pins name it; ``None`` where it is settled once all files were looked at.
        """
        folder = os.path.dirname(self._project.locate(path))
        if folder not in self._pinned:
            self._pinned[folder] = evidence.pinned(self._nearest_pins(folder, "keras"))
        source = self._pinned[folder]
        if source is None and is_notebook(path, data):
            self._look_at_outputs(path, data)
        if source is None and (own := evidence.evidence(_code(path, data))) is not None:
            self._own[path] = own
            if document_kind(path) is None:  # which may be older or newer than the code that it is about
                self._said.setdefault(self._top_of(folder), Counter())[own] += 1
        return source

    def _look_at_outputs(self, path: str, data: bytes) -> None:
        """Notes the version of Keras that a notebook shows."""
        from keras_migrate.documents.program import printed_version

        shown = printed_version(data)
        if shown is not None:
            cell, version = shown
            reason = f"cell {cell} of {path} showed Keras {version}"
            self._shown_versions[path] = tuple(evidence.of_version(version, reason))

    def of_code(self, data: bytes) -> Source:
        """The release that code was written for which is in no file."""
        return evidence.source_of(_code("", data))

    def settle(self, path: str) -> Source:
        """Decides for a file that no pins decide for, once all files were looked at."""
        return weigh(self._evidence(path))

    def _evidence(self, path: str) -> Iterator[Evidence]:
        """What speaks for some releases, the weightiest first."""
        folder = os.path.dirname(self._project.locate(path))
        yield from evidence.bounds(self._nearest_pins(folder, "keras"))
        yield from self._shown_versions.get(path, ())
        if path in self._own:
            yield self._own[path].told_by("it has")
        top = self._top_of(folder)
        if top not in self._agreed:
            self._agreed[top] = evidence.agreed(self._said.get(top, Counter()))
        if (together := self._agreed[top]) is not None:
            yield together.told_by("its project has")
        if folder not in self._folders:
            self._folders[folder] = tuple(self._around(folder, top))
        yield from self._folders[folder]

    def _around(self, folder: str, top: str) -> Iterator[Evidence]:
        """What lies around the code of a folder says."""
        folders = list(upwards(folder, top))
        for each in folders:
            for file, version in named_versions.in_model_files(each, self._project.top):
                yield from evidence.of_version(
                    version, f"{self._shown(each, file)} was saved with Keras {version}"
                )
        for each in folders:
            for file, version in named_versions.in_readme(each, self._project.top):
                yield from evidence.of_version(version, f"{self._shown(each, file)} names Keras {version}")
        yield from evidence.contemporary(self._nearest_pins(folder, "tensorflow"))

    def _nearest_pins(self, folder: str, package: str) -> list[Pin]:
        """The pins of a package in the nearest folder upwards that has some."""
        for each in upwards(folder, self._project.top or self._project.root):
            if each not in self._pins:
                self._pins[each] = tuple(
                    replace(pin, file=self._shown(each, pin.file)) for pin in pins_in(each, self._project.top)
                )
            pins = [pin for pin in self._pins[each] if pin.package == package]
            if pins:
                return pins
        return []

    def _top_of(self, folder: str) -> str:
        """The folder that a file's project begins with.

        Below a root that heads no project, such as a folder of repositories, each folder is a project.
        """
        root = self._project.root
        if folder == root or self._project.top != root or _heads_a_project(root):
            return root
        below = [*upwards(folder, root)][-2::-1]
        return next(filter(_heads_a_project, below), below[0])

    def _shown(self, folder: str, file: str) -> str:
        return self._project.relative(os.path.join(folder, file))


def _code(path: str, data: bytes) -> bytes:
    """The Python code of a file."""
    if path.endswith(MODULE_SUFFIXES):
        return data
    from keras_migrate.documents.program import code_in

    return code_in(path, data)


@cache
def _heads_a_project(folder: str) -> bool:
    try:
        return any(map(_HEADS_A_PROJECT.fullmatch, os.listdir(folder)))
    except OSError:
        return False
