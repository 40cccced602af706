"""The function that is the hard sigmoid of Keras 2, defined in the code that needs it on Keras 3.

Models write the names of their activations into their configurations, and are made from these again by
``Bidirectional``, ``clone_model`` and ``load_model``, so it is registered, under a name that Keras has not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, NamedTuple

import libcst as cst

from ..scopes import Frame, Reference, Scope
from ..transform import File

NAME = "keras2_hard_sigmoid"
"""What the function is called, and registered as."""

_DEFINITION = """\
@{tensorflow}.keras.utils.register_keras_serializable()
def {name}(x):
    return {tensorflow}.clip_by_value(0.2 * x + 0.5, 0.0, 1.0)
"""


def definable(file: File, reference: Reference, place: Frame = None) -> bool:
    """Whether the function can be defined so that it is there where it is needed.

    Args:
        file: the file.
        reference: the use of Keras whose import leads to TensorFlow.
        place: the node that needs it and the nodes around it, where that is not the reference.
    """
    return _where(file, reference, place) is not None


def defined(file: File, reference: Reference, place: Frame = None) -> str:
    """The name of the function; asks for it to be defined where it is not yet.

    Args:
        file: a file in which it is `definable` for the same place.
        reference: the use of Keras whose import leads to TensorFlow.
        place: the node that needs it and the nodes around it, where that is not the reference.
    """
    where = _where(file, reference, place)
    if where is not None and where.anchor is not None:
        tensorflow = file.imports.name_for("tensorflow.clip_by_value", reference).rpartition(".")[0]
        blank = 2 if where.frame == (file.module, None) else 1
        file.edit(where.anchor, where.frame, _Definition(tensorflow, blank))
    return NAME


class _Where(NamedTuple):
    """Where the function is, or goes.

    Attributes:
        anchor: the statement that it is to be put before; ``None`` where it is there already.
        frame: the block around that statement, and the nodes around it.
    """

    anchor: cst.CSTNode | None
    frame: Frame


def _where(file: File, reference: Reference, place: Frame) -> _Where | None:
    """Where the function is or goes: behind the imports of the module or function that imports Keras.

    Returns:
        ``None`` where it would come too late, or the imports do not say where.
    """
    home = _home(file, reference, place or (reference.node, reference.frame))
    if home is None:
        return None
    before = [*takewhile(lambda each: each is not home.needed, home.block.body), home.needed]
    if any(_is_defined(file, each) for each in before):
        return _Where(None, home.frame)
    imports = [index for index, each in enumerate(before[:-1]) if _imports(each)]
    if not imports or any(_is_defined(file, each) for each in home.block.body):
        return None
    return _Where(before[imports[-1] + 1], home.frame)


class _Home(NamedTuple):
    """The module, or the body of a function, that the function is defined in.

    Attributes:
        block: it.
        frame: it with the nodes around it.
        needed: its statement that needs the function.
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


def _imports(statement: cst.CSTNode) -> bool:
    """Whether a statement imports something, also under a condition."""
    if isinstance(statement, cst.SimpleStatementLine):
        return any(isinstance(small, (cst.Import, cst.ImportFrom)) for small in statement.body)
    if isinstance(statement, (cst.If, cst.Try)):
        return any(_imports(each) for each in statement.body.body)
    return False


def _is_defined(file: File, statement: cst.CSTNode) -> bool:
    """Whether a statement defines the function, or it was asked for before it."""
    if isinstance(statement, cst.FunctionDef) and statement.name.value == NAME:
        return True
    return any(isinstance(edit, _Definition) for edit in file.edits.get(statement, ()))


@dataclass(frozen=True, slots=True)
class _Definition:
    """The edit of a statement that puts the function before it.

    Attributes:
        tensorflow: how the code there reaches TensorFlow.
        blank: the number of blank lines around a definition.
    """

    tensorflow: str
    blank: int

    def __call__(self, current: Any) -> Any:
        """Makes the edit; what came before the statement stays before the function."""
        code = _DEFINITION.format(tensorflow=self.tensorflow, name=NAME)
        definition = cst.ensure_type(cst.parse_statement(code), cst.FunctionDef)
        definition = definition.with_changes(leading_lines=self._spaced(()))
        if isinstance(current, cst.RemovalSentinel):
            return cst.FlattenSentinel([definition])
        *others, last = list(current) if isinstance(current, cst.FlattenSentinel) else [current]
        led = last.with_changes(leading_lines=self._spaced(last.leading_lines))
        return cst.FlattenSentinel([*others, definition, led])

    def _spaced(self, lines: Sequence[cst.EmptyLine]) -> list[cst.EmptyLine]:
        """The lines above a statement with blank ones first."""
        rest = list(lines)
        while rest and rest[0].comment is None:
            rest.pop(0)
        return [*[cst.EmptyLine(indent=False)] * self.blank, *rest]
