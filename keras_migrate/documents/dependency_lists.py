"""Requirements that stand in lines: requirements.txt, setup.cfg, tox.ini, environments of conda."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from keras_migrate.documents.install_commands import in_commands
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

_COMMENT = re.compile(r"(?:^|[ \t])#.*")
_LINE = re.compile(r"(?:[^\r\n]*\\\r?\n)*[^\r\n]*(?:\r\n|\n|\r|\Z)")
"""A line, with those that a backslash joins to it."""
_OPTION = re.compile(r"(?<![ \t])[ \t]+--\w")
_HASHES = "its line has hashes"


@dataclass(slots=True)
class _Lines:
    """Collects the requirements of a group whose items have their lines to themselves."""

    context: Context = field(default_factory=Context)
    requirements: list[Requirement] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)

    def group(self) -> Group:
        return Group.of(self.requirements, self.spans, lines=True)

    def add(self, text: str, line: Span, start: int, end: int, prefix: str = "") -> None:
        """Takes a line in.

        Args:
            text: the text of the file.
            line: where the line stands, with its end.
            start: where the requirement begins in it.
            end: where it ends at the latest.
            prefix: what a new line begins with.
        """
        context = self.context
        option = _OPTION.search(text, start, end)
        joined = text.find("\\", start, end)
        if option is not None:
            if "--hash" in option.string[option.start() : line[1]]:
                context = replace(context, obstacle=_HASHES)
            end = option.start()
        if 0 <= joined < end:
            end = joined
        eol = text[line[0] : line[1]]
        newline = eol[len(eol.rstrip("\r\n")) :]
        template = f"{prefix}{{name}}{{version}}{newline}" if newline else f"\n{prefix}{{name}}{{version}}"
        found = read(text, start, end, context, Insertion(line[1], template))
        if found is not None:
            self.requirements.append(found)
            self.spans.append(line)


def in_requirements(text: str) -> Iterator[Group]:
    """The requirements of a ``requirements.txt``, which are one group."""
    lines = _Lines()
    for match in _LINE.finditer(text):
        start = match.start() + (1 if match[0].startswith("\ufeff") else 0)
        end = _end(text, start, match.end())
        if text[start:end].lstrip().startswith("-") and not re.match(
            r"\s*(?:-e|--editable)\s", text[start:end]
        ):
            continue
        editable = re.match(r"\s*(?:-e|--editable)[ \t=]+", text[start:end])
        if editable is not None:
            start += editable.end()
        if text[start:end].strip():
            lines.add(text, match.span(), start, end)
    if lines.requirements:
        yield lines.group()


def _end(text: str, start: int, end: int) -> int:
    """Where a line ends without its comment."""
    comment = _COMMENT.search(text, start, end)
    return end if comment is None else comment.start()


_SECTION = re.compile(r"\[([^\]\n]+)\]")
_KEY = re.compile(r"(?P<key>[\w.-]+)[ \t]*[=:](?P<value>[^\r\n]*)")


def _values(text: str) -> Iterator[tuple[str, str, Span, int]]:
    """The lines of values in an INI file: section, key, the line, and where the value begins in it."""
    section = key = ""
    at = 0
    for line in text.splitlines(keepends=True):
        span = (at, at + len(line))
        at += len(line)
        stripped = line.strip()
        if not stripped or stripped[0] in "#;":
            continue
        if line[0] in " \t" and key:
            yield section, key, span, span[0] + len(line) - len(line.lstrip())
        elif (match := _SECTION.match(line)) is not None:
            section, key = match[1].strip(), ""
        elif (match := _KEY.match(line)) is not None:
            key = match["key"]
            if match["value"].strip():
                yield section, key, span, span[0] + match.start("value")


_LISTS = frozenset({"install_requires", "setup_requires", "tests_require"})


def in_setup_cfg(text: str) -> Iterator[Group]:
    """The requirements in a ``setup.cfg`` of setuptools, a group for each list."""
    lists: dict[tuple[str, str], _Lines] = {}
    for section, key, span, start in _values(text):
        end = _end(text, start, span[1])
        if section == "options" and key == "python_requires":
            version = (start, end)
            yield python(text[start:end].strip(), version)
        if not ((section == "options" and key in _LISTS) or section == "options.extras_require"):
            continue
        if text[span[0]] not in " \t":  # the value stands behind its key
            found = read(text, start, end, Context(obstacle="it stands on the line of its key"))
            if found is not None:
                yield Group.of([found])
            continue
        lines = lists.setdefault((section, key), _Lines())
        lines.add(text, span, start, end, text[span[0] : start])
    yield from (lines.group() for lines in lists.values() if lines.requirements)


_FACTORS = re.compile(r"[\w{},!. -]+:[ \t]+")


def in_tox(text: str) -> Iterator[Group]:
    """The requirements in a ``tox.ini``: a group for each ``deps``, and one for each command."""
    lists: dict[str, _Lines] = {}
    for section, key, span, start in _values(text):
        if key != "deps" or not section.startswith("testenv"):
            continue
        end = _end(text, start, span[1])
        factors = _FACTORS.match(text, start, end)
        at = start if factors is None else factors.end()
        if text[at:end].lstrip().startswith("-"):
            continue
        if text[span[0]] not in " \t":
            found = read(text, at, end, Context(obstacle="it stands on the line of its key"))
            if found is not None:
                yield Group.of([found])
            continue
        lines = lists.setdefault(section, _Lines())
        lines.add(text, span, at, end, text[span[0] : start])
        if factors is not None and lines.spans and lines.spans[-1] == span:
            lines.requirements[-1] = replace(lines.requirements[-1], marker=factors[0].strip(": \t"))
    yield from (lines.group() for lines in lists.values() if lines.requirements)
    yield from in_commands(text)


_ITEM = re.compile(r"(?P<indent>[ \t]*)-[ \t]+(?P<quote>[\"']?)(?P<item>[^\r\n]*?)(?P=quote)[ \t]*(?:#.*)?$")
_TOP = re.compile(r"(?P<key>[\w-]+):")


def in_environment(text: str) -> Iterator[Group]:
    """The requirements of a conda environment: conda's and pip's, which are one group."""
    lines = _Lines(Context(Spelling.CONDA))
    section, pip_indent = "", -1
    at = 0
    for line in text.splitlines(keepends=True):
        span = (at, at + len(line))
        at += len(line)
        body = line.rstrip("\r\n")
        if (top := _TOP.match(body)) is not None:
            section, pip_indent = top["key"], -1
            continue
        item = _ITEM.match(body[: _end(body, 0, len(body))])
        if item is None or section != "dependencies":
            continue
        indent = len(item["indent"])
        if item["item"].rstrip() == "pip:":
            pip_indent = indent
            continue
        in_pip = 0 <= pip_indent < indent
        if not in_pip:
            pip_indent = -1
        lines.context = Context(Spelling.PIP if in_pip else Spelling.CONDA)
        start, end = span[0] + item.start("item"), span[0] + item.end("item")
        if item["item"].startswith("-"):
            continue
        lines.add(text, span, start, end, item["indent"] + "- ")
    if lines.requirements:
        yield lines.group()
