"""Decorators of Keras that only served the releases they came with."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ...transform import File, Transform, Use

DROPPED_DECORATOR = Rule(
    "KM713",
    "dropped-decorator",
    "Drop decorators that switched Keras between graphs and eager execution, or let it take old arguments.",
    "`K.symbolic` and `K.eager` went with the backend of Keras 2.3, and a function means the same without "
    "them. Those of `keras.legacy.interfaces` let a layer or optimizer take the arguments of Keras 1: code "
    "that still gives these fails now. `keras_test` cleared the session after each test.",
    before="from keras import backend as K\n\n\n@K.symbolic\ndef double(x):\n    return K.sum(x) * 2\n",
    after="from tensorflow.keras import backend as K\n\n\ndef double(x):\n    return K.sum(x) * 2\n",
)

TRANSFORM = Transform("decorators", DROPPED_DECORATOR)

_NEEDLESS = frozenset({"keras.backend.symbolic", "keras.backend.eager"})
_OLD_ARGUMENTS = "keras.legacy.interfaces."
_TEST = "keras.utils.test_utils.keras_test"


@TRANSFORM.use()
def drop(file: File, use: Use) -> None:
    """Drops a decorator that is gone."""
    said = _says(use)
    frame = use.reference.frame
    if said is None or not use.sure or frame is None or frame[1] is None:
        return
    decorator, around = frame
    if isinstance(decorator, cst.Call) and not decorator.args:
        decorator, around = around or frame
    if not isinstance(decorator, cst.Decorator) or around is None:
        return
    level, message = said
    if file.report(DROPPED_DECORATOR, level, use.reference.node, message, use.path):
        file.imports.handled(use.reference)
        file.edit(decorator, around, lambda _: cst.RemoveFromParent())


def _says(use: Use) -> tuple[Level, str] | None:
    """The level and message for dropping a decorator; ``None`` for what is not one of them."""
    if use.members:
        return None
    name = use.path.rpartition(".")[2]
    if use.symbol in _NEEDLESS or use.path in _NEEDLESS:
        return Level.REWRITTEN, f"the decorator `{name}` is dropped: the function means the same without it"
    if use.path.startswith(_OLD_ARGUMENTS):
        return Level.REVIEW, (
            f"the decorator `{name}` is dropped: it translated arguments of Keras 1, which calls of this "
            "must not give any more"
        )
    if use.symbol == _TEST or use.path == _TEST:
        return Level.REVIEW, (
            "the decorator `keras_test` is dropped: it cleared the session after the test. Where tests "
            "depend on that, call `tf.keras.backend.clear_session()`"
        )
    return None
