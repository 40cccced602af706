"""The idioms of classes that derive from Keras, one module each, in the order in which they see a file."""

from __future__ import annotations

from . import (
    add_weight,
    call_signatures,
    early_attributes,
    initializer_functions,
    keras1_attributes,
    layer_configs,
    layer_updates,
    listed_penalties,
    mask_arguments,
    model_constructors,
    output_shapes,
    read_only_attributes,
    recurrent_layers,
    registered_weights,
    subclassed_callbacks,
    subclassed_metrics,
    subclassed_optimizers,
    subclassed_sequences,
    symbolic_tensors,
    unregistered_variables,
)

TRANSFORMS = (
    keras1_attributes.TRANSFORM,
    add_weight.TRANSFORM,
    registered_weights.TRANSFORM,
    listed_penalties.TRANSFORM,
    unregistered_variables.TRANSFORM,
    output_shapes.TRANSFORM,
    mask_arguments.TRANSFORM,
    call_signatures.TRANSFORM,
    model_constructors.TRANSFORM,
    early_attributes.TRANSFORM,
    layer_configs.TRANSFORM,
    layer_updates.TRANSFORM,
    read_only_attributes.TRANSFORM,
    recurrent_layers.TRANSFORM,
    subclassed_metrics.TRANSFORM,
    subclassed_callbacks.TRANSFORM,
    subclassed_sequences.TRANSFORM,
    subclassed_optimizers.TRANSFORM,
    initializer_functions.TRANSFORM,
    symbolic_tensors.TRANSFORM,
)
