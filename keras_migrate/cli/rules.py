"""``keras-migrate rules``."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from keras_migrate.cli.options import TargetType, has_color, rule_codes
from keras_migrate.cli.pages import Command
from keras_migrate.target import KNOWN_RELEASES, Target

if TYPE_CHECKING:
    from keras_migrate.findings import Rule


@click.command(cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("words", nargs=-1, metavar="[WORDS]...", shell_complete=rule_codes)
@click.option(
    "--target",
    type=TargetType(),
    metavar="RELEASE",
    help=f"Only rules that apply to this TensorFlow release: {', '.join(KNOWN_RELEASES)}.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="Output.",
)
@has_color
@click.pass_context
def rules(
    context: click.Context, /, words: tuple[str, ...], target: Target | None, form: str, color: str
) -> None:
    """List the rules: code, name, levels of its findings, what it does, and for which targets.

    WORDS choose among them: the beginning of a code (KM2), or a word of the name or the texts. A rule is
    listed if all of them fit.

    \b
    Examples:
      keras-migrate rules
      keras-migrate rules KM4 --target 2.15
      keras-migrate rules optimizer --format markdown
    """
    from keras_migrate.registry import all_rules, levels_of_rules
    from keras_migrate.reports import rule_list, terminal
    from keras_migrate.transforms.tables import applies

    found = [
        rule
        for rule in all_rules().values()
        if all(_fits(rule, word) for word in words) and (target is None or applies(rule.targets, target))
    ]
    if not found:
        click.echo(f"Error: no rule fits {' '.join(words)!r}: 'keras-migrate rules' lists all", err=True)
        context.exit(2)
    levels = levels_of_rules()
    if form == "json":
        click.echo(json.dumps(rule_list.document(found, levels), indent=2))
    elif form == "markdown":
        click.echo(rule_list.markdown(found, levels), nl=False)
    else:
        rule_list.show(terminal.output(sys.stdout, color), found, levels)


def _fits(rule: Rule, word: str) -> bool:
    """Whether a rule is one that a word asks for."""
    code = word.upper()
    if rule.code.startswith(code) and (code[-1:].isdigit() or code == rule.code.rstrip("0123456789")):
        return True
    return word.lower() in f"{rule.name} {rule.summary} {rule.explanation}".lower()
