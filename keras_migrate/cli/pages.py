"""Help pages: styled on a terminal, plain where a program reads them, and quick to appear.

The commands are plain click commands, as rich-click takes longer to start than the whole rest of the tool.
Only the help page of a terminal is drawn by it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

import click

from keras_migrate.cli.exit_codes import FAILED

if TYPE_CHECKING:
    from rich_click import RichCommand

EXIT_CODES = """\b
Exit codes:
  0  nothing is left to do
  1  changes would be made
  2  the command or the configuration was not understood
  3  done, but something needs a person
  4  a file could not be processed, or nothing could be written
"""


class Command(click.Command):
    """A command whose help page is styled on a terminal."""

    def get_help(self, ctx: click.Context) -> str:
        """The help page, for where it will be shown."""
        if not _styled():
            return super().get_help(ctx)
        from rich_click import RichCommand

        return _styled_page(RichCommand(name=self.name, params=self.params, help=_whole_text(self)), ctx)


@dataclass(frozen=True, slots=True)
class Entry:
    """A command that is imported when it is used.

    Attributes:
        module: where it is.
        summary: what it does, in one line.
    """

    module: str
    summary: str


class Group(click.Group):
    """The commands, each imported when it is used; its help page is styled on a terminal."""

    def __init__(self, *args: Any, entries: Mapping[str, Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands."""
        return sorted(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports a command."""
        entry = self.entries.get(cmd_name)
        if entry is None:
            return None
        command = getattr(import_module(entry.module), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with a hint for a command that was mistyped or left out."""
        if args and args[0] not in self.entries and not args[0].startswith("-"):
            ctx.fail(f"no such command: {args[0]!r}. {self._hint(args[0])}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs a command; what hinders all of them ends it with a message."""
        from keras_migrate.plugins import PluginError

        try:
            return super().invoke(ctx)
        except PluginError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(FAILED)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in sorted(self.entries.items())])

    def get_help(self, ctx: click.Context) -> str:
        """The help page, for where it will be shown."""
        if not _styled():
            return super().get_help(ctx)
        from rich_click import RichGroup

        twin = RichGroup(name=self.name, params=self.params, help=_whole_text(self))
        for name, entry in self.entries.items():
            twin.add_command(click.Command(name, help=entry.summary), name)
        return _styled_page(twin, ctx)

    def _hint(self, name: str) -> str:
        from difflib import get_close_matches
        from os.path import exists

        close = get_close_matches(name, self.entries, 1)
        if close:
            return f"Did you mean {close[0]!r}?"
        if exists(name):
            return f"Did you mean 'migrate {name}'?"
        return f"There is: {', '.join(sorted(self.entries))}."


def group(entries: Mapping[str, Entry], **settings: Any) -> Callable[[Callable[..., Any]], Group]:
    """Makes a function the group of these commands."""

    def decorate(function: Callable[..., Any]) -> Group:
        made = click.group(cls=Group, entries=entries, **settings)(function)
        assert isinstance(made, Group)
        return made

    return decorate


def _whole_text(command: click.Command) -> str:
    """Help and epilog as rich-click wants them: a paragraph a line, save those marked to be kept."""
    text = f"{cleandoc(command.help or '')}\n\n{command.epilog or ''}".strip()
    paragraphs = text.split("\n\n")
    return "\n\n".join(
        paragraph if paragraph.startswith("\b") else " ".join(paragraph.split()) for paragraph in paragraphs
    )


def _styled_page(twin: RichCommand, ctx: click.Context) -> str:
    from rich_click import RichContext, RichHelpConfiguration

    looks = RichHelpConfiguration(style_helptext="")
    looks.text_paragraph_linebreaks = "\n\n"
    with RichContext(
        twin,
        parent=ctx.parent,
        info_name=ctx.info_name,
        help_option_names=ctx.help_option_names,
        rich_help_config=looks,
    ) as twin_context:
        return twin.get_help(twin_context)


def _styled() -> bool:
    try:
        return sys.stdout.isatty()
    except ValueError:  # closed
        return False
