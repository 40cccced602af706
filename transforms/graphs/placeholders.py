"""The placeholders of a graph, which are inputs of models now."""

from __future__ import annotations

import libcst as cst

from ...catalog import moves
from ...findings import Level, Rule
from ...transform import File, Transform, Use
from ..edits.argument_layout import keyword

PLACEHOLDER = Rule(
    "KM709",
    "placeholder",
    "Write `Input` for `K.placeholder`.",
    "Keras 3 has no placeholders. An `Input` with the same shape, batch included, can be given to layers, "
    "functions of Keras, and a `Model`. Code that feeds the placeholder to a session or asks for gradients "
    "needs a person.",
    before=(
        "from keras import backend as K\nfrom keras.layers import Dense\n\n"
        "x = K.placeholder(shape=(None, 4))\ny = Dense(3)(x)\n"
    ),
    after=(
        "from tensorflow.keras import layers\nfrom tensorflow.keras.layers import Dense\n\n"
        "x = layers.Input(batch_shape=(None, 4))\ny = Dense(3)(x)\n"
    ),
    targets=">=2.16",
)

TRANSFORM = Transform("placeholders", PLACEHOLDER)

_GRAPH_ONLY = frozenset(
    {
        "keras.backend.gradients",
        "keras.backend.get_session",
        "keras.backend.set_session",
        "tensorflow.gradients",
    }
)


@TRANSFORM.use("keras.backend.placeholder")
def placeholder(file: File, use: Use) -> None:
    """Writes a placeholder as the input of a model."""
    call, frame = use.call, use.reference.frame
    if not file.target.keras3 or call is None or frame is None or not use.sure or _needs_graph(file):
        return
    args: dict[str, cst.Arg] = {}
    for name, arg in zip(("shape", "ndim", "dtype", "sparse", "name"), call.args, strict=False):
        if arg.star:
            return
        args[arg.keyword.value if arg.keyword is not None else name] = arg
    ndim = args.pop("ndim", None)
    if "shape" not in args and (ndim is None or not isinstance(ndim.value, cst.Integer)):
        return
    message = "`K.placeholder` is `Input` now, whose `batch_shape` is what its `shape` was"
    if not file.report(PLACEHOLDER, Level.REWRITTEN, use.reference.node, message, use.path):
        return
    name = file.imports.name_for("tensorflow.keras.layers.Input", use.reference)
    file.imports.handled(use.reference)
    indexes = {key: call.args.index(arg) for key, arg in args.items()}

    def written(current: cst.Call) -> cst.Call:
        given = {key: current.args[index].value for key, index in indexes.items()}
        if "shape" not in given:
            assert ndim is not None
            given["shape"] = _any_shape(ndim.value)
        keywords = {"batch_shape": given.pop("shape"), **given}
        new = [keyword(key, value) for key, value in keywords.items()]
        return current.with_changes(func=cst.parse_expression(name), args=new)

    file.edit(call, frame[1], written)


def _any_shape(ndim: cst.BaseExpression) -> cst.Tuple:
    """``(None, None)`` for 2."""
    assert isinstance(ndim, cst.Integer)
    return cst.Tuple([cst.Element(cst.Name("None")) for _ in range(int(ndim.value, 0))])


def _needs_graph(file: File) -> bool:
    """Whether a file does with tensors what only a graph can: run a session, or ask for gradients."""
    return any(
        moves.normalise(origin.name) in _GRAPH_ONLY or origin.name in _GRAPH_ONLY
        for reference in file.names.references
        for origin in file.names.origins(reference)
    )
