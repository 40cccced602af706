"""The run for a person at a terminal: the diff, the summary, and what is left to do."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TextIO

import click
from rich import box
from rich.console import Console
from rich.style import Style
from rich.table import Table
from rich.text import Text

from keras_migrate.findings import Finding, Level, Rule, Status
from keras_migrate.reports import palette
from keras_migrate.reports.diff import printable
from keras_migrate.reports.file_view import FileView, name_of
from keras_migrate.reports.layout import NARROW
from keras_migrate.runner import RuleCount, RunResult


class Output(Console):
    """A console whose reader may go away (``| head``) without ending the run."""

    def on_broken_pipe(self) -> None:
        """Writes to nowhere from now on; files are still written and the exit code still counts."""
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, self.file.fileno())
        except (OSError, ValueError):
            self.file = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        finally:
            os.close(nowhere)


def output(stream: TextIO, color: str = "auto") -> Output:
    """A console on a stream, which cannot fail for what the stream's encoding lacks.

    Args:
        stream: where to write.
        color: ``always``, ``never``, or ``auto``: on a terminal, if ``NO_COLOR`` is not set.
    """
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")
    if color == "never":
        return Output(file=stream, color_system=None, highlight=False, markup=False, emoji=False)
    if color == "always":
        return Output(
            file=stream, force_terminal=True, no_color=False, highlight=False, markup=False, emoji=False
        )
    return Output(file=stream, highlight=False, markup=False, emoji=False)


def show_diff(
    console: Console, run: RunResult, rules: Mapping[str, Rule], *, side_by_side: bool = False
) -> None:
    """Shows what changes in each file, and under each line what a person has to do there.

    Args:
        console: where to.
        run: the run.
        rules: every rule by its code.
        side_by_side: whether old and new lines are to stand beside each other where there is room.
    """
    for result in run.results:
        if result.changed or any(f.level in (Level.MANUAL, Level.ERROR) for f in result.findings):
            view = FileView(result, shown_path(run, result.path), rules, side_by_side)
            console.print(view, crop=False, soft_wrap=True)


@contextmanager
def paged(console: Console) -> Iterator[None]:
    """Shows what is printed meanwhile in a pager where it is longer than the terminal."""
    with console.capture() as captured:
        yield
    text = captured.get()
    if text.count("\n") < console.height:
        console.file.write(text)
        console.file.flush()
    else:
        click.echo_via_pager(text, color=console.color_system is not None and not console.no_color)


def show_summary(console: Console, run: RunResult, rules: Mapping[str, Rule], *, written: bool) -> None:
    """Shows the findings by rule, what to look at, what needs a person, and the run in one line.

    Args:
        console: where to.
        run: the run.
        rules: every rule by its code.
        written: whether the changes were written.
    """
    counts = run.by_rule()
    if counts:
        console.print(_table(console, counts, rules))
    show_review(console, run, heading=True)
    show_needs_person(console, run, heading=True)
    for line in assumptions(run):
        _print(console, line)
    _print(console, closing_line(run, written=written))


def show_needs_person(console: Console, run: RunResult, *, heading: bool = False) -> None:
    """Lists what could not be processed and what cannot be done mechanically, each with its place."""
    _list(console, run, Level.ERROR, "Could not be processed:" if heading else "")
    _list(console, run, Level.MANUAL, "Needs a person:" if heading else "")


def show_review(console: Console, run: RunResult, *, heading: bool = False) -> None:
    """Lists what was changed and deserves a look, each with its place."""
    _list(console, run, Level.REVIEW, "Changed, but have a look:" if heading else "")


def show_written(console: Console, run: RunResult) -> None:
    """Says how many files were written, and which could not be."""
    _list(console, run, Level.ERROR, "Could not be processed:")
    _print(console, f"{_files(len(run.changed))} written.")


def show_files(console: Console, run: RunResult) -> None:
    """Lists the files that stay as they are, and says which configuration the run went by."""
    for result in run.of_status(Status.SKIPPED):
        reason = "; ".join(finding.message for finding in result.findings)
        _print(console, f"{shown_path(run, result.path)}: skipped: {reason}", palette.QUIET)
    for result in run.of_status(Status.UNCHANGED):
        _print(console, f"{shown_path(run, result.path)}: unchanged", palette.QUIET)
    for path in run.clean:
        _print(console, f"{shown_path(run, path)}: unchanged", palette.QUIET)
    if run.configuration:
        _print(console, f"{_shown(run.configuration)}: the configuration of this run", palette.QUIET)
    verb = "does" if run.passed_over == 1 else "do"
    _print(console, f"{_files(run.passed_over)} {verb} not mention Keras", palette.QUIET)


def assumptions(run: RunResult) -> Iterator[str]:
    """What the run went by that the user did not say: the old release and the target, and why."""
    if run.sources and run.results:
        yield _written_for(run)
    if run.target.reason:
        yield f"Target TensorFlow {run.target}: {run.target.reason}."


def _written_for(run: RunResult) -> str:
    guessed = any(source.guessed for source in run.sources.values())
    lead = "Taken to be written for Keras" if guessed else "Written for Keras"
    releases = run.source_releases()
    if len(releases) == 1:
        other = "; --source names another" if guessed else ""
        return f"{lead} {run.source.release}: {run.source.reason}{other}."
    counts = ", ".join(f"{release} ({_files(number)})" for release, number in sorted(releases.items()))
    return f"{lead} {counts}; --source names one for all."


def closing_line(run: RunResult, *, written: bool) -> str:
    """The run in one line."""
    changed, skipped = len(run.changed), len(run.of_status(Status.SKIPPED))
    left = len({result.path for result, _ in run.at_level(Level.MANUAL)})
    counts = [
        f"{_files(run.seen)} looked at",
        f"{changed} {'changed' if written else 'would change'}",
        f"{left} left to a person",
        f"{len(run.failed)} failed",
        *([f"{skipped} skipped"] if skipped else []),
    ]
    return f"{', '.join(counts)}; target TensorFlow {run.target}; {run.seconds:.1f} s"


def shown_path(run: RunResult, path: str) -> str:
    """A file's path as a terminal can open it: from the current folder, or absolute where that is shorter."""
    if not run.root:
        return printable(path)
    return _shown(run.project.locate(path))


def _shown(location: str) -> str:
    try:
        relative = os.path.relpath(location)
    except ValueError:
        return printable(location)
    return printable(min(relative, location, key=len))


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def _print(console: Console, text: str, style: Style | None = None) -> None:
    console.print(Text(printable(text), style=style or ""), soft_wrap=True)


def _list(console: Console, run: RunResult, level: Level, heading: str) -> None:
    found = run.at_level(level)
    if found and heading:
        _print(console, heading, palette.LEVEL[level])
    for result, finding in found:
        where = f"{shown_path(run, result.path)}:{place(finding)}"
        line = Text.assemble(
            (where, palette.PATH), " ", (finding.rule, palette.LEVEL[level]), " ", printable(finding.message)
        )
        console.print(line, soft_wrap=True)
    if found and heading:
        console.print()


def place(finding: Finding) -> str:
    """The place of a finding in its file; in a notebook that of its cell, which is what a person sees."""
    cell = finding.cell
    if cell is None:
        return f"{finding.line}:{finding.column}"
    return f"cell {cell.number}:{cell.line}:{cell.column}"


def _table(console: Console, counts: Mapping[str, RuleCount], rules: Mapping[str, Rule]) -> Table:
    levels = [level for level in Level if level is not Level.ERROR or any(c.error for c in counts.values())]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    table.add_column("rule", no_wrap=True)
    named = console.width >= NARROW
    if named:
        table.add_column("name", overflow="fold")
    for level in levels:
        table.add_column(level.value, justify="right", style=palette.LEVEL[level], no_wrap=True)
    for code, count in counts.items():
        numbers = [getattr(count, level.value) for level in levels]
        names = [name_of(code, rules)] if named else []
        table.add_row(code, *names, *(str(number) if number else "" for number in numbers))
    return table
