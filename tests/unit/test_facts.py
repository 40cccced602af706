"""Facts that other files of a project state: the nearest folder first."""

from __future__ import annotations

from pathlib import Path

from keras_migrate.facts import Facts, nearby, nowhere
from keras_migrate.project import Project


def words(data: bytes) -> Facts:
    """The words of a file."""
    return tuple(data.decode().split())


def test_nearest_first(tmp_path: Path) -> None:
    """Each folder upwards has its own files and those below it, to the top."""
    for path, text in {
        "a/b/own.py": "one",
        "a/c/other.py": "two",
        "top.py": "three one",
        "a/text.txt": "no",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "hook.py").write_text("hidden")
    project = Project.of([tmp_path])
    assert list(nearby(project, "a/b/own.py")(words)) == [("one",), ("one", "two"), ("one", "two", "three")]


def test_nowhere() -> None:
    """Code that is in no project has nothing around it."""
    assert list(nowhere(words)) == []
    assert list(nearby(Project(), "a.py")(words)) == []
