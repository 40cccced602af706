"""Models wrapped for scikit-learn: the arguments of SciKeras, which took the place of Keras' own wrappers."""

from __future__ import annotations

from functools import partial

import libcst as cst

from ...findings import Level, Rule
from ...transform import File, Transform, Use

SCIKIT_LEARN_WRAPPER = Rule(
    "KM607",
    "scikit-learn-wrapper",
    "Give the wrappers of SciKeras the arguments that they have.",
    "`keras.wrappers.scikit_learn` is gone, and SciKeras (`pip install scikeras`) does its work: its "
    "`KerasClassifier` and `KerasRegressor` take the function that builds the model as `model`. In the "
    "parameter grid of a search the arguments of that function are written as `model__units`.",
    before="from keras.wrappers.scikit_learn import KerasClassifier\n\n"
    "classifier = KerasClassifier(build_fn=build, nb_epoch=5)\n",
    after="from scikeras.wrappers import KerasClassifier\n\n"
    "classifier = KerasClassifier(model=build, epochs=5)\n",
)

TRANSFORM = Transform("scikit-learn wrappers", SCIKIT_LEARN_WRAPPER)

_RENAMED = {"build_fn": "model", "nb_epoch": "epochs"}


@TRANSFORM.use("keras.wrappers.scikit_learn.KerasClassifier", "keras.wrappers.scikit_learn.KerasRegressor")
def rename_arguments(file: File, use: Use) -> None:
    """Renames the arguments of a wrapper that SciKeras calls otherwise."""
    if use.call is None or use.reference.frame is None:
        return
    for arg in use.call.args:
        new = _RENAMED.get(arg.keyword.value) if arg.keyword is not None else None
        if arg.keyword is None or new is None:
            continue
        message = f"`{arg.keyword.value}` is `{new}` in SciKeras"
        if file.report(SCIKIT_LEARN_WRAPPER, Level.REWRITTEN, arg, message, use.symbol):
            file.edit(arg, use.reference.frame, partial(_called, new))


def _called(keyword: str, arg: cst.Arg) -> cst.Arg:
    return arg.with_changes(keyword=cst.Name(keyword))
