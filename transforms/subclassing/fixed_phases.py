"""Layers that are called with a phase of their own: from TensorFlow 2.16 on their model overrules it."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from ...findings import Level, Rule
from ...scopes import Frame, around
from ...transform import File, Transform

FIXED_PHASE = Rule(
    "KM532",
    "fixed-phase",
    "Report layers of a model that are called with `training=True` or `training=False`.",
    "`Dropout(0.5)(x, training=True)` drops in `predict` too, which gives the spread of a model's answers. "
    "From TensorFlow 2.16 on a model runs all its layers in the phase in which it is run itself, whatever "
    "they were called with: `predict` drops nothing, and `fit` trains what was called with "
    "`training=False`. Nothing fails.",
    before="from keras.layers import Dropout, Input\nfrom keras.models import Model\n\n"
    "x = Input((4,))\nmodel = Model(x, Dropout(0.5)(x, training=True))\n",
    targets=">=2.16",
)

TRANSFORM = Transform("fixed phases", FIXED_PHASE)

_OVERRULED = {
    "True": "`predict` and `evaluate` run it in inference mode",
    "False": "`fit` runs it in training mode",
}
_MAKE_VALUES = ("keras.backend.", "tensorflow.keras.backend.", "tensorflow.constant", "tensorflow.ones")
_NUMBERS = {"1": "True", "0": "False"}


@TRANSFORM.file
def report(file: File) -> None:
    """Reports every layer that is given a phase where it is put into a model."""
    if not file.target.keras3 or not file.names.references:
        return
    for call, frame in _calls(file):
        phase = _phase(file, call)
        if phase is None or _in_own_call(frame) or _computed_at_once(file, call):
            continue
        if all(value.kind == "layer" for value in file.values.of(call.func)):
            _report(file, call, phase)


def _calls(file: File) -> Iterator[tuple[cst.Call, Frame]]:
    """The calls of names, ``layer(x)``, and of what these give, ``Layer()(x)``, with what is around them."""
    for name in sorted(file.names.identifiers):
        for use in file.names.uses(name):
            call, frame = use.called, use.frame
            while isinstance(call, cst.Call) and frame is not None:
                frame = frame[1]
                yield call, frame
                outer = frame[0] if frame is not None else None
                call = outer if isinstance(outer, cst.Call) and outer.func is call else None


def _report(file: File, call: cst.Call, phase: str) -> None:
    """Says that a phase is overruled."""
    message = "a model runs its layers in its own phase now, whatever `training=` they were called with"
    if phase not in _OVERRULED:
        message = f"{message}. Look what `{phase}` can be: only `None` means the same"
        file.report(FIXED_PHASE, Level.REVIEW, call, message, "keras.layers.Layer.training")
        return
    message = (
        f"{message}: {_OVERRULED[phase]}. Call the whole model with `training={phase}`, or put the layer "
        f"into one of your own whose `call` calls it with `training={phase}`"
    )
    file.report(FIXED_PHASE, Level.MANUAL, call, message, "keras.layers.Layer.training")


def _phase(file: File, call: cst.Call) -> str | None:
    """The phase that a call is given, as code; ``None`` for none of its own."""
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value == "training":
            code = file.module.code_for_node(arg.value)
            return None if code == "None" else _NUMBERS.get(code, code)
    return None


def _computed_at_once(file: File, call: cst.Call) -> bool:
    """Whether a call is given what a function of the backend makes, and so puts nothing in a model."""
    given = call.args[0].value if call.args else None
    name = given.func if isinstance(given, cst.Call) else None
    reference = file.names.reference(name) if isinstance(name, (cst.Name, cst.Attribute)) else None
    origins = file.names.origins(reference) if reference is not None else ()
    return bool(origins) and all(origin.name.startswith(_MAKE_VALUES) for origin in origins)


def _in_own_call(frame: Frame) -> bool:
    """Whether a place is in a ``call`` method, which runs for every batch."""
    return any(isinstance(node, cst.FunctionDef) and node.name.value == "call" for node in around(frame))
