"""How many batches: a whole number from TensorFlow 2.16 on."""

from __future__ import annotations

from math import ceil

import libcst as cst

from ...findings import Rule
from ...transform import File
from ..calls.call_adaptation import Adaptation
from ..edits.argument_edits import written_as
from ..reading.keras_calls import Argument

WHOLE_STEPS = Rule(
    "KM403",
    "whole-steps",
    "Round a number of batches up where it is not whole.",
    "`steps_per_epoch=len(x) / 32` is a fraction. Old Keras, and `tf.keras` up to 2.15, went on until the "
    "count reached it, which is to round up; from TensorFlow 2.16 on only a whole number is accepted.",
    before="import numpy as np\nfrom keras.models import load_model\n\nmodel = load_model('model.h5')\n"
    "model.fit_generator(batches, steps_per_epoch=count / 32)\n",
    after="import numpy as np\nfrom tensorflow.keras.models import load_model\n\n"
    "model = load_model('model.h5')\nmodel.fit(batches, steps_per_epoch=int(np.ceil(count / 32)))\n",
    targets=">=2.16",
)

_ROUNDED = frozenset({"ceil", "floor", "rint", "round", "round_", "around"})
"""Functions of NumPy that give a whole number as a float."""


def adapt_steps(work: Adaptation, argument: Argument) -> None:
    """Rounds a number of batches up where it is surely a float."""
    file = work.file
    if not file.target.keras3 or not is_float(file, argument.node.value):
        return
    template = rounding(work, argument.node.value)
    if template is None:
        return
    message = f"`{argument.name}` has to be a whole number now; a fraction is rounded up as before"
    if work.report(WHOLE_STEPS, work.call.level, argument, message):
        work.changes.values[argument.index] = written_as(template, argument.index)


def is_float(file: File, node: cst.BaseExpression, depth: int = 0) -> bool:
    """Whether a number is surely a float by the way that it is worked out."""
    if depth > 5:
        return False
    if isinstance(node, cst.BinaryOperation):
        if isinstance(node.operator, cst.Divide):
            return True
        if isinstance(node.operator, (cst.Add, cst.Subtract, cst.Multiply)):
            return is_float(file, node.left, depth + 1) or is_float(file, node.right, depth + 1)
        return False
    if isinstance(node, cst.Float):
        return True
    if isinstance(node, cst.Call):
        return _is_rounded(file, node)
    if isinstance(node, cst.Name):
        reference = file.names.reference(node)
        bindings = file.names.bindings(reference) if reference is not None else []
        given = [binding.given for binding in bindings]
        return bool(given) and all(
            each is not None
            and each.how == "value"
            and not each.path
            and isinstance(each.node, cst.BaseExpression)
            and is_float(file, each.node, depth + 1)
            for each in given
        )
    return False


def _is_rounded(file: File, node: cst.BaseExpression) -> bool:
    """Whether an expression is a call of NumPy that gives a whole number as a float."""
    return (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and node.func.attr.value in _ROUNDED
        and isinstance(node.func.value, cst.Name)
        and node.func.value.value == module_name(file, "numpy")
    )


def rounding(work: Adaptation, node: cst.BaseExpression) -> str | None:
    """What rounds ``_`` up, with what the file has imported for it; ``None`` where nothing can be reached."""
    file = work.file
    numpy, math = module_name(file, "numpy"), module_name(file, "math")
    if isinstance(node, cst.Float):
        return str(ceil(float(node.value)))
    if numpy is not None and _is_rounded(file, node):
        return "int(_)"
    if math is not None:
        return f"{math}.ceil(_)"
    if numpy is not None:
        return f"int({numpy}.ceil(_))"
    assert isinstance(work.call.node.func, cst.Attribute)
    reference = file.names.reference(work.call.node.func)
    return None if reference is None else f"{file.imports.name_for('math.ceil', reference)}(_)"


def module_name(file: File, module: str) -> str | None:
    """The name by which a file reaches a module of another library everywhere, if it imports it."""
    for local, bindings in file.names.scope.bindings.items():
        imported = bindings[0].imported
        if len(bindings) == 1 and imported is not None and imported.target == imported.bound == module:
            return local
    return None
