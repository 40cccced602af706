"""``keras-migrate migrate``."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import click

from keras_migrate.cli.exit_codes import FAILED, INTERRUPTED, exit_code
from keras_migrate.cli.options import has_color, selects_code
from keras_migrate.cli.pages import EXIT_CODES, Command
from keras_migrate.cli.report_file import named_for_format, write_report
from keras_migrate.cli.selection import Selection
from keras_migrate.reports.formats import format_of_file

if TYPE_CHECKING:
    from keras_migrate.findings import Rule
    from keras_migrate.reports.terminal import Output
    from keras_migrate.runner import RunResult


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for beyond the migration itself.

    Attributes:
        dry_run: ``--dry-run``.
        interactive: ``--interactive``.
        remember: ``--remember``.
        write: ``--write``.
        allow_dirty: ``--allow-dirty``.
        diff: ``--diff``, ``--no-diff``, or neither.
        side_by_side: ``--side-by-side``.
        pager: whether a long diff is shown in a pager.
        report: the file of ``--report``.
        quiet: ``--quiet``.
        verbose: ``--verbose``.
        color: ``--color``.
    """

    dry_run: bool
    interactive: bool
    remember: bool
    write: bool
    allow_dirty: bool
    diff: bool | None
    side_by_side: bool
    pager: bool
    report: str | None
    quiet: bool
    verbose: bool
    color: str

    @property
    def asks(self) -> bool:
        """Whether to ask, once the changes were shown, if they are to be written."""
        return not (self.dry_run or self.write or self.quiet) and sys.stdin.isatty() and sys.stdout.isatty()

    @property
    def pages(self) -> bool:
        """Whether what is long is shown in a pager; only a person at a terminal can leave one."""
        return self.pager and sys.stdin.isatty() and sys.stdout.isatty()

    @property
    def shows_diff(self) -> bool:
        """Whether to show the diff; it is not in the way of those who just want it written."""
        return self.diff if self.diff is not None else not (self.quiet or self.write)


@click.command(
    cls=Command,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EXIT_CODES,
)
@selects_code
@click.option("--dry-run", is_flag=True, help="Show what would change, write nothing, ask nothing.")
@click.option(
    "-i",
    "--interactive",
    is_flag=True,
    help="Ask about each change: take it, leave it out or edit it.",
)
@click.option(
    "--remember", is_flag=True, help="With --interactive: write comments that ignore what you left out."
)
@click.option("--write", is_flag=True, help="Write the changes without asking.")
@click.option(
    "--allow-dirty", is_flag=True, help="Write also to files with changes that are not committed to git."
)
@click.option(
    "--diff/--no-diff", default=None, help="Show the changes line by line.  [default: unless --write]"
)
@click.option(
    "--side-by-side", is_flag=True, help="Old and new lines beside each other, where there are 100 columns."
)
@click.option(
    "--no-pager", "pager", is_flag=True, default=True, flag_value=False, help="No pager for a long diff."
)
@click.option(
    "--report",
    callback=named_for_format,
    type=click.Path(),
    metavar="FILE",
    help="Also write everything that was found to FILE (.json, .sarif, .html, .md).",
)
@click.option("-q", "--quiet", is_flag=True, help="Print only what needs a person.")
@click.option("-v", "--verbose", is_flag=True, help="Also list the files that stay as they are.")
@has_color
@click.pass_context
def migrate(context: click.Context, /, selection: Selection, **request: Any) -> NoReturn:
    """Show, and on request make, the changes that code for standalone Keras needs to run on tf.keras.

    PATHS are files and folders, by default the current folder. In folders, what .gitignore leaves out is
    passed over, and so are virtual environments, installed packages and build results. With '-' the code is
    read from standard input and its migration written to standard output.

    On a terminal the changes are shown, and you are asked whether to write them. Elsewhere nothing is written
    without --write. 'keras-migrate undo' takes back what was written.

    \b
    Examples:
      keras-migrate migrate                            look, then decide
      keras-migrate migrate -i                         decide change by change
      keras-migrate migrate --dry-run src tests        only look
      keras-migrate migrate --target 2.15 --write .    migrate to TensorFlow 2.15
      keras-migrate migrate --source 1.2 examples      the code is for Keras 1.2
      keras-migrate migrate --python2 convert .        bring Python 2 code along
      keras-migrate migrate --select KM1 train.py      imports and names only
      keras-migrate migrate - < old.py > new.py        one file, as a filter
    """
    wanted = Request(**request)
    if wanted.dry_run and wanted.write:
        raise click.UsageError("--dry-run and --write contradict each other: name one")
    if wanted.quiet and wanted.verbose:
        raise click.UsageError("--quiet and --verbose contradict each other: name one")
    if wanted.interactive:
        _refuse_interactive(selection, wanted)
    elif wanted.remember:
        raise click.UsageError("--remember is about what you leave out with --interactive: add that")
    way = _filter if selection.is_stdin else _walk if wanted.interactive else _run
    try:
        code = way(selection, wanted)
    except KeyboardInterrupt:
        click.echo("\nStopped. Nothing was written.", err=True)
        code = INTERRUPTED
    context.exit(code)


def _run(selection: Selection, wanted: Request) -> int:
    """Works everything out, shows it, and writes it if that was asked for or agreed to."""
    from keras_migrate.reports import terminal

    run = selection.worked_out(wanted.color, quiet=wanted.quiet)
    out = terminal.output(sys.stdout, wanted.color)
    rules = _rules_of(run)
    if wanted.shows_diff:
        with terminal.paged(out) if wanted.pages else nullcontext():
            terminal.show_diff(out, run, rules, side_by_side=wanted.side_by_side)
    try:
        if wanted.write:
            _refuse_dirty(run, wanted)
            run = _write(run)
        _show_outcome(out, run, wanted, rules)
        if run.changed and wanted.asks and _agreed(run, wanted):
            run = _write(run)
            terminal.show_written(out, run)
        _report_on(run, wanted)
    except KeyboardInterrupt:
        if not run.written:
            raise
        click.echo("\nStopped. The changes were written; 'keras-migrate undo' takes them back.", err=True)
        return INTERRUPTED
    return exit_code(run, written=run.written)


def _refuse_interactive(selection: Selection, wanted: Request) -> None:
    """Ends the command where ``--interactive`` makes no sense."""
    from keras_migrate.cli import interactive

    for option, given in (
        ("--dry-run", wanted.dry_run),
        ("--quiet", wanted.quiet),
        ("-", selection.is_stdin),
    ):
        if given:
            raise click.UsageError(f"--interactive and {option} contradict each other: name one")
    if not interactive.is_possible():
        raise click.UsageError(
            "--interactive asks at a terminal, and there is none here. Use --dry-run to look, or --write"
        )


def _walk(selection: Selection, wanted: Request) -> int:
    """Works everything out, asks about each change, and writes what was decided if that is agreed to."""
    from keras_migrate.cli.interactive import Session
    from keras_migrate.reports import terminal

    worked_out = selection.worked_out(wanted.color, quiet=False)
    if wanted.write:
        _refuse_dirty(worked_out, wanted)
    out = terminal.output(sys.stdout, wanted.color)
    rules = _rules_of(worked_out)
    session = Session(worked_out, selection.options, rules, out, wanted.side_by_side, wanted.pages)
    run = session.walk()
    _show_outcome(out, run, wanted, rules)
    if session.refused and (wanted.remember or _remembers(session.refused)):
        run = session.remembered()
    agreed = wanted.write and not session.stopped
    written = bool(run.changed) and (agreed or _agreed(run, wanted, default=not session.stopped))
    if written:
        run = _write(run)
        terminal.show_written(out, run)
    else:
        out.print("Nothing was written.")
    _report_on(run, wanted)
    return exit_code(run if written else worked_out, written=written)


def _remembers(count: int) -> bool:
    """Asks whether what was refused is to be written into the code."""
    places = "the place" if count == 1 else f"the {count} places"
    try:
        return click.confirm(f"Add comments that ignore {places} you left out?", default=False)
    except click.Abort:
        click.echo()
        return False


def _rules_of(run: RunResult) -> Mapping[str, Rule]:
    """The rules to name in the reports; they take a moment to load, and a run may have no findings."""
    if not run.results:
        return {}
    from keras_migrate.registry import all_rules

    return all_rules()


def _show_outcome(out: Output, run: RunResult, wanted: Request, rules: Mapping[str, Rule]) -> None:
    from keras_migrate.reports import terminal

    if wanted.quiet:
        terminal.show_needs_person(out, run)
        return
    if wanted.verbose:
        terminal.show_files(out, run)
    terminal.show_summary(out, run, rules, written=run.written)
    if run.changed and not (run.written or wanted.asks or wanted.interactive):
        out.print("Nothing was written. Run again with --write to make these changes.")


def _refuse_dirty(run: RunResult, wanted: Request) -> None:
    """Ends the command before anything is written to files with changes that are not committed."""
    from keras_migrate.cli.dirty import dirty_files, refusal

    if not wanted.allow_dirty and (files := dirty_files(run)):
        click.echo(refusal(files), err=True)
        raise click.exceptions.Exit(FAILED)


def _agreed(run: RunResult, wanted: Request, *, default: bool = False) -> bool:
    """Asks whether to write.

    Args:
        run: the run.
        wanted: what the user asked for.
        default: what no answer means.
    """
    from keras_migrate.cli.dirty import dirty_files, remark

    count = len(run.changed)
    files = "1 file" if count == 1 else f"{count} files"
    dirty = () if wanted.allow_dirty else dirty_files(run)
    try:
        return click.confirm(f"Write these changes to {files}{remark(dirty, count)}?", default=default)
    except click.Abort:
        click.echo()
        return False


def _write(run: RunResult) -> RunResult:
    from keras_migrate import writer

    try:
        written = writer.write(run.results, run.project)
    except writer.JournalError as error:
        click.echo(f"Error: {error}", err=True)
        raise click.exceptions.Exit(FAILED) from error
    return run.once_written(written.failures)


def _report_on(run: RunResult, wanted: Request) -> None:
    if wanted.report is not None:
        write_report(run, format_of_file(wanted.report) or "json", wanted.report)


def _filter(selection: Selection, wanted: Request) -> int:
    """Reads code from standard input; writes its migration to standard output, or with --dry-run the diff."""
    from keras_migrate.reports import terminal

    run = selection.worked_out_code(data := sys.stdin.buffer.read())
    rules = _rules_of(run)
    if wanted.dry_run:
        if wanted.shows_diff:
            terminal.show_diff(terminal.output(sys.stdout, wanted.color), run, rules)
    else:
        sys.stdout.buffer.write(run.changed[0].after if run.changed else data)
        sys.stdout.buffer.flush()
    errors = terminal.output(sys.stderr, wanted.color)
    if wanted.diff and not wanted.dry_run:
        terminal.show_diff(errors, run, rules)
    terminal.show_needs_person(errors, run)
    if not wanted.quiet:
        terminal.show_review(errors, run)
    _report_on(run, wanted)
    return exit_code(run, written=not wanted.dry_run)
