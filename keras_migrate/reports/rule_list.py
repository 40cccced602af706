"""The rules as a table: for a person, as JSON and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from keras_migrate.findings import Level, Rule
from keras_migrate.reports import palette
from keras_migrate.reports.explanation import spoken
from keras_migrate.reports.layout import NARROW, WIDE

Levels = Mapping[str, Sequence[Level]]
"""The levels that findings of a rule can have, by its code, as far as they are known."""

_ONE_LEVEL = max(len(level.value) for level in Level) + 1
"""Columns for a level and its comma, one below the other where there is little room."""


def show(console: Console, rules: Sequence[Rule], levels: Levels) -> None:
    """Shows rules: as a table that fits a terminal, elsewhere one a line."""
    if not console.is_terminal:
        for rule in rules:
            targets = f" [{spoken(rule.targets)}]" if rule.targets else ""
            words = _words(levels.get(rule.code, ()))
            console.print(
                Text(f"{rule.code}  {rule.name:<28}  {words:<26}  {rule.summary}{targets}"), soft_wrap=True
            )
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    table.add_column("rule", no_wrap=True)
    table.add_column("name", no_wrap=console.width >= NARROW, overflow="fold")
    table.add_column("levels", overflow="fold", max_width=None if console.width >= WIDE else _ONE_LEVEL)
    table.add_column("what", overflow="fold")
    for rule in rules:
        found = levels.get(rule.code, ())
        told = Text(", ").join(Text(level.value, style=palette.LEVEL[level]) for level in found)
        where = Text(f" [{spoken(rule.targets)}]" if rule.targets else "", style=palette.QUIET)
        table.add_row(rule.code, rule.name, told, Text(rule.summary) + where)
    console.print(table)


def markdown(rules: Iterable[Rule], levels: Levels) -> str:
    """The same as a table of Markdown."""
    rows = ["| rule | name | levels | what | targets |", "| --- | --- | --- | --- | --- |"]
    for rule in rules:
        cells = (rule.code, rule.name, _words(levels.get(rule.code, ())), rule.summary, spoken(rule.targets))
        rows.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(rows) + "\n"


def document(rules: Iterable[Rule], levels: Levels) -> list[dict[str, Any]]:
    """The same as plain data, with all that is known of each rule."""
    return [
        {**asdict(rule), "levels": [level.value for level in levels.get(rule.code, ())]} for rule in rules
    ]


def _words(levels: Iterable[Level]) -> str:
    return ", ".join(level.value for level in levels)
