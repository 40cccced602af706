"""Functions that serve as initializers: tf.keras calls them with ``dtype``."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ...transform import ClassUse, File, Transform, Use
from ...values import FUNCTION
from ..edits.argument_layout import TIGHT, optional_parameter
from ..reading.class_bodies import within

INITIALIZER_TYPE = Rule(
    "KM521",
    "initializer-type",
    "Let initializers of the project's own take `dtype`.",
    "Keras called a function that serves as an initializer with the shape alone. tf.keras calls it with "
    "`dtype=…` as well, which a function without that parameter does not take.",
    before=(
        "import numpy as np\nfrom keras.layers import Dense\n\n\ndef identity(shape, name=None):\n"
        "    return np.eye(*shape)\n\n\nlayer = Dense(5, kernel_initializer=identity)\n"
    ),
    after=(
        "import numpy as np\nfrom tensorflow.keras.layers import Dense\n\n\n"
        "def identity(shape, name=None, dtype=None):\n    return np.eye(*shape)\n\n\n"
        "layer = Dense(5, kernel_initializer=identity)\n"
    ),
)

TRANSFORM = Transform("initializer functions", INITIALIZER_TYPE)

_ENDS = ("initializer", "init")
_MESSAGE = "tf.keras calls an initializer with `dtype=…` as well, so it takes that"


@TRANSFORM.use()
def look_at_arguments(file: File, use: Use) -> None:
    """Lets the functions take ``dtype`` that a call gives as initializers."""
    call = use.call
    if call is None or not use.symbol.startswith("keras.layers."):
        return
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value.endswith(_ENDS):
            _take_type(file, arg.value)


def _take_type(file: File, node: cst.BaseExpression) -> None:
    """Lets a function of the file take ``dtype``, once."""
    for value in file.values.of(node):
        function = value.node
        if value.kind != FUNCTION or function is None or function in file.handled:
            continue
        if isinstance(function, (cst.FunctionDef, cst.Lambda)) and _lacks_type(function):
            file.handled.add(function)
            place = function if isinstance(function, cst.FunctionDef) else node
            if file.report(
                INITIALIZER_TYPE, Level.REWRITTEN, place, _MESSAGE, "keras.initializers.Initializer"
            ):
                frame = next(frame for each, frame in within(file.module, None) if each is function)
                file.edit(function, frame, _with_type)


@TRANSFORM.subclass("keras.initializers.Initializer")
def adapt_class(file: File, use: ClassUse) -> None:
    """The same for ``__call__`` of a class that derives from ``Initializer``."""
    method = use.methods.get("__call__")
    if (
        method is not None
        and _lacks_type(method)
        and file.report(
            INITIALIZER_TYPE, Level.REWRITTEN, method, _MESSAGE, "keras.initializers.Initializer.__call__"
        )
    ):
        file.edit(method, (use.node.body, (use.node, use.frame)), _with_type)


def _lacks_type(function: cst.FunctionDef | cst.Lambda) -> bool:
    """Whether a function cannot be called with ``dtype``."""
    params = function.params
    named = (*params.params, *params.kwonly_params)
    return params.star_kwarg is None and all(param.name.value != "dtype" for param in named)


def _with_type(node: cst.FunctionDef | cst.Lambda) -> cst.FunctionDef | cst.Lambda:
    """The function with the parameter ``dtype=None`` behind its others, all optional but the shape."""
    params = node.params
    method = bool(params.params) and params.params[0].name.value == "self"
    first, rest = params.params[: 1 + method], params.params[1 + method :]
    none = cst.Name("None")
    optional = [each if each.default else each.with_changes(default=none, equal=TIGHT) for each in rest]
    return node.with_changes(
        params=optional_parameter(params.with_changes(params=[*first, *optional]), "dtype")
    )
