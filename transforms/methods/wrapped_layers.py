"""The layer that ``Bidirectional`` was made of, which Keras 3 does not keep."""

from __future__ import annotations

import libcst as cst

from ...findings import Level, Rule
from ...transform import AttributeUse, File, Transform

WRAPPED_LAYER = Rule(
    "KM421",
    "wrapped-layer",
    "Reach the layer inside of `Bidirectional` as its forward layer.",
    "`Bidirectional` runs two copies of the layer that it is given, `forward_layer` and `backward_layer`. "
    "From TensorFlow 2.16 on it does not keep the layer itself as `layer`; the forward one has its settings.",
    before=(
        "from keras.layers import Bidirectional, SimpleRNN\n\nboth = Bidirectional(SimpleRNN(4))\n"
        "units = both.layer.units\n"
    ),
    after=(
        "from tensorflow.keras.layers import Bidirectional, SimpleRNN\n\n"
        "both = Bidirectional(SimpleRNN(4))\nunits = both.forward_layer.units\n"
    ),
    targets=">=2.16",
)

TRANSFORM = Transform("wrapped layers", WRAPPED_LAYER)


@TRANSFORM.attribute("layer")
def reach_forward(file: File, use: AttributeUse) -> None:
    """Writes ``forward_layer`` where ``layer`` of a ``Bidirectional`` is read."""
    values = file.values.of(use.node.value)
    if not file.target.keras3 or any(value.symbol != "keras.layers.Bidirectional" for value in values):
        return
    if any(value.kind != "layer" or value.owner for value in values):
        return
    message = "`Bidirectional` does not keep the layer that it was made of: `forward_layer` is like it"
    symbol = "keras.layers.Bidirectional.layer"
    if file.report(WRAPPED_LAYER, Level.REWRITTEN, use.node, message, symbol):
        file.edit(use.node, use.frame, lambda node: node.with_changes(attr=cst.Name("forward_layer")))
