"""Every rule that the tool has, wherever it is defined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from keras_migrate import ignores, plugins, runner, verify, writer
from keras_migrate.documents import program, python2
from keras_migrate.findings import OWN_KERAS, PROCESSING_RULES, Level, Rule
from keras_migrate.transform import pipeline
from keras_migrate.transforms import dependencies
from keras_migrate.transforms.dependencies import commands
from keras_migrate.transforms.models import rules as model_rules
from keras_migrate.transforms.tables import load


class UnknownRuleError(ValueError):
    """A word that names no rule."""


def all_rules() -> Mapping[str, Rule]:
    """Every rule that a finding can name, by its code, in the order of codes.

    Raises:
        PluginError: where a transform of another package cannot be used.
    """
    engine = (*PROCESSING_RULES, *python2.RULES, *program.RULES, *verify.RULES, *runner.RULES, *writer.RULES)
    others = (
        ignores.UNUSED_IGNORE,
        *plugins.RULES,
        *commands.RULES,
        *dependencies.RULES,
        *model_rules.RULES,
    )
    rules = [*engine, *others, *(rule for each in pipeline().transforms for rule in each.rules)]
    return {rule.code: rule for rule in sorted(rules, key=lambda rule: rule.code)}


def levels_of_rules() -> Mapping[str, tuple[Level, ...]]:
    """The levels that findings of a rule can have, by its code, for the rules of which they are known."""
    table = load("rule_levels.toml")
    known = {code: tuple(Level(level) for level in levels) for code, levels in table.items()}
    return {rule.code: (Level.ERROR,) for rule in PROCESSING_RULES if rule is not OWN_KERAS} | known


def codes_named(words: Iterable[str]) -> frozenset[str]:
    """The codes and beginnings of codes that words name.

    Args:
        words: codes (``KM101``), beginnings of codes (``KM1``) or names of rules, in any case.
    Raises:
        UnknownRuleError: where one names no rule.
    """
    rules = all_rules()
    codes_by_name = {rule.name: code for code, rule in rules.items()}
    return frozenset(_code_of(word, rules, codes_by_name) for word in words)


def _code_of(word: str, rules: Mapping[str, Rule], codes_by_name: Mapping[str, str]) -> str:
    code = codes_by_name.get(word.lower(), word.upper())
    families = {known.rstrip("0123456789") for known in rules}
    if code.startswith(tuple(families)) and any(known.startswith(code) for known in rules):
        return code
    raise UnknownRuleError(f"no such rule: {word!r}. {_suggestion(word, [*rules, *codes_by_name])}")


def _suggestion(word: str, known: Sequence[str]) -> str:
    close = get_close_matches(word.upper(), known, 3) or get_close_matches(word.lower(), known, 3)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    return "Rules are named by their code (KM101), its beginning (KM1) or their name."
