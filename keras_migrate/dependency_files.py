"""The way of a dependency file: requirements → decisions → edits → result."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from keras_migrate.documents import dependencies
from keras_migrate.documents.kinds import names_keras
from keras_migrate.documents.python import DocumentError
from keras_migrate.documents.requirements import Edit, Group, Requirement, Wanted, canonical, edited
from keras_migrate.facts import Facts, nearby
from keras_migrate.findings import FileResult, Finding, Level, Rule
from keras_migrate.options import Options
from keras_migrate.project import MODULE_SUFFIXES, Project
from keras_migrate.transforms import dependencies as knowledge


def migrate(path: str, data: bytes, options: Options, project: Project) -> FileResult:
    """Works out the migration of one dependency file.

    Args:
        path: the file, relative to the project's root, with forward slashes.
        data: its bytes.
        options: what the run was asked for.
        project: what is known of the files around it.
    """
    needed = used(path, project)
    if not needed:
        return FileResult(path, data, data)
    location = project.locate(path).replace("\\", "/")
    try:
        text, encoding = dependencies.decoded(data)
        groups = dependencies.groups(location, text)
    except DocumentError as error:
        if not names_keras(data) or path.endswith(MODULE_SUFFIXES):
            return FileResult(path, data, data)
        finding = Finding(error.rule, Level.ERROR, str(error), None, error.line, error.column)
        return FileResult(path, data, data, (finding,))
    new, findings = decided(text, groups, needed, options)
    if not findings:
        return FileResult(path, data, data)
    try:
        dependencies.groups(location, new)
    except DocumentError as error:
        message = f"was left alone, as its new text would be broken: it {error}"
        return FileResult(path, data, data, (Finding("KM903", Level.ERROR, message, None, error.line, 1),))
    return FileResult(path, data, new.encode(encoding), findings, encoding=encoding)


def decided(
    text: str,
    groups: Sequence[Group],
    needed: Facts,
    options: Options,
    rules: Container[Rule] = knowledge.RULES,
) -> tuple[str, tuple[Finding, ...]]:
    """A text with other requirements, and what is to be said of them.

    Args:
        text: what a file says.
        groups: the requirements in it.
        needed: what the code needs that the file is for.
        options: what the run was asked for.
        rules: those that may decide.
    """
    if not knowledge.concerns(groups, needed, options.target):
        return text, ()
    edits: list[Edit] = []
    decisions: list[knowledge.Decision] = []
    asked = {each.name for group in groups if group.may_be_empty for each in group.requirements}
    for group in groups:
        of_group = [
            each
            for each in knowledge.decide(group, needed, asked if group.may_be_empty else (), options.target)
            if each.rule in rules and options.allows(each.rule.code, _line(text, each))
        ]
        asked.update(canonical(wanted.name) for each in of_group for wanted in each.asked)
        decisions += of_group
        edits += _edits(text, group, of_group)
    places = _Places(text, edits)
    findings = sorted(
        {places.finding(each) for each in decisions},
        key=lambda finding: (finding.line, finding.column, finding.rule),
    )
    return edited(text, edits), tuple(findings)


def _line(text: str, decision: knowledge.Decision) -> int:
    """The line of the requirement that is decided about, counted from 1."""
    return text.count("\n", 0, decision.requirement.name_span[0]) + 1


def used(path: str, project: Project, own: bytes = b"") -> Facts:
    """What the code needs that a file is for, if it has to do with Keras.

    That is the code of the nearest folder around with any; a backend is needed wherever the project needs it.

    Args:
        path: the file, relative to the project's root.
        project: what is known of the files around it.
        own: code that the file itself holds.
    """
    everything: Facts = ()
    nearest: Facts = knowledge.needs(own)
    for everything in nearby(project, path)(knowledge.needs):
        if not {knowledge.STANDALONE, knowledge.THROUGH_TENSORFLOW}.isdisjoint(nearest):
            continue
        nearest = everything
    if {knowledge.STANDALONE, knowledge.THROUGH_TENSORFLOW}.isdisjoint(nearest):
        return ()
    return (*nearest, *(each for each in everything if each in knowledge.BACKENDS))


def _edits(text: str, group: Group, decisions: Sequence[knowledge.Decision]) -> Iterator[Edit]:
    """The edits that carry out the decisions about a group."""
    for decision in decisions:
        requirement = decision.requirement
        if decision.wanted is not None:
            yield from _replaced(requirement, decision.wanted)
        for wanted in decision.beside:
            insertion = requirement.insertion
            assert insertion is not None
            added = insertion.template.replace("{name}", wanted.name)
            yield Edit(insertion.at, insertion.at, added.replace("{version}", requirement.written(wanted)))
    removed = [each.requirement for each in decisions if each.removed]
    for start, end in group.removals(text, removed):
        yield Edit(start, end)


def _replaced(requirement: Requirement, wanted: Wanted) -> Iterator[Edit]:
    start, end = requirement.name_span
    yield Edit(start, end, wanted.name)
    yield Edit(*requirement.version_span, requirement.written(wanted))


class _Places:
    """Lines and columns in the old text, and the lines that became of them."""

    def __init__(self, text: str, edits: Sequence[Edit]) -> None:
        self._text = text
        self._edits = edits

    def finding(self, decision: knowledge.Decision) -> Finding:
        """The finding that says what was decided."""
        at = decision.requirement.name_span[0]
        line = _line(self._text, decision)
        column = at - (self._text.rfind("\n", 0, at) + 1) + 1
        new_line = None if decision.removed else line + self._moved(at)
        return Finding(
            decision.rule.code,
            decision.level,
            decision.message,
            decision.requirement.name,
            line,
            column,
            new_line,
        )

    def _moved(self, at: int) -> int:
        """By how many lines what stands somewhere moves."""
        return sum(
            edit.text.count("\n") - self._text.count("\n", edit.start, edit.end)
            for edit in self._edits
            if edit.end <= at and edit.start < at
        )
