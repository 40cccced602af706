"""Why a migrated test or example fails: a finding of the tool, or a named difference in Keras itself."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

import tomllib
from execution import Record
from sources import HERE

ASKS_FOR_A_PERSON = ("manual", "review")


@dataclass(frozen=True)
class Explanation:
    """Why one test or example fails.

    Attributes:
        kind: ``manual``, ``review`` or ``difference``.
        text: the rule and its place, or the difference.
    """

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """A difference in Keras itself, looked at by a person.

    Attributes:
        tests: patterns of ids.
        targets: where it is.
        error: regular expression that the error has to match.
        why: the difference.
    """

    tests: tuple[str, ...]
    targets: tuple[str, ...]
    error: str
    why: str

    def explains(self, identifier: str, target: str, record: Record) -> bool:
        """Whether it is the reason of a failure."""
        escaped = [pattern.replace("[", "[[]") for pattern in self.tests]
        said = f"{record.get('error', '')}\n{record.get('message', '')}"
        return (
            target in self.targets
            and any(fnmatchcase(identifier, pattern) for pattern in escaped)
            and re.search(self.error, said) is not None
        )


def differences() -> list[Difference]:
    """The committed table."""
    table = tomllib.loads((HERE / "differences.toml").read_text())
    return [
        Difference(tuple(one["tests"]), tuple(one["targets"]), one["error"], one["why"])
        for one in table.get("difference", [])
    ]


class Findings:
    """What the tool said of a migrated folder, by place in the migrated files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        files = json.loads((folder / "findings.json").read_text())["files"]
        self.files = {one["path"]: Source(folder / one["path"], one["findings"]) for one in files}

    def explain(self, identifier: str, record: Record) -> Explanation | None:
        """The finding that explains a failure.

        It stands on a line of the traceback, the innermost first, or in one of the functions that the
        traceback passes through, or in the function of the test.
        """
        places = [(path, line) for path, line in reversed(record.get("places", [])) if path in self.files]
        found = [finding for path, line in places for finding in self.files[path].on_statement(line)]
        path, _, name = identifier.partition("::")
        found += [finding for path, line in places for finding in self.files[path].in_function(line)]
        if path in self.files and name:
            found += self.files[path].in_test(name)
        for level in ASKS_FOR_A_PERSON:
            for one in found:
                if one["level"] == level:
                    where = one["new_line"] or one["line"]
                    return Explanation(level, f"{one['rule']} line {where}: {one['message']}")
        return None


class Source:
    """One migrated file and what was found in it."""

    def __init__(self, path: Path, findings: list[dict[str, Any]]) -> None:
        self.path = path
        self.findings = [one for one in findings if one["level"] in ASKS_FOR_A_PERSON]

    @cached_property
    def tree(self) -> ast.Module:
        """The migrated program."""
        return ast.parse(self.path.read_bytes())

    def within(self, first: int, last: int) -> list[dict[str, Any]]:
        """The findings between two lines, both included."""
        return [one for one in self.findings if first <= (one["new_line"] or 0) <= last]

    def on_statement(self, line: int) -> list[dict[str, Any]]:
        """The findings in the innermost statement that a line belongs to."""
        inner = (line, line)
        for node in ast.walk(self.tree):
            if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno):
                body = getattr(node, "body", None)
                last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
                if line <= last:
                    inner = (node.lineno, last)
        return self.within(*inner)

    def in_function(self, line: int) -> list[dict[str, Any]]:
        """The findings in the functions that a line belongs to."""
        return [
            one
            for node in ast.walk(self.tree)
            if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or node.lineno)
            for one in self.within(node.lineno, node.end_lineno or node.lineno)
        ]

    def in_test(self, name: str) -> list[dict[str, Any]]:
        """The findings in the function of a test, ``test_one`` or ``TestMany::test_one[1-2]``."""
        last = name.partition("[")[0].rpartition("::")[2]
        return [
            one
            for node in ast.walk(self.tree)
            if isinstance(node, ast.FunctionDef) and node.name == last
            for one in self.within(node.lineno, node.end_lineno or node.lineno)
        ]
