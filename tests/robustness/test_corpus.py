"""Real repositories: only lines that a finding names change, the output parses, a second run changes nothing.

Runs where ``KERAS_MIGRATE_CORPUS`` names a folder of repositories (``benchmarks/corpus.py`` lays one out);
``KERAS_MIGRATE_CORPUS_EVERY`` takes only every so many-th file.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

import libcst as cst
import pytest

from keras_migrate import FileResult, migrate_source

CORPUS = os.environ.get("KERAS_MIGRATE_CORPUS", "")
EVERY = int(os.environ.get("KERAS_MIGRATE_CORPUS_EVERY", "1"))


def files() -> list[Path]:
    """The Python files of the corpus that mention Keras."""
    if not CORPUS:
        return []
    found = [path for path in sorted(Path(CORPUS).glob("*/**/*.py")) if path.is_file()]
    return [path for path in found if b"keras" in path.read_bytes()][::EVERY]


def unnamed_changes(result: FileResult) -> Iterator[str]:
    """The changed lines about which no finding says anything."""
    old = result.before.decode(result.encoding).splitlines()
    new = result.after.decode(result.encoding).splitlines()
    lines = {finding.line for finding in result.findings}
    new_lines = {finding.new_line for finding in result.findings}
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        near = range(a, b + 2) if a == b else range(a + 1, b + 1)
        if not lines.intersection(near) and not new_lines.intersection(range(c + 1, d + 1)):
            yield f"line {a + 1}: {old[a:b]} became {new[c:d]}"


def problems(result: FileResult, target: str) -> Iterator[str]:
    """What is wrong with the migration of one file."""
    if not result.changed:
        return
    yield from unnamed_changes(result)
    try:
        cst.parse_module(result.after)
    except cst.ParserSyntaxError as error:
        yield f"the output does not parse: {error}"
        return
    again = migrate_source(result.after, target=target, path=result.path)
    if again.changed:
        yield from (f"the second run changes more: {change}" for change in changes(again))


def changes(result: FileResult) -> Iterator[str]:
    """The lines that a migration changed."""
    old = result.before.decode(result.encoding).splitlines()
    new = result.after.decode(result.encoding).splitlines()
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield f"line {a + 1}: {old[a:b]} became {new[c:d]}"


@pytest.mark.skipif(not CORPUS, reason="KERAS_MIGRATE_CORPUS names no folder")
@pytest.mark.parametrize("target", ["2.15", "2.21"])
@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(CORPUS)))
def test_only_what_a_finding_names_changes(path: Path, target: str) -> None:
    name = path.relative_to(CORPUS).as_posix()
    result = migrate_source(path.read_bytes(), target=target, path=name)
    assert list(problems(result, target)) == []


@pytest.mark.skipif(not CORPUS, reason="KERAS_MIGRATE_CORPUS names no folder")
@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(CORPUS)))
def test_a_file_is_refused_where_python_refuses_it_too(path: Path) -> None:
    result = migrate_source(path.read_bytes(), target="2.15", path=path.relative_to(CORPUS).as_posix())
    refused = [finding for finding in result.findings if finding.level.value == "error"]
    if refused:
        assert result.after == result.before
        with pytest.raises((SyntaxError, ValueError)):
            ast.parse(result.before)
