"""Defaults and numbers that changed silently (KM3xx)."""
