"""Every rule that the tool has, wherever it is defined."""

from __future__ import annotations

from collections.abc import Mapping

from keras_migrate import runner, verify, writer
from keras_migrate.documents import program, python2
from keras_migrate.findings import PROCESSING_RULES, Rule
from keras_migrate.transform import pipeline
from keras_migrate.transforms import dependencies
from keras_migrate.transforms.dependencies import commands


def all_rules() -> Mapping[str, Rule]:
    """Every rule that a finding can name, by its code, in the order of codes."""
    engine = (*PROCESSING_RULES, *python2.RULES, *program.RULES, *verify.RULES, *runner.RULES, *writer.RULES)
    others = (*commands.RULES, *dependencies.RULES)
    rules = [*engine, *others, *(rule for each in pipeline().transforms for rule in each.rules)]
    return {rule.code: rule for rule in sorted(rules, key=lambda rule: rule.code)}
