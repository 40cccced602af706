"""The formats that a run can be reported in: one module each, imported when it is used."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keras_migrate.runner import RunResult


@dataclass(frozen=True, slots=True)
class Format:
    """A format of reports.

    Attributes:
        module: its module below this package, with a function ``report``.
        suffixes: how the names of files end that can only be meant for it.
    """

    module: str
    suffixes: tuple[str, ...] = ()


FORMATS = {
    "text": Format("text"),
    "json": Format("json_report", (".json",)),
    "html": Format("html_report", (".html",)),
    "markdown": Format("markdown_report", (".md",)),
    "sarif": Format("sarif", (".sarif", ".sarif.json")),
    "github": Format("github"),
    "gitlab": Format("gitlab"),
    "junit": Format("junit"),
}
"""Every format by the name that users give it."""

SUFFIXES = tuple(suffix for each in FORMATS.values() for suffix in each.suffixes)
"""The ends of names that decide for a format."""


def format_of_file(path: str) -> str | None:
    """The format that the name of a file asks for; ``None`` where it leaves that open."""
    fitting = [suffix for suffix in SUFFIXES if path.lower().endswith(suffix)]
    longest = max(fitting, key=len, default=None)
    return next((name for name, each in FORMATS.items() if longest in each.suffixes), None)


def report(name: str, run: RunResult) -> str:
    """The report of a run.

    Args:
        name: of the format, one of `FORMATS`.
        run: the run.
    Returns:
        The whole text of the report, with a line end unless it is empty.
    """
    made = import_module(f"{__package__}.{FORMATS[name].module}").report(run)
    assert isinstance(made, str)
    return made
