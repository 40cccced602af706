"""What the backend said of a tensor, asked of the tensor itself."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ...transform import File, Transform, Use

TENSOR_ATTRIBUTE = Rule(
    "KM720",
    "tensor-attribute",
    "Ask a tensor itself for its type and number of dimensions.",
    "From TensorFlow 2.16 on `K.dtype` and `K.ndim` take tensors of TensorFlow alone, and fail on the inputs "
    "and outputs of layers and on weights. `dtype` and `shape` of the tensor are there for all of them.",
    before="from keras import backend as K\n\nfloat_mask = K.cast(mask, K.dtype(x))\nlast = K.ndim(x) - 1\n",
    after="from tensorflow.keras import backend as K\n\n"
    "float_mask = K.cast(mask, K.standardize_dtype(x.dtype))\nlast = len(x.shape) - 1\n",
    targets=">=2.16",
)

TRANSFORM = Transform("tensor attributes", TENSOR_ATTRIBUTE)

_STANDARDIZE = "tensorflow.keras.backend.standardize_dtype"


@TRANSFORM.use("keras.backend.ndim")
def ndim(file: File, use: Use) -> None:
    """Writes the length of the shape."""
    if _reads_one(file, use, "`K.ndim` fails on what layers give"):
        file.imports.handled(use.reference)
        _replace(file, use, "len", "shape")


@TRANSFORM.use("keras.backend.dtype")
def dtype(file: File, use: Use) -> None:
    """Writes the name of the type that the tensor has."""
    if _reads_one(file, use, "`K.dtype` fails on what layers give, and on weights"):
        name = file.imports.name_for(_STANDARDIZE, use.reference)
        file.imports.handled(use.reference)
        _replace(file, use, name, "dtype")


def _reads_one(file: File, use: Use, why: str) -> bool:
    """Whether a use is a call with one tensor, whose finding is reported."""
    call = use.call
    if not file.target.keras3 or call is None or not use.sure or len(call.args) != 1 or call.args[0].star:
        return False
    message = f"{why} on TensorFlow {file.target}: the tensor itself is asked"
    return file.report(TENSOR_ATTRIBUTE, Level.REWRITTEN, use.reference.node, message, use.symbol)


def _replace(file: File, use: Use, function: str, attribute: str) -> None:
    """Calls another function with an attribute of the tensor."""
    call, frame = use.call, use.reference.frame
    assert call is not None
    assert frame is not None
    name = cst.parse_expression(function)

    def edit(current: cst.Call) -> cst.Call:
        tensor = current.args[0].value
        read = cst.Attribute(_primary(tensor), cst.Name(attribute))
        return current.with_changes(func=name, args=[cst.Arg(read)])

    file.edit(call, frame[1], edit)


def _primary(node: cst.BaseExpression) -> cst.BaseExpression:
    """An expression that can have an attribute: itself, or in parentheses."""
    simple = isinstance(node, (cst.Name, cst.Attribute, cst.Call, cst.Subscript))
    return node if simple or node.lpar else node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
