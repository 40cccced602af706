"""Answers a question about old Keras: about a rule, a symbol, an argument, a method or an error message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from keras_migrate import migrate_source
from keras_migrate.answers import Answer, Example, Kind, Outcome
from keras_migrate.catalog import moves
from keras_migrate.findings import Rule
from keras_migrate.registry import all_rules
from keras_migrate.target import KNOWN_RELEASES, Target
from keras_migrate.transforms.answers import arguments, attributes, error_texts, symbols, words
from keras_migrate.transforms.answers.error_texts import Meaning
from keras_migrate.transforms.tables import applies

ALL_TARGETS = (*map(Target, KNOWN_RELEASES), Target(legacy=True))
"""Every release, and the newest with ``TF_USE_LEGACY_KERAS=1``, for all that have it set."""

_MANY = 6
"""More objects of the same name are too many to explain each."""


class NothingKnownError(LookupError):
    """Nothing is known of what was asked about.

    Attributes:
        suggestions: what may have been meant.
    """

    def __init__(self, suggestions: tuple[str, ...]) -> None:
        super().__init__()
        self.suggestions = suggestions


def explain(what: str, targets: Sequence[Target] = ALL_TARGETS) -> tuple[Answer, ...]:
    """Everything that is known of what a person asks about.

    Args:
        what: the code or name of a rule, a symbol, an argument, a method, a string, an error message.
        targets: the releases to look at.
    Raises:
        NothingKnownError: with what may have been meant.
    """
    what = what.strip()
    rule = _rule(what)
    if rule is not None:
        return (_of_rule(rule),)
    if error_texts.looks_like_an_error(what):
        meaning = error_texts.meaning_of(what)
        if meaning is None:
            raise NothingKnownError(())
        return tuple(_of_error(meaning, targets))
    found = tuple(_of_name(what, targets))
    if not found:
        raise NothingKnownError(_suggestions(what))
    return tuple(_with_example(each, targets) for each in found)


def rules_of(answers: Sequence[Answer]) -> Mapping[str, Rule]:
    """The rules that answers name, by their codes, in the order in which they are named."""
    known = all_rules()
    return {code: known[code] for each in answers for code in each.rules}


def _rule(what: str) -> Rule | None:
    rules = all_rules()
    by_name = {rule.name: rule for rule in rules.values()}
    return rules.get(what.upper()) or by_name.get(what.lower())


def _of_rule(rule: Rule) -> Answer:
    return Answer(Kind.RULE, f"{rule.code} {rule.name}", rule.explanation, (rule.code,))


def _of_name(name: str, targets: Sequence[Target]) -> Iterator[Answer]:
    """What is known of a name, whatever kinds of things have it."""
    found = _symbols(name, targets)
    if found and "." in name:
        yield from found
        return
    leaf = name.rpartition(".")[2].removesuffix("=")
    attribute = attributes.about_attribute(leaf, targets)
    others = (
        *((attribute,) if attribute is not None else ()),
        *arguments.about_argument(leaf, targets, _owner(name)),
        *words.about_word(name, targets),
    )
    # what was only internal to Keras is hardly meant where something else has the name
    yield from (each for each in found if not others or not symbols.is_gone(each.subject, targets))
    yield from others


def _symbols(name: str, targets: Sequence[Target]) -> tuple[Answer, ...]:
    old = symbols.tensorflow_symbol(name, targets)
    if old is not None:
        return (old,)
    named = symbols.symbols_named(name)
    if not named and "." in name:
        whole = symbols.below_keras(name)
        named = (whole,) if whole is not None and symbols.exists(whole, targets) else ()
    return tuple(symbols.about_symbol(path, targets) for path in named[:_MANY])


def _owner(name: str) -> str:
    """The class that a name is an argument of, where it is written so: ``Adam`` of ``Adam.lr``."""
    return name.rpartition(".")[0].rpartition(".")[2]


def _of_error(meaning: Meaning, targets: Sequence[Target]) -> Iterator[Answer]:
    """The meaning of a message, then what is known of what the message is about."""
    about = tuple(_about(meaning.groups, targets))
    given = [target for target in targets if applies(meaning.targets, target)]
    named = [code for each in about for code in each.rules[:2]]
    rules = dict.fromkeys((*meaning.rules, *(named or meaning.otherwise)))
    told = (Outcome(tuple(map(str, given)), "Such a release gives this message"),) if meaning.targets else ()
    yield Answer(Kind.ERROR, meaning.message, f"{meaning.do}.", tuple(rules), outcomes=told if given else ())
    yield from (_with_example(each, targets) for each in about)


def _about(groups: Mapping[str, str], targets: Sequence[Target]) -> Iterator[Answer]:
    """What is known of what an error message names."""
    symbol = groups.get("symbol") or ".".join(filter(None, (groups.get("module"), groups.get("name"))))
    if symbol:
        yield from _missing(symbol, targets)
    if "bare" in groups:
        yield from _symbols(groups["bare"], targets)
    if "member" in groups:
        answer = attributes.about_attribute(groups["member"], targets)
        if answer is not None:
            yield answer
    if "argument" in groups:
        owner = groups.get("owner") or groups.get("method", "")
        yield from arguments.about_argument(groups["argument"], targets, owner)
    if "word" in groups:
        yield from words.about_word(groups["word"], targets, groups.get("kind", ""))


def _missing(symbol: str, targets: Sequence[Target]) -> Iterator[Answer]:
    """What became of something that an import or a module lacks."""
    old = symbols.tensorflow_symbol(symbol, targets)
    path = symbols.below_keras(symbol)
    if old is not None:
        yield old
    elif path is not None:
        yield symbols.about_symbol(path, targets)


def _with_example(answer: Answer, targets: Sequence[Target]) -> Answer:
    """An answer about a moved symbol, with what the tool makes of its import."""
    target = targets[-1] if len(targets) == 1 else next(t for t in (*targets[::-1],) if not t.legacy)
    module, _, leaf = answer.subject.rpartition(".")
    movable = answer.kind is Kind.SYMBOL and moves.normalise(answer.subject) is not None and bool(module)
    if not movable or not symbols.is_moved(answer.subject, target):
        return answer
    before = f"from {module} import {leaf}\n\n{leaf}\n"
    after = migrate_source(before, target=target).after.decode()
    return replace(answer, example=Example(before, after)) if after != before else answer


def _suggestions(what: str) -> tuple[str, ...]:
    """Names that are written like one of which nothing is known."""
    from difflib import get_close_matches

    rules = all_rules()
    leaf = what.rpartition(".")[2]
    known = {
        *(rule.name for rule in rules.values()),
        *arguments.argument_names(),
        *attributes.attribute_names(),
        *words.words(),
        *symbols.names(),
    }
    if what[-1:].isdigit() and what.upper().startswith(tuple(code.rstrip("0123456789") for code in rules)):
        return tuple(get_close_matches(what.upper(), rules, 3))
    return tuple(get_close_matches(leaf, sorted(known), 3, 0.7))
