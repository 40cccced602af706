"""The hooks for pre-commit, run by pre-commit itself on a repository of their user."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from fixture_pairs import ROOT

HOOKS = ROOT / ".pre-commit-hooks.yaml"
OLD = "from keras.layers.core import Dense\n"
NEW = "from tensorflow.keras.layers import Dense\n"


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment of somebody who has the tool and pre-commit; an empty repository to work in."""
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "home"))
    for name, value in {"NAME": "A", "EMAIL": "a@example.org"}.items():
        monkeypatch.setenv(f"GIT_AUTHOR_{name}", value)
        monkeypatch.setenv(f"GIT_COMMITTER_{name}", value)
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    run("git", "init", "-q")
    return tmp_path


def run(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


def pre_commit(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pre_commit", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def use(hook: str, folder: Path) -> None:
    """Makes the project use a hook, with the tool that is installed and not one of its own."""
    hooks = folder / "hooks"
    hooks.mkdir()
    text = HOOKS.read_text()
    assert text.count("language: python") == 2
    (hooks / HOOKS.name).write_text(text.replace("language: python", "language: system"))
    run("git", "init", "-q", cwd=hooks)
    run("git", "add", ".", cwd=hooks)
    run("git", "commit", "-qm", "Hooks", cwd=hooks)
    revision = run("git", "rev-parse", "HEAD", cwd=hooks)
    config = {"repos": [{"repo": str(hooks), "rev": revision, "hooks": [{"id": hook}]}]}
    Path(".pre-commit-config.yaml").write_text(yaml.safe_dump(config))


def test_manifest_is_valid() -> None:
    done = pre_commit("validate-manifest", str(HOOKS))
    assert done.returncode == 0, done.stdout


def test_check_refuses_and_changes_nothing(environment: Path) -> None:
    use("keras-migrate-check", environment)
    Path("a.py").write_text(OLD)
    Path("notes.txt").write_text(OLD)
    run("git", "add", ".")
    done = pre_commit("run")
    assert done.returncode == 1
    assert "a.py:1:1 KM102 moved-symbol rewritten:" in done.stdout
    assert "notes.txt" not in done.stdout
    assert Path("a.py").read_text() == OLD
    Path("a.py").write_text(NEW)
    run("git", "add", ".")
    assert pre_commit("run").returncode == 0


def test_migrate_changes_what_is_staged(environment: Path) -> None:
    use("keras-migrate", environment)
    Path("a b.py").write_text(OLD)
    run("git", "add", ".")
    done = pre_commit("run")
    assert done.returncode == 1
    assert "files were modified by this hook" in done.stdout
    assert Path("a b.py").read_text() == NEW
