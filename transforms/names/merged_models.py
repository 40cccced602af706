"""Models that ``Merge``, as the first layer of a ``Sequential``, merged in Keras 1: functional models now."""

from __future__ import annotations

from typing import Any

import libcst as cst

from ...findings import Level, Rule
from ...transform import File, Transform, Use
from ..edits.alignment import bracket_column, moved
from ..edits.argument_layout import appended, keyword
from ..edits.line_breaks import keep_short
from ..edits.statement_edits import close_gap
from ..reading.layer_stacks import Added, Stack, stack_of
from .merge_modes import Merging, merging_of
from .merged_branches import Branch, branches_of
from .merging import are_tensors

MERGED_MODELS = Rule(
    "KM113",
    "merged-models",
    "Write a `Sequential` that begins with `Merge` as a functional model.",
    "In Keras 1 the first layer of a `Sequential` could be a `Merge` of several models, which gave the model "
    "several inputs. A `Sequential` of `tf.keras` has one. The same layers make a functional model here: it "
    "has the same inputs and its weights come in the same order, so that old ones can be set. Its `layers` "
    "begin with the inputs and the merged models, and it takes no `add` afterwards. Masks ended where models "
    "were merged in Keras 1, and do so here.",
    before="from keras.layers import Dense, Merge\nfrom keras.models import Sequential\n\n"
    "left = Sequential([Dense(4, input_dim=3)])\nright = Sequential([Dense(4, input_dim=2)])\n"
    "model = Sequential()\nmodel.add(Merge([left, right], mode='sum'))\nmodel.add(Dense(1))\n",
    after="from tensorflow.keras.layers import Dense\nfrom tensorflow.keras.layers import add\n"
    "from tensorflow.keras.models import Sequential\nfrom tensorflow.keras.models import Model\n\n"
    "left = Sequential([Dense(4, input_dim=3)])\nright = Sequential([Dense(4, input_dim=2)])\n"
    "x = add([left(left.inputs[0]), right(right.inputs[0])])\nx = Dense(1)(x)\n"
    "model = Model(left.inputs + right.inputs, x)\n",
)

TRANSFORM = Transform("merged models", MERGED_MODELS)

_MODEL = "tensorflow.keras.models.Model"


@TRANSFORM.use("keras.layers.Merge")
def write_functional(file: File, use: Use) -> None:
    """Writes the model that begins with a ``Merge`` of models as a functional one."""
    merging = merging_of(file, use) if use.sure and use.standalone else None
    if merging is None or merging.merged is None or merging.has_odd_axes or are_tensors(file, merging.merged):
        return
    assert use.reference.frame is not None
    stack = stack_of(file, merging.call, use.reference.frame[1])
    branches = branches_of(file, merging.merged) if stack is not None else None
    if stack is None or branches is None:
        return
    message = (
        f"`{stack.name}` is a functional model now, as a `Sequential` has one input. Its weights come in the "
        "same order; its `layers` begin with inputs and merged models, and it takes no `add` any more"
        f"{merging.note}"
    )
    if not file.report(MERGED_MODELS, Level.REVIEW, use.reference.node, message, use.symbol):
        return
    _edit(file, use, merging, stack, branches)


def _edit(file: File, use: Use, merging: Merging, stack: Stack, branches: list[Branch]) -> None:
    """Asks for the statements of a functional model in the place of those of a ``Sequential``."""
    model = file.imports.like(stack.constructor, _MODEL)
    file.imports.gives_way(stack.constructor, model)
    tensor = _free_name(file, use, stack)
    _merge(file, use, merging, branches, tensor)
    if file.target.keras3:
        for branch in branches:
            if branch.shapeless is not None:
                file.edit(*branch.shapeless, _with_any_length)
    name = f", name={file.module.code_for_node(stack.title)}" if stack.title is not None else ""
    made = f"{stack.name} = {model}({_inputs(branches)}, {tensor}{name})"
    if stack.first is None:
        _unroll(file, stack, tensor, made)
    else:
        _rewrite(file, stack, stack.first, tensor, made)


def _merge(file: File, use: Use, merging: Merging, branches: list[Branch], tensor: str) -> None:
    """Asks for the function that merges what some models give in the place of ``Merge``."""
    place, call = use.reference, merging.call
    function = file.imports.like(place, merging.path("function"))
    strip = ""
    if any(branch.masked for branch in branches):
        layer = file.imports.like(place, "tensorflow.keras.layers.Lambda")
        strip = f"{layer}({file.imports.name_for('tensorflow.identity', place)})"
    file.imports.gives_way(place, function)
    file.handled.add(call)
    inputs = cst.parse_expression(_merged(branches, strip))
    assert place.frame is not None
    around = place.frame[1]
    column = bracket_column(file, call, around)
    longer = len(function) - len(file.module.code_for_node(call.func))
    if column is not None and around is not None and not isinstance(around[0], cst.Assign):
        longer = len(f"{tensor} = {function}") - column
    file.edit(call, around, lambda now: merging.written(moved(now, column, longer), function, inputs=inputs))


def _with_any_length(layer: cst.Call) -> cst.Call:
    """A layer over sequences of any length that says so; it can be in several models."""
    if any(arg.keyword is not None and arg.keyword.value == "input_shape" for arg in layer.args):
        return layer
    return appended(layer, [keyword("input_shape", cst.parse_expression("(None,)"))])


def _merged(branches: list[Branch], strip: str) -> str:
    """The code of what is merged."""
    tensors = [f"{strip}({branch.tensor})" if branch.masked else branch.tensor for branch in branches]
    if branches[0].loop:
        return f"[{tensors[0]} {branches[0].loop}]"
    return f"[{', '.join(tensors)}]"


def _inputs(branches: list[Branch]) -> str:
    """The code of the list of a model's inputs, each once."""
    return " + ".join(dict.fromkeys(source for branch in branches for source in branch.sources))


def _free_name(file: File, use: Use, stack: Stack) -> str:
    """A name for the tensor that goes through the layers, which stands for nothing else."""
    leaf = stack.name.rpartition(".")[2]
    alone = len(file.names.uses(use.reference.root.value)) == 1
    wanted = [*(["x"] if alone else []), f"{leaf}_output", f"{leaf}_tensor"]
    return next((name for name in wanted if name not in file.names.identifiers), f"_{leaf}_tensor")


def _rewrite(file: File, stack: Stack, first: Added, tensor: str, made: str) -> None:
    """Asks for the edits of the statements that make a ``Sequential``."""
    line, block = stack.constructed, stack.block
    close_gap(file, line, block, about="(?!)")
    file.edit(line, block, _removed)
    file.edit(first.node, first.frame, lambda current: _assigned(tensor, _layer(current)))
    for added in stack.added:
        file.edit(
            added.node, added.frame, lambda current: _assigned(tensor, _applied(_layer(current), tensor))
        )
    for added in (first, *stack.added):
        keep_short(file, added.node, added.frame)
    _put_behind(file, stack, made)


def _unroll(file: File, stack: Stack, tensor: str, made: str) -> None:
    """Asks for a statement for each layer in the place of a list of them."""

    def put(current: Any) -> Any:
        *others, line = list(current) if isinstance(current, cst.FlattenSentinel) else [current]
        first, *rest = line.body[0].value.args[0].value.elements
        values = [first.value, *(_applied(each.value, tensor) for each in rest)]
        lines = [cst.SimpleStatementLine([_assigned(tensor, value)]) for value in values]
        lines[0] = lines[0].with_changes(leading_lines=line.leading_lines)
        return cst.FlattenSentinel([*others, *lines, cst.parse_statement(made)])

    file.edit(stack.constructed, stack.block, put)


def _removed(current: Any) -> Any:
    """Nothing in the place of a statement; what was put before it stays."""
    if isinstance(current, cst.FlattenSentinel):
        return cst.FlattenSentinel(list(current)[:-1])
    return cst.RemoveFromParent()


def _layer(added: cst.Expr) -> cst.BaseExpression:
    """What ``model.add(…)`` adds."""
    assert isinstance(added.value, cst.Call)
    return added.value.args[0].value


def _applied(layer: cst.BaseExpression, tensor: str) -> cst.Call:
    """The call of a layer."""
    if not isinstance(layer, (cst.Name, cst.Attribute, cst.Call, cst.Subscript)) and not layer.lpar:
        layer = layer.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return cst.Call(layer, [cst.Arg(cst.Name(tensor))])


def _assigned(tensor: str, value: cst.BaseExpression) -> cst.Assign:
    """``x = value``."""
    return cst.Assign([cst.AssignTarget(cst.Name(tensor))], value)


def _put_behind(file: File, stack: Stack, code: str) -> None:
    """Asks for a statement behind the last one that adds a layer."""
    made = cst.parse_statement(code)
    assert stack.block is not None
    block, frame = stack.block
    assert isinstance(block, (cst.Module, cst.IndentedBlock))
    at = next(index for index, each in enumerate(block.body) if each is stack.last) + 1
    if at == len(block.body):
        file.edit(block, frame, lambda current: current.with_changes(body=[*current.body, made]))
        return

    def put(current: Any) -> Any:
        if isinstance(current, cst.RemovalSentinel):
            return made
        others = list(current) if isinstance(current, cst.FlattenSentinel) else [current]
        return cst.FlattenSentinel([made, *others])

    file.edit(block.body[at], stack.block, put)
