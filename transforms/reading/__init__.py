"""How code uses Keras, and what it says of itself: read by all families, without a rule of its own."""
