"""The options that commands share: which code to look at and how, releases, and colors."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from keras_migrate.cli.selection import Selection
from keras_migrate.options import Defaults, ImportStyle, Python2
from keras_migrate.source import KNOWN_SOURCES, Source, UnknownSourceError
from keras_migrate.target import KNOWN_RELEASES, NEWEST, Target, UnknownTargetError

Function = TypeVar("Function", bound=Callable[..., Any])


class TargetType(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """A TensorFlow release to migrate to; is completed."""

    name = "release"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Target:
        """Reads it."""
        try:
            return Target.parse(value)
        except UnknownTargetError as error:
            self.fail(str(error), param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The releases that begin so."""
        legacy = (f"{release}+legacy" for release in KNOWN_RELEASES[1:])
        return _beginning([*KNOWN_RELEASES, *legacy], incomplete)


class SourceType(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """A release of standalone Keras; is completed."""

    name = "release"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Source:
        """Reads it."""
        try:
            return Source.parse(value)
        except UnknownSourceError as error:
            self.fail(str(error), param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The releases that begin so."""
        return _beginning(KNOWN_SOURCES, incomplete)


def rule_codes(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Completes the code of a rule, also as the last of several with commas between them."""
    from keras_migrate.plugins import PluginError
    from keras_migrate.registry import all_rules

    before, comma, last = incomplete.rpartition(",")
    try:
        rules = all_rules()
    except PluginError:  # the command itself will say so
        return []
    return [
        CompletionItem(before + comma + code, help=rule.summary)
        for code, rule in rules.items()
        if code.startswith(last.upper())
    ]


def _beginning(words: Sequence[str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(word) for word in words if word.startswith(incomplete)]


def _words(_context: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    return tuple(word for value in values for word in re.split(r"[,\s]+", value) if word)


_CONFIGURING: tuple[Callable[[Function], Function], ...] = (
    click.option(
        "--config",
        type=click.Path(dir_okay=False),
        metavar="FILE",
        help="Take the configuration from FILE; its patterns are relative to the current folder.  [default: "
        "the nearest keras-migrate.toml, or pyproject.toml with [tool.keras-migrate]]",
    ),
    click.option("--isolated", is_flag=True, help="Take no configuration."),
)
_SETTINGS: tuple[Callable[[Function], Function], ...] = (
    click.option(
        "--target",
        type=TargetType(),
        metavar="RELEASE",
        help=f"TensorFlow release to migrate to: {', '.join(KNOWN_RELEASES)}; from 2.16 on with '+legacy' "
        f"after it if you set TF_USE_LEGACY_KERAS=1.  [default: what the project pins, else {NEWEST}]",
    ),
    click.option(
        "--source",
        type=SourceType(),
        metavar="RELEASE",
        help=f"Release of Keras that the code was written for: {', '.join(KNOWN_SOURCES)}. What it leaves to "
        "defaults depends on that.  [default: what the project pins, else what the code looks like]",
    ),
    click.option(
        "--defaults",
        type=click.Choice([choice.value for choice in Defaults]),
        help="Where a default is another one now: 'pin' writes the old value out, so that the code behaves "
        "as before; 'adopt' takes the new one and reports it.  [default: pin]",
    ),
    click.option(
        "--python2",
        type=click.Choice([choice.value for choice in Python2]),
        help="Python 2 sources: 'report' names the line that does not parse; 'convert' brings them to Python "
        "3 and migrates them, and converts those without Keras too.  [default: report]",
    ),
    click.option(
        "--import-style",
        type=click.Choice([choice.value for choice in ImportStyle]),
        help="How new code reaches Keras: 'from tensorflow.keras…' or 'tf.keras.…'.  [default: from]",
    ),
    click.option(
        "--select",
        callback=_words,
        shell_complete=rule_codes,
        multiple=True,
        metavar="RULE",
        help="Apply only these rules: codes (KM101), beginnings of codes (KM1) or names, separated by "
        "commas.",
    ),
    click.option(
        "--ignore",
        callback=_words,
        shell_complete=rule_codes,
        multiple=True,
        metavar="RULE",
        help="Apply all rules but these, and but those that the configuration ignores.",
    ),
)
_SELECTING: tuple[Callable[[Function], Function], ...] = (
    click.argument("paths", nargs=-1, metavar="[PATHS]...", type=click.Path()),
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
    click.option(
        "--time-limit",
        type=click.FloatRange(0, min_open=True),
        default=60.0,
        show_default=True,
        metavar="SECONDS",
        help="Give up a file that takes longer, and report it.",
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

    return _given(selecting, (*_SELECTING, *_CONFIGURING))


def has_configuration(function: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command ``--config`` and ``--isolated``; both are for `selection.configuration`."""
    return _given(function, _CONFIGURING)


def _given(function: Function, options: Sequence[Callable[[Function], Function]]) -> Function:
    for option in reversed(options):
        function = option(function)
    return function


def has_settings(function: Function) -> Function:
    """Gives a command the options that say how to migrate, without those that say what."""
    return _given(function, _SETTINGS)


has_color = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Use colors.",
)
"""Gives a command ``--color``."""
