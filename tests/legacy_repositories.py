"""Small repositories for standalone Keras, made where a test wants them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

OLD = "from keras.layers import Dense\n"
NEW = "from tensorflow.keras.layers import Dense\n"
NEEDS_PERSON = "import keras\n\nkeras.backend.functions([])\n"

_AUTHOR = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in
           {"NAME": "A", "EMAIL": "a@example.org"}.items()}  # fmt: skip


def folder(path: Path, files: Mapping[str, str | bytes] | None = None) -> Path:
    """A folder with files, by default one that needs Keras."""
    for name, content in ({"train.py": OLD} if files is None else files).items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def repository(path: Path, files: Mapping[str, str | bytes] | None = None) -> Path:
    """The same as a git repository with one commit."""
    folder(path, files)
    git(path, "init", "-q", "-b", "main")
    commit(path)
    return path


def commit(path: Path) -> str:
    """Commits everything as it is, byte for byte."""
    git(path, "add", "--all", "--force")
    git(path, "commit", "-q", "--allow-empty", "-m", "Change")
    return git(path, "rev-parse", "HEAD")


def git(path: Path, *arguments: str) -> str:
    """Runs git, which must not fail."""
    command = ["git", "-C", str(path), "-c", "core.autocrlf=false", *arguments]
    done = subprocess.run(
        command, env={**os.environ, **_AUTHOR}, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout.strip()


def contents(path: Path) -> dict[str, bytes]:
    """Every file of a folder but those of git, by its path."""
    files = (file for file in path.rglob("*") if file.is_file() and ".git" not in file.parts)
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in sorted(files)}
