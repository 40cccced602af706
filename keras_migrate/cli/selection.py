"""What a command is to look at and how, as its user asked for it, and the run that works it out."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from keras_migrate.options import Defaults, ImportStyle, Options, Python2
from keras_migrate.source import Source
from keras_migrate.target import Target

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from keras_migrate.configuration import Configuration
    from keras_migrate.project import Project
    from keras_migrate.runner import Progress, RunResult

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Selection:
    """The files of a run, and what the run is asked for.

    Attributes:
        paths: files and folders that exist, or ``-`` alone.
        options: what to migrate to, and how.
        excludes: the patterns of ``--exclude``.
        jobs: ``--jobs``.
        time_limit: ``--time-limit``.
    """

    paths: tuple[str, ...]
    options: Options
    excludes: tuple[str, ...] = ()
    jobs: int | None = None
    time_limit: float = 60.0

    @classmethod
    def of(
        cls,
        paths: tuple[str, ...],
        target: Target | None,
        source: Source | None,
        defaults: str | None,
        python2: str | None,
        import_style: str | None,
        select: tuple[str, ...],
        ignore: tuple[str, ...],
        excludes: tuple[str, ...],
        jobs: int | None,
        config: str | None,
        isolated: bool,
        time_limit: float,
    ) -> Selection:
        """What the parameters of ``options.selects_code`` ask for.

        Raises:
            click.UsageError: where a path does not exist or a rule is not known.
            BadConfiguration: where the configuration is not understood.
        """
        from keras_migrate.project import Project

        paths = paths or (".",)
        check_paths(paths)
        project = Project() if STDIN in paths else project_of(paths)
        options = configuration(project, config, isolated=isolated).options(
            project,
            target=target,
            source=source,
            defaults=Defaults(defaults) if defaults else None,
            import_style=ImportStyle(import_style) if import_style else None,
            python2=Python2(python2) if python2 else None,
            select=known_rules("--select", select),
            ignore=known_rules("--ignore", ignore),
        )
        return cls(paths, options, excludes, jobs, time_limit)

    @property
    def is_stdin(self) -> bool:
        """Whether the code comes from standard input."""
        return STDIN in self.paths

    def worked_out(self, color: str, *, quiet: bool) -> RunResult:
        """Works everything out; on a terminal a bar shows how far it came.

        Args:
            color: ``--color``.
            quiet: whether to do without the bar.
        Raises:
            click.UsageError: where an exclude is not in gitignore syntax.
        """
        from keras_migrate import runner
        from keras_migrate.project import BadPatternError

        try:
            with _progress(color, quiet=quiet) as progress:
                return runner.run(
                    self.paths, self.options, self.excludes, self.jobs, progress, time_limit=self.time_limit
                )
        except BadPatternError as error:
            raise click.UsageError(f"--exclude: {error}") from error

    def worked_out_code(self, data: bytes) -> RunResult:
        """Works out code that came from standard input."""
        from keras_migrate import runner

        return runner.run_code("<stdin>", data, self.options, time_limit=self.time_limit)


def _progress(color: str, *, quiet: bool) -> AbstractContextManager[Progress | None]:
    if quiet or not sys.stderr.isatty():
        return nullcontext()
    from keras_migrate.cli.progress import bar

    return bar(color)


def check_paths(paths: Sequence[str]) -> None:
    """Refuses paths that do not exist."""
    if STDIN in paths:
        if len(paths) > 1:
            raise click.UsageError("'-' stands for standard input and cannot be combined with other PATHS")
        return
    for path in paths:
        if not os.path.lexists(path):
            raise click.UsageError(f"no such file or folder: {path}")
        if not (os.path.isfile(path) or os.path.isdir(path)):
            raise click.UsageError(f"neither a file nor a folder: {path}")


def known_rules(option: str, given: Sequence[str]) -> frozenset[str]:
    """The codes and beginnings of codes that were given, by code or name."""
    if not given:
        return frozenset()
    from keras_migrate.registry import UnknownRuleError, codes_named

    try:
        return codes_named(given)
    except UnknownRuleError as error:
        raise click.UsageError(f"{option}: {error}") from error


class BadConfiguration(click.ClickException):
    """A configuration that is not understood; ends the command."""

    exit_code = 2


def configuration(project: Project, config: str | None, *, isolated: bool) -> Configuration:
    """What a project says of its migration.

    Args:
        project: the project; of code from standard input, that of the current folder counts.
        config: ``--config``.
        isolated: ``--isolated``.
    Raises:
        click.UsageError: where both are given.
        BadConfiguration: where it is not understood.
    """
    from keras_migrate.configuration import Configuration, ConfigurationError

    if config is not None and isolated:
        raise click.UsageError("--config and --isolated contradict each other: name one")
    if isolated:
        return Configuration()
    try:
        if config is None:
            return Configuration.of([project.root or os.curdir])
        here = os.getcwd()
        inside = os.path.join(project.root, "").startswith(os.path.join(here, ""))
        return Configuration.read(config, here if inside else project.root)
    except ConfigurationError as error:
        raise BadConfiguration(str(error)) from error


def project_of(paths: Sequence[str]) -> Project:
    """The project of the paths that were given."""
    from keras_migrate.project import NoCommonFolderError, Project

    try:
        return Project.of(paths)
    except NoCommonFolderError as error:
        raise click.UsageError(str(error)) from error
