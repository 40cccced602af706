"""What a run is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from keras_migrate.target import Target


class ImportStyle(str, Enum):
    """How the migrated code reaches Keras."""

    FROM = "from"
    """``from tensorflow.keras.layers import Dense``"""
    ATTRIBUTE = "tf"
    """``import tensorflow as tf`` and ``tf.keras.layers.Dense``"""


@dataclass(frozen=True, slots=True)
class Options:
    """What a run was asked for.

    Attributes:
        target: the TensorFlow release to migrate to.
        import_style: how the migrated code reaches Keras.
        select: rule codes or prefixes of codes (``KM2``) to apply; empty means all.
        ignore: rule codes or prefixes of codes not to apply; wins over ``select``.
    """

    target: Target = field(default_factory=Target)
    import_style: ImportStyle = ImportStyle.FROM
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()

    def enabled(self, code: str) -> bool:
        """Whether the rule of that code may change or report anything."""
        if any(code.startswith(prefix) for prefix in self.ignore):
            return False
        return not self.select or any(code.startswith(prefix) for prefix in self.select)
