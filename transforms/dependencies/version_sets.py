"""Whether some version satisfies two specifiers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version


@cache
def meet(one: str, other: str) -> bool:
    """Whether some version satisfies two specifiers; true where one of them cannot be read."""
    try:
        first, second = SpecifierSet(one.replace("dev", "")), SpecifierSet(other.replace("dev", ""))
        both = f"{one},{other}"
        return any(
            first.contains(each, prereleases=True) and second.contains(each, prereleases=True)
            for each in _tried(both)
        )
    except (InvalidSpecifier, InvalidVersion):
        return True


def _tried(specifiers: str) -> Iterable[Version]:
    """Versions at and around the bounds of specifiers: if any satisfies them, one of these does."""
    yield Version("0")
    yield Version("99999")
    for number in re.findall(r"\d+(?:\.\d+)*(?:(?:a|b|rc|\.?post)\d+)?", specifiers):
        version = Version(number)
        yield version
        release = version.release
        for length in range(1, len(release) + 1):
            head = release[:length]
            yield Version(".".join(map(str, (*head[:-1], head[-1] + 1))))
            if head[-1]:
                yield Version(".".join(map(str, (*head[:-1], head[-1] - 1, 99999))))
        yield Version(".".join(map(str, (*release, 1))))
        yield Version(".".join(map(str, (*release, 0, 1))))
