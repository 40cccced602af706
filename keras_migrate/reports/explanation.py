"""The answer to a question, for a person and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console

from keras_migrate.answers import Answer, Example, Kind, Outcome
from keras_migrate.findings import Rule
from keras_migrate.reports.prose import code, heading, labelled, paragraph
from keras_migrate.target import KNOWN_RELEASES

_MANY = 3
"""Rules are named up to here; those that could treat a thing as well are seldom asked for."""


def show(console: Console, answers: Sequence[Answer], rules: Mapping[str, Rule]) -> None:
    """Shows answers, and with the first that names a rule all that is known of that.

    Args:
        console: where to.
        answers: what is known of what was asked about.
        rules: the rules that they name, by code.
    """
    explained: set[str] = set()
    for number, answer in enumerate(answers):
        if number:
            console.print()
        _answer(console, answer)
        for place, each in enumerate(answer.rules[:_MANY]):
            if each not in explained:
                explained.add(each)
                _rule(console, rules[each], answer, whole=place == 0)


def document(what: str, answers: Sequence[Answer], rules: Mapping[str, Rule]) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "what": what,
        "answers": [{**asdict(answer), "kind": answer.kind.value} for answer in answers],
        "rules": {code: asdict(rule) for code, rule in rules.items()},
    }


def spoken(specifier: str) -> str:
    """The targets of a rule in words; empty for all."""
    if not specifier:
        return ""
    release = specifier.lstrip("<>=")
    return f"TensorFlow {release} and later" if specifier.startswith(">") else f"TensorFlow before {release}"


def ranges(targets: Sequence[str]) -> str:
    """Targets in short: ``2.16 – 2.21``, and legacy Keras as such."""
    plain = [target for target in targets if target in KNOWN_RELEASES]
    legacy = [target for target in targets if target not in KNOWN_RELEASES]
    if len(plain) == len(KNOWN_RELEASES) and legacy:
        return "every target"
    whole = (
        len(plain) > 2 and len(plain) == KNOWN_RELEASES.index(plain[-1]) - KNOWN_RELEASES.index(plain[0]) + 1
    )
    said = [f"{plain[0]} – {plain[-1]}"] if whole else plain
    return ", ".join((*said, *(["+legacy"] if legacy and len(targets) > 1 else legacy)))


def _answer(console: Console, answer: Answer) -> None:
    if answer.kind is Kind.RULE:
        return
    heading(console, answer.subject)
    if answer.releases:
        paragraph(console, f"Keras {', '.join(answer.releases)} had it.")
    if answer.kind is Kind.ERROR and answer.outcomes:
        paragraph(console, f"Given by: {ranges(answer.outcomes[0].targets)}.")
    if answer.text:
        paragraph(console, answer.text)
    if answer.kind is not Kind.ERROR:
        labelled(console, map(_outcome, answer.outcomes))
    if answer.example is not None:
        _example(console, answer.example)


def _outcome(outcome: Outcome) -> tuple[str, str]:
    end = "" if outcome.message.endswith((".", "!")) else "."
    return ranges(outcome.targets), outcome.message + end


def _rule(console: Console, rule: Rule, answer: Answer, *, whole: bool) -> None:
    where = f" ({spoken(rule.targets)})" if rule.targets else ""
    if answer.kind is not Kind.RULE:
        console.print()
    heading(console, f"{rule.code} {rule.name}{where}")
    paragraph(console, rule.summary)
    if not whole:
        return
    paragraph(console, rule.explanation)
    if rule.before and answer.example is None:
        _example(console, Example(rule.before, rule.after, rule.code))


def _example(console: Console, example: Example) -> None:
    console.print()
    paragraph(console, "Before:")
    code(console, example.before)
    console.print()
    paragraph(console, "After:" if example.after else "After: the same, with a finding that says what to do.")
    if example.after:
        code(console, example.after)
