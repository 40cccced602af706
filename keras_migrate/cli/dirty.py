"""What the user is told where files to be written have changes that are not committed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from keras_migrate.runner import RunResult

_NAMED_IN_QUESTION = 3
_NAMED_IN_ERROR = 20


def dirty_files(run: RunResult) -> tuple[str, ...]:
    """The files of a run that would be written though git does not have what they hold.

    Where git is there and cannot tell, that is said and there are none.

    Args:
        run: the run.
    Returns:
        Their paths as a terminal can open them.
    """
    from keras_migrate.reports.diff import printable
    from keras_migrate.reports.terminal import shown_path
    from keras_migrate.uncommitted import UnknownStateError, uncommitted

    paths = {run.project.locate(result.path): result.path for result in run.changed}
    try:
        return tuple(shown_path(run, paths[location]) for location in uncommitted(paths))
    except UnknownStateError as error:
        click.echo(
            f"Warning: git cannot say whether files have changes to commit: {printable(str(error))}", err=True
        )
        return ()


def refusal(files: tuple[str, ...]) -> str:
    """Why nothing was written, and what to do."""
    has, them = ("file has", "it") if len(files) == 1 else ("files have", "them")
    return (
        f"Error: nothing was written: {len(files)} {has} changes that are not committed:\n"
        + "".join(f"  {line}\n" for line in _named(files, _NAMED_IN_ERROR))
        + f"Commit or stash {them} first, so that the migration can be told from your own changes.\n"
        "Or write all the same with --allow-dirty; 'keras-migrate undo' brings back what files were before."
    )


def remark(files: tuple[str, ...], all_files: int) -> str:
    """What the question whether to write says of them."""
    if not files:
        return ""
    names = ", ".join(_named(files, _NAMED_IN_QUESTION))
    if all_files == 1:
        return ", which has changes that are not committed"
    verb = "has" if len(files) == 1 else "have"
    return f", {len(files)} of which {verb} changes that are not committed ({names})"


def _named(files: tuple[str, ...], limit: int) -> list[str]:
    more = len(files) - limit
    return [*files[:limit], *([f"and {more} more"] if more > 0 else [])]
