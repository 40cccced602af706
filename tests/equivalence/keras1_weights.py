"""The weights of Keras 1's layers, as Keras 2 lays them out: `fix_weights` and goldens speak of these alone.

Keras 1 kept each gate of a recurrent layer by itself, a fourth axis in the kernels of 1D convolutions, the
input before the output in those of transposed ones, and the filters first for ``dim_ordering='th'``.

The module runs under Python 3.6 and needs nothing but numpy.
"""

import numpy as np

GATES = {"LSTM": (0, 2, 1, 3), "ConvLSTM2D": (0, 2, 1, 3), "GRU": (0, 1, 2)}
"""Recurrent layer → where Keras 1 has the gates that Keras 2 keeps side by side in this order."""

KERNELS = {
    ("Convolution2D", "th"): (2, 3, 1, 0),
    ("AtrousConvolution2D", "th"): (2, 3, 1, 0),
    ("Deconvolution2D", "th"): (2, 3, 0, 1),
    ("Deconvolution2D", "tf"): (0, 1, 3, 2),
    ("Convolution3D", "th"): (2, 3, 4, 1, 0),
}
"""Convolution and its ``dim_ordering`` → where Keras 1 has the axes that Keras 2 has in this order."""

FLAT = ("Convolution1D", "AtrousConvolution1D")
"""Convolutions whose kernel has an axis of size one after the first."""


def in_layout_of_2(layer, weights):
    """Weights of a layer of Keras 1 as Keras 2 would have them.

    Args:
        layer: of Keras 1; for a layer that the program defines itself, nothing changes.
        weights: as the layer's ``get_weights`` gives them.
    """
    inner = inner_layers(layer)
    if inner:
        each = len(weights) // len(inner)
        parts = [in_layout_of_2(one, weights[i * each : (i + 1) * each]) for i, one in enumerate(inner)]
        return [weight for part in parts for weight in part]
    name = class_name(layer)
    if name in GATES and len(weights) > 3:
        return [np.concatenate([weights[3 * gate + part] for gate in GATES[name]], -1) for part in range(3)]
    if name in FLAT:
        return [weights[0][:, 0], *weights[1:]]
    axes = kernel_axes(layer)
    return [np.transpose(weights[0], axes), *weights[1:]] if axes else list(weights)


def in_layout_of_1(layer, weights):
    """Weights of Keras 2 as a layer of Keras 1 takes them: the opposite of `in_layout_of_2`."""
    inner = inner_layers(layer)
    if inner:
        each = len(weights) // len(inner)
        parts = [in_layout_of_1(one, weights[i * each : (i + 1) * each]) for i, one in enumerate(inner)]
        return [weight for part in parts for weight in part]
    name = class_name(layer)
    if name in GATES and len(layer.weights) > 3:
        split = [np.split(weight, len(GATES[name]), -1) for weight in weights]
        return [split[part][GATES[name].index(gate)] for gate in range(len(GATES[name])) for part in range(3)]
    if name in FLAT:
        return [weights[0][:, np.newaxis], *weights[1:]]
    axes = kernel_axes(layer)
    return [np.transpose(weights[0], np.argsort(axes)), *weights[1:]] if axes else list(weights)


def inner_layers(layer):
    """The layers that a wrapper takes its weights from, in their order."""
    name = class_name(layer)
    if name == "Bidirectional":
        return [layer.forward_layer, layer.backward_layer]
    return [layer.layer] if name == "TimeDistributed" else []


def kernel_axes(layer):
    """Where the kernel of a convolution has the axes that Keras 2 has in order; ``None`` where in order."""
    return KERNELS.get((class_name(layer), getattr(layer, "dim_ordering", None)))


def class_name(layer):
    """The name of a class of Keras' own; empty for one that a program defines."""
    return type(layer).__name__ if type(layer).__module__.startswith("keras.") else ""
