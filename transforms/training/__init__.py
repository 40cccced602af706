"""Metrics, logs, identifiers and the files of models (KM6xx)."""
