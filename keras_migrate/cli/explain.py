"""``keras-migrate explain``."""

from __future__ import annotations

import json
import sys

import click

from keras_migrate.cli.options import TargetType, has_color, rule_codes
from keras_migrate.cli.pages import Command
from keras_migrate.target import KNOWN_RELEASES, Target

STDIN = "-"


@click.command(cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("what", nargs=-1, required=True, metavar="WHAT...", shell_complete=rule_codes)
@click.option(
    "--target",
    type=TargetType(),
    metavar="RELEASE",
    help=f"Answer for this TensorFlow release alone: {', '.join(KNOWN_RELEASES)}.  [default: for all]",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output."
)
@has_color
@click.pass_context
def explain(
    context: click.Context, /, what: tuple[str, ...], target: Target | None, form: str, color: str
) -> None:
    """Explain a rule, a name of old Keras, or an error message.

    WHAT is the code or name of a rule, a symbol or the end of its path, an argument, a method, the key of a
    history, or an error message. With '-' it is read from standard input, where it can be a whole traceback.

    \b
    Examples:
      keras-migrate explain KM601
      keras-migrate explain keras.layers.merge --target 2.15
      keras-migrate explain fit_generator
      keras-migrate explain "KeyError: 'val_acc'"
      python train.py 2>&1 | keras-migrate explain -
    """
    question = sys.stdin.read() if what == (STDIN,) else " ".join(what)
    if not question.strip():
        raise click.UsageError("there is nothing to explain: name a rule, a symbol or an error message")
    from keras_migrate import explain as knowledge
    from keras_migrate.reports import explanation, terminal

    try:
        answers = knowledge.explain(question, (target,) if target is not None else knowledge.ALL_TARGETS)
    except knowledge.NothingKnownError as error:
        click.echo(f"Error: {_nothing(question.strip(), error.suggestions)}", err=True)
        context.exit(2)
    rules = knowledge.rules_of(answers)
    if form == "json":
        click.echo(json.dumps(explanation.document(question.strip(), answers, rules), indent=2))
    else:
        explanation.show(terminal.output(sys.stdout, color), answers, rules)


def _nothing(question: str, suggestions: tuple[str, ...]) -> str:
    """What to say where nothing is known."""
    asked = question.splitlines()[-1]
    hint = (
        f"Did you mean {' or '.join(suggestions)}?"
        if suggestions
        else "'keras-migrate rules' lists all rules; a name can be the end of a path."
    )
    return f"nothing is known of {asked!r}. {hint}"
