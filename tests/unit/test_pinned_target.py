"""The target that a project's own pins decide."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_migrate.pinned_target import pinned_target
from keras_migrate.project import Project
from keras_migrate.target import NEWEST, Target


def target(folder: Path, text: str) -> Target:
    (folder / "requirements.txt").write_text(text)
    return pinned_target(Project.of([folder]))


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("tensorflow==2.15.1", "2.15"),
        ("tensorflow-cpu==2.18.*", "2.18"),
        ("tensorflow~=2.16.1", "2.16"),
        ("tensorflow>=2.10,<2.17", "2.16"),
        ("tensorflow<2.16", "2.15"),
        ("tensorflow>=1.12,<=2.15", "2.15"),
        ("tensorflow==2.4.0", "2.15"),
        ("tensorflow-gpu>=2.1,<2.3", "2.15"),
    ],
)
def test_is_the_newest_that_they_allow(tmp_path: Path, text: str, release: str) -> None:
    found = target(tmp_path, text)
    assert found == Target(release)
    assert found.reason.startswith("requirements.txt asks for tensorflow")


@pytest.mark.parametrize(
    "text",
    [
        "tensorflow==1.14.0",
        "tensorflow>=1.12,<2",
        "tensorflow>=2.0",
        "tensorflow<3",
        "tensorflow",
        "keras==2.15.0",
    ],
)
def test_is_the_newest_where_they_do_not_say(tmp_path: Path, text: str) -> None:
    found = target(tmp_path, text)
    assert (found.release, found.reason) == (NEWEST, "")


def test_is_looked_for_from_the_root_upwards(tmp_path: Path) -> None:
    (tmp_path / "setup.py").write_text("setup(install_requires=['tensorflow==2.16.1'])")
    (tmp_path / "pkg" / "inner").mkdir(parents=True)
    (tmp_path / "pkg" / "inner" / "requirements.txt").write_text("tensorflow==2.18.0")
    assert pinned_target(Project.of([tmp_path / "pkg"])).release == "2.16"
    assert pinned_target(Project.of([tmp_path / "pkg" / "inner"])).release == "2.18"
