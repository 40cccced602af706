"""Classes that give batches: ``Sequence``, whose constructor has to run from TensorFlow 2.16 on."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ...transform import ClassUse, File, Transform
from ...values import first_parameter
from ..edits.statement_edits import add_first
from ..reading.class_bodies import body_of

SEQUENCE_CONSTRUCTOR = Rule(
    "KM515",
    "sequence-constructor",
    "Call the constructor of `Sequence` from that of a class derived from it.",
    "A `Sequence` had no constructor up to TensorFlow 2.15. From 2.16 on its constructor sets how many "
    "workers prepare batches, and a class that does not call it gets a warning at each `fit`.",
    before=(
        "from keras.utils import Sequence\n\n\nclass Batches(Sequence):\n    def __init__(self, x):\n"
        "        self.x = x\n\n    def __len__(self):\n        return len(self.x)\n"
    ),
    after=(
        "from tensorflow.keras.utils import Sequence\n\n\nclass Batches(Sequence):\n"
        "    def __init__(self, x):\n        super().__init__()\n        self.x = x\n\n"
        "    def __len__(self):\n        return len(self.x)\n"
    ),
    targets=">=2.16",
)

TRANSFORM = Transform("sequences", SEQUENCE_CONSTRUCTOR)


@TRANSFORM.subclass("keras.utils.Sequence")
def call_base(file: File, use: ClassUse) -> None:
    """Inserts the call of the base's constructor into that of one class."""
    if not file.target.keras3:
        return
    constructor = use.methods.get("__init__")
    if constructor is None or _calls_base(file, use, constructor):
        return
    receiver = first_parameter(constructor)
    owner = use.node.name.value
    old_style = any(
        isinstance(each.value, cst.Name) and each.value.value == "object" for each in use.node.bases
    )
    body = body_of(file.names, use.node)
    explicit = old_style or any(
        isinstance(call.node.func, cst.Attribute)
        and isinstance(call.node.func.value, cst.Call)
        and call.node.func.value.args
        for call in body.supers
    )
    code = f"super({owner}, {receiver}).__init__()" if explicit else "super().__init__()"
    message = f"`{owner}` calls the constructor of `Sequence`, which it has from TensorFlow 2.16 on"
    if file.report(SEQUENCE_CONSTRUCTOR, Level.REWRITTEN, constructor, message, "keras.utils.Sequence"):
        add_first(file, constructor, (use.node.body, (use.node, use.frame)), code)


def _calls_base(file: File, use: ClassUse, constructor: cst.FunctionDef) -> bool:
    """Whether a constructor calls that of a base, by ``super()`` or by the name of the base."""
    body = body_of(file.names, use.node)
    if body.super_calls("__init__", constructor):
        return True
    return any(
        reference.frame is not None
        and isinstance(reference.frame[0], cst.Arg)
        and reference.frame[1] is not None
        and isinstance(reference.frame[1][0], cst.Call)
        and isinstance(reference.frame[1][0].func, cst.Attribute)
        and reference.frame[1][0].func.attr.value == "__init__"
        for reference in body.passed
        if file.names.scopes[constructor] is reference.scope
    )
