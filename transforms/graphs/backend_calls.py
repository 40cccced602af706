"""Functions of the backend that are called in another way now, or that give something else."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Frame
from ...statements import name_node
from ...transform import File, Transform, Use
from ...values import LITERAL
from ..edits.statement_edits import close_gap, drop, statement_around

BACKEND_CALL = Rule(
    "KM716",
    "backend-call",
    "Call what took the place of a function of the backend with its own arguments.",
    "The paddings of Keras 1 that had a name for each side take pairs now, `K.print_tensor` is "
    "`tf.compat.v1.Print`, `K.arange` asks for its start where the end is a tensor, and calls about "
    "the variables of a graph are dropped.",
    before="from keras import backend as K\n\ny = K.asymmetric_temporal_padding(x, 1, 2)\n",
    after="from tensorflow.keras import backend as K\n\ny = K.temporal_padding(x, (1, 2))\n",
)
DECODED_LABELS = Rule(
    "KM717",
    "decoded-labels",
    "Report `K.ctc_decode`, which fills up what it gives.",
    "The decoded labels are filled up with -1 to the length of the input; they were cut to the longest "
    "label. The code runs and gives no error.",
    before="from keras import backend as K\n\nlabels = K.ctc_decode(y, lengths)[0][0]\n",
)

TRANSFORM = Transform("backend calls", BACKEND_CALL, DECODED_LABELS)

_COMMA = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
_PADDINGS = {
    "keras.backend.asymmetric_temporal_padding": ("temporal_padding", ("x", "left_pad", "right_pad")),
    "keras.backend.asymmetric_spatial_2d_padding": (
        "spatial_2d_padding",
        ("x", "top_pad", "bottom_pad", "left_pad", "right_pad"),
    ),
}


@TRANSFORM.use("keras.backend.ctc_decode")
def decode(file: File, use: Use) -> None:
    """Says that decoded labels are filled up."""
    if use.call is not None and use.standalone:
        message = (
            "`K.ctc_decode` fills up the labels with -1 to the length of the input now: cut off the columns "
            "that are -1 throughout, or skip -1 where labels are read"
        )
        file.report(DECODED_LABELS, Level.MANUAL, use.reference.node, message, use.path)


@TRANSFORM.use("keras.backend.arange")
def count(file: File, use: Use) -> None:
    """Gives the start of a range, without which its end cannot be a tensor of a function's graph."""
    call, frame = use.call, use.reference.frame
    if call is None or frame is None or not use.standalone or not call.args:
        return
    end, *others = call.args
    if end.star or end.keyword is not None or any(arg.star or arg.keyword is None for arg in others):
        return
    if any(arg.keyword is not None and arg.keyword.value in ("start", "stop") for arg in others):
        return
    if isinstance(end.value, cst.BaseNumber) or file.values.is_(end.value, LITERAL):
        return
    message = (
        "`K.arange` with the end alone compares it with 0, which a tensor does not allow: the start is 0"
    )
    if file.report(BACKEND_CALL, Level.REWRITTEN, use.reference.node, message, use.path):
        start = cst.Arg(cst.Integer("0"), comma=_COMMA)
        file.edit(call, frame[1], lambda node: node.with_changes(args=[start, *node.args]))


@TRANSFORM.use(*_PADDINGS)
def pad(file: File, use: Use) -> None:
    """Gives the paddings of Keras 1 as pairs."""
    call, frame = use.call, use.reference.frame
    name, parameters = _PADDINGS[use.symbol]
    if call is None or frame is None or not use.sure:
        return
    slots = _slots(call, parameters)
    if slots is None:
        return
    message = f"`{use.symbol.rpartition('.')[2]}` is `{name}` now, which takes the two sides as a pair"
    if not file.report(BACKEND_CALL, Level.REWRITTEN, use.reference.node, message, use.path):
        return
    new = file.imports.name_for(f"tensorflow.keras.backend.{name}", use.reference)
    file.imports.gives_way(use.reference, new)

    def written(current: cst.Call) -> cst.Call:
        values = [
            current.args[slots[each]].value if each in slots else cst.Integer("1") for each in parameters
        ]
        first, *sides = values
        pairs: list[cst.BaseExpression] = [
            cst.Tuple([cst.Element(sides[at]), cst.Element(sides[at + 1])]) for at in range(0, len(sides), 2)
        ]
        padding = pairs[0] if len(pairs) == 1 else cst.Tuple([cst.Element(pair) for pair in pairs])
        args = [cst.Arg(first, comma=_COMMA), cst.Arg(padding)]
        args += [arg.with_changes(comma=cst.MaybeSentinel.DEFAULT) for arg in _others(current, parameters)]
        if len(args) > 2:
            args[1] = args[1].with_changes(comma=_COMMA)
        return current.with_changes(func=name_node(new), args=args)

    file.edit(call, frame[1], written)


def _slots(call: cst.Call, names: tuple[str, ...]) -> dict[str, int] | None:
    """The positions of arguments by their names; ``None`` where there are others than these."""
    found: dict[str, int] = {}
    for index, arg in enumerate(call.args):
        if arg.star or (arg.keyword is None and index >= len(names)):
            return None
        name = arg.keyword.value if arg.keyword is not None else names[index]
        if name in names:
            found[name] = index
        elif name != "dim_ordering" and name != "data_format":
            return None
    return found if names[0] in found else None


def _others(call: cst.Call, names: tuple[str, ...]) -> list[cst.Arg]:
    """The arguments that are given by other keywords."""
    return [arg for arg in call.args if arg.keyword is not None and arg.keyword.value not in names]


@TRANSFORM.use("keras.backend.print_tensor")
def show(file: File, use: Use) -> None:
    """Prints by the function that TensorFlow keeps and that gives its argument."""
    call, frame = use.call, use.reference.frame
    if not file.target.keras3 or call is None or frame is None or not use.sure:
        return
    slots = _slots(call, ("x", "message"))
    if slots is None:
        return
    message = "`K.print_tensor` is `tf.compat.v1.Print` now, which prints the tensors of its second argument"
    if not file.report(BACKEND_CALL, Level.REWRITTEN, use.reference.node, message, use.path):
        return
    new = file.imports.name_for("tensorflow.compat.v1.Print", use.reference)
    file.imports.gives_way(use.reference, new)

    def written(current: cst.Call) -> cst.Call:
        value = current.args[slots["x"]].value
        args = [cst.Arg(value, comma=_COMMA), cst.Arg(cst.List([cst.Element(value.deep_clone())]))]
        if "message" in slots:
            args[1] = args[1].with_changes(comma=_COMMA)
            args.append(cst.Arg(current.args[slots["message"]].value))
        return current.with_changes(func=name_node(new), args=args)

    if isinstance(call.args[slots["x"]].value, (cst.Name, cst.Attribute)):
        file.edit(call, frame[1], written)
    else:
        file.edit(call, frame[1], lambda current: _through_lambda(written(current)))


def _through_lambda(call: cst.Call) -> cst.Call:
    """``(lambda x: tf.compat.v1.Print(x, [x]))(value)``, for a value that is to be worked out once."""
    value = call.args[0].value
    name = cst.Name("x")
    again = cst.Arg(cst.List([cst.Element(name)]), comma=call.args[1].comma)
    inner = call.with_changes(args=[call.args[0].with_changes(value=name), again, *call.args[2:]])
    made = cst.Lambda(
        cst.Parameters([cst.Param(name)]), inner, lpar=[cst.LeftParen()], rpar=[cst.RightParen()]
    )
    return cst.Call(made, [cst.Arg(value)])


@TRANSFORM.use(
    "keras.backend.manual_variable_initialization",
    "keras.backend.set_legacy_weight_ordering",
)
def forget(file: File, use: Use) -> None:
    """Drops calls that were about the variables of a graph, or about weight files of old."""
    call, frame = use.call, use.reference.frame
    outer: Frame = frame[1] if frame is not None else None
    gone = file.target.keras3 or use.symbol.endswith("weight_ordering")
    if call is None or outer is None or not use.sure or not gone or not isinstance(outer[0], cst.Expr):
        return
    message = f"`{use.symbol.rpartition('.')[2]}` is dropped: it has nothing to act on any more"
    if file.report(BACKEND_CALL, Level.REWRITTEN, use.reference.node, message, use.path):
        file.imports.handled(use.reference)
        drop(file, outer[0], outer[1])
        line = statement_around(outer[1])
        if line is not None and len(line[0].body) == 1:
            close_gap(file, *line, about="variable|initial|weight|order")
