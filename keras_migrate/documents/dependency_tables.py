"""Requirements in TOML: ``pyproject.toml`` of any build tool, ``Pipfile``, and lock files."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace

from keras_migrate.documents.python import DocumentError
from keras_migrate.documents.requirements import (
    Context,
    Group,
    Insertion,
    Requirement,
    Span,
    Spelling,
    canonical,
    python,
    read,
)

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_LISTS = re.compile(
    r"project\.dependencies|project\.optional-dependencies\.[^.]+|dependency-groups\.[^.]+|build-system\.requires"
    r"|tool\.(?:uv|pdm)\.dev-dependencies(?:\.[^.]+)?|tool\.hatch\.envs\.[^.]+\.(?:extra-)?dependencies"
    r"|tool\.flit\.metadata\.requires(?:-extra\.[^.]+)?"
)
"""Keys of lists of requirements as pip spells them."""
_POETRY = re.compile(r"tool\.poetry\.(?:dependencies|dev-dependencies|group\.[^.]+\.dependencies)")
_PIPENV = re.compile(r"packages|dev-packages")
_EXTRAS = re.compile(r"tool\.poetry\.extras\.")

_STRING = r"\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''.*?'''|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'"
_TOKEN = re.compile(
    rf"(?P<string>{_STRING})|(?P<comment>\#[^\n]*)|(?P<mark>[\[\]{{}},=\n])|[^\s\"'\#\[\]{{}},=]+|[ \t\r]+",
    re.S,
)
_HEADER = re.compile(
    r"^[ \t]*\[(?P<array>\[)?[ \t]*(?P<name>[^\]\s](?:[^\]\n]*[^\]\s])?)[ \t]*\]?\][ \t]*(?:#.*)?\r?$"
)
_KEY = re.compile(rf"[ \t]*(?P<key>(?:[\w-]+|{_STRING})(?:[ \t]*\.[ \t]*(?:[\w-]+|{_STRING}))*)[ \t]*=[ \t]*")


def in_toml(text: str) -> Iterator[Group]:
    """The requirements of a ``pyproject.toml`` or a ``Pipfile``, a group for each list and table.

    Raises:
        DocumentError: if it is not TOML.
    """
    try:
        tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        line = re.search(r"line (\d+)", str(error))
        raise DocumentError("KM901", f"is not valid TOML: {error}", int(line[1]) if line else 1) from None
    tables: dict[str, list[Requirement]] = {}
    extras: set[str] = set()
    poetry: list[tuple[str, Requirement]] = []
    for table, key, start, end in _entries(text):
        path = f"{table}.{key}" if table else key
        if _LISTS.fullmatch(path):
            group = _array(text, start, end)
            if group is not None:
                yield group
        elif path == "project.requires-python" or path == "requires.python_version":
            value = text[start:end].strip("\"'")
            yield python(value if path[0] == "p" else f"=={value}.*", (start, end))
        elif _EXTRAS.match(path):
            extras.update(canonical(match[0][1:-1]) for match in re.finditer(_STRING, text[start:end]))
        elif _POETRY.fullmatch(table) or _PIPENV.fullmatch(table):
            found = _keyed(
                text, key, start, end, Spelling.PIP if _PIPENV.fullmatch(table) else Spelling.POETRY
            )
            if found is not None:
                poetry.append((table, found))
        elif _POETRY.fullmatch(table.rpartition(".")[0]) and key == "version":
            name = table.rpartition(".")[2]
            obstacle = "it is a table of its own"
            span = (start, end)
            poetry.append(
                (
                    table,
                    Requirement(
                        canonical(name), text[start:end].strip("\"'"), Spelling.POETRY, span, (end, end),
                        name, obstacle=obstacle,
                    ),
                )
            )  # fmt: skip
    for table, found in poetry:
        if found.name in extras and not found.obstacle:
            found = replace(found, obstacle="`[tool.poetry.extras]` names it")
        tables.setdefault(table, []).append(found)
    for members in tables.values():
        yield Group.of(members, [_line(text, each) for each in members], lines=True)


def _line(text: str, found: Requirement) -> Span:
    """The lines that a key and its value take."""
    start = text.rfind("\n", 0, found.name_span[0]) + 1
    end = text.find("\n", found.version_span[1])
    return start, len(text) if end < 0 else end + 1


def _entries(text: str) -> Iterator[tuple[str, str, int, int]]:
    """The keys of a valid document: their table, themselves, and where their values stand."""
    table = ""
    at = 1 if text.startswith("\ufeff") else 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end]
        header = _HEADER.match(line)
        key = None if header is not None or line.lstrip().startswith("#") else _KEY.match(text, at)
        if header is not None:
            table = _plain(header["name"])
        elif key is not None:
            stop = _end_of_value(text, key.end())
            yield table, _plain(key["key"]), key.end(), stop
            end = text.find("\n", stop)
            end = len(text) if end < 0 else end
        at = end + 1


def _plain(key: str) -> str:
    return re.sub(r"[ \t]*\.[ \t]*", ".", key.strip()).replace('"', "").replace("'", "")


def _end_of_value(text: str, at: int) -> int:
    depth, last = 0, at
    for match in _TOKEN.finditer(text, at):
        if match["comment"]:
            if depth == 0:
                break
            continue
        mark = match["mark"]
        if mark == "\n" and depth == 0:
            break
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark or "", 0)
        if match[0].strip():
            last = match.end()
    return last


def _array(text: str, start: int, end: int) -> Group | None:
    """The requirements in an array of strings."""
    requirements: list[Requirement] = []
    spans: list[Span] = []
    positions: list[int] = []
    strings = [match for match in _TOKEN.finditer(text, start, end) if match["string"]]
    for match in strings:
        quote = match[0][0]
        if match[0][:3] == quote * 3 or "\\" in match[0]:
            continue
        line = text.rfind("\n", 0, match.start()) + 1
        indent = text[line : match.start()]
        own_line = not indent.strip()
        newline = "\r\n" if "\r\n" in text else "\n"
        between = f",{newline}{indent}" if own_line else ", "
        insertion = Insertion(match.end(), f"{between}{quote}{{name}}{{version}}{quote}")
        found = read(text, match.start() + 1, match.end() - 1, Context(), insertion)
        if found is not None:
            requirements.append(found)
            positions.append(len(spans))
        spans.append(match.span())
    if not requirements:
        return None
    return Group(tuple(requirements), tuple(spans), tuple(positions))


_VERSION = re.compile(r"\bversion[ \t]*=[ \t]*(?P<string>\"[^\"\n]*\"|'[^'\n]*')")


def _keyed(text: str, key: str, start: int, end: int, spelling: Spelling) -> Requirement | None:
    """The requirement that a key and its value are: ``keras = "^2.2"``, ``keras = {version = "^2.2"}``."""
    value = text[start:end]
    line = text.rfind("\n", 0, start) + 1
    at = text.find(key, line, start)
    if at < 0 or "." in key:
        return None
    name_span = (at, at + len(key))
    stop = text.find("\n", end)
    newline = "\r\n" if text[:stop].endswith("\r") else "\n"
    obstacle, marker = "", ""
    if value[:1] in "\"'" and value[:3] not in ('"""', "'''"):
        version_span = (start + 1, end - 1)
    elif value[:1] == "{" and (match := _VERSION.search(value)) is not None:
        version_span = (start + match.start("string") + 1, start + match.end("string") - 1)
        marker = re.sub(_VERSION, "", value).strip("{}, \t")
    else:
        version_span, obstacle = (end, end), "it is more than a version"
    version = text[slice(*version_span)].strip()
    quote = text[version_span[0] - 1] if not obstacle else '"'
    insertion = Insertion(
        len(text) if stop < 0 else stop + 1,
        f"{'' if stop >= 0 else newline}{{name}} = {quote}{{version}}{quote}{newline if stop >= 0 else ''}",
    )
    return Requirement(
        canonical(key), version, spelling, name_span, version_span, text[at:end], marker, insertion,
        keyed=True, obstacle=obstacle,
    )  # fmt: skip


def in_lock(text: str) -> Iterator[Group]:
    """The packages that a lock file holds, which only its own tool writes.

    Raises:
        DocumentError: if it is broken.
    """
    obstacle = "a tool writes this file"
    try:
        content = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise DocumentError("KM901", f"is not valid: {error}") from None
    packages: list[tuple[str, str]] = []
    for section in ("default", "develop"):
        for name, entry in (content.get(section) or {}).items():
            packages.append((name, entry.get("version", "") if isinstance(entry, dict) else ""))
    for entry in content.get("package") or ():
        version = str(entry.get("version", ""))
        packages.append((str(entry.get("name", "")), f"=={version}" if version else ""))
    found = []
    for name, version in packages:
        match = re.search(rf"(?:name = |^\s*)\"{re.escape(name)}\"", text, re.MULTILINE)
        span = match.span() if match is not None else (0, 0)
        found.append(
            Requirement(
                canonical(name),
                version,
                Spelling.PIP,
                span,
                (span[1], span[1]),
                name + version,
                obstacle=obstacle,
            )
        )
    if found:
        yield Group.of(found)
