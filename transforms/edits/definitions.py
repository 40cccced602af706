"""Functions and classes that migrated code needs and nothing gives it: written below its imports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, NamedTuple

import libcst as cst

from ...scopes import Frame, Reference, Scope
from ...transform import File


def define(file: File, reference: Reference, name: str, code: str, place: Frame = None) -> bool:
    """Asks for functions to be defined below the imports of a module, once.

    They go into the body of a function where that is what imports Keras for the reference.

    Args:
        file: the file.
        reference: the use of Keras whose import shows where.
        name: what tells them from others that are asked for.
        code: the source of the functions, which starts with the one of that name.
        place: the node that needs them and the nodes around it, where that is not the reference.
    Returns:
        Whether that can be done.
    """
    where = _where(file, reference, name, place)
    if where is None:
        return False
    if where.anchor is not None:
        blank = 2 if where.frame == (file.module, None) else 1
        file.edit(where.anchor, where.frame, _Definition(name, code, blank))
    return True


def definable(file: File, reference: Reference, name: str, place: Frame = None) -> bool:
    """Whether functions can be defined so that they are there where they are needed; as for `define`."""
    return _where(file, reference, name, place) is not None


class _Where(NamedTuple):
    """Where functions go.

    Attributes:
        anchor: the statement that they are to be put before; ``None`` where they were asked for already.
        frame: the block around that statement, and the nodes around it.
    """

    anchor: cst.CSTNode | None
    frame: Frame


def _where(file: File, reference: Reference, name: str, place: Frame) -> _Where | None:
    """Where functions go: behind the imports of the module or function that imports Keras.

    Returns:
        ``None`` where they would come too late, or the imports do not say where.
    """
    home = _home(file, reference, place or (reference.node, reference.frame))
    if home is None:
        return None
    before = [*takewhile(lambda each: each is not home.needed, home.block.body), home.needed]
    if any(_asked(file, each, name) for each in before):
        return _Where(None, home.frame)
    last = _last_import(file, before[:-1])
    if last is None or any(_asked(file, each, name) for each in home.block.body):
        return None
    return _Where(before[last + 1], home.frame)


def _last_import(file: File, statements: list[cst.CSTNode]) -> int | None:
    """Which of some statements is the last import; of a notebook, in the last cell that imports Keras."""
    ours = {each.statement for each in file.names.imports}
    end = len(statements)
    for index in reversed(range(len(statements) if file.heads else 0)):
        statement = statements[index]
        if isinstance(statement, cst.SimpleStatementLine) and ours.intersection(statement.body):
            break
        end = index if statements[index] in file.heads else end
    return max((index for index in range(end) if _imports(statements[index])), default=None)


class _Home(NamedTuple):
    """The module, or the body of a function, that functions are defined in.

    Attributes:
        block: it.
        frame: it with the nodes around it.
        needed: its statement that needs the functions.
    """

    block: cst.Module | cst.IndentedBlock
    frame: Frame
    needed: cst.CSTNode


def _home(file: File, reference: Reference, place: Frame) -> _Home | None:
    """The module or function that imports what a reference stands for, around a place."""
    scopes = {id(scope): scope for scope in _importing(file, reference)}
    scope = next(iter(scopes.values())) if len(scopes) == 1 else None
    if scope is None or scope.kind not in ("module", "function"):
        return None
    owner = file.module if scope.kind == "module" else scope.node
    while place is not None and place[1] is not None:
        node, frame = place
        assert frame is not None
        block, around = frame
        if block is owner and isinstance(block, cst.Module):
            return _Home(block, frame, node)
        if isinstance(block, cst.IndentedBlock) and around is not None and around[0] is owner:
            return _Home(block, frame, node)
        place = frame
    return None


def _importing(file: File, reference: Reference) -> list[Scope | None]:
    """The scopes that import what a reference stands for; ``None`` among them where that is not known."""
    found: list[Scope | None] = []
    for binding in file.names.bindings(reference):
        if binding.imported is not None:
            found.append(binding.imported.scope)
        elif isinstance(binding.value, Reference):
            found += _importing(file, binding.value)
        else:
            found.append(None)
    return found


def _asked(file: File, statement: cst.CSTNode, name: str) -> bool:
    """Whether functions go before a statement already."""
    edits = file.edits.get(statement, ())
    return any(isinstance(edit, _Definition) and edit.name == name for edit in edits)


def _imports(statement: cst.CSTNode) -> bool:
    """Whether a statement imports something, also under a condition."""
    if isinstance(statement, cst.SimpleStatementLine):
        return any(isinstance(small, (cst.Import, cst.ImportFrom)) for small in statement.body)
    if isinstance(statement, (cst.If, cst.Try)):
        return any(_imports(each) for each in statement.body.body)
    return False


@dataclass(frozen=True, slots=True)
class _Definition:
    """The edit of a statement that puts functions before it.

    Attributes:
        name: what tells them from others.
        code: their source.
        blank: the number of blank lines around each.
    """

    name: str
    code: str
    blank: int

    def __call__(self, current: Any) -> Any:
        """Makes the edit; what came before the statement stays before the functions."""
        definitions = [each.with_changes(leading_lines=self._spaced(())) for each in _parsed(self.code)]
        if isinstance(current, cst.RemovalSentinel):
            return cst.FlattenSentinel(definitions)
        *others, last = list(current) if isinstance(current, cst.FlattenSentinel) else [current]
        led = last.with_changes(leading_lines=self._spaced(last.leading_lines))
        return cst.FlattenSentinel([*others, *definitions, led])

    def _spaced(self, lines: Iterable[cst.EmptyLine]) -> list[cst.EmptyLine]:
        """The lines above a statement with blank ones first."""
        rest = list(lines)
        while rest and rest[0].comment is None:
            rest.pop(0)
        return [*[cst.EmptyLine(indent=False)] * self.blank, *rest]


def _parsed(code: str) -> Iterator[cst.FunctionDef | cst.ClassDef]:
    """The functions and classes of a piece of source."""
    for statement in cst.parse_module(code).body:
        assert isinstance(statement, (cst.FunctionDef, cst.ClassDef))
        yield statement
