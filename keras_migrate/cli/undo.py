"""``keras-migrate undo``."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NoReturn

import click

from keras_migrate.cli.exit_codes import FAILED, INTERRUPTED, NOTHING_LEFT, WOULD_CHANGE
from keras_migrate.cli.pages import EXIT_CODES, Command

if TYPE_CHECKING:
    from keras_migrate.undo import Plan
    from keras_migrate.writer import Entry, Journal

_LISTED_FILES = 10
"""So many files of a run are named in the list of runs."""


@click.command(
    cls=Command,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EXIT_CODES,
)
@click.argument("path", default=".", type=click.Path(exists=True))
@click.option("--list", "list_", is_flag=True, help="List the runs that are recorded, the last first.")
@click.option("--run", "name", metavar="RUN", help="The run as --list calls it, or how its name begins.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option(
    "--force",
    is_flag=True,
    help="Replace also files that changed since, and make those anew that are gone. What a file holds is "
    "kept first, and you are told where.",
)
@click.option(
    "--complete",
    "completes",
    is_flag=True,
    help="Make the changes of the run instead: finish one that was stopped half-way, or redo one.",
)
@click.pass_context
def undo(
    context: click.Context,
    /,
    path: str,
    list_: bool,
    name: str | None,
    dry_run: bool,
    force: bool,
    completes: bool,
) -> NoReturn:
    """Bring back what files were before a run of 'migrate' that wrote, with or without git.

    Without --run it is the last run that was not undone yet; used again, the one before it. PATH is a folder
    of the project, by default the current folder.

    All files of the run are restored, or none: if one of them changed since the run, it is named and nothing
    is touched. The last 20 runs are recorded, in the folder .keras-migrate at the top of the project.

    \b
    Examples:
      keras-migrate undo                               the last run
      keras-migrate undo --list                        which runs there are
      keras-migrate undo --run 20260301T1015           one of them
      keras-migrate undo --complete                    finish what was stopped
    """
    from keras_migrate.writer import JournalError

    try:
        code = _list(path) if list_ else _undo(path, name, dry_run=dry_run, force=force, completes=completes)
    except (JournalError, OSError) as error:
        click.echo(f"Error: {error}", err=True)
        code = FAILED
    except KeyboardInterrupt:
        click.echo("\nStopped half-way. Run the same command again to finish.", err=True)
        code = INTERRUPTED
    context.exit(code)


def _undo(path: str, name: str | None, *, dry_run: bool, force: bool, completes: bool) -> int:
    from keras_migrate.undo import Direction, Plan, State, recorded

    journals = recorded(path)
    journal = _chosen(journals, path, name, completes=completes)
    if journal is None:
        click.echo(
            "Every run that is recorded was undone already." if not completes else "No run is recorded."
        )
        return NOTHING_LEFT
    plan = Plan.of(journal, Direction.COMPLETE if completes else Direction.RESTORE)
    forced = (State.CHANGED, State.GONE) if force else ()
    if any(state not in forced for _, state in plan.obstacles):
        _refuse(plan, journals)
        return FAILED
    if dry_run:
        return _say_what_would_be_done(plan)
    return _carry_out(plan)


def _chosen(journals: Sequence[str], path: str, name: str | None, *, completes: bool) -> Journal | None:
    """The run that is meant; ``None`` where none is left."""
    from keras_migrate.undo import NoSuchRunError, last_run, named_run
    from keras_migrate.writer import Journal

    if not journals:
        raise click.UsageError(
            f"no run is recorded for {os.path.abspath(path)} or a folder above it. Runs are recorded at the "
            "top of the project that was migrated: name it, keras-migrate undo PATH"
        )
    if name is not None:
        try:
            return named_run(journals, name)
        except NoSuchRunError as error:
            raise click.UsageError(f"{error}: --list shows all") from error
    return Journal.read(journals[-1]) if completes else last_run(journals)


def _refuse(plan: Plan, journals: Sequence[str]) -> None:
    from keras_migrate.undo import State, later_runs

    verb = "completed" if _completes(plan) else "undone"
    click.echo(
        f"Error: the run of {_time(plan.journal)} cannot be {verb} as a whole, so nothing was touched:",
        err=True,
    )
    for entry, state in plan.obstacles:
        click.echo(f"  {_shown(plan.journal, entry)}: {state.value}", err=True)
    later = later_runs(journals, plan)
    if later and not _completes(plan):
        click.echo(f"Undo the later runs first: {', '.join(reversed(later))}.", err=True)
    elif any(state in (State.CHANGED, State.GONE) for _, state in plan.obstacles):
        click.echo(
            "Put these files back yourself, or replace them with --force, which first keeps what they hold.",
            err=True,
        )


def _say_what_would_be_done(plan: Plan) -> int:
    verb = "would be changed" if _completes(plan) else "would be restored"
    concerned = (*plan.ready, *(entry for entry, _ in plan.obstacles))
    for entry in concerned:
        click.echo(f"{_shown(plan.journal, entry)}: {verb}")
    click.echo(f"{_files(concerned)} {verb}, of the run of {_time(plan.journal)}. Nothing was touched.")
    return WOULD_CHANGE if concerned else NOTHING_LEFT


def _carry_out(plan: Plan) -> int:
    from keras_migrate.undo import carry_out, keep_and_replace

    kept = keep_and_replace(plan)
    result = carry_out(plan)
    verb = "changed" if _completes(plan) else "restored"
    concerned = [
        entry
        for entry in (*plan.ready, *(entry for entry, _ in plan.obstacles))
        if entry.path not in result.failures
    ]
    for entry in concerned:
        place = kept.get(entry.path)
        before = f"; what it held is kept in {os.path.relpath(place)}" if place else ""
        click.echo(f"{_shown(plan.journal, entry)}: {verb}{before}")
    for path, failure in result.failures.items():
        click.echo(f"Error: {path}: {failure.message}", err=True)
    if result.failures:
        click.echo(f"{_files(concerned)} {verb}, {_files(result.failures)} not. Run the same command again.")
        return FAILED
    when = f"the run of {_time(plan.journal)}"
    if _completes(plan):
        click.echo(f"{_files(concerned)} changed: {when} is complete.")
    else:
        click.echo(f"{_files(concerned)} restored: {when} is undone.")
    return NOTHING_LEFT


def _list(path: str) -> int:
    from keras_migrate.undo import recorded
    from keras_migrate.writer import Journal, JournalError, JournalStatus

    journals = recorded(path)
    if not journals:
        click.echo("No run is recorded.")
    for folder in reversed(journals):
        try:
            journal = Journal.read(folder)
        except JournalError as error:
            click.echo(f"{os.path.basename(folder)}  {error}")
            continue
        state = _STATES[journal.status.value]
        if journal.status is JournalStatus.WRITING and journal.is_busy:
            state = "under way"
        click.echo(f"{journal.name}  {_time(journal)}  {_files(journal.entries)}  {state}")
        for entry in journal.entries[:_LISTED_FILES]:
            click.echo(f"    {_shown(journal, entry)}")
        if len(journal.entries) > _LISTED_FILES:
            click.echo(f"    and {len(journal.entries) - _LISTED_FILES} more")
    return NOTHING_LEFT


_STATES = {"writing": "stopped half-way", "complete": "can be undone", "restored": "undone"}


def _completes(plan: Plan) -> bool:
    from keras_migrate.undo import Direction

    return plan.direction is Direction.COMPLETE


def _time(journal: Journal) -> str:
    """When a run was, on the clock of whoever reads it."""
    from datetime import datetime

    moment = datetime.fromisoformat(journal.created.replace("Z", "+00:00"))
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _shown(journal: Journal, entry: Entry) -> str:
    from keras_migrate.reports.diff import printable

    try:
        return printable(os.path.relpath(journal.locate(entry)))
    except ValueError:  # another drive of Windows
        return printable(journal.locate(entry))


def _files(files: Iterable[object]) -> str:
    count = len(list(files))
    return "1 file" if count == 1 else f"{count} files"
