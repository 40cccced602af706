"""What the tool knows of Keras' history: one module an idiom family, with its tables beside it."""

from . import (
    arguments,
    backend_calls,
    backend_functions,
    backends,
    bilinear_resizing,
    crossentropies,
    decorators,
    default_epochs,
    default_graphs,
    defaults,
    epsilon,
    graph_programs,
    hard_sigmoid,
    identifiers,
    image_order,
    imports,
    log_keys,
    methods,
    model_files,
    multi_gpu,
    optimizer_names,
    sessions,
    sklearn_wrappers,
    subclassing,
    symbols,
    tensor_attributes,
    tensorflow_1,
    training_phase,
    values,
    written_out,
)
from .backends import unreachable
from .evidence import source_of
from .imports import ImportPlan as plan_imports
from .symbols import split, star

__all__ = ["ORDER", "plan_imports", "source_of", "split", "star", "unreachable", "values"]

ORDER = (
    symbols.TRANSFORM,
    backends.TRANSFORM,
    graph_programs.TRANSFORM,
    default_graphs.TRANSFORM,
    decorators.TRANSFORM,
    sessions.TRANSFORM,
    tensorflow_1.TRANSFORM,
    training_phase.TRANSFORM,
    backend_functions.TRANSFORM,
    backend_calls.TRANSFORM,
    multi_gpu.TRANSFORM,
    image_order.TRANSFORM,
    written_out.TRANSFORM,
    tensor_attributes.TRANSFORM,
    arguments.TRANSFORM,
    defaults.TRANSFORM,
    default_epochs.TRANSFORM,
    epsilon.TRANSFORM,
    optimizer_names.TRANSFORM,
    bilinear_resizing.TRANSFORM,
    hard_sigmoid.TRANSFORM,
    *subclassing.TRANSFORMS,
    *methods.TRANSFORMS,
    identifiers.TRANSFORM,
    crossentropies.TRANSFORM,
    log_keys.TRANSFORM,
    model_files.TRANSFORM,
    sklearn_wrappers.TRANSFORM,
    imports.TRANSFORM,
)
"""The transforms in the order in which they see a file."""
