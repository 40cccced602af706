"""Migrates repositories written for standalone Keras to ``tf.keras``."""

__version__ = "0.1.0"
