"""Every rule is documented at its definition, and the engine makes of its example what the rule says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from keras_migrate import migrate_paths, migrate_source
from keras_migrate.findings import Level, Rule
from keras_migrate.options import Python2
from keras_migrate.registry import all_rules, levels_of_rules

RULES = all_rules()
KERAS_1 = {"KM724"}
"""Rules whose example shows only by ``--source 1.2`` that it is for Keras 1."""
ELSEWHERE = {"KM120", "KM220"}
"""The last checks: what they are shown with is found by KM106 and KM205 first."""
DEPENDENCY_FILES = {"KM801", "KM802", "KM803"}


def target_of(rule: Rule) -> str:
    """The newest target that a rule applies to; 2.15 where its example has that one's findings alone."""
    return "2.15" if rule.targets.startswith("<") or rule.code == "KM417" else "2.21"


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_documented(rule: Rule) -> None:
    assert re.fullmatch(r"KM\d{3}", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert rule.summary.endswith(".")
    assert "\n" not in rule.summary
    assert rule.explanation.endswith(".")
    assert rule.targets in ("", ">=2.16", "<2.16")
    assert rule.before or not rule.after
    if Level.REWRITTEN in levels_of_rules().get(rule.code, ()):
        assert rule.before
        assert rule.after


def test_names_are_of_one_rule_each() -> None:
    assert len({rule.name for rule in RULES.values()}) == len(RULES)


@pytest.mark.parametrize(
    "rule",
    [rule for rule in RULES.values() if rule.before and rule.code not in ELSEWHERE | DEPENDENCY_FILES],
    ids=lambda rule: rule.code,
)
def test_example(rule: Rule) -> None:
    result = migrate_source(
        rule.before,
        target=target_of(rule),
        source="1.2" if rule.code in KERAS_1 else None,
        python2=Python2.CONVERT if rule.code.startswith("KM89") else Python2.REPORT,
    )
    assert rule.code in {finding.rule for finding in result.findings}
    if rule.after:
        assert result.after.decode() == rule.after


@pytest.mark.parametrize("code", sorted(DEPENDENCY_FILES))
def test_example_of_a_dependency_file(code: str, tmp_path: Path) -> None:
    rule = RULES[code]
    (tmp_path / "requirements.txt").write_text(rule.before)
    (tmp_path / "train.py").write_text("from keras.layers import Dense\n")
    run = migrate_paths([tmp_path])
    (result,) = (each for each in run.results if each.path == "requirements.txt")
    assert code in {finding.rule for finding in result.findings}
    assert result.after.decode() == rule.after
