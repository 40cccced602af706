"""The files that commands write reports to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from keras_migrate.cli.exit_codes import FAILED
from keras_migrate.reports.formats import SUFFIXES, format_of_file

if TYPE_CHECKING:
    from keras_migrate.runner import RunResult


def writable(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Checks the file of an option before the work begins, not after it."""
    if value is None:
        return None
    if os.path.isdir(value) or not os.path.isdir(os.path.dirname(os.path.abspath(value))):
        raise click.BadParameter(f"{value!r} cannot be written: no such folder, or a folder itself")
    return value


def named_for_format(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Checks the file of an option whose name decides for the format of the report."""
    if value is not None and format_of_file(value) is None:
        raise click.BadParameter(f"{value!r}: reports are written as {', '.join(SUFFIXES)}; name the file so")
    return writable(context, parameter, value)


def write_report(run: RunResult, name: str, path: str) -> None:
    """Writes a report, whole or not at all.

    Args:
        run: the run.
        name: the format.
        path: the file.
    Raises:
        click.exceptions.Exit: where it could not be written, after saying why.
    """
    from keras_migrate.reports import formats
    from keras_migrate.writer import write_atomically

    try:
        write_atomically(path, formats.report(name, run).encode("utf-8", "replace"))
    except OSError as error:
        click.echo(f"Error: the report could not be written to {path}: {error.strerror}", err=True)
        raise click.exceptions.Exit(FAILED) from error
