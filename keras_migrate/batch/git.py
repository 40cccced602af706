"""Git, so that it asks nobody, runs nothing of what it fetches, and writes nowhere else."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from contextlib import suppress

from keras_migrate.batch.manifest import PROTOCOLS

_SETTINGS = {
    "commit.gpgSign": "false",
    "core.attributesFile": "",
    "core.autocrlf": "false",
    "core.excludesFile": "",
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.longPaths": "true",
    "core.safecrlf": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "submodule.recurse": "false",
}
"""What holds in the place of the user's configuration, where that would run programs or change bytes."""

_ATTRIBUTES = "* !text !eol !filter !ident !working-tree-encoding !diff !merge\n"
"""Above ``.gitattributes`` in rank: files are what the commit holds, byte for byte, and no filter runs."""

_REDIRECTIONS = frozenset(
    {
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_TEMPLATE_DIR", "GIT_EXTERNAL_DIFF",
    }
)  # fmt: skip
"""What would make git look elsewhere than it is told."""

_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": ":".join(PROTOCOLS),
    "GIT_ASKPASS": "",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GCM_INTERACTIVE": "never",
    "LC_ALL": "C",
    "SSH_ASKPASS_REQUIRE": "never",
}


class GitError(Exception):
    """Git could not do what it was asked for; the message is what it says itself."""


def git(folder: str, *arguments: str, stdin: bytes = b"", more: Mapping[str, str] | None = None) -> bytes:
    """Runs git.

    Args:
        folder: where.
        arguments: the command and what it is given.
        stdin: what it reads.
        more: configuration beside what always holds.
    Returns:
        What it prints.
    Raises:
        GitError: where it is missing or fails.
    """
    configuration = {**_SETTINGS, **(more or {})}.items()
    settings = [word for key, value in configuration for word in ("-c", f"{key}={value}")]
    environment = {name: value for name, value in os.environ.items() if name not in _REDIRECTIONS}
    try:
        done = subprocess.run(
            ["git", "-C", folder, *settings, *arguments],
            env=environment | _ENVIRONMENT,
            input=stdin,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise GitError("git is not installed, or not on the path") from error
    if done.returncode != 0:
        raise GitError(_reason(done.stderr, done.returncode))
    return done.stdout


def said(folder: str, *arguments: str) -> str:
    """What git prints, without blanks around it; empty where it fails."""
    try:
        return git(folder, *arguments).decode(errors="replace").strip()
    except GitError:
        return ""


def take_bytes_as_they_are(repository: str) -> None:
    """Makes a repository's attributes say nothing about what is in its files."""
    folder = os.path.join(repository, ".git", "info")
    os.makedirs(folder, exist_ok=True)
    with open(_attributes(repository), "w", encoding="ascii") as file:
        file.write(_ATTRIBUTES)


def honour_attributes(repository: str) -> None:
    """Takes that back: from now on it is a repository as any other."""
    with suppress(FileNotFoundError):
        os.unlink(_attributes(repository))


def has_attributes(repository: str) -> bool:
    """Whether attributes were set that way, or by a person."""
    return os.path.lexists(_attributes(repository))


def _attributes(repository: str) -> str:
    return os.path.join(repository, ".git", "info", "attributes")


def _reason(errors: bytes, code: int) -> str:
    """The first line that says what is wrong."""
    lines = [line.strip() for line in errors.decode(errors="replace").splitlines() if line.strip()]
    wrong = [line for line in lines if line.startswith(("fatal:", "error:", "ERROR:"))]
    line = (wrong or lines or [f"git ended with {code}"])[0]
    for lead in ("fatal: ", "error: "):
        line = line.removeprefix(lead)
    return line
