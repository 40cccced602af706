"""Tables of rules and of repositories at the widths that terminals have."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from keras_migrate.batch.results import BatchResult, Outcome, RepositoryResult
from keras_migrate.registry import all_rules, levels_of_rules
from keras_migrate.reports import batch_text, rule_list


def console(width: int) -> Console:
    return Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)


def shown(out: Console) -> str:
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


@pytest.mark.parametrize("width", [60, 80, 120])
def test_names_of_rules_are_whole(width: int) -> None:
    out = console(width)
    rules = list(all_rules().values())
    rule_list.show(out, rules, levels_of_rules())
    assert {rule.name for rule in rules} <= set(shown(out).split())
    assert max(map(len, shown(out).splitlines())) <= width


@pytest.mark.parametrize(("width", "whole"), [(60, False), (80, False), (120, True)])
def test_names_of_repositories_are_whole(width: int, whole: bool) -> None:
    out = console(width)
    result = RepositoryResult(
        "squeeze-and-excite-networks",
        "/repositories",
        "",
        Outcome.MIGRATED,
        target="2.16+legacy",
        files={"files": 15, "changed": 8},
        findings={"rewritten": 112, "review": 12, "manual": 1, "error": 0},
    )
    batch_text.show(out, BatchResult("fleet.toml", "/results", (result,)))
    (line,) = [line for line in shown(out).splitlines() if result.name in line]
    assert line.split() == [
        result.name,
        "migrated",
        *(["2.16+legacy", "15", "8", "112", "12", "1"] if whole else ["8", "1"]),
    ]
