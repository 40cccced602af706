"""Numbers of units that NumPy worked out: layers take integers of Python alone."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Reference
from ...transform import File, Transform, Use
from ...walk import dotted
from ..reading.handed_values import handed, parameter_of

NUMPY_INTEGER = Rule(
    "KM209",
    "numpy-integer",
    "Make an integer of Python of a number of units that NumPy worked out.",
    "`np.prod(shape)` and `np.max(labels) + 1` are integers of NumPy. Old Keras took them as sizes of "
    "layers. `RepeatVector` of `tf.keras` refuses them, and from TensorFlow 2.16 on `Dense`, `Embedding` and "
    "recurrent layers do too.",
    before="import numpy as np\nfrom keras.layers import Dense\n\nlayer = Dense(np.prod(shape))\n",
    after="import numpy as np\nfrom tensorflow.keras.layers import Dense\n\n"
    "layer = Dense(int(np.prod(shape)))\n",
)

TRANSFORM = Transform("integers of NumPy", NUMPY_INTEGER)

_SIZES = {
    "keras.layers.Dense": ("units",),
    "keras.layers.Embedding": ("input_dim", "output_dim"),
    "keras.layers.GRU": ("units",),
    "keras.layers.LSTM": ("units",),
    "keras.layers.SimpleRNN": ("units",),
    "keras.layers.RepeatVector": ("n",),
}
"""The arguments of layers that have to be integers of Python, in the order of their places."""
_ALWAYS = "keras.layers.RepeatVector"
"""The layer that refuses other integers on every target."""

_KEEPS_TYPE = (cst.Add, cst.Subtract, cst.Multiply, cst.FloorDivide, cst.Modulo, cst.Power)
_REDUCTIONS = frozenset({"max", "min", "sum", "prod", "argmax", "argmin", "amax", "amin", "product"})
_FUNCTIONS = _REDUCTIONS | {"count_nonzero", "int8", "int16", "int32", "int64", "uint8", "abs", "square"}
_DEPTH = 5


@TRANSFORM.use(*_SIZES)
def convert(file: File, use: Use) -> None:
    """Writes ``int(…)`` around the sizes of a layer that come from NumPy."""
    call, frame = use.call, use.reference.frame
    if call is None or frame is None or not (file.target.keras3 or use.symbol == _ALWAYS):
        return
    wanted = _SIZES[use.symbol]
    for at, arg in enumerate(call.args):
        name = arg.keyword.value if arg.keyword is not None else "".join(wanted[at : at + 1])
        if arg.star or name not in wanted or not _is_of_numpy(file, arg.value):
            continue
        message = f"`{name}` has to be an integer of Python now, and this one comes from NumPy"
        if file.report(NUMPY_INTEGER, Level.REWRITTEN, arg, message, f"{use.symbol}.{name}"):
            file.edit(arg.value, (arg, frame), _as_integer)


def _as_integer(node: cst.BaseExpression) -> cst.Call:
    """``int(…)`` of an expression."""
    return cst.Call(cst.Name("int"), [cst.Arg(node)])


def _is_of_numpy(file: File, node: cst.BaseExpression, depth: int = _DEPTH) -> bool:
    """Whether an expression can be an integer of NumPy by the way that it is worked out."""
    if depth == 0:
        return False
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, _KEEPS_TYPE):
        return any(_is_of_numpy(file, part, depth - 1) for part in (node.left, node.right))
    if isinstance(node, cst.Call):
        return isinstance(node.func, cst.Attribute) and _gives_number(node.func, node)
    if isinstance(node, cst.Name):
        reference = file.names.reference(node)
        return reference is not None and _is_bound(file, reference, depth)
    return False


def _gives_number(function: cst.Attribute, call: cst.Call) -> bool:
    """Whether a call is that of a function of NumPy, or a method of an array, that gives one number."""
    name = function.attr.value
    if any(arg.keyword is not None and arg.keyword.value == "axis" for arg in call.args):
        return False
    if dotted(function) in (f"np.{name}", f"numpy.{name}"):
        return name in _FUNCTIONS and len(call.args) == 1
    return name in _REDUCTIONS and not call.args


def _is_bound(file: File, reference: Reference, depth: int) -> bool:
    """Whether a name can stand for an integer of NumPy."""
    parameter = parameter_of(file, reference)
    if parameter is not None:
        return any(
            given is not None and _is_of_numpy(file, given, depth - 1) for given in handed(file, parameter)
        )
    return any(
        binding.given is not None
        and binding.given.how == "value"
        and not binding.given.path
        and isinstance(binding.given.node, cst.BaseExpression)
        and _is_of_numpy(file, binding.given.node, depth - 1)
        for binding in file.names.bindings(reference)
    )
