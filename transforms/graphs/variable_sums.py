"""Sums that start with a variable: ``loss = K.variable(0.)`` and then ``loss += …``."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Frame
from ...transform import ClassUse, File, Transform, Use
from ..reading.class_bodies import parameters

VARIABLE_SUM = Rule(
    "KM721",
    "variable-sum",
    "Write `loss = loss + …` for `loss += …` where the name starts as a variable.",
    "In TensorFlow 1 `variable += value` gave a new tensor and left the variable alone. TensorFlow 2 refuses "
    "it. `variable = variable + value` is what it meant.",
    before="from keras import backend as K\n\nloss = K.variable(0.)\nloss += K.sum(x)\n",
    after="from tensorflow.keras import backend as K\n\nloss = K.variable(0.)\nloss = loss + K.sum(x)\n",
)

TRANSFORM = Transform("variable sums", VARIABLE_SUM)

_OPERATORS: dict[type[cst.CSTNode], type[cst.BaseBinaryOp]] = {
    cst.AddAssign: cst.Add,
    cst.SubtractAssign: cst.Subtract,
    cst.MultiplyAssign: cst.Multiply,
    cst.DivideAssign: cst.Divide,
}
_BINDS_CLOSER = (cst.Multiply, cst.Divide, cst.Power)


@TRANSFORM.use("keras.backend.variable", "keras.backend.zeros", "keras.backend.ones")
def write_out_sums(file: File, use: Use) -> None:
    """Writes out the sums below the line that makes a variable."""
    call, around = use.call, use.reference.frame
    if call is None or around is None or around[1] is None or not use.sure:
        return
    assign, frame = around[1]
    if not isinstance(assign, cst.Assign) or assign.value is not call or len(assign.targets) != 1:
        return
    target = assign.targets[0].target
    if not isinstance(target, cst.Name) or frame is None or frame[1] is None:
        return
    line, (block, outer) = frame[0], frame[1]
    inside = list(block.children)
    for statement in inside[inside.index(line) + 1 :]:
        for node, place in _sums(statement, (block, outer), target.value):
            message = f"`{target.value}` is a variable, to which TensorFlow 2 adds only by `assign_add`"
            if node not in file.handled and file.report(
                VARIABLE_SUM, Level.REWRITTEN, node, message, use.symbol
            ):
                file.handled.add(node)
                file.edit(node, place, _written_out)


@TRANSFORM.subclass("keras.constraints.Constraint", "keras.regularizers.Regularizer")
def write_out_products(file: File, use: ClassUse) -> None:
    """The same for the weight that a constraint or regularizer is called with, on TensorFlow 2.15."""
    method = use.methods.get("__call__")
    names = parameters(method) if method is not None else []
    if file.target.keras3 or method is None or len(names) != 1:
        return
    inside: Frame = (method, (use.node.body, (use.node, use.frame)))
    for node, place in _sums(method.body, inside, names[0]):
        message = f"`{names[0]}` is a variable, which TensorFlow 2 changes only by its own methods"
        symbol = f"{use.lineage[0]}.__call__"
        if file.report(VARIABLE_SUM, Level.REWRITTEN, node, message, symbol):
            file.edit(node, place, _written_out)


def _sums(node: cst.CSTNode, frame: Frame, name: str) -> Iterator[tuple[cst.AugAssign, Frame]]:
    """The augmented assignments to a name in a statement, with the nodes around them."""
    if isinstance(node, cst.AugAssign):
        if (
            isinstance(node.target, cst.Name)
            and node.target.value == name
            and type(node.operator) in _OPERATORS
        ):
            yield node, frame
    elif not isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.BaseExpression)):
        for child in node.children:
            yield from _sums(child, (node, frame), name)


def _written_out(node: cst.AugAssign) -> cst.Assign:
    """``x = x + y`` for ``x += y``."""
    operator = _OPERATORS[type(node.operator)]()
    value = cst.BinaryOperation(node.target, operator, _operand(node.value, operator))
    return cst.Assign([cst.AssignTarget(node.target)], value, semicolon=node.semicolon)


def _operand(node: cst.BaseExpression, operator: cst.BaseBinaryOp) -> cst.BaseExpression:
    """A value as the right side of an operator, in parentheses where it needs them."""
    closed = isinstance(node, (cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.BaseNumber))
    product = isinstance(node, cst.BinaryOperation) and isinstance(node.operator, _BINDS_CLOSER)
    sums = isinstance(operator, (cst.Add, cst.Subtract))
    if node.lpar or closed or (product and sums):
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
