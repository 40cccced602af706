"""What the tool knows of Keras' history: one module an idiom family, with its tables beside it."""

from . import arguments, image_order, imports, symbols, values
from .imports import ImportPlan as plan_imports
from .symbols import split, star

__all__ = ["ORDER", "plan_imports", "split", "star", "values"]

ORDER = (symbols.TRANSFORM, image_order.TRANSFORM, arguments.TRANSFORM, imports.TRANSFORM)
"""The transforms in the order in which they see a file."""
