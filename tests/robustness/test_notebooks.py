"""Notebooks of all kinds: identical where nothing changes, and only texts of cells change otherwise.

``KERAS_MIGRATE_CORPUS`` names a folder of repositories whose notebooks are taken too.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from notebook_files import code_cell, document, migrated, text_cell

from keras_migrate import FileResult, Status

CORPUS = os.environ.get("KERAS_MIGRATE_CORPUS", "")
EVERY = int(os.environ.get("KERAS_MIGRATE_CORPUS_EVERY", "1"))
LINES = (
    "x = 1", "", "  ", "if x:", "    y = 'é😀'", "'''", "%matplotlib inline", "%%time", "%%bash", "!ls \\",
    "    !ls", "z = !ls", "%time f(x)", "print x", "x?", "# keras", "\tx", "x = (", ")", "\f", "\r", "\\",
)  # fmt: skip
WORK = (
    "import keras", "from keras.layers.core import Dense", "Dense(output_dim=3)", "keras.__version__",
    "%time Dense(output_dim=3)", "from keras import backend as K", "K.set_learning_phase(0)",
)  # fmt: skip


def texts(lines: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Texts of cells out of some lines."""
    joined = st.lists(st.sampled_from(lines), max_size=5).map("\n".join)
    return st.one_of(joined, joined.map(lambda text: text + "\n"), st.text(max_size=20))


def cells(lines: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Cells of code and of text; the text of some is one string."""
    code = texts(lines).map(code_cell)
    whole = texts(lines).map(lambda text: {**code_cell(""), "source": text})
    return st.one_of(code, whole, texts(lines).map(text_cell))


def files(lines: tuple[str, ...]) -> st.SearchStrategy[bytes]:
    """Notebooks as several programs write them."""

    def write(found: list[dict[str, Any]], indent: int | None, ascii_only: bool, ending: str) -> bytes:
        text = json.dumps(document(*found), indent=indent, ensure_ascii=ascii_only)
        return (
            text.replace("\n", ending).encode("utf-8", "surrogatepass" if ascii_only else "replace") + b"\n"
        )

    indents = st.sampled_from((None, 1, 4))
    return st.builds(
        write, st.lists(cells(lines), max_size=4), indents, st.booleans(), st.sampled_from(("\n", "\r\n"))
    )


def without_sources(data: bytes) -> Any:
    """What a notebook holds besides the text of its cells of code."""
    value = json.loads(data)
    sheets = value.get("worksheets", [value])
    for cell in (cell for sheet in sheets for cell in sheet["cells"]):
        if cell["cell_type"] == "code":
            cell.pop("source", cell.pop("input", None))
    return value


def problems(result: FileResult) -> Iterator[str]:
    """What is wrong with a notebook that was migrated."""
    if without_sources(result.before) != without_sources(result.after):
        yield "more than the code has changed"
    if not any(finding.cell for finding in result.findings):
        yield "nothing is said of the change"
    before, after = result.before.count(b"\n"), result.after.count(b"\n")
    for finding in result.findings:
        if not (1 <= finding.line <= before + 1 and 1 <= (finding.new_line or 1) <= after + 1):
            yield f"{finding} is outside the file"
    again = migrated(result.after)
    if again.changed:
        yield f"the second run changes {[cell for cell in again.cells if cell.before != cell.after]}"


@given(data=files(LINES))
@settings(max_examples=300, deadline=None)
def test_nothing_to_do(data: bytes) -> None:
    assert migrated(data).after == data


@given(data=files((*LINES, *WORK)))
@settings(max_examples=300, deadline=None)
def test_only_code_changes(data: bytes) -> None:
    result = migrated(data)
    assert result.status is not Status.FAILED
    if result.changed:
        assert not list(problems(result))


def corpus() -> list[Path]:
    """The notebooks of the corpus that mention Keras."""
    if not CORPUS:
        return []
    found = [path for path in sorted(Path(CORPUS).glob("*/**/*.ipynb")) if path.is_file()]
    return [path for path in found if b"keras" in path.read_bytes()][::EVERY]


@pytest.mark.parametrize("path", corpus(), ids=str)
@pytest.mark.parametrize("target", ["2.15", "2.21"])
def test_corpus(path: Path, target: str) -> None:
    result = migrated(path.read_bytes(), target)
    if result.status is Status.FAILED:
        with pytest.raises(json.JSONDecodeError):
            json.loads(result.before)
    if result.changed:
        assert not list(problems(result))
        nbformat.validate(nbformat.reads(result.after.decode(), as_version=nbformat.NO_CONVERT))
