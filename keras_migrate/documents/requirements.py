"""A requirement where it stands in a file: which package, in whose spelling, and how it is edited as text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

Span = tuple[int, int]
"""Begin and end in a text, in characters."""


class Spelling(Enum):
    """How a kind of file writes versions."""

    PIP = "pip"
    """``>=2.0,<3``"""
    CONDA = "conda"
    """``=2.2``"""
    POETRY = "poetry"
    """``^2.2``"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a requirement is to ask for, in no spelling.

    Attributes:
        name: the package.
        release: the oldest release that will do, ``2.15``; empty for any.
        below: the first release that will not do; empty where all newer ones will.
        exact: whether only that series of releases will do.
    """

    name: str
    release: str = ""
    below: str = ""
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Insertion:
    """How one more requirement is written beside another one.

    Attributes:
        at: where in the text.
        template: what to put there, with ``{name}`` and ``{version}``.
    """

    at: int
    template: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement.

    Attributes:
        name: the package, in lower case and with dashes.
        version: which versions, as written: ``>=2.0``, ``=1.14``, ``^2.2``; empty for any.
        spelling: in whose spelling.
        name_span: where the name stands.
        version_span: where the version stands; empty and behind the name or its extras where there is none.
        text: the whole as written.
        marker: where it applies, as pip spells it: ``python_version<"3"``.
        insertion: how another one is put beside it; ``None`` where none can be.
        bare: whether it is a word of a shell command that no quotes protect.
        keyed: whether its version is a value of its own in a table and may not be empty.
        obstacle: why it cannot be edited; empty where it can.
    """

    name: str
    version: str
    spelling: Spelling
    name_span: Span
    version_span: Span
    text: str
    marker: str = ""
    insertion: Insertion | None = None
    bare: bool = False
    keyed: bool = False
    obstacle: str = ""

    @property
    def exact(self) -> bool:
        """Whether it asks for one release, or one series of releases."""
        if self.spelling is Spelling.CONDA:
            return self.version.lstrip().startswith("=")
        if self.spelling is Spelling.POETRY:
            return self.version[:1].isdigit() or self.version.startswith("==")
        return self.version.startswith("==")

    @property
    def specifier(self) -> str:
        """The versions as pip spells them; what cannot be read so is left out."""
        if self.spelling is Spelling.PIP:
            return self.version if self.version != "*" else ""
        clauses = (clause.strip() for clause in self.version.split(","))
        read = _poetry_clause if self.spelling is Spelling.POETRY else _conda_clause
        return ",".join(filter(None, map(read, clauses)))

    def written(self, wanted: Wanted) -> str:
        """The versions of something wanted, as they are to be written in the place of this one's."""
        version = spelled(wanted, self.spelling, bare=self.bare, keyed=self.keyed)
        spaced = self.spelling is Spelling.PIP and re.search(r"[=<>~!]=?[ \t]+\d", self.text) is not None
        return re.sub(r"([=<>~!]+)", r"\1 ", version) if spaced and not self.bare else version


@dataclass(frozen=True, slots=True)
class Group:
    """Requirements that are installed together: a list, a table, a command.

    Attributes:
        requirements: in the order of the text.
        spans: for each of its items, requirements or not, where it stands; those of requirements are found
            by ``positions``.
        positions: for each requirement the number of its item.
        lines: whether every item has its lines to itself, as in ``requirements.txt``.
        may_be_empty: whether it can be left without any item.
    """

    requirements: tuple[Requirement, ...]
    spans: tuple[Span, ...]
    positions: tuple[int, ...]
    lines: bool = False
    may_be_empty: bool = True

    @classmethod
    def of(
        cls, requirements: Sequence[Requirement], spans: Sequence[Span] = (), *, lines: bool = False
    ) -> Group:
        """A group all of whose items are requirements."""
        places = tuple(spans) or tuple((each.name_span[0], each.version_span[1]) for each in requirements)
        return cls(tuple(requirements), places, tuple(range(len(requirements))), lines)

    def removals(self, text: str, gone: Sequence[Requirement]) -> Iterator[Span]:
        """What to cut out of a text to take some requirements away, with what parts them from others.

        Args:
            text: the text of the file.
            gone: which.
        """
        numbers = {self.positions[self.requirements.index(each)] for each in gone}
        if self.lines:
            yield from (self.spans[number] for number in sorted(numbers))
            return
        kept = [number for number in range(len(self.spans)) if number not in numbers]
        for number in sorted(numbers):
            start, end = self.spans[number]
            own_line = _own_line(text, start, end) if self.may_be_empty else None
            following = [each for each in kept if each > number]
            before = [each for each in kept if each < number]
            if own_line is not None:
                yield own_line
            elif following:
                upper = self.spans[number + 1][0]
                yield (start, upper if "#" not in text[end:upper] else _behind_comma(text, end))
            elif before and "#" not in text[self.spans[number - 1][1] : start]:
                yield (self.spans[number - 1][1], end)
            elif before:
                yield (start, end)
            else:
                yield (start, _behind_comma(text, end))


def _own_line(text: str, start: int, end: int) -> Span | None:
    """The line of an item of a list in brackets that nothing else stands on, but for a comment."""
    begin = text.rfind("\n", 0, start) + 1
    if text[begin:start].strip():
        return None
    match = re.compile(r"[ \t]*,?[ \t]*(?:\#[^\r\n]*)?(?:\r?\n)").match(text, end)
    return None if match is None else (begin, match.end())


def _behind_comma(text: str, end: int) -> int:
    match = re.compile(r"[ \t]*,[ \t]*").match(text, end)
    return end if match is None else match.end()


def spelled(wanted: Wanted, spelling: Spelling, *, bare: bool = False, keyed: bool = False) -> str:
    """The versions of what is wanted.

    Args:
        wanted: the package and its releases.
        spelling: in whose spelling.
        bare: without the characters that a shell takes for its own.
        keyed: as a value that may not be empty.
    """
    if not wanted.release:
        return "*" if keyed or spelling is Spelling.POETRY else ""
    series = wanted.exact or bool(wanted.below)
    if spelling is Spelling.CONDA:
        return f"={wanted.release}" if series or bare else f">={wanted.release}"
    if spelling is Spelling.POETRY:
        return f"~{wanted.release}" if series else f"^{wanted.release}"
    if bare:
        return f"~={wanted.release}" + (".0" if series else "")
    if wanted.exact:
        return f"=={wanted.release}.*"
    return f">={wanted.release}" + (f",<{wanted.below}" if wanted.below else "")


def _conda_clause(clause: str) -> str:
    """A clause of conda's, ``=2.2``, as pip spells it."""
    match = re.match(r"(?:=|==|\s)\s*(\d+(?:\.\d+)*)(\.?\*)?(?:=.*)?$", clause)
    if match is not None:
        series = clause[:2] != "==" or match[2]
        return f"=={match[1]}" + (".*" if series else "")
    return clause if re.match(r"[<>!~=]=?\s*\d", clause) else ""


def _poetry_clause(clause: str) -> str:
    """A clause of Poetry's, ``^2.2``, as pip spells it."""
    match = re.fullmatch(r"(\^|~)?\s*(\d+(?:\.\d+)*)(\.\*)?", clause)
    if match is None:
        return clause if re.match(r"[<>!=~]=?\s*\d", clause) else ""
    sign, version, series = match.groups()
    if sign is None:
        return f"=={version}{series or ''}"
    numbers = [int(part) for part in version.split(".")]
    first = next((index for index, part in enumerate(numbers, 1) if part), len(numbers))
    kept = min(len(numbers), 2) if sign == "~" else first
    above = [*numbers[: kept - 1], numbers[kept - 1] + 1]
    return f">={version},<{'.'.join(map(str, above))}"


_CLAUSE = r"[<>=!~]=?=?[ \t]*[\w.*+!-]+"
_PIP = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)(?P<extras>[ \t]*\[[^\]\n]*\])?[ \t]*"
    rf"(?P<version>\(?{_CLAUSE}(?:[ \t]*,[ \t]*{_CLAUSE})*\)?)?[ \t]*(?:;[ \t]*(?P<marker>.*))?"
)
"""A requirement as pip spells it."""
_VARIABLE = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*?)[ \t]*[=<>!~]=?.*(?:\$|\{|%)")
_ADDRESS = re.compile(
    r"egg=(?P<egg>[A-Za-z][\w.-]*)|^(?P<at>[A-Za-z][\w.-]*)(?:\[[^\]]*\])?[ \t]*@[ \t]"
    r"|/(?P<archive>[A-Za-z][\w.-]*)/(?:archive|tarball|zipball)/"
    r"|/(?P<wheel>[A-Za-z][\w.]*)-\d[^/]*\.(?:whl|tar\.gz|zip)|/(?P<repo>[A-Za-z][\w.-]*?)(?:\.git)?(?:[@#].*)?$"
)
_CONDA = re.compile(
    r"(?:[\w-]+::)?(?P<name>[A-Za-z0-9_][\w.-]*)(?P<version>[ \t]*[=<>!~ ][^#'\"]*)?",
)


def canonical(name: str) -> str:
    """A name as packages are compared: in lower case, with dashes."""
    return re.sub(r"[-_.]+", "-", name).lower()


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for all requirements of a place.

    Attributes:
        spelling: how versions are written there.
        bare: whether they are words of a shell command without quotes.
        obstacle: why none of them can be edited; empty where they can.
    """

    spelling: Spelling = Spelling.PIP
    bare: bool = False
    obstacle: str = field(default="")


def read(
    text: str, start: int, end: int, context: Context, insertion: Insertion | None = None
) -> Requirement | None:
    """The requirement that a part of a text is.

    Args:
        text: the text of a file.
        start: where it begins.
        end: where it ends.
        context: what holds for it.
        insertion: how another one is put beside it.
    Returns:
        The requirement; ``None`` where it is none.
    """
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    part = text[start:end]
    if context.spelling is Spelling.CONDA:
        match = _CONDA.fullmatch(part)
        marker, obstacle = "", context.obstacle
        if "$" in part or "{" in part:
            obstacle = "its version is a variable"
    else:
        match = _PIP.fullmatch(part)
        marker, obstacle = (match["marker"] or "" if match else ""), context.obstacle
    if match is None:
        return _unreadable(part, start, end, context)
    name_span = (start + match.start("name"), start + match.end("name"))
    version = match["version"] or ""
    if version:
        at = start + match.start("version") + len(version) - len(version.lstrip())
        version_span = (at, start + match.start("version") + len(version.rstrip()))
    else:
        last = (
            match.end("extras") if context.spelling is Spelling.PIP and match["extras"] else match.end("name")
        )
        version_span = (start + last, start + last)
    bare_version = re.sub(r"[()\s]", "", version) if context.spelling is Spelling.PIP else version.rstrip()
    return Requirement(
        canonical(match["name"]), bare_version, context.spelling, name_span, version_span, part,
        marker.strip(), insertion, context.bare, False, obstacle,
    )  # fmt: skip


def _unreadable(part: str, start: int, end: int, context: Context) -> Requirement | None:
    """A requirement whose package is known and whose version is not."""
    variable = _VARIABLE.match(part)
    address = None if variable is not None or "/" not in part else _ADDRESS.search(part)
    if variable is not None:
        name, obstacle = variable["name"], "its version is a variable"
    elif address is not None:
        name = next(filter(None, address.groups()))
        obstacle = "it comes from an address"
    else:
        return None
    span = (start, end)
    return Requirement(
        canonical(name), "", context.spelling, span, (end, end), part, obstacle=obstacle, bare=context.bare
    )


def python(version: str, span: Span, text: str = "") -> Group:
    """The Python that a project asks for, as a group of its own that cannot be edited.

    Args:
        version: which, as pip spells it.
        span: where it stands.
        text: what to call it in messages, by default by its version.
    """
    asked, shown = re.sub(r"\s", "", version), text or f"python {version}"
    behind = (span[1], span[1])
    found = Requirement("python", asked, Spelling.PIP, span, behind, shown, obstacle="it is no package")
    return Group.of([found])


@dataclass(frozen=True, slots=True)
class Edit:
    """A part of a text that becomes another one."""

    start: int
    end: int
    text: str = ""


def edited(text: str, edits: Sequence[Edit]) -> str:
    """A text with parts replaced; what lies within a part that is cut out goes with it."""
    pieces: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        if edit.start < at and edit.end <= at:
            continue
        pieces += (text[at : edit.start], edit.text)
        at = max(at, edit.end)
    return "".join((*pieces, text[at:]))
