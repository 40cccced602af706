"""What came of a batch as one HTML page: totals, what failed, and a line for each repository."""

from __future__ import annotations

import os
from importlib.resources import files
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from keras_migrate import __version__
from keras_migrate.batch.results import BatchResult, Outcome, RepositoryResult
from keras_migrate.findings import Level
from keras_migrate.reports.batch_text import changed_files
from keras_migrate.reports.diff import printable

_LEVELS = (Level.ERROR, Level.MANUAL, Level.REVIEW, Level.REWRITTEN)


def report(batch: BatchResult, path: str) -> str:
    """The page: complete in itself, without a script.

    Args:
        batch: what came of the batch.
        path: where the page will be; its links lead from there.
    Returns:
        HTML, with a line end.
    """
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    start = os.path.dirname(os.path.realpath(path))
    page = environment.from_string(_part("batch.html.j2")).render(
        version=__version__,
        name=printable(os.path.basename(batch.manifest)),
        totals=_totals(batch),
        levels=[level.value for level in _LEVELS],
        failed=batch.of_outcome(Outcome.FAILED),
        remarks=[(result, remark) for result in batch.results for remark in result.remarks],
        rows=[_row(batch, result, start) for result in batch.results],
        style=Markup(_part("page.css") + "\n" + _part("batch.css")),
        printable=printable,
    )
    return page.rstrip("\n") + "\n"


def _part(name: str) -> str:
    return files("keras_migrate.reports").joinpath("page", name).read_text("utf-8").strip("\n")


def _totals(batch: BatchResult) -> list[tuple[int, str]]:
    return [
        (len(batch.results), "repositories"),
        *((len(batch.of_outcome(outcome)), outcome.value) for outcome in Outcome),
        (changed_files(batch), "files changed"),
        (batch.findings()[Level.MANUAL.value], "places need a person"),
    ]


def _row(batch: BatchResult, result: RepositoryResult, start: str) -> dict[str, Any]:
    page = result.reports.get("html")
    return {
        "name": printable(result.name),
        "link": page and _link(os.path.join(batch.folder, page), start),
        "location": printable(result.location + (f"#{result.ref}" if result.ref else "")),
        "commit": result.commit[:12],
        "outcome": result.outcome.value,
        "target": result.target,
        "files": result.files.get("files", 0),
        "changed": result.files.get("changed", 0),
        "levels": [(level.value, result.findings.get(level.value, 0)) for level in _LEVELS],
        "branch": printable(result.branch),
        "result": printable(result.result),
        "result_link": _link(os.path.join(batch.folder, result.result), start),
    }


def _link(path: str, start: str) -> str:
    """The way to a file as a link; an absolute one where it is on another drive of Windows."""
    try:
        return quote(os.path.relpath(path, start).replace(os.sep, "/"))
    except ValueError:
        return "file:///" + quote(path.replace(os.sep, "/"))
