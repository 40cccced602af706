"""Layers whose ``call`` takes everything as ``*args``."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Frame
from ...transform import ClassUse, File, Transform
from ..reading.class_bodies import body_of

CALL_ARGUMENTS = Rule(
    "KM512",
    "call-arguments",
    "Give `call` of a layer a parameter for its inputs.",
    "From TensorFlow 2.16 on Keras reads off the parameters of `call` what shapes `build` is given. With "
    "`call(self, *args, **kwargs)` it finds none, and `build` gets `None`.",
    before=(
        "from keras.layers import Dense\n\n\nclass Frozen(Dense):\n    def call(self, *args, **kwargs):\n"
        "        return super(Frozen, self).call(*args, **kwargs)\n"
    ),
    after=(
        "from tensorflow.keras.layers import Dense\n\n\nclass Frozen(Dense):\n"
        "    def call(self, inputs, *args, **kwargs):\n"
        "        return super(Frozen, self).call(inputs, *args, **kwargs)\n"
    ),
    targets=">=2.16",
)

TRANSFORM = Transform("call signatures", CALL_ARGUMENTS)

_NAME = "inputs"


@TRANSFORM.subclass("keras.layers.Layer")
def name_inputs(file: File, use: ClassUse) -> None:
    """Gives ``call`` of one class its first parameter, and hands that to the base."""
    method = use.methods.get("call")
    if not file.target.keras3 or method is None or len(method.params.params) != 1:
        return
    star = method.params.star_arg
    if not isinstance(star, cst.Param) or use.derives("keras.models.Model"):
        return
    name = star.name.value
    handed = [
        (call.node, call.frame)
        for call in body_of(file.names, use.node).supers
        if call.method is method and call.node.args and _is_unpacked(call.node.args[0], name)
    ]
    used = [each for each in file.names.uses(name) if each.scope is file.names.scopes[method]]
    symbol = f"{use.lineage[0]}.call"
    if len(used) != len(handed) or _NAME in file.names.scopes[method].bindings:
        message = (
            f"Keras 3 gives `build` no shape where `call` takes `*{name}` alone: name its first parameter, "
            f"`call(self, inputs, *{name})`"
        )
        file.report(CALL_ARGUMENTS, Level.MANUAL, method, message, symbol)
        return
    message = f"`call` names its `inputs`: with `*{name}` alone Keras 3 gives `build` no shape"
    if not file.report(CALL_ARGUMENTS, Level.REWRITTEN, method, message, symbol):
        return
    inside: Frame = (use.node.body, (use.node, use.frame))
    file.edit(method, inside, _with_inputs)
    for node, frame in handed:
        file.edit(node, frame, _handing_on)


def _is_unpacked(arg: cst.Arg, name: str) -> bool:
    return arg.star == "*" and isinstance(arg.value, cst.Name) and arg.value.value == name


def _with_inputs(function: cst.FunctionDef) -> cst.FunctionDef:
    """A method with the parameter ``inputs`` behind ``self``."""
    added = cst.Param(cst.Name(_NAME), comma=_COMMA)
    return function.with_deep_changes(function.params, params=[*function.params.params, added])


def _handing_on(call: cst.Call) -> cst.Call:
    """A call that is handed ``inputs`` first."""
    return call.with_changes(args=[cst.Arg(cst.Name(_NAME), comma=_COMMA), *call.args])


_COMMA = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
