"""Options that several commands have."""

from __future__ import annotations

import click

from keras_migrate.source import Source, UnknownSourceError
from keras_migrate.target import Target, UnknownTargetError


def target(_context: click.Context, _parameter: click.Parameter, value: str | None) -> Target | None:
    """Reads ``--target``."""
    try:
        return Target.parse(value) if value else None
    except UnknownTargetError as error:
        raise click.BadParameter(str(error)) from error


def source(_context: click.Context, _parameter: click.Parameter, value: str | None) -> Source | None:
    """Reads ``--source``."""
    try:
        return Source.parse(value) if value else None
    except UnknownSourceError as error:
        raise click.BadParameter(str(error)) from error
