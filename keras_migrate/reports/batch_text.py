"""What came of a batch for a person at a terminal."""

from __future__ import annotations

import os

from rich import box
from rich.console import Console
from rich.style import Style
from rich.table import Table
from rich.text import Text

from keras_migrate.batch.results import BatchResult, Outcome, RepositoryResult
from keras_migrate.findings import Level
from keras_migrate.reports import palette
from keras_migrate.reports.diff import printable

_STYLES = {
    Outcome.MIGRATED: palette.LEVEL[Level.REWRITTEN],
    Outcome.UNCHANGED: palette.QUIET,
    Outcome.FAILED: palette.LEVEL[Level.ERROR],
}

_ANY_WIDTH = 10_000
"""Columns that no table needs."""


def show(console: Console, batch: BatchResult) -> None:
    """Prints a line for each repository, why some failed, and where the results are."""
    table = _table(batch, wide=True)
    fits = console.measure(table, options=console.options.update_width(_ANY_WIDTH)).maximum <= console.width
    console.print(table if fits else _table(batch, wide=False))
    show_troubles(console, batch)
    for line in whereabouts(batch):
        _print(console, line)
    _print(console, closing_line(batch))


def show_troubles(console: Console, batch: BatchResult) -> None:
    """Prints why repositories failed, and what else is to be known of single ones."""
    failed = batch.of_outcome(Outcome.FAILED)
    if failed:
        _print(console, "Failed:", palette.LEVEL[Level.ERROR])
    for result in failed:
        _print(console, f"  {result.name}: {result.reason}")
    remarked = [(result, remark) for result in batch.results for remark in result.remarks]
    if remarked:
        _print(console, "To be known:", palette.LEVEL[Level.REVIEW])
    for result, remark in remarked:
        _print(console, f"  {result.name}: {remark}")
    if failed or remarked:
        console.print()


def whereabouts(batch: BatchResult) -> list[str]:
    """Where the results and the reports are, and how to go on where something failed."""
    folder = os.path.relpath(batch.folder) if _is_below(batch.folder) else batch.folder
    branches = sorted({result.branch for result in batch.results if result.branch})
    lines = []
    if branches:
        place = os.path.join(folder, "repositories", "NAME")
        lines.append(f"Results: {_branches(branches)} of {place}")
    if any(result.result and not result.branch for result in batch.results):
        lines.append(f"Results: {os.path.join(folder, 'patches', 'NAME.patch')}, for 'git apply'")
    if any(result.reports for result in batch.results):
        lines.append(f"Reports: {os.path.join(folder, 'reports', 'NAME.html')}")
    if batch.of_outcome(Outcome.FAILED):
        lines.append("The same command again tries those that failed; what is finished stays.")
    return lines


def _branches(branches: list[str]) -> str:
    return f"branch {branches[0]}" if len(branches) == 1 else f"branches {', '.join(branches)}"


def _is_below(folder: str) -> bool:
    return folder.startswith(os.path.join(os.path.realpath("."), ""))


def closing_line(batch: BatchResult) -> str:
    """The batch in one line."""
    counts = {outcome: len(batch.of_outcome(outcome)) for outcome in Outcome}
    left = batch.findings()[Level.MANUAL.value]
    earlier = f" ({len(batch.earlier)} done by an earlier run)" if batch.earlier else ""
    parts = [
        _number(len(batch.results), "repository", "repositories") + earlier,
        f"{counts[Outcome.MIGRATED]} migrated",
        f"{counts[Outcome.UNCHANGED]} with nothing to change",
        f"{counts[Outcome.FAILED]} failed",
    ]
    files = f"{_number(changed_files(batch), 'file', 'files')} changed"
    people = f"{_number(left, 'place needs', 'places need')} a person"
    return f"{', '.join(parts)}; {files}, {people}; {batch.seconds:.1f} s"


def changed_files(batch: BatchResult) -> int:
    """How many files of all repositories were changed."""
    return batch.files()["changed"]


def result_line(result: RepositoryResult) -> str:
    """What came of one repository, while the others are under way."""
    if result.outcome is Outcome.FAILED:
        return printable(f"{result.name}: failed: {result.reason}")
    if result.outcome is Outcome.UNCHANGED and not result.findings.get("manual"):
        return printable(f"{result.name}: nothing to change")
    changed = _number(result.files.get("changed", 0), "file", "files")
    left = _number(result.findings.get("manual", 0), "place needs", "places need")
    return printable(f"{result.name}: {changed} changed, {left} a person")


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _table(batch: BatchResult, *, wide: bool) -> Table:
    levels = [level for level in Level if level is not Level.ERROR or batch.findings()[level.value]]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    table.add_column("repository", overflow="fold")
    table.add_column("", no_wrap=True)
    if wide:
        table.add_column("target", no_wrap=True)
        table.add_column("files", justify="right", no_wrap=True)
    table.add_column("changed", justify="right", no_wrap=True)
    for level in levels if wide else (Level.MANUAL,):
        table.add_column(level.value, justify="right", style=palette.LEVEL[level], no_wrap=True)
    for result in batch.results:
        shown = levels if wide else [Level.MANUAL]
        cells = [_cell(result.findings.get(level.value, 0)) for level in shown]
        seen = result.files.get("files", 0)
        table.add_row(
            Text(printable(result.name)),
            Text(result.outcome.value, _STYLES[result.outcome]),
            *([result.target, _cell(seen)] if wide else []),
            _cell(result.files.get("changed", 0)),
            *cells,
        )
    return table


def _cell(number: int) -> str:
    return str(number) if number else ""


def _print(console: Console, text: str, style: Style | None = None) -> None:
    console.print(Text(printable(text), style=style or ""), soft_wrap=True)
