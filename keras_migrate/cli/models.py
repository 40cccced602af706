"""``keras-migrate models``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NoReturn

import click

from keras_migrate.cli.exit_codes import FAILED, NEEDS_PERSON, NOTHING_LEFT, WOULD_CHANGE
from keras_migrate.cli.options import TargetType, has_configuration
from keras_migrate.cli.pages import EXIT_CODES, Command
from keras_migrate.cli.report_file import named_for_format
from keras_migrate.cli.selection import STDIN, check_paths, configuration, project_of
from keras_migrate.findings import Status
from keras_migrate.model_files import checking
from keras_migrate.model_files.checking import ModelResult
from keras_migrate.project import BadPatternError, Project
from keras_migrate.target import KNOWN_RELEASES, NEWEST, Target


def _named_json(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not value.lower().endswith(".json"):
        raise click.BadParameter(f"{value!r}: it is written as .json; name the file so")
    return named_for_format(context, parameter, value)


@click.command(
    cls=Command,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EXIT_CODES,
)
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option(
    "--target",
    type=TargetType(),
    metavar="RELEASE",
    help=f"TensorFlow release that is to load the files: {', '.join(KNOWN_RELEASES)}; from 2.16 on with "
    f"'+legacy' after it if you set TF_USE_LEGACY_KERAS=1.  [default: what the project pins, else {NEWEST}]",
)
@click.option("--fix", is_flag=True, help="Write copies that the target loads beside the files.")
@click.option(
    "--report",
    type=click.Path(),
    callback=_named_json,
    metavar="FILE",
    help="Also write what was found to FILE (.json).",
)
@click.option(
    "--exclude",
    "excludes",
    multiple=True,
    metavar="PATTERN",
    help="Pass over files and folders, in the syntax of .gitignore, relative to PATHS. Can be repeated.",
)
@has_configuration
@click.option("-q", "--quiet", is_flag=True, help="Print only what needs a person.")
@click.pass_context
def models(
    context: click.Context,
    /,
    paths: tuple[str, ...],
    target: Target | None,
    fix: bool,
    report: str | None,
    excludes: tuple[str, ...],
    config: str | None,
    isolated: bool,
    quiet: bool,
) -> NoReturn:
    """Say which Keras wrote model files, which TensorFlow loads them, and what to do for the others.

    PATHS are files and folders, by default the current folder: models and weights in HDF5 (.h5, .hdf5), and
    architectures in JSON and YAML. TensorFlow is not needed. HDF5 is read with h5py, which comes with
    'pip install keras-migrate[models]'.

    With --fix a copy is written beside each file that the target would load with another configuration:
    model.tf-2.21.h5 beside model.h5. No file is ever changed or replaced.

    \b
    Examples:
      keras-migrate models                             all model files below this folder
      keras-migrate models --target 2.15 model.h5      does TensorFlow 2.15 load it?
      keras-migrate models --fix weights               write copies
    """
    paths = paths or (".",)
    if STDIN in paths:
        raise click.UsageError("model files are not read from standard input: name them")
    check_paths(paths)
    project = project_of(paths)
    options = configuration(project, config, isolated=isolated).options(project, target=target)
    target = options.target
    try:
        results = list(checking.check_paths(project, paths, target, excludes, options.excluded))
    except BadPatternError as error:
        raise click.UsageError(str(error)) from error
    if fix:
        results = [checking.write_copy(project, result) for result in results]
    _show(project, results, target, quiet=quiet)
    if report is not None:
        _write_report(report, results, target)
    context.exit(exit_code(results))


def exit_code(results: Sequence[ModelResult]) -> int:
    """What the process returns."""
    statuses = {result.status for result in results}
    if Status.FAILED in statuses:
        return FAILED
    if Status.MANUAL in statuses:
        return NEEDS_PERSON
    return WOULD_CHANGE if Status.CHANGED in statuses else NOTHING_LEFT


def _show(project: Project, results: Sequence[ModelResult], target: Target, *, quiet: bool) -> None:
    from keras_migrate.registry import all_rules
    from keras_migrate.reports import model_report
    from keras_migrate.reports.diff import printable

    told = [r for r in results if r.status in (Status.MANUAL, Status.FAILED)] if quiet else results
    named = [result.path for result in told] + [result.copy.path for result in told if result.copy]
    shown = {path: os.path.relpath(project.locate(path)) for path in named}
    for line in model_report.lines(told, all_rules() if told else {}, shown):
        click.echo(printable(line))
    if not quiet:
        if target.reason:
            click.echo(printable(f"Target TensorFlow {target}: {target.reason}."))
        click.echo(model_report.closing_line(results, target))


def _write_report(location: str, results: Sequence[ModelResult], target: Target) -> None:
    from keras_migrate.reports import model_report
    from keras_migrate.writer import write_atomically

    try:
        write_atomically(location, model_report.report(results, target).encode())
    except OSError as error:
        click.echo(f"Error: the report could not be written to {location}: {error.strerror}", err=True)
        raise click.exceptions.Exit(FAILED) from error
