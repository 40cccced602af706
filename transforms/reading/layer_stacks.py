"""The statements that make a ``Sequential`` with a certain first layer: its constructor and what is added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import libcst as cst

from ...catalog import moves
from ...scopes import Frame, Reference
from ...transform import File
from ...walk import dotted, nodes_of
from ..edits.statement_edits import statement_around

_SEQUENTIAL = moves.canonical("keras.models.Sequential")


class Added(NamedTuple):
    """A statement that adds one layer.

    Attributes:
        node: the statement.
        frame: the nodes around it.
    """

    node: cst.Expr
    frame: Frame


@dataclass(frozen=True, slots=True)
class Stack:
    """The statements that make a ``Sequential``.

    Attributes:
        name: what the model is called, as code.
        constructor: the reference to the class.
        title: the name that the constructor is given.
        constructed: the line of the constructor.
        block: the block that it stands in, with the nodes around it.
        first: the statement that adds the first layer; ``None`` where the constructor is given a list.
        added: the statements that add the others.
        last: the last statement of the block that adds any.
    """

    name: str
    constructor: Reference
    title: cst.BaseExpression | None
    constructed: cst.SimpleStatementLine
    block: Frame
    first: Added | None = None
    added: tuple[Added, ...] = ()
    last: cst.CSTNode | None = None


def stack_of(file: File, call: cst.Call, frame: Frame) -> Stack | None:
    """The model whose first layer a call makes, if all of its making stands in one block.

    Args:
        file: the file.
        call: what makes the layer.
        frame: the nodes around it.
    """
    if frame is None:
        return None
    if isinstance(frame[0], cst.Element):
        return _of_list(file, call, frame)
    if isinstance(frame[0], cst.Assign):
        frame = _only_use(file, frame[0])
    first = _added(frame)
    return None if first is None else _of_statements(file, first)


def _only_use(file: File, assign: cst.Assign) -> Frame:
    """The nodes around the only use of a name that a layer is given."""
    target = assign.targets[0].target
    if len(assign.targets) != 1 or not isinstance(target, cst.Name):
        return None
    uses = [
        use
        for use in file.names.uses(target.value)
        if any(
            each.given is not None and each.given.node is assign.value for each in file.names.bindings(use)
        )
    ]
    only = uses[0] if len(uses) == 1 else None
    return None if only is None or only.attributes else only.frame


def _added(frame: Frame) -> Added | None:
    """The statement ``model.add(…)`` that a place is the only argument of."""
    if frame is None or not isinstance(frame[0], cst.Arg) or frame[1] is None:
        return None
    call, outer = frame[1]
    if not isinstance(call, cst.Call) or outer is None or not isinstance(outer[0], cst.Expr):
        return None
    adds = (dotted(call.func) or "").endswith(".add") and len(call.args) == 1 and not call.args[0].star
    return Added(outer[0], outer[1]) if adds else None


def _receiver(added: Added) -> str:
    """What a layer is added to, as code."""
    assert isinstance(added.node.value, cst.Call)
    return (dotted(added.node.value.func) or "").removesuffix(".add")


def _of_list(file: File, call: cst.Call, frame: Frame) -> Stack | None:
    """The stack that is made of a list whose first element is a call."""
    line = statement_around(frame)
    if line is None or len(line[0].body) != 1:
        return None
    assign = line[0].body[0]
    if not isinstance(assign, cst.Assign) or len(assign.targets) != 1:
        return None
    made, name = assign.value, dotted(assign.targets[0].target)
    layers = made.args[0].value if isinstance(made, cst.Call) and made.args else None
    if name is None or not isinstance(layers, cst.List) or layers.elements[0].value is not call:
        return None
    if any(type(each) is not cst.Element for each in layers.elements):
        return None
    assert isinstance(made, cst.Call)
    constructor = _constructor(file, made)
    if constructor is None or not all(_is_name(arg) for arg in made.args[1:]):
        return None
    title = made.args[1].value if len(made.args) > 1 else None
    return Stack(name, constructor, title, line[0], line[1])


def _of_statements(file: File, first: Added) -> Stack | None:
    """The stack whose first layer a statement adds."""
    name = _receiver(first)
    line = statement_around(first.frame)
    block = line[1][0] if line is not None and line[1] is not None else None
    if line is None or not isinstance(block, (cst.Module, cst.IndentedBlock)):
        return None
    at = next(index for index, each in enumerate(block.body) if each is line[0])
    for made in reversed(block.body[:at]):
        call = _assigned(made, name)
        if call is not None:
            break
    else:
        return None
    assert isinstance(made, cst.SimpleStatementLine)
    constructor = _constructor(file, call)
    if constructor is None or not all(_is_name(arg) for arg in call.args):
        return None
    title = call.args[0].value if call.args else None
    stack = Stack(name, constructor, title, made, line[1], first)
    return _followed(file, stack, block.body)


def _followed(file: File, stack: Stack, body: Sequence[cst.CSTNode]) -> Stack | None:
    """A stack with what is added to it, where nothing else is done with it meanwhile."""
    uses = [use for use in _uses(file, stack.name) if use.scope is stack.constructor.scope]
    begun = next(index for index, each in enumerate(body) if each is stack.constructed)
    added: list[Added] = []
    last: cst.CSTNode | None = None
    ended = False
    for statement in body[begun + 1 :]:
        if isinstance(statement, cst.SimpleStatementLine) and _assigns(statement, stack.name):
            break  # another model of the same name
        here = [use for use in uses if _stands_in(use, statement)]
        adds = [_add_of(use, stack.name) for use in here]
        plain = [each for each in adds if each is not None]
        if plain and (ended or len(plain) != len(here) or _assigns(statement, stack.name)):
            return None
        if here and len(plain) != len(here):
            ended = True
        if plain:
            added += plain
            last = statement
    if not added or stack.first is None or added[0].node is not stack.first.node:
        return None
    return Stack(
        stack.name,
        stack.constructor,
        stack.title,
        stack.constructed,
        stack.block,
        stack.first,
        tuple(added[1:]),
        last,
    )


def _uses(file: File, name: str) -> Iterator[Reference]:
    """Every use of a model by its name, which can be an attribute's."""
    root, *attributes = name.split(".")
    for use in file.names.uses(root):
        if list(use.attributes[: len(attributes)]) == attributes:
            yield use


def _stands_in(use: Reference, statement: cst.CSTNode) -> bool:
    """Whether a use is part of a statement."""
    frame = use.frame
    while frame is not None:
        if frame[0] is statement:
            return True
        frame = frame[1]
    return False


def _add_of(use: Reference, name: str) -> Added | None:
    """The statement that adds a layer, if that is what a use of a model is for."""
    call = use.called
    if call is None or dotted(call.func) != f"{name}.add" or len(call.args) != 1 or use.frame is None:
        return None
    return _added((call.args[0], use.frame))


def _assigns(statement: cst.CSTNode, name: str) -> bool:
    """Whether a name is given another value anywhere in a statement."""
    nodes = nodes_of(statement)
    return any(dotted(each.target) == name for each in nodes if isinstance(each, (cst.AssignTarget, cst.For)))


def _assigned(statement: cst.CSTNode, name: str) -> cst.Call | None:
    """The call whose result a line gives a name."""
    if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
        return None
    assign = statement.body[0]
    if not isinstance(assign, cst.Assign) or len(assign.targets) != 1:
        return None
    if dotted(assign.targets[0].target) != name or not isinstance(assign.value, cst.Call):
        return None
    return assign.value


def _constructor(file: File, call: cst.Call) -> Reference | None:
    """The reference to ``Sequential`` that a call is a call of."""
    if not isinstance(call.func, (cst.Name, cst.Attribute)):
        return None
    values = file.values.of(call)
    if not all(value.symbol == _SEQUENTIAL and value.owner is None for value in values):
        return None
    return file.names.reference(call.func)


def _is_name(arg: cst.Arg) -> bool:
    return arg.keyword is not None and arg.keyword.value == "name"
