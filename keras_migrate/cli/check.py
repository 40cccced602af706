"""``keras-migrate check``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

import click

from keras_migrate.cli.exit_codes import INTERRUPTED, exit_code
from keras_migrate.cli.options import has_color, selects_code
from keras_migrate.cli.pages import EXIT_CODES, Command
from keras_migrate.cli.report_file import writable, write_report
from keras_migrate.cli.selection import Selection
from keras_migrate.reports.formats import FORMATS, format_of_file

if TYPE_CHECKING:
    from keras_migrate.runner import RunResult


@click.command(
    cls=Command,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EXIT_CODES,
)
@selects_code
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(FORMATS)),
    help="How to report: for a person, for programs, or as code scanning, GitHub, GitLab and other CI "
    "read it.  [default: what the name of --output says, else text]",
)
@click.option(
    "--output",
    type=click.Path(),
    callback=writable,
    metavar="FILE",
    help="Write the report to FILE, and text to the terminal.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print findings and no summary; nothing with --output.")
@has_color
@click.pass_context
def check(
    context: click.Context,
    /,
    selection: Selection,
    format_: str | None,
    output: str | None,
    quiet: bool,
    color: str,
) -> NoReturn:
    """Report what code for standalone Keras needs to run on tf.keras, and write nothing.

    PATHS are files and folders, by default the current folder; '-' is standard input. Made for CI: the exit
    code says whether something is left to do, and the report is in the format that your CI shows.

    \b
    Examples:
      keras-migrate check                              what is left, as text
      keras-migrate check --target 2.15 src            for TensorFlow 2.15
      keras-migrate check --format github              notes at the lines of a
                                                       pull request
      keras-migrate check --output keras.sarif         for code scanning
      keras-migrate check --format gitlab --output gl-code-quality-report.json
      keras-migrate check --format junit --output keras.xml
    """
    named = format_ or format_of_file(output or "") or "text"
    try:
        if selection.is_stdin:
            run = selection.worked_out_code(sys.stdin.buffer.read())
        else:
            run = selection.worked_out(color, quiet=quiet)
    except KeyboardInterrupt:
        click.echo("\nStopped.", err=True)
        context.exit(INTERRUPTED)
    if output is not None:
        write_report(run, named, output)
    if output is None or not quiet:
        _show(run, named if output is None else "text", color, quiet=quiet)
    context.exit(exit_code(run, written=False))


def _show(run: RunResult, name: str, color: str, *, quiet: bool) -> None:
    """Prints a report."""
    from keras_migrate.reports import formats, terminal, text

    out = terminal.output(sys.stdout, color)
    if name == "text":
        show = text.show_findings if quiet else text.show
        show(out, run)
        return
    try:
        sys.stdout.buffer.write(formats.report(name, run).encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        out.on_broken_pipe()
