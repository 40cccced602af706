"""Functions that migrated code needs and that nothing gives it any more: written into its module."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import libcst as cst

from ..scopes import Reference
from ..transform import File


def define(file: File, reference: Reference, name: str, code: str) -> bool:
    """Asks for functions to be defined below the imports of a module, once.

    Args:
        file: the file.
        reference: the use of Keras that they are needed for.
        name: what tells them from others that are asked for.
        code: the source of the functions, which starts with the one of that name.
    Returns:
        Whether that can be done: Keras is imported at the top of the module, above the reference.
    """
    if any(_asked(file, statement, name) for statement in file.module.body):
        return True
    anchor = _anchor(file, reference)
    if anchor is None:
        return False
    file.edit(anchor, (file.module, None), _Definition(name, code))
    return True


def _asked(file: File, statement: cst.CSTNode, name: str) -> bool:
    """Whether a function goes before a statement already."""
    edits = file.edits.get(statement, ())
    return any(isinstance(edit, _Definition) and edit.name == name for edit in edits)


def _anchor(file: File, reference: Reference) -> cst.CSTNode | None:
    """The first statement after the imports of the module that stand above a reference.

    Returns:
        ``None`` where the reference does not come from one of these imports alone.
    """
    bindings = file.names.bindings(reference)
    if not all(each.imported is not None and each.imported.scope.kind == "module" for each in bindings):
        return None
    top = _statement(file.module, reference)
    above = list(takewhile(lambda each: each is not top, file.module.body))
    imports = [index for index, each in enumerate(above) if _imports(each)]
    return file.module.body[imports[-1] + 1] if imports else None


def _statement(module: cst.Module, reference: Reference) -> cst.CSTNode:
    """The statement of the module that a reference is part of."""
    node: cst.CSTNode = reference.node
    frame = reference.frame
    while frame is not None and frame[0] is not module:
        node, frame = frame
    return node


def _imports(statement: cst.CSTNode) -> bool:
    """Whether a statement imports something, also under a condition."""
    if isinstance(statement, cst.SimpleStatementLine):
        return any(isinstance(small, (cst.Import, cst.ImportFrom)) for small in statement.body)
    if isinstance(statement, (cst.If, cst.Try)):
        return any(_imports(each) for each in statement.body.body)
    return False


@dataclass(frozen=True, slots=True)
class _Definition:
    """The edit of a statement that puts functions before it."""

    name: str
    code: str

    def __call__(self, current: Any) -> Any:
        """Makes the edit; what came before the statement stays before the functions."""
        definitions = [each.with_changes(leading_lines=_spaced(())) for each in _parsed(self.code)]
        if isinstance(current, cst.RemovalSentinel):
            return cst.FlattenSentinel(definitions)
        *others, last = list(current) if isinstance(current, cst.FlattenSentinel) else [current]
        led = last.with_changes(leading_lines=_spaced(last.leading_lines))
        return cst.FlattenSentinel([*others, *definitions, led])


def _parsed(code: str) -> Iterator[cst.FunctionDef]:
    """The functions of a piece of source."""
    for statement in cst.parse_module(code).body:
        yield cst.ensure_type(statement, cst.FunctionDef)


def _spaced(lines: Iterable[cst.EmptyLine]) -> list[cst.EmptyLine]:
    """The lines above a statement with two blank ones first."""
    rest = list(lines)
    while rest and rest[0].comment is None:
        rest.pop(0)
    return [cst.EmptyLine(indent=False), cst.EmptyLine(indent=False), *rest]
