"""Methods and attributes of models, layers and optimizers: the transforms that know them."""

from __future__ import annotations

from . import (
    attributes,
    generator_methods,
    generators,
    learning_rate,
    method_arguments,
    model_state,
    predictions,
    tensor_shapes,
)

TRANSFORMS = (
    generator_methods.TRANSFORM,
    method_arguments.TRANSFORM,
    generators.TRANSFORM,
    predictions.TRANSFORM,
    learning_rate.TRANSFORM,
    attributes.TRANSFORM,
    tensor_shapes.TRANSFORM,
    model_state.TRANSFORM,
)
"""In the order in which they see a file."""
