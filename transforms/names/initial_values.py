"""The functions of ``keras.initializations``: objects that give the values since Keras 2."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Frame
from ...transform import File, Transform, Use
from ...walk import dotted

INITIAL_VALUES = Rule(
    "KM115",
    "initial-values",
    "Write the functions of `keras.initializations` as initializers.",
    "Keras 1 had functions for initial values, `normal(shape, scale=0.05, name=None)`, which gave a "
    "variable. Since Keras 2 there are classes whose instances give the values of a shape. What a function "
    "returns that serves as an initializer is written with these; elsewhere a variable is made of the "
    "values, as before.",
    before=(
        "from keras import initializations\n\n\ndef small(shape, name=None):\n"
        "    return initializations.normal(shape, scale=0.02, name=name)\n"
    ),
    after=(
        "from tensorflow.keras import initializers\n\n\ndef small(shape, name=None):\n"
        "    return initializers.RandomNormal(stddev=0.02)(shape)\n"
    ),
)

TRANSFORM = Transform("initial values", INITIAL_VALUES)

_MODULE = "keras.initializations."


@dataclass(frozen=True, slots=True)
class _Initializer:
    """What takes the place of a function.

    Attributes:
        name: the class.
        arguments: its arguments, with ``_`` for the scale.
        scale: the scale where the function was not given one; empty where it took none.
    """

    name: str
    arguments: str
    scale: str = ""


_INITIALIZERS = {
    "normal": _Initializer("RandomNormal", "stddev=_", "0.05"),
    "uniform": _Initializer("RandomUniform", "-_, _", "0.05"),
    "orthogonal": _Initializer("Orthogonal", "gain=_", "1.1"),
    "identity": _Initializer("Identity", "gain=_", "1.0"),
    "zero": _Initializer("Zeros", ""),
    "one": _Initializer("Ones", ""),
    "glorot_normal": _Initializer("VarianceScaling", "1.0, 'fan_avg', 'untruncated_normal'"),
    "glorot_uniform": _Initializer("GlorotUniform", ""),
    "he_normal": _Initializer("VarianceScaling", "2.0, 'fan_in', 'untruncated_normal'"),
    "he_uniform": _Initializer("HeUniform", ""),
    "lecun_uniform": _Initializer("LecunUniform", ""),
}


@TRANSFORM.use(*(f"{_MODULE}{name}" for name in _INITIALIZERS))
def write_initializer(file: File, use: Use) -> None:
    """Writes one use of a function as an initializer, or as what that gives."""
    if use.members or not use.sure or use.reference.frame is None:
        return
    if use.call is not None:
        _write_values(file, use, use.call, use.reference.frame[1])
        return
    outer = _partial(use.reference.frame)
    given = _given(outer[0], 1) if outer is not None else {}
    if given is None or given.keys() - {"scale", "name", "dim_ordering"}:
        return
    message = f"`{use.symbol}` is an object that gives the values since Keras 2"
    if not file.report(INITIAL_VALUES, Level.REWRITTEN, use.reference.node, message, use.symbol):
        return
    new = _object(file, use, given.get("scale"))
    file.imports.handled(use.reference)
    node, around = outer if outer is not None else (use.reference.node, use.reference.frame)
    file.edit(node, around, partial(_instead, new))


def _write_values(file: File, use: Use, call: cst.Call, frame: Frame) -> None:
    """Writes what one call of a function gives."""
    given = _given(call, 0)
    if given is None or "shape" not in given:
        return
    returned = frame is not None and isinstance(frame[0], (cst.Return, cst.Lambda))
    passed = returned and frame is not None and isinstance(frame[0], cst.Lambda)
    message = f"`{use.symbol}` is an object that gives the values since Keras 2"
    if not returned:
        message += ", of which the code makes a variable as before"
    elif not passed:
        message += ". The function gives these now, where it gave a variable: right for an initializer"
    level = Level.REVIEW if returned and not passed else Level.REWRITTEN
    if not file.report(INITIAL_VALUES, level, use.reference.node, message, use.symbol):
        return
    new: cst.BaseExpression = cst.Call(_object(file, use, given.get("scale")), [cst.Arg(given["shape"])])
    if not returned:
        variable = file.imports.name_for("tensorflow.keras.backend.variable", use.reference)
        named = f", name={file.module.code_for_node(given['name'])}" if "name" in given else ""
        new = cst.parse_expression(f"{variable}({file.module.code_for_node(new)}{named})")
    file.imports.handled(use.reference)
    file.edit(call, frame, partial(_instead, new))


def _object(file: File, use: Use, scale: cst.BaseExpression | None) -> cst.BaseExpression:
    """The initializer that takes the place of a function with a scale."""
    initializer = _INITIALIZERS[use.symbol.removeprefix(_MODULE)]
    name = file.imports.name_for(f"tensorflow.keras.initializers.{initializer.name}", use.reference)
    value = file.module.code_for_node(scale) if scale is not None else initializer.scale
    if scale is not None and not isinstance(scale, (cst.BaseNumber, cst.Name, cst.Attribute)):
        value = f"({value})"
    arguments = initializer.arguments
    if initializer.scale:
        arguments = arguments.replace("_", value)
    return cst.parse_expression(f"{name}({arguments})")


def _instead(new: cst.BaseExpression, old: cst.BaseExpression) -> cst.BaseExpression:
    """A new expression in the parentheses of an old one."""
    return new.with_changes(lpar=old.lpar, rpar=old.rpar)


def _given(call: cst.Call, first: int) -> dict[str, cst.BaseExpression] | None:
    """The arguments of a call by the names that the functions have for them; ``None`` for others."""
    found: dict[str, cst.BaseExpression] = {}
    slots = ["shape", "scale"]
    for slot, arg in enumerate(call.args[first:]):
        if arg.star or (arg.keyword is None and (slot >= len(slots) or first)):
            return None
        found[arg.keyword.value if arg.keyword is not None else slots[slot]] = arg.value
    return found


def _partial(frame: Frame) -> tuple[cst.Call, Frame] | None:
    """The call of ``functools.partial`` that a place is the first argument of, with the nodes around it."""
    if frame is None or not isinstance(frame[0], cst.Arg) or frame[1] is None:
        return None
    call, around = frame[1]
    if not isinstance(call, cst.Call) or call.args[0] is not frame[0]:
        return None
    return (call, around) if (dotted(call.func) or "").rpartition(".")[2] == "partial" else None
