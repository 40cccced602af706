"""Every rule that the tool has, wherever it is defined."""

from __future__ import annotations

from collections.abc import Mapping

from keras_migrate import runner, verify, writer
from keras_migrate.documents import program, python2
from keras_migrate.findings import OWN_KERAS, PROCESSING_RULES, Level, Rule
from keras_migrate.transform import pipeline
from keras_migrate.transforms import dependencies
from keras_migrate.transforms.dependencies import commands
from keras_migrate.transforms.models import rules as model_rules
from keras_migrate.transforms.tables import load


def all_rules() -> Mapping[str, Rule]:
    """Every rule that a finding can name, by its code, in the order of codes."""
    engine = (*PROCESSING_RULES, *python2.RULES, *program.RULES, *verify.RULES, *runner.RULES, *writer.RULES)
    others = (*commands.RULES, *dependencies.RULES, *model_rules.RULES)
    rules = [*engine, *others, *(rule for each in pipeline().transforms for rule in each.rules)]
    return {rule.code: rule for rule in sorted(rules, key=lambda rule: rule.code)}


def levels_of_rules() -> Mapping[str, tuple[Level, ...]]:
    """The levels that findings of a rule can have, by its code, for the rules of which they are known."""
    table = load("rule_levels.toml")
    known = {code: tuple(Level(level) for level in levels) for code, levels in table.items()}
    return {rule.code: (Level.ERROR,) for rule in PROCESSING_RULES if rule is not OWN_KERAS} | known
