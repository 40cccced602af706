"""Requirements in commands: ``pip install`` and ``conda install`` in scripts, Dockerfiles and CI files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keras_migrate.documents.requirements import (
    Context,
    Group,
    Insertion,
    Requirement,
    Span,
    Spelling,
    python,
    read,
)

_INSTALL = re.compile(
    r"\b(?:(?P<pip>pip(?:env)?[\d.]*)|(?P<conda>conda|mamba|micromamba))(?:\.exe)?(?:[ \t]+-[\w-]+)*"
    r"[ \t]+(?P<verb>install|create|env)\b"
)
_GAP = re.compile(r"(?:[ \t]|\\\r?\n)+")
_QUOTED = re.compile(r"\\?([\"'])(?P<inner>[^\"'\r\n\\]*)\\?\1(?=[\s;&|)\\]|$)", re.MULTILINE)
_BARE = re.compile(
    r"(?:\$\{[^}\s]*\}|\$\([^)\n]*\)|\[[^\]\s]*\]|[^\s;&|()\"'`\\<>#]|(?<=\w)[<>]=?(?=\d)|(?<=\S)#)+"
)
_WITH_VALUE = re.compile(
    r"(?:-[rcitfnpdb]|--(?:requirement|constraint|index-url|extra-index-url|target|find-links|name|channel|"
    r"prefix|file|no-binary|only-binary|proxy|timeout|retries|progress-bar|upgrade-strategy|cache-dir|"
    r"trusted-host|cert|log|src|root|build|python|platform|editable))$|-e$"
)
_COMMENTED = re.compile(r"(?:^|[ \t])#")


def in_commands(text: str) -> Iterator[Group]:
    """The requirements of each command of a text that installs some."""
    for match in _INSTALL.finditer(text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if _COMMENTED.search(line) is not None or match["verb"] == "env":
            continue
        group = _command(text, match.end(), Spelling.PIP if match["pip"] else Spelling.CONDA)
        if group is not None:
            yield group


def _command(text: str, at: int, spelling: Spelling) -> Group | None:
    requirements: list[Requirement] = []
    spans: list[Span] = []
    positions: list[int] = []
    words = list(_words(text, at))
    options = [text[start:end] for start, end, _ in words]
    obstacle = "its command has `--no-deps`" if "--no-deps" in options else ""
    value = False
    for (start, end, bare), word in zip(words, options, strict=True):
        if value:
            value = False
            continue
        if word.startswith("-"):
            value = _WITH_VALUE.match(word) is not None
            continue
        inner = (start, end) if bare else _inner(text, start, end)
        separator = "{name}{version}"
        insertion = Insertion(
            end, " " + (separator if bare else text[start : inner[0]] + separator + text[inner[1] : end])
        )
        found = read(text, *inner, Context(spelling, bare, obstacle), insertion)
        if found is not None:
            positions.append(len(spans))
            requirements.append(found)
        spans.append((start, end))
    if not requirements:
        return None
    return Group(tuple(requirements), tuple(spans), tuple(positions), may_be_empty=False)


def _words(text: str, at: int) -> Iterator[tuple[int, int, bool]]:
    """The words behind the verb of a command: where they are, and whether no quotes protect them."""
    while (gap := _GAP.match(text, at)) is not None:
        at = gap.end()
        word = _QUOTED.match(text, at)
        bare = word is None
        word = word or _BARE.match(text, at)
        if word is None or text[at] == "#":
            return
        yield word.start(), word.end(), bare
        at = word.end()


def _inner(text: str, start: int, end: int) -> Span:
    quote = 2 if text[start] == "\\" else 1
    return start + quote, end - quote


_FROM = re.compile(
    r"^FROM[ \t]+(?:--\S+[ \t]+)?(?P<image>[\w./-]+?)(?::(?P<tag>[\w.-]+))?(?=\s|$)", re.MULTILINE | re.I
)


def in_dockerfile(text: str) -> Iterator[Group]:
    """The image that a Dockerfile begins with, and the requirements of its commands."""
    for match in _FROM.finditer(text):
        version = re.match(r"\d+(?:\.\d+)*", match["tag"] or "")
        parts = version[0].count(".") if version is not None else 0
        series = "" if parts > 1 else ".*"
        asked = f"=={version[0]}{series}" if version is not None else ""
        span = match.span("image")
        yield Group.of(
            [
                Requirement(
                    match["image"].lower(), asked, Spelling.PIP, span, (match.end(), match.end()),
                    match[0], obstacle="it is an image",
                )
            ]
        )  # fmt: skip
    yield from in_commands(text)


_PYTHONS = re.compile(
    r"^[ \t-]*python(?:-version)?:[ \t]*"
    r"(?P<value>[^\r\n]*(?:\r?\n[ \t]*-[ \t]+[\"']?\d[^\r\n]*)*)",
    re.MULTILINE,
)
_PYTHON = re.compile(r"(?<![\w.-])(?P<version>[23]\.\d+)(?:\.\d+)?(?![\w.])")


def in_ci(text: str) -> Iterator[Group]:
    """The Pythons that a CI file runs with, each once, and the requirements of its commands."""
    places = (
        place for match in _PYTHONS.finditer(text) for place in _PYTHON.finditer(text, *match.span("value"))
    )
    first: dict[str, Span] = {}
    for place in places:
        first.setdefault(place["version"], place.span())
    for version, span in first.items():
        yield python(f"=={version}.*", span, f"python {version}")
    yield from in_commands(text)
