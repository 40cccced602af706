"""The options that commands share: which code to look at and how, and colors."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar

import click

from keras_migrate.cli import choices
from keras_migrate.cli.selection import Selection
from keras_migrate.options import Defaults, Python2
from keras_migrate.source import KNOWN_SOURCES
from keras_migrate.target import KNOWN_RELEASES, NEWEST

Function = TypeVar("Function", bound=Callable[..., Any])


def _codes(_context: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    return tuple(code for value in values for code in re.split(r"[,\s]+", value) if code)


_SETTINGS: tuple[Callable[[Function], Function], ...] = (
    click.option(
        "--target",
        callback=choices.target,
        metavar="RELEASE",
        help=f"TensorFlow release to migrate to: {', '.join(KNOWN_RELEASES)}; from 2.16 on with '+legacy' "
        f"after it if you set TF_USE_LEGACY_KERAS=1.  [default: what the project pins, else {NEWEST}]",
    ),
    click.option(
        "--source",
        callback=choices.source,
        metavar="RELEASE",
        help=f"Release of Keras that the code was written for: {', '.join(KNOWN_SOURCES)}. What it leaves to "
        "defaults depends on that.  [default: what the project pins, else what the code looks like]",
    ),
    click.option(
        "--defaults",
        type=click.Choice([choice.value for choice in Defaults]),
        default=Defaults.PIN.value,
        show_default=True,
        help="Where a default is another one now: 'pin' writes the old value out, so that the code behaves "
        "as before; 'adopt' takes the new one and reports it.",
    ),
    click.option(
        "--python2",
        type=click.Choice([choice.value for choice in Python2]),
        default=Python2.REPORT.value,
        show_default=True,
        help="Python 2 sources: 'report' names the line that does not parse; 'convert' brings them to Python "
        "3 and migrates them, and converts those without Keras too.",
    ),
    click.option(
        "--import-style",
        type=click.Choice(["from", "tf"]),
        default="from",
        show_default=True,
        help="How new code reaches Keras: 'from tensorflow.keras…' or 'tf.keras.…'.",
    ),
    click.option(
        "--select",
        callback=_codes,
        multiple=True,
        metavar="RULE",
        help="Apply only these rules: codes (KM101), beginnings of codes (KM1) or names, separated by "
        "commas.",
    ),
    click.option(
        "--ignore", callback=_codes, multiple=True, metavar="RULE", help="Apply all rules but these."
    ),
)
_SELECTING: tuple[Callable[[Function], Function], ...] = (
    click.argument("paths", nargs=-1, metavar="[PATHS]..."),
    *_SETTINGS,
    click.option(
        "--exclude",
        "excludes",
        multiple=True,
        metavar="PATTERN",
        help="Pass over files and folders, in the syntax of .gitignore, relative to PATHS. Can be repeated.",
    ),
    click.option(
        "--jobs",
        type=click.IntRange(1),
        metavar="N",
        help="Processes that share the work.  [default: automatic]",
    ),
)


def selects_code(function: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the argument PATHS and the options that say what to look at and how.

    Args:
        function: the command; is called with a `Selection` as ``selection`` in their place.
    """
    names = Selection.of.__annotations__.keys() - {"return"}

    @wraps(function)
    def selecting(*arguments: Any, **given: Any) -> Any:
        selection = Selection.of(**{name: given.pop(name) for name in names})
        return function(*arguments, selection=selection, **given)

    for option in reversed(_SELECTING):
        selecting = option(selecting)
    return selecting


def has_settings(function: Function) -> Function:
    """Gives a command the options that say how to migrate, without those that say what."""
    for option in reversed(_SETTINGS):
        function = option(function)
    return function


has_color = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Use colors.",
)
"""Gives a command ``--color``."""
