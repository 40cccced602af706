"""Models that train on several GPUs: ``multi_gpu_model`` is a distribution strategy now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Frame
from ...transform import File, Transform, Use
from ..edits.statement_edits import statement_around

MULTI_GPU = Rule(
    "KM718",
    "multi-gpu-model",
    "Make and compile a model in the scope of `MirroredStrategy` instead of copying it to several GPUs.",
    "`multi_gpu_model` gave a copy of a model that parted each batch among GPUs. `tf.distribute` does the "
    "same with a model that is made and compiled in its scope. Where the making, `multi_gpu_model` and "
    "`compile` stand in one block, that becomes the scope; elsewhere the message says what to do.",
    before="from keras.utils import multi_gpu_model\n\nmodel = build()\n"
    "parallel = multi_gpu_model(model, gpus=2)\nparallel.compile('sgd', 'mse')\n",
    after="import tensorflow as tf\n\n"
    "strategy = tf.distribute.MirroredStrategy([f'/gpu:{gpu}' for gpu in range(2)])\n"
    "with strategy.scope():\n    model = build()\n    parallel = model\n"
    "    parallel.compile('sgd', 'mse')\n",
)

TRANSFORM = Transform("models on several GPUs", MULTI_GPU)


@dataclass(frozen=True, slots=True)
class _Shape:
    """Where a model is made, copied and compiled in one block.

    Attributes:
        block: the nodes around the statements.
        statements: all from the one that makes the model to the one that compiles it.
        copy: the line that copies it.
        model: the name of the model.
        parallel: the name of the copy.
        gpus: on how many GPUs, as code; empty for all.
    """

    block: Frame
    statements: Sequence[cst.CSTNode]
    copy: cst.SimpleStatementLine
    model: str
    parallel: str
    gpus: str


@TRANSFORM.use("keras.utils.multi_gpu_model")
def distribute(file: File, use: Use) -> None:
    """Puts a model in the scope of a strategy where all of its making is seen."""
    shape = _shape(use) if use.call is not None and use.sure else None
    if shape is None or "strategy" in file.names.identifiers:
        return
    message = (
        "`multi_gpu_model` is gone: the model is made and compiled in the scope of a `MirroredStrategy`, "
        "which parts each batch among the GPUs as that did. See that nothing else has to be made in the scope"
    )
    if not file.report(MULTI_GPU, Level.REVIEW, use.reference.node, message, use.path):
        return
    strategy = file.imports.name_for("tensorflow.distribute.MirroredStrategy", use.reference)
    file.imports.handled(use.reference)
    _edit(file, shape, strategy)


def _shape(use: Use) -> _Shape | None:
    """The block in which a model is made, copied and compiled."""
    call, frame = use.call, use.reference.frame
    line = statement_around(frame)
    if call is None or line is None or len(line[0].body) != 1 or line[1] is None:
        return None
    assign, block = line[0].body[0], line[1][0]
    arguments = _arguments(call)
    if arguments is None or not isinstance(block, (cst.Module, cst.IndentedBlock)):
        return None
    if not isinstance(assign, cst.Assign) or assign.value is not call or len(assign.targets) != 1:
        return None
    target, (model, gpus) = assign.targets[0].target, arguments
    if not isinstance(target, cst.Name):
        return None
    body = list(block.body)
    at = body.index(line[0])
    makes = [index for index in range(at) if _binds(body[index], model)]
    compiles = [index for index in range(at + 1, len(body)) if _compiles(body[index], target.value)]
    if not makes or not compiles:
        return None
    run = body[makes[0] : compiles[0] + 1]
    return _Shape(line[1], run, line[0], model, target.value, gpus)


def _arguments(call: cst.Call) -> tuple[str, str] | None:
    """The name of the model and the number of GPUs that a call gives."""
    found: dict[str, cst.BaseExpression] = {}
    for name, arg in zip(("model", "gpus", "cpu_merge", "cpu_relocation"), call.args, strict=False):
        if arg.star:
            return None
        found[arg.keyword.value if arg.keyword is not None else name] = arg.value
    model, gpus = found.get("model"), found.get("gpus")
    if not isinstance(model, cst.Name) or not isinstance(
        gpus, (cst.Integer, cst.Name, cst.Attribute, type(None))
    ):
        return None
    text = "" if gpus is None else cst.Module([]).code_for_node(gpus)
    return model.value, "" if text == "None" else text


def _binds(statement: cst.CSTNode, name: str) -> bool:
    """Whether a statement assigns to a name, perhaps in a ``with`` for a device."""
    if isinstance(statement, cst.With):
        return any(_binds(each, name) for each in statement.body.body)
    if not isinstance(statement, cst.SimpleStatementLine):
        return False
    return any(
        isinstance(small, cst.Assign)
        and any(isinstance(each.target, cst.Name) and each.target.value == name for each in small.targets)
        for small in statement.body
    )


def _compiles(statement: cst.CSTNode, name: str) -> bool:
    """Whether a statement is ``name.compile(…)``."""
    small = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
    func = small.value.func if isinstance(small, cst.Expr) and isinstance(small.value, cst.Call) else None
    return (
        isinstance(func, cst.Attribute)
        and func.attr.value == "compile"
        and isinstance(func.value, cst.Name)
        and func.value.value == name
    )


def _edit(file: File, shape: _Shape, strategy: str) -> None:
    """Asks for the statements to stand in the scope of a strategy."""
    devices = f"[f'/gpu:{{gpu}}' for gpu in range({shape.gpus})]" if shape.gpus else ""
    made = cst.parse_statement(f"strategy = {strategy}({devices})")
    gathered: list[Any] = []
    last = shape.statements[-1]

    def gather(current: Any) -> Any:
        parts = list(current) if isinstance(current, cst.FlattenSentinel) else [current]
        gathered.extend(part for part in parts if isinstance(part, cst.CSTNode))
        return cst.RemoveFromParent()

    def close(current: Any) -> Any:
        gather(current)
        first = gathered[0]
        leading = first.leading_lines
        gathered[0] = first.with_changes(leading_lines=())
        scope = cst.With(
            [cst.WithItem(cst.parse_expression("strategy.scope()"))], cst.IndentedBlock(gathered)
        )
        return cst.FlattenSentinel([made.with_changes(leading_lines=leading), scope])

    for statement in shape.statements:
        if isinstance(statement, cst.With):
            file.edit(statement, shape.block, _without_device)
        elif statement is shape.copy:
            file.edit(statement, shape.block, lambda current: _copied(current, shape))
        file.edit(statement, shape.block, close if statement is last else gather)


def _copied(current: cst.SimpleStatementLine, shape: _Shape) -> Any:
    """``parallel = model`` for the copy; nothing where both have one name."""
    if shape.model == shape.parallel:
        return cst.RemoveFromParent()
    return current.with_changes(
        body=[cst.Assign([cst.AssignTarget(cst.Name(shape.parallel))], cst.Name(shape.model))]
    )


def _without_device(current: Any) -> Any:
    """The body of ``with tf.device(…):``, which kept the weights on the CPU."""
    if not isinstance(current, cst.With) or len(current.items) != 1:
        return current
    call = current.items[0].item
    name = call.func if isinstance(call, cst.Call) else None
    if not isinstance(name, cst.Attribute) or name.attr.value != "device":
        return current
    first, *others = current.body.body
    assert isinstance(first, (cst.SimpleStatementLine, cst.BaseCompoundStatement))
    led = first.with_changes(leading_lines=[*current.leading_lines, *first.leading_lines])
    return cst.FlattenSentinel([led, *others])
