"""Masks that are handed to the ``call`` of a layer, which took one in Keras 1 whatever it did with it."""

from __future__ import annotations

import libcst as cst

from ...catalog import Signature, for_target
from ...findings import Level, Rule
from ...scopes import Frame
from ...transform import AttributeUse, ClassUse, File, Transform
from ...values import Value
from ...walk import dotted
from ..edits.argument_edits import Changes
from ..edits.statement_edits import statement_around
from ..reading.class_bodies import body_of
from ..reading.keras_calls import class_around

MASK_ARGUMENT = Rule(
    "KM519",
    "mask-argument",
    "Hand masks only to layers that take one, and by keyword.",
    "In Keras 1 the `call` of every layer was `call(self, x, mask=None)`. Now only layers that use masks "
    "have the parameter. The second one of the others is mostly `training`: a mask in its place is taken for "
    "that without an error.",
    before="from keras.layers import Dropout\n\n\nclass Noise(Dropout):\n    def call(self, x, mask=None):\n"
    "        return super(Noise, self).call(x, mask) + 1.\n\n"
    "    def get_output_shape_for(self, input_shape):\n        return input_shape\n",
    after="from tensorflow.keras.layers import Dropout\n\n\nclass Noise(Dropout):\n"
    "    def call(self, x, mask=None):\n        return super(Noise, self).call(x) + 1.\n\n"
    "    def compute_output_shape(self, input_shape):\n        return input_shape\n",
)

TRANSFORM = Transform("mask arguments", MASK_ARGUMENT)

_SLOT = 1
_RECURRENT = ("keras.layers.RNN", "keras.layers.Bidirectional")
"""What these take has rules of its own."""


@TRANSFORM.subclass("keras.layers.Layer")
def adapt_base(file: File, use: ClassUse) -> None:
    """Adapts the calls of the base's ``call`` in one class."""
    if use.standalone and not use.derives(*_RECURRENT):
        for call in body_of(file.names, use.node).super_calls("call"):
            _adapt(file, call.node, call.frame, use.lineage[0])


@TRANSFORM.attribute("call")
def adapt_other(file: File, use: AttributeUse) -> None:
    """Adapts one ``layer.call(x, mask)``."""
    call, frame = use.frame if use.frame is not None else (None, None)
    if type(call) is not cst.Call or call.func is not use.node:
        return
    values = file.values.of(use.node.value)
    if all(each.kind == "layer" and each.standalone and each.owner is None for each in values):
        symbols = {_symbol(each) for each in values}
        _adapt(file, call, frame, symbols.pop() if len(symbols) == 1 else "")
    elif dotted(use.node.value) == "self.layer" and _is_wrapper(file, frame):
        _adapt(file, call, frame, "")


def _symbol(value: Value) -> str:
    return next((each for each in (value.symbol, *value.lineage) if each), "")


def _is_wrapper(file: File, frame: Frame) -> bool:
    """Whether a place is in a class that derives from a wrapper of standalone Keras."""
    owner = class_around(frame)
    lineage = file.values.lineage(owner) if owner is not None else None
    return lineage is not None and lineage.standalone and "keras.layers.Wrapper" in lineage.lineage


def _adapt(file: File, call: cst.Call, frame: Frame, symbol: str) -> None:
    """Adapts the mask that one call hands to a layer.

    Args:
        file: the file.
        call: the call.
        frame: the nodes around it.
        symbol: the class of the layer; empty where it is not known.
    """
    place, index = statement_around(frame), _mask(file, call)
    if index is None or place is None:
        return
    name = symbol.rpartition(".")[2]
    told = f"{symbol or 'keras.layers.Layer'}.call"
    signature = _signature(file, symbol)
    if signature is None:
        message = (
            "`call` of a layer takes a mask only where the layer uses one, and its second parameter is "
            "mostly `training`: leave the mask out, or give it as `mask=` to a layer that has it"
        )
        if not symbol and call.args[index].keyword is None:
            file.report(MASK_ARGUMENT, Level.MANUAL, place[0], message, told)
        return
    changes = Changes()
    if "mask" not in signature.keywords:
        message = f"`call` of `{name}` takes no mask, and made nothing of it"
        changes.drops.add(index)
    elif call.args[index].keyword is None and signature.positional[_SLOT : _SLOT + 1] != ("mask",):
        message = f"`call` of `{name}` takes its mask in another place, so it is given by keyword"
        changes.names[index] = "mask"
    if changes and file.report(MASK_ARGUMENT, Level.REWRITTEN, place[0], message, told):
        file.edit(call, frame, changes.apply)


def _mask(file: File, call: cst.Call) -> int | None:
    """The position of the mask among the arguments of a call, as Keras 1 took them."""
    for index, arg in enumerate(call.args):
        if arg.star:
            return None
        if arg.keyword is not None and arg.keyword.value == "mask":
            return index
    if len(call.args) <= _SLOT or call.args[_SLOT].keyword is not None:
        return None
    name = (dotted(call.args[_SLOT].value) or "").rpartition(".")[2]
    return _SLOT if "mask" in name or (name == "None" and file.source.version < (2, 0)) else None


def _signature(file: File, symbol: str) -> Signature | None:
    """What ``call`` of a layer takes on the target, where that is certain."""
    found = for_target(file.target).get(f"tensorflow.{symbol}") if symbol else None
    signature = found.methods.get("call") if found is not None else None
    return signature if signature is not None and not (signature.variadic or signature.open) else None
