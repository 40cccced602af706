"""``keras-migrate migrate``."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import click

from keras_migrate.cli import choices
from keras_migrate.cli.pages import EXIT_CODES, Command
from keras_migrate.options import Defaults, ImportStyle, Options, Python2
from keras_migrate.source import KNOWN_SOURCES, Source
from keras_migrate.target import KNOWN_RELEASES, NEWEST, Target

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from keras_migrate.findings import Rule
    from keras_migrate.reports.terminal import Output
    from keras_migrate.runner import Progress, RunResult

NOTHING_LEFT, WOULD_CHANGE, NEEDS_PERSON, FAILED, INTERRUPTED = 0, 1, 3, 4, 130
STDIN = "-"
_REPORTS = (".json",)


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for beyond the migration itself.

    Attributes:
        dry_run: ``--dry-run``.
        write: ``--write``.
        diff: ``--diff``, ``--no-diff``, or neither.
        side_by_side: ``--side-by-side``.
        pager: whether a long diff is shown in a pager.
        report: the file of ``--report``.
        excludes: the patterns of ``--exclude``.
        jobs: ``--jobs``.
        quiet: ``--quiet``.
        verbose: ``--verbose``.
        color: ``--color``.
    """

    dry_run: bool
    write: bool
    diff: bool | None
    side_by_side: bool
    pager: bool
    report: str | None
    excludes: tuple[str, ...]
    jobs: int | None
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


def _report(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    if os.path.splitext(value)[1].lower() not in _REPORTS:
        raise click.BadParameter(f"{value!r}: reports are written as {', '.join(_REPORTS)}; name the file so")
    if os.path.isdir(value) or not os.path.isdir(os.path.dirname(os.path.abspath(value))):
        raise click.BadParameter(f"{value!r} cannot be written: no such folder, or a folder itself")
    return value


def _codes(_context: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    return tuple(code for value in values for code in re.split(r"[,\s]+", value) if code)


@click.command(
    cls=Command,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EXIT_CODES,
)
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option(
    "--target",
    callback=choices.target,
    metavar="RELEASE",
    help=f"TensorFlow release to migrate to: {', '.join(KNOWN_RELEASES)}; from 2.16 on with '+legacy' "
    f"after it if you set TF_USE_LEGACY_KERAS=1.  [default: what the project pins, else {NEWEST}]",
)
@click.option(
    "--source",
    callback=choices.source,
    metavar="RELEASE",
    help=f"Release of Keras that the code was written for: {', '.join(KNOWN_SOURCES)}. What it leaves to "
    "defaults depends on that.  [default: what the project pins, else what the code looks like]",
)
@click.option(
    "--defaults",
    type=click.Choice([choice.value for choice in Defaults]),
    default=Defaults.PIN.value,
    show_default=True,
    help="Where a default is another one now: 'pin' writes the old value out, so that the code behaves as "
    "before; 'adopt' takes the new one and reports it.",
)
@click.option(
    "--python2",
    type=click.Choice([choice.value for choice in Python2]),
    default=Python2.REPORT.value,
    show_default=True,
    help="Python 2 sources: 'report' names the line that does not parse; 'convert' brings them to Python 3 "
    "and migrates them, and converts those without Keras too.",
)
@click.option("--dry-run", is_flag=True, help="Show what would change, write nothing, ask nothing.")
@click.option("--write", is_flag=True, help="Write the changes without asking.")
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
    "--report", callback=_report, metavar="FILE", help="Also write everything that was found to FILE (.json)."
)
@click.option(
    "--import-style",
    type=click.Choice(["from", "tf"]),
    default="from",
    show_default=True,
    help="How new code reaches Keras: 'from tensorflow.keras…' or 'tf.keras.…'.",
)
@click.option(
    "--select",
    callback=_codes,
    multiple=True,
    metavar="RULE",
    help="Apply only these rules: codes (KM101), beginnings of codes (KM1) or names, separated by commas.",
)
@click.option("--ignore", callback=_codes, multiple=True, metavar="RULE", help="Apply all rules but these.")
@click.option(
    "--exclude",
    "excludes",
    multiple=True,
    metavar="PATTERN",
    help="Pass over files and folders, in the syntax of .gitignore, relative to PATHS. Can be repeated.",
)
@click.option(
    "--jobs", type=click.IntRange(1), metavar="N", help="Processes that share the work.  [default: automatic]"
)
@click.option("-q", "--quiet", is_flag=True, help="Print only what needs a person.")
@click.option("-v", "--verbose", is_flag=True, help="Also list the files that stay as they are.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Use colors.",
)
@click.pass_context
def migrate(
    context: click.Context,
    /,
    paths: tuple[str, ...],
    target: Target | None,
    source: Source | None,
    defaults: str,
    python2: str,
    import_style: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    **request: Any,
) -> NoReturn:
    """Show, and on request make, the changes that code for standalone Keras needs to run on tf.keras.

    PATHS are files and folders, by default the current folder. In folders, what .gitignore leaves out is
    passed over, and so are virtual environments, installed packages and build results. With '-' the code is
    read from standard input and its migration written to standard output.

    On a terminal the changes are shown, and you are asked whether to write them. Elsewhere nothing is written
    without --write.

    \b
    Examples:
      keras-migrate migrate                            look, then decide
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
    paths = paths or (".",)
    _check_paths(paths)

    chosen, left_out = _known("--select", select), _known("--ignore", ignore)
    target = target or (Target() if STDIN in paths else _pinned_target(paths))
    options = Options(
        target, ImportStyle(import_style), chosen, left_out, source, Defaults(defaults), Python2(python2)
    )
    try:
        code = _filter(options, wanted) if STDIN in paths else _run(paths, options, wanted)
    except KeyboardInterrupt:
        click.echo("\nStopped. Nothing was written.", err=True)
        code = INTERRUPTED
    context.exit(code)


def _check_paths(paths: Sequence[str]) -> None:
    if STDIN in paths:
        if len(paths) > 1:
            raise click.UsageError("'-' stands for standard input and cannot be combined with other PATHS")
        return
    for path in paths:
        if not os.path.lexists(path):
            raise click.UsageError(f"no such file or folder: {path}")
        if not (os.path.isfile(path) or os.path.isdir(path)):
            raise click.UsageError(f"neither a file nor a folder: {path}")


def _known(option: str, given: Sequence[str]) -> frozenset[str]:
    """The codes and beginnings of codes that were given, by code or name."""
    if not given:
        return frozenset()
    from keras_migrate.registry import all_rules

    rules = all_rules()
    codes_by_name = {rule.name: code for code, rule in rules.items()}
    found = set()
    for word in given:
        code = codes_by_name.get(word.lower(), word.upper())
        if not code.startswith("KM") or not any(known.startswith(code) for known in rules):
            hint = _suggestion(word, [*rules, *codes_by_name])
            raise click.UsageError(f"{option}: no such rule: {word!r}. {hint}")
        found.add(code)
    return frozenset(found)


def _suggestion(word: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word.upper(), known, 3) or get_close_matches(word.lower(), known, 3)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    return "Rules are named by their code (KM101), its beginning (KM1) or their name."


def _run(paths: Sequence[str], options: Options, wanted: Request) -> int:
    """Works everything out, shows it, and writes it if that was asked for or agreed to."""
    from keras_migrate.reports import terminal

    run = _worked_out(paths, options, wanted)
    out = terminal.output(sys.stdout, wanted.color)
    rules = _rules_of(run)
    if wanted.shows_diff:
        with terminal.paged(out) if wanted.pages else nullcontext():
            terminal.show_diff(out, run, rules, side_by_side=wanted.side_by_side)
    written = wanted.write
    if written:
        run = _write(run)
    _show_outcome(out, run, wanted, rules, written=written)
    if run.changed and wanted.asks and _agreed(run):
        written = True
        run = _write(run)
        terminal.show_written(out, run)
    _report_on(run, wanted)
    return exit_code(run, written=written)


def _pinned_target(paths: Sequence[str]) -> Target:
    """The release that the project of the paths asks for."""
    from keras_migrate.pinned_target import pinned_target
    from keras_migrate.project import NoCommonFolderError, Project

    try:
        return pinned_target(Project.of(paths))
    except NoCommonFolderError as error:
        raise click.UsageError(str(error)) from error


def _worked_out(paths: Sequence[str], options: Options, wanted: Request) -> RunResult:
    from keras_migrate import runner
    from keras_migrate.project import BadPatternError

    try:
        with _progress(wanted) as progress:
            return runner.run(paths, options, wanted.excludes, wanted.jobs, progress)
    except BadPatternError as error:
        raise click.UsageError(f"--exclude: {error}") from error


def _progress(wanted: Request) -> AbstractContextManager[Progress | None]:
    if wanted.quiet or not sys.stderr.isatty():
        return nullcontext()
    from keras_migrate.cli.progress import bar

    return bar(wanted.color)


def _rules_of(run: RunResult) -> Mapping[str, Rule]:
    """The rules to name in the reports; they take a moment to load, and a run may have no findings."""
    if not run.results:
        return {}
    from keras_migrate.registry import all_rules

    return all_rules()


def _show_outcome(
    out: Output, run: RunResult, wanted: Request, rules: Mapping[str, Rule], *, written: bool
) -> None:
    from keras_migrate.reports import terminal

    if wanted.quiet:
        terminal.show_needs_person(out, run)
        return
    if wanted.verbose:
        terminal.show_files(out, run)
    terminal.show_summary(out, run, rules, written=written)
    if run.changed and not written and not wanted.asks:
        out.print("Nothing was written. Run again with --write to make these changes.")


def _agreed(run: RunResult) -> bool:
    files = "1 file" if len(run.changed) == 1 else f"{len(run.changed)} files"
    try:
        return click.confirm(f"Write these changes to {files}?", default=False)
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
    return run.with_failures(written.failures)


def _report_on(run: RunResult, wanted: Request) -> None:
    if wanted.report is None:
        return
    from keras_migrate.reports import json_report
    from keras_migrate.writer import write_atomically

    try:
        write_atomically(wanted.report, json_report.report(run).encode())
    except OSError as error:
        click.echo(f"Error: the report could not be written to {wanted.report}: {error.strerror}", err=True)
        raise click.exceptions.Exit(FAILED) from error


def _filter(options: Options, wanted: Request) -> int:
    """Reads code from standard input; writes its migration to standard output, or with --dry-run the diff."""
    from keras_migrate import runner
    from keras_migrate.reports import terminal

    run = runner.run_code("<stdin>", data := sys.stdin.buffer.read(), options)
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


def exit_code(run: RunResult, *, written: bool) -> int:
    """What the process returns.

    Args:
        run: the run, with what went wrong in writing.
        written: whether its changes were made.
    """
    if run.failed:
        return FAILED
    if run.needs_person:
        return NEEDS_PERSON
    return WOULD_CHANGE if run.changed and not written else NOTHING_LEFT
