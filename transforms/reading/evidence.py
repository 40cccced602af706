"""What code and pins say of the release of standalone Keras that the code was written for.

Nothing is parsed: this is asked of every file that mentions Keras before any of them is worked out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from ...catalog import moves
from ...pins import Pin
from ...source import KNOWN_SOURCES, Evidence, Source, preferred, series, weigh
from ..tables import load

_TABLE = "reading/evidence.toml"

_IMPORT = re.compile(
    rb"^(?:from[ \t]+(keras[\w.]*)[ \t]+import[ \t]*(\([^()]*\)|(?:[^\n\\#;]|\\\r?\n)*)"
    rb"|import[ \t]+(keras\.[\w.]+))",
    re.MULTILINE,
)
"""Imports that stand by themselves; those in a ``try`` are one way among others."""
_USES_KERAS = re.compile(
    rb"^[ \t]*(?:from[ \t]+keras\b|(?:from[ \t]+[\w.]+[ \t]+)?import[ \t][^\n]*\bkeras\b)", re.MULTILINE
)
_USES_TF_KERAS = re.compile(
    rb"\b(?:tf|tensorflow|tensorflow\.python)\.keras\b|\bfrom[ \t]+tensorflow[ \t]+import[ \t].*\bkeras\b"
)
_KEYWORD = re.compile(rb"[(,]\s*(\w+)\s*=(?!=)")
_DEFINITION = re.compile(rb"\bdef\s+\w+\s*\([^()]*\)")


@dataclass(frozen=True, slots=True)
class _Sign:
    """One thing in the code that speaks for some releases.

    Attributes:
        shown: how a message names it.
        releases: those it speaks for.
        hint: whether other releases took it too.
    """

    shown: str
    releases: frozenset[str]
    hint: bool = False

    @property
    def reason(self) -> str:
        return f"{self.shown} ({_span(self.releases)})"


def evidence(data: bytes) -> Evidence | None:
    """What the code of a file says by itself.

    Args:
        data: the file.
    Returns:
        The releases that most of it speaks for: of those that most firm signs agree on, those that most
        hints agree on. ``None`` where it does not import Keras or says nothing.
    """
    if _USES_KERAS.search(data) is None:
        return None
    signs = dict.fromkeys(_imports(data))
    if _USES_TF_KERAS.search(data) is None:  # which has the same keywords, and has had others longer
        signs.update(dict.fromkeys((*_keywords(data), *_idioms(data))))
    able = _most_voted(frozenset(KNOWN_SOURCES), ((sign.releases, 1) for sign in signs if not sign.hint))
    likely = _most_voted(able, ((sign.releases, 1) for sign in signs if sign.hint))
    if len(likely) == len(KNOWN_SOURCES):
        return None
    return Evidence(likely, _telling(signs, likely).reason, able)


def source_of(data: bytes) -> Source:
    """The release that code was written for which is in no project."""
    found = evidence(data)
    return weigh(() if found is None else (found.told_by("it has"),))


def _telling(signs: Iterable[_Sign], possible: frozenset[str]) -> _Sign:
    """The sign that says most for the releases that are possible."""
    agreeing = [sign for sign in signs if possible <= sign.releases]
    return min(agreeing or signs, key=lambda sign: (len(sign.releases - possible), sign.hint))


def _imports(data: bytes) -> Iterator[_Sign]:
    """Names that are imported and that only some releases had."""
    for module, names, plain in _IMPORT.findall(data):
        if plain:
            paths = [plain.decode()]
        else:
            paths = [f"{module.decode()}.{name}" for name in _imported(names)]
        for path in paths:
            releases = _known(path)
            if releases:
                yield _Sign(path, releases)


def _imported(names: bytes) -> Iterator[str]:
    """The names of an import statement's list."""
    text = re.sub(r"#.*", "", names.decode("utf-8", "replace")).strip("() \t\r\n")
    for part in re.split(r"[,\\]", text):
        words = part.split()
        if words and words[0].isidentifier():
            yield words[0]


@cache
def _known(path: str) -> frozenset[str]:
    """The releases that have a path; empty where that says nothing: all or none of them do."""
    if path.startswith(tuple(load(_TABLE)["uncatalogued"]["modules"])):
        return frozenset()
    releases = moves.known(path)
    found = frozenset(name for version in releases if (name := series(version)) is not None)
    return frozenset() if len(found) == len(KNOWN_SOURCES) else found


def _keywords(data: bytes) -> Iterator[_Sign]:
    table = _keyword_table()
    if table.keys().isdisjoint(_KEYWORD.findall(data)):
        return
    for name in dict.fromkeys(_KEYWORD.findall(_DEFINITION.sub(b"", data))):
        if name in table:
            yield table[name]


@cache
def _keyword_table() -> dict[bytes, _Sign]:
    """What each keyword of calls says."""
    return {
        name.encode(): _Sign(f"{name}=", frozenset(entry["releases"]), entry.get("hint", False))
        for entry in load(_TABLE)["keyword"]
        for name in entry["names"]
    }


def _idioms(data: bytes) -> Iterator[_Sign]:
    for word, pattern, sign in _idiom_table():
        if word in data and pattern.search(data) is not None:
            yield sign


@cache
def _idiom_table() -> tuple[tuple[bytes, re.Pattern[bytes], _Sign], ...]:
    return tuple(
        (
            entry["word"].encode(),
            re.compile(entry["pattern"].encode(), re.MULTILINE),
            _Sign(entry["shown"], frozenset(entry["releases"]), entry.get("hint", False)),
        )
        for entry in load(_TABLE)["idiom"]
    )


def _span(releases: frozenset[str]) -> str:
    """Some releases in words: ``Keras from 2.0 on``."""
    named = [release for release in KNOWN_SOURCES if release in releases]
    if len(named) == 1:
        return f"Keras {named[0]}"
    if releases == frozenset(KNOWN_SOURCES[: len(named)]):
        return f"Keras up to {named[-1]}"
    if releases == frozenset(KNOWN_SOURCES[-len(named) :]):
        return f"Keras from {named[0]} on"
    return f"Keras {' and '.join((', '.join(named[:-1]), named[-1]))}"


def pinned(pins: Sequence[Pin]) -> Source | None:
    """The release that a project's pins of Keras name.

    A pin names one where it leaves no doubt: ``==2.2.4``; an upper bound, ``>=2.0.8,<2.3``, by which the code
    ran with the newest that it allows; ``>=2.3``, as nothing came after that. Of several pins an exact one
    counts before a bound, then the file that says more exactly what the code ran with, then the newer.

    Args:
        pins: those of Keras in one folder.
    Returns:
        ``None`` where a lower bound, or nothing, is all there is: see :func:`bounds`.
    """
    named = [(pin, release) for pin in pins if (release := _named(pin)) is not None]
    if not named:
        return None
    pin, release = min(
        named, key=lambda each: (not each[0].exact, each[0].rank, -KNOWN_SOURCES.index(each[1]))
    )
    return Source(release, guessed=False, reason=f"{pin.file} asks for {pin}")


def _named(pin: Pin) -> str | None:
    allowed = _allowed(pin)
    if not allowed or (pin.allows(load(_TABLE)["versions"]["after"]) and len(allowed) > 1):
        return None
    return allowed[-1]


def _allowed(pin: Pin) -> list[str]:
    """The sources that a pin of Keras allows, oldest first."""
    versions = load(_TABLE)["versions"]["known"]
    allowed = {series(version) for version in versions if pin.allows(version)}
    return [release for release in KNOWN_SOURCES if release in allowed]


def bounds(pins: Iterable[Pin]) -> Iterator[Evidence]:
    """What pins of Keras that name no release say: that it is none before a lower bound.

    A project that asks for a Keras after 2.3 means ``tf.keras``, and 2.3 is the nearest to that.

    Args:
        pins: those of Keras in one folder.
    """
    for pin in pins:
        allowed = _allowed(pin)
        reason = f"{pin.file} asks for {pin}"
        if allowed:
            yield Evidence(frozenset(allowed), reason)
        else:
            yield Evidence(frozenset(KNOWN_SOURCES[-1:]), f"{reason}, to which that is the nearest")


def contemporary(pins: Sequence[Pin]) -> Iterator[Evidence]:
    """The release that was current with the TensorFlow that a project asks for.

    Args:
        pins: those of TensorFlow in one folder. Of what is asked for the newest counts; a lower bound only
            where it is TensorFlow 2.
    """
    found = [(version, pin) for pin in pins if (version := _tensorflow(pin)) is not None]
    if found:
        version, pin = max(found, key=lambda each: each[0])
        eras = [entry for entry in load(_TABLE)["tensorflow"] if _numbers(entry["from"]) <= version]
        for entry in eras[-1:]:
            yield Evidence(frozenset(entry["keras"]), f"{pin.file} asks for {pin}")


def _tensorflow(pin: Pin) -> tuple[int, ...] | None:
    """The version that a pin of TensorFlow is about."""
    exact = re.match(r"[=~]=+(\d+\.\d+)", pin.specifier)
    if exact is not None:
        return _numbers(exact[1])
    lower = re.search(r">=?(\d+\.\d+|\d+)", pin.specifier)
    return _numbers(lower[1]) if lower is not None and _numbers(lower[1]) >= (2,) else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def of_version(version: str, reason: str) -> Iterator[Evidence]:
    """What it says that a model file or a text names a version of Keras.

    Args:
        version: ``2.0.8``.
        reason: what names it, for people.
    """
    release = series(version)
    if release is not None:
        yield Evidence(frozenset((release,)), reason)


def agreed(said: Mapping[Evidence, int]) -> Evidence | None:
    """What the files of a project say together.

    Of the releases that can run most of them, it is those that most speak for.

    Args:
        said: what single files say, and how many files say so.
    """
    able = _most_voted(frozenset(KNOWN_SOURCES), ((each.able, number) for each, number in said.items()))
    likely = _most_voted(able, ((each.releases, number) for each, number in said.items()))
    speaking = [each for each in said if preferred(likely) in each.releases]
    if len(likely) == len(KNOWN_SOURCES) or not speaking:
        return None
    return Evidence(likely, min(speaking, key=lambda each: len(each.releases - likely)).reason)


def _most_voted(possible: frozenset[str], votes: Iterable[tuple[frozenset[str], int]]) -> frozenset[str]:
    """Those of some releases that have most votes."""
    counts = dict.fromkeys(possible, 0)
    for releases, number in votes:
        for release in releases & possible:
            counts[release] += number
    most = max(counts.values())
    return frozenset(release for release, count in counts.items() if count == most)
