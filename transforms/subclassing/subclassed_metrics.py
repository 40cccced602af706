"""Classes that derive from ``Metric``, and stateful metrics that are layers."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ...transform import ClassUse, File, Transform
from ..reading.class_bodies import body_of

METRIC_RESET = Rule(
    "KM522",
    "metric-reset",
    "Reset metrics by `reset_state`.",
    "From TensorFlow 2.16 on Keras starts a metric anew by `reset_state`, and a `reset_states` of the "
    "project's own class is never called: it would go on counting over epochs, without an error.",
    before=(
        "from keras.metrics import Metric\n\n\nclass Count(Metric):\n    def reset_states(self):\n"
        "        self.n.assign(0)\n"
    ),
    after=(
        "from tensorflow.keras.metrics import Metric\n\n\nclass Count(Metric):\n"
        "    def reset_state(self):\n        self.n.assign(0)\n"
    ),
    targets=">=2.16",
)

METRIC_LAYER = Rule(
    "KM523",
    "metric-layer",
    "Report metrics with a state that are layers.",
    "Keras 2.1.3 to 2.2 took a stateful layer as a metric: called with `(y_true, y_pred)`, and started anew "
    "by `reset_states` with each epoch. tf.keras calls it like a function and never resets it.",
    before=(
        "from keras import backend as K\nfrom keras.layers import Layer\n\n\n"
        "class TruePositives(Layer):\n    def reset_states(self):\n        K.set_value(self.n, 0)\n\n"
        "    def __call__(self, y_true, y_pred):\n        return K.sum(y_true * K.round(y_pred))\n\n\n"
        "metric = TruePositives()\n"
    ),
)

TRANSFORM = Transform("metrics", METRIC_RESET, METRIC_LAYER)


@TRANSFORM.subclass("keras.metrics.Metric")
def rename_reset(file: File, use: ClassUse) -> None:
    """Gives the method that resets one class its new name, and calls the base's by it."""
    method = use.methods.get("reset_states")
    if not file.target.keras3 or method is None or "reset_state" in use.methods:
        return
    message = "Keras resets a metric by `reset_state` from TensorFlow 2.16 on, and never calls `reset_states`"
    if not file.report(METRIC_RESET, Level.REWRITTEN, method, message, "keras.metrics.Metric.reset_states"):
        return
    inside = (use.node.body, (use.node, use.frame))
    file.edit(method, inside, lambda node: node.with_changes(name=cst.Name("reset_state")))
    body = body_of(file.names, use.node)
    for each in body.uses.get("reset_states", ()):
        file.edit(each.node, each.frame, lambda node: node.with_changes(attr=cst.Name("reset_state")))
    for call in body.super_calls("reset_states"):
        attribute = call.node.func
        file.edit(
            attribute, (call.node, call.frame), lambda node: node.with_changes(attr=cst.Name("reset_state"))
        )


@TRANSFORM.subclass("keras.layers.Layer")
def report_layer(file: File, use: ClassUse) -> None:
    """Says what a layer has to become that is a metric with a state."""
    if use.derives("keras.metrics.Metric") or not {"reset_states", "__call__"} <= use.methods.keys():
        return
    params = use.methods["__call__"].params.params
    if len(params) != 3:
        return
    reset = "reset_state" if file.target.keras3 else "reset_states"
    message = (
        f"`{use.node.name.value}` is never reset any more, and counts on over epochs. Derive it from "
        f"`tf.keras.metrics.Metric`: variables by `add_weight` in `__init__`, "
        f"`update_state(self, y_true, y_pred, sample_weight=None)` that assigns them, `result(self)`, and "
        f"`{reset}(self)`"
    )
    file.report(METRIC_LAYER, Level.MANUAL, use.node, message, "keras.layers.Layer.reset_states")
