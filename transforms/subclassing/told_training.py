"""Models as classes, which learn that they are trained by an argument of `call` only."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ...transform import ClassUse, File, Transform
from ..edits.argument_layout import optional_parameter

TOLD_TRAINING = Rule(
    "KM527",
    "told-training",
    "Give `call` of a model the argument by which `fit` says that it trains.",
    "From TensorFlow 2.16 on `fit` and `train_on_batch` tell a model that is a class of one's own that it is "
    "trained only where its `call` has an argument `training`. Without it `Dropout` drops nothing and "
    "`BatchNormalization` normalises by its moving averages, in training as well, without a word. With the "
    "argument the layers that `call` uses get it by themselves.",
    before="from keras.models import Model\n\n\nclass Net(Model):\n    def call(self, inputs):\n"
    "        return self.dropout(self.dense(inputs))\n",
    after="from tensorflow.keras.models import Model\n\n\nclass Net(Model):\n"
    "    def call(self, inputs, training=None):\n        return self.dropout(self.dense(inputs))\n",
    targets=">=2.16",
)

TRANSFORM = Transform("told training", TOLD_TRAINING)

_MODEL = "keras.models.Model"
_TRAINING = "training"


@TRANSFORM.subclass(_MODEL)
def add_training(file: File, use: ClassUse) -> None:
    """Adds the argument to ``call`` of one class."""
    call = use.methods.get("call")
    if not file.target.keras3 or call is None or call.params.star_kwarg is not None or _takes_it(call.params):
        return
    message = (
        "`fit` tells a model that it is trained by the argument `training` of `call` alone now; without it "
        "Dropout and BatchNormalization would run as in `predict`. It is added, for all layers in it"
    )
    if file.report(TOLD_TRAINING, Level.REWRITTEN, call, message, f"{_MODEL}.call"):
        file.edit(call, (use.node.body, (use.node, use.frame)), _with_training)


def _takes_it(params: cst.Parameters) -> bool:
    """Whether parameters have it among them."""
    named = (*params.posonly_params, *params.params, *params.kwonly_params)
    return any(param.name.value == _TRAINING for param in named)


def _with_training(call: cst.FunctionDef) -> cst.FunctionDef:
    """A method with the argument, which another rule may have added."""
    if _takes_it(call.params):
        return call
    return call.with_changes(params=optional_parameter(call.params, _TRAINING))
