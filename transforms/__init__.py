"""What the tool knows of Keras' history: one module an idiom family, with its tables beside it."""

from . import (
    arguments,
    backend_functions,
    backends,
    defaults,
    hard_sigmoid,
    image_order,
    imports,
    methods,
    subclassing,
    symbols,
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
    training_phase.TRANSFORM,
    backend_functions.TRANSFORM,
    image_order.TRANSFORM,
    written_out.TRANSFORM,
    arguments.TRANSFORM,
    defaults.TRANSFORM,
    hard_sigmoid.TRANSFORM,
    *subclassing.TRANSFORMS,
    *methods.TRANSFORMS,
    imports.TRANSFORM,
)
"""The transforms in the order in which they see a file."""
