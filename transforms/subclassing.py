"""The idioms of classes that derive from Keras, one module each, in the order in which they see a file."""

from __future__ import annotations

from . import add_weight

TRANSFORMS = (add_weight.TRANSFORM,)
