"""``keras-migrate batch``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import click

from keras_migrate.cli.exit_codes import FAILED, INTERRUPTED, NEEDS_PERSON, NOTHING_LEFT
from keras_migrate.cli.options import has_color, has_settings
from keras_migrate.cli.pages import EXIT_CODES, Command
from keras_migrate.cli.report_file import named_for_format
from keras_migrate.options import Defaults, ImportStyle, Python2

if TYPE_CHECKING:
    from keras_migrate.batch.executors import Executor
    from keras_migrate.batch.manifest import Repository
    from keras_migrate.batch.results import BatchResult, RepositoryResult
    from keras_migrate.batch.run import Progress

_DASK = "dask="


def _executor(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if value != "local" and not (value.startswith(_DASK) and value != _DASK):
        raise click.BadParameter(f"{value!r}: name 'local', or a scheduler as dask=tcp://host:8786")
    return value


def _named_page(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not value.lower().endswith((".html", ".json")):
        raise click.BadParameter(f"{value!r}: it is written as .html or .json; name the file so")
    return named_for_format(context, parameter, value)


@click.command(
    cls=Command,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EXIT_CODES,
)
@click.argument("manifest", metavar="MANIFEST")
@click.option(
    "--output",
    default="keras-migrate-batch",
    show_default=True,
    type=click.Path(),
    metavar="FOLDER",
    help="Where everything goes that is made; with --executor dask= a folder that all workers see.",
)
@click.option(
    "--result",
    type=click.Choice(["branch", "patch"]),
    default="branch",
    show_default=True,
    help="Leave a clone with a branch 'keras-migrate/TARGET' of one commit, or a patch for 'git apply'.",
)
@click.option("--restart", is_flag=True, help="Begin anew; by default what an earlier run finished stays.")
@click.option(
    "--jobs", type=click.IntRange(1), metavar="N", help="Repositories at once.  [default: the processors]"
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=1800,
    show_default=True,
    metavar="SECONDS",
    help="Time that one repository may take, with its fetch.",
)
@click.option(
    "--executor",
    callback=_executor,
    default="local",
    show_default=True,
    metavar="EXECUTOR",
    help="Processes of this machine, or 'dask=SCHEDULER', the address of a dask.distributed cluster.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print the summary.",
)
@click.option(
    "--report",
    callback=_named_page,
    type=click.Path(),
    metavar="FILE",
    help="Also write the summary to FILE (.html, .json).",
)
@has_settings
@click.option(
    "--exclude",
    "excludes",
    multiple=True,
    metavar="PATTERN",
    help="Pass over files and folders, in the syntax of .gitignore, relative to the top of each repository. "
    "Can be repeated.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print only what failed, and no progress.")
@has_color
@click.pass_context
def batch(
    context: click.Context,
    /,
    manifest: str,
    output: str,
    result: str,
    restart: bool,
    jobs: int | None,
    timeout: float,
    executor: str,
    format_: str,
    report: str | None,
    quiet: bool,
    color: str,
    **settings: Any,
) -> NoReturn:
    """Migrate many repositories. The originals are only read: each is cloned or copied, migrated there, and
    left as a branch or as a patch.

    MANIFEST names them: a text file with a path or URL a line, with '#' and a branch, tag or commit after it,
    or a TOML file with a [[repository]] for each. What the options below say of the migration holds where a
    TOML manifest says nothing.

    A run that was stopped is taken up by the same command. Repositories that failed are tried again then, and
    so are those whose entry changed. The exit code is 4 where one failed.

    \b
    Examples:
      keras-migrate batch repositories.txt             clones with branches
      keras-migrate batch fleet.toml --result patch    patches
      keras-migrate batch fleet.toml --report fleet.html --jobs 8
      keras-migrate batch fleet.toml --executor dask=tcp://head:8786
    """
    from keras_migrate.batch import run
    from keras_migrate.batch.delivery import Delivery
    from keras_migrate.batch.executors import ExecutorError
    from keras_migrate.batch.state import OutputFolderError

    repositories = _read(manifest, settings)
    try:
        with _progress(color, len(repositories), quiet=quiet) as progress:
            done = run.run(
                manifest,
                repositories,
                output,
                _chosen(executor, jobs, len(repositories)),
                delivery=Delivery(result),
                timeout=timeout,
                restart=restart,
                progress=progress,
            )
    except (OutputFolderError, ExecutorError) as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        click.echo(f"Error: {error.filename or output}: {error.strerror}", err=True)
        context.exit(FAILED)
    except KeyboardInterrupt:
        click.echo("\nStopped. What is finished stays: the same command goes on from here.", err=True)
        context.exit(INTERRUPTED)
    _show(done, format_, color, quiet=quiet)
    if report is not None:
        _write_report(done, report)
    context.exit(exit_code(done))


def exit_code(batch: BatchResult) -> int:
    """What the process returns."""
    from keras_migrate.batch.results import Outcome

    if batch.of_outcome(Outcome.FAILED) or batch.files()["failed"]:
        return FAILED
    return NEEDS_PERSON if batch.findings()["manual"] else NOTHING_LEFT


def _read(manifest: str, settings: dict[str, Any]) -> tuple[Repository, ...]:
    from keras_migrate.batch.manifest import ManifestError, Settings, read
    from keras_migrate.cli.selection import known_rules
    from keras_migrate.project import BadPatternError, check_patterns

    try:
        check_patterns(settings["excludes"])
    except BadPatternError as error:
        raise click.UsageError(f"--exclude: {error}") from error
    asked = Settings(
        settings["target"],
        settings["source"],
        Defaults(settings["defaults"]) if settings["defaults"] else None,
        ImportStyle(settings["import_style"]) if settings["import_style"] else None,
        Python2(settings["python2"]) if settings["python2"] else None,
        known_rules("--select", settings["select"]),
        known_rules("--ignore", settings["ignore"]),
        settings["excludes"],
    )
    try:
        return read(manifest, asked)
    except ManifestError as error:
        raise click.UsageError(str(error)) from error


def _chosen(executor: str, jobs: int | None, repositories: int) -> Executor:
    from keras_migrate.batch import executors
    from keras_migrate.runner import processors

    if executor.startswith(_DASK):
        if jobs is not None:
            raise click.UsageError("--jobs is for this machine: a cluster has as many at once as its workers")
        return executors.dask(executor.removeprefix(_DASK))
    return executors.local(min(jobs or processors(), repositories))


def _show(batch: BatchResult, format_: str, color: str, *, quiet: bool) -> None:
    from keras_migrate.reports import batch_json, batch_text, terminal

    out = terminal.output(sys.stdout, color)
    if format_ == "json":
        click.echo(batch_json.report(batch), nl=False)
    elif quiet:
        batch_text.show_troubles(out, batch)
    else:
        batch_text.show(out, batch)


def _write_report(batch: BatchResult, path: str) -> None:
    from keras_migrate.reports import batch_html, batch_json
    from keras_migrate.writer import write_atomically

    is_json = path.lower().endswith(".json")
    text = batch_json.report(batch) if is_json else batch_html.report(batch, path)
    try:
        write_atomically(path, text.encode("utf-8", "replace"))
    except OSError as error:
        click.echo(f"Error: the report could not be written to {path}: {error.strerror}", err=True)
        raise click.exceptions.Exit(FAILED) from error


@contextmanager
def _progress(color: str, total: int, *, quiet: bool) -> Iterator[Progress]:
    """Tells what is finished: a bar on a terminal, a line each elsewhere, on standard error."""
    from keras_migrate.reports.batch_text import result_line

    if quiet:
        yield lambda result, done, total: None
    elif not sys.stderr.isatty():

        def tell(result: RepositoryResult, done: int, total: int) -> None:
            click.echo(f"[{done}/{total}] {result_line(result)}", err=True)

        yield tell
    else:
        from keras_migrate.cli.progress import repositories

        with repositories(color, total) as advance:
            yield lambda result, done, _: advance(result_line(result), done)
