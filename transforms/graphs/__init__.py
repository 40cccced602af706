"""Sessions, functions of the backend and TensorFlow 1 (KM7xx)."""
