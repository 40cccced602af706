"""The run as one HTML page to pass round: what needs a person first, charts, and every file's diff."""

from __future__ import annotations

import hashlib
import os
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup, escape

from keras_migrate import __version__
from keras_migrate.findings import FileResult, Finding, Level, Rule, Status
from keras_migrate.registry import all_rules
from keras_migrate.reports.diff import Kind, Pair, Row, diff, parts, printable, sides
from keras_migrate.reports.terminal import assumptions
from keras_migrate.runner import RunResult

_LEVELS = (Level.ERROR, Level.MANUAL, Level.REVIEW, Level.REWRITTEN)
"""What asks most of a person comes first."""


def report(run: RunResult) -> str:
    """The page: complete in itself, it asks no network for anything and runs no script but its own.

    Args:
        run: the run, with what went wrong in writing added if it was written.
    Returns:
        HTML, with a line end.
    """
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["prose"] = _prose
    script = Markup(_part("page.js"))
    page = environment.from_string(_part("page.html.j2")).render(
        version=__version__,
        name=_name(run),
        target=str(run.target),
        assumptions=list(assumptions(run)),
        totals=_totals(run),
        levels=[(level.value, len(run.at_level(level))) for level in _LEVELS],
        people=list(_for_people(run)),
        data=_data(run),
        style=Markup(_part("page.css")),
        script=script,
        script_hash=b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
    return page.rstrip("\n") + "\n"


def _part(name: str) -> str:
    return files("keras_migrate.reports").joinpath("page", name).read_text("utf-8").strip("\n")


def _prose(text: str) -> Markup:
    """A message, with what stands between backticks as code; nothing in it is taken for markup."""
    pieces = enumerate(text.split("`"))
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if index % 2 else escape(piece) for index, piece in pieces
    )


def _name(run: RunResult) -> str:
    """What was migrated, in a word or two."""
    return printable(os.path.basename(os.path.abspath(run.root)) if run.root else "standard input")


def _totals(run: RunResult) -> list[tuple[int, str]]:
    left = len({result.path for result, _ in run.at_level(Level.MANUAL)})
    return [
        (run.seen, "files looked at"),
        (len(run.changed), "files changed"),
        (left, "files need a person"),
        (len(run.failed), "files could not be processed"),
    ]


def _for_people(run: RunResult) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """The headings of what a person has to do or to look at, each with its level and places."""
    numbers = {result.path: number for number, result in enumerate(_shown(run))}
    headings = {
        Level.ERROR: "Could not be processed",
        Level.MANUAL: "Needs a person",
        Level.REVIEW: "Changed, but have a look",
    }
    for level, heading in headings.items():
        found = [
            {
                "file": numbers[result.path],
                "place": f"{printable(result.path)}:{_place(finding)}",
                "rule": finding.rule,
                "message": printable(finding.message),
            }
            for result, finding in run.at_level(level)
        ]
        if found:
            yield heading, level.value, found


def _place(finding: Finding) -> str:
    cell = finding.cell
    return f"{finding.line}" if cell is None else f"cell {cell.number}, line {cell.line}"


def _shown(run: RunResult) -> list[FileResult]:
    """The files that something is to be said about."""
    return sorted(
        (result for result in run.results if result.findings or result.changed),
        key=lambda result: result.path,
    )


def _data(run: RunResult) -> dict[str, Any]:
    """What the page's script shows: the files and the rules."""
    shown = _shown(run)
    codes = sorted({finding.rule for result in shown for finding in result.findings})
    return {"files": [_file(result) for result in shown], "rules": _rules(codes, all_rules())}


def _rules(codes: Sequence[str], rules: Mapping[str, Rule]) -> dict[str, Any]:
    return {
        code: {
            "name": rules[code].name,
            "summary": rules[code].summary,
            "explanation": rules[code].explanation,
            "before": rules[code].before,
            "after": rules[code].after,
        }
        for code in codes
        if code in rules
    }


def _file(result: FileResult) -> dict[str, Any]:
    counts = Counter(finding.level for finding in result.findings)
    return {
        "path": printable(result.path),
        "status": (Status.CHANGED if result.changed else result.status).value,
        "levels": [counts[level] for level in _LEVELS],
        "rules": sorted({finding.rule for finding in result.findings}),
        "parts": [_shown_part(title, part) for title, part in parts(result)],
    }


def _shown_part(title: str, result: FileResult) -> dict[str, Any]:
    """A file, or a cell of a notebook: findings without a line, and the hunks of its diff."""
    shown = diff(result)
    return {
        "title": title,
        "loose": [_finding(finding) for finding in shown.loose],
        "hunks": [[_pair(pair) for pair in sides(hunk)] for hunk in shown.hunks],
    }


def _pair(pair: Pair) -> dict[str, Any]:
    """An old line and the new one beside it; a line that stays is there once, as ``same``."""
    old, new = pair
    found = [_finding(each) for row in dict.fromkeys(pair) if row is not None for each in row.findings]
    if old is not None and old is new and old.kind is Kind.SAME:
        return {"numbers": [old.old, old.new], "same": old.text, "findings": found}
    return {
        "numbers": [old and old.old, new and new.new],
        "old": _line(old),
        "new": _line(new),
        "findings": found,
    }


def _line(row: Row | None) -> list[Any] | None:
    """The text of a line, and the stretches of it that changed."""
    return None if row is None else [row.text, row.changed]


def _finding(finding: Finding) -> list[str]:
    return [finding.rule, finding.level.value, printable(finding.message), finding.symbol or ""]
