"""Notebooks for tests, as Jupyter writes them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from keras_migrate import FileResult, Python2, migrate_source

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def code_cell(source: str, *, outputs: Sequence[Any] = ()) -> dict[str, Any]:
    """A cell of code whose text is a list of lines."""
    return {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": {},
        "outputs": list(outputs),
        "source": source.splitlines(keepends=True),
    }


def text_cell(source: str) -> dict[str, Any]:
    """A cell of Markdown."""
    return {"cell_type": "markdown", "metadata": {}, "source": source.splitlines(keepends=True)}


def document(*cells: str | dict[str, Any], metadata: dict[str, Any] | None = None) -> dict[str, Any]:
    """A notebook; texts are cells of code."""
    return {
        "cells": [code_cell(cell) if isinstance(cell, str) else cell for cell in cells],
        "metadata": {"kernelspec": KERNEL} if metadata is None else metadata,
        "nbformat": 4,
        "nbformat_minor": 2,
    }


def written(value: dict[str, Any], indent: int | None = 1) -> bytes:
    """A notebook as Jupyter writes it."""
    return (json.dumps(value, indent=indent, ensure_ascii=False) + "\n").encode()


def notebook(*cells: str | dict[str, Any]) -> bytes:
    """A notebook file; texts are cells of code."""
    return written(document(*cells))


def migrated(data: bytes, target: str = "2.21", python2: Python2 = Python2.REPORT) -> FileResult:
    """What becomes of a notebook file written for Keras 2.2."""
    return migrate_source(data, target=target, source="2.2", path="a.ipynb", python2=python2)


def sources(data: bytes) -> list[str]:
    """The texts of all cells."""
    return ["".join(cell["source"]) for cell in json.loads(data)["cells"]]
