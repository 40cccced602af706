"""``keras-migrate doctor``."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from keras_migrate.cli.options import has_color
from keras_migrate.cli.pages import Command

if TYPE_CHECKING:
    from keras_migrate.installed import Installed
    from keras_migrate.pins import Pin
    from keras_migrate.reports.environment import Diagnosis

_SOUND, _UNSOUND = 0, 3
_EXIT_CODES = """\b
Exit codes:
  0  what is installed fits together
  2  the command was not understood
  3  something needs a person
"""


@click.command(cls=Command, context_settings={"help_option_names": ["-h", "--help"]}, epilog=_EXIT_CODES)
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option(
    "--python",
    type=click.Path(),
    metavar="PATH",
    help="Python that runs the code, or the folder of its environment.  [default: the one that runs this]",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output."
)
@has_color
@click.pass_context
def doctor(
    context: click.Context, /, paths: tuple[str, ...], python: str | None, form: str, color: str
) -> None:
    """Say which Keras and TensorFlow a Python has, what 'tf.keras' is there, and what does not fit together.

    It is read from the metadata of the installed packages; neither Keras nor TensorFlow is imported. With
    PATHS, the files and folders of a project, it also says for what the project asks.

    \b
    Examples:
      keras-migrate doctor
      keras-migrate doctor --python .venv
      keras-migrate doctor --python /usr/bin/python3 path/to/project
    """
    for path in paths:
        if not os.path.exists(path):
            raise click.UsageError(f"no such file or folder: {path}")
    from keras_migrate.installed import NoPythonError, installed
    from keras_migrate.reports import environment, terminal

    try:
        found = _diagnosis(installed(python), paths)
    except NoPythonError as error:
        raise click.UsageError(f"--python: {error}") from error
    if form == "json":
        click.echo(json.dumps(environment.document(found), indent=2))
    else:
        environment.show(terminal.output(sys.stdout, color), found)
    context.exit(_UNSOUND if found.problems else _SOUND)


def _diagnosis(has: Installed, paths: Sequence[str]) -> Diagnosis:
    """What is known of a Python, and of a project where there is one."""
    from keras_migrate.pinned_target import pinned_target
    from keras_migrate.pins import pins_in
    from keras_migrate.project import NoCommonFolderError, Project, upwards
    from keras_migrate.reports.environment import Diagnosis
    from keras_migrate.transforms.dependencies import installed_packages as packages

    pins: tuple[Pin, ...] = ()
    pinned = None
    if paths:
        try:
            project = Project.of(paths)
        except NoCommonFolderError as error:
            raise click.UsageError(str(error)) from error
        asked = (pins_in(at, project.top) for at in upwards(project.root, project.top))
        pins = next(filter(None, asked), ())
        pinned = pinned_target(project)
    return Diagnosis(
        has,
        packages.meaning(has),
        packages.target(has),
        tuple(packages.problems(has)),
        packages.editor(has),
        pins,
        pinned,
    )
