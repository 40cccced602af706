"""What a document says beside its programs: names of Keras in roles, and commands that install it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keras_migrate import dependency_files, transforms
from keras_migrate.documents import install_commands
from keras_migrate.documents.listings import Row, commands
from keras_migrate.documents.requirements import Edit, edited
from keras_migrate.documents.roles import roles
from keras_migrate.documents.text import Text, bare
from keras_migrate.findings import Finding, Level
from keras_migrate.options import ImportStyle, Options
from keras_migrate.project import Project
from keras_migrate.transforms.dependencies import NEEDS_OF_KERAS
from keras_migrate.verify import target_has


def with_names(text: Text, options: Options) -> tuple[str, tuple[Finding, ...]]:
    """The text with the names in its roles as the target has them, and what is to be said of them.

    Args:
        text: a document, or the docstrings of a module.
        options: what the run was asked for.
    """
    starts = _starts(text.lines)
    edits: list[Edit] = []
    findings: list[Finding] = []
    for role in roles(text):
        found = transforms.of_name(role.name, options.target)
        if found is None or not options.allows(found.rule.code, role.row + 1):
            continue
        path, level, message = found.path, found.level, found.message
        if path is not None and not target_has(path, options.target):
            path, level = None, Level.MANUAL
            message = f"`{role.name}` is not part of TensorFlow {options.target}. Name what the text is about"
        line = role.row + 1
        findings.append(Finding(found.rule.code, level, message, role.name, line, role.column + 1, line))
        if path is not None:
            if options.import_style is ImportStyle.ATTRIBUTE:
                path = path.replace("tensorflow.", "tf.", 1)
            at = starts[role.row] + role.column
            edits.append(Edit(at, at + len(role.name), path))
    return edited(text.text, edits), tuple(findings)


def with_commands(
    path: str, text: Text, code: bytes, options: Options, project: Project
) -> tuple[str, tuple[Finding, ...]]:
    """The text with commands that install what the migrated code needs, and what is to be said of them.

    A document of no project is not changed.

    Args:
        path: the document, relative to the project's root.
        text: what it says.
        code: the Python in it.
        options: what the run was asked for.
        project: what is known of the files around it.
    """
    python = {row.at for block in text.cells for row in block.rows}
    rows = [row for each in text.listings for row in commands(each) if row.at not in python]
    if not project.root:
        return text.text, tuple(_told(rows, options))
    groups = tuple(install_commands.in_commands(_only(text.lines, rows)))
    new, findings = dependency_files.decided(
        text.text, groups, dependency_files.used(path, project, code), options, NEEDS_OF_KERAS
    )
    if new.count("\n") != text.text.count("\n"):  # a line that a backslash joined to another one
        return text.text, tuple(_told(rows, options))
    return new, findings


def _told(rows: Sequence[Row], options: Options) -> Iterator[Finding]:
    """What is to be said of commands that stay as they are."""
    for row in rows:
        for rule, level, message, symbol in transforms.of_command(row.code, options.target):
            if options.allows(rule.code, row.at + 1):
                yield Finding(rule.code, level, message, symbol, row.at + 1, len(row.prefix) + 1, row.at + 1)


def _only(lines: Sequence[str], rows: Sequence[Row]) -> str:
    """A text in which all but some lines is blank, each character in its place."""
    kept = {row.at: len(row.prefix) for row in rows}
    return "".join(
        " " * kept[at] + line[kept[at] :] if at in kept else " " * len(bare(line)) + line[len(bare(line)) :]
        for at, line in enumerate(lines)
    )


def _starts(lines: Sequence[str]) -> list[int]:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    return starts
