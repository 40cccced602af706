"""Which of the rules that could treat a name show best what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ...findings import Rule
from ...transform import Transform, pipeline


def using(symbol: str) -> tuple[str, ...]:
    """The rules of the transforms that asked to see a symbol, by its canonical path."""
    return _rules(each for each in pipeline().transforms if symbol in each.on_use)


def deriving(symbol: str) -> tuple[str, ...]:
    """The rules of the transforms that asked to see classes derived from a symbol."""
    return _rules(each for each in pipeline().transforms if symbol in each.on_subclass)


def reading(attribute: str) -> tuple[str, ...]:
    """The rules of the transforms that asked to see an attribute."""
    return _rules(each for each in pipeline().transforms if attribute in each.on_attribute)


def showing(word: str, codes: Iterable[str] = ()) -> tuple[str, ...]:
    """The rules whose own example has a word in its old code and not in its new one.

    Args:
        word: a name.
        codes: only these; all rules of the transforms where there are none.
    """
    wanted = frozenset(codes)
    return tuple(
        code
        for code, rule in _known().items()
        if (not wanted or code in wanted) and _shows(word, rule.before) and not _shows(word, rule.after)
    )


def _shows(word: str, code: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", code) is not None


def _rules(transforms: Iterable[Transform]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rule.code for each in transforms for rule in each.rules))


def _known() -> Mapping[str, Rule]:
    found = {rule.code: rule for each in pipeline().transforms for rule in each.rules}
    return dict(sorted(found.items()))
