"""What a question about old Keras is answered with: plain data that reports are made from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(str, Enum):
    """What a question turned out to be about."""

    RULE = "rule"
    ERROR = "error"
    SYMBOL = "symbol"
    ARGUMENT = "argument"
    ATTRIBUTE = "attribute"
    WORD = "word"
    """A string that code hands to Keras or gets from it: the name of a loss, the key of a history."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of something on some targets.

    Attributes:
        targets: the releases of TensorFlow, ``2.16``, ``2.21+legacy``.
        message: what it is there, or what to do, in a sentence.
        path: the qualified name that it has there; ``None`` where there is none.
    """

    targets: tuple[str, ...]
    message: str
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """Old code and what it becomes.

    Attributes:
        before: the old code.
        after: the new code; empty where nothing can be written.
        rule: the rule whose example it is; empty where it was made for the question.
    """

    before: str
    after: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of one thing that was asked about.

    Attributes:
        kind: what it is.
        subject: what is spoken of: ``keras.layers.merge``, an error message.
        text: what it is about and what to do, for all targets alike; may be empty.
        rules: the codes of the rules that treat it, the one that fits best first.
        releases: the releases of standalone Keras that had it, of those that there are tables of.
        outcomes: what became of it, by targets.
        example: what the tool makes of it.
    """

    kind: Kind
    subject: str
    text: str = ""
    rules: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    example: Example | None = None
