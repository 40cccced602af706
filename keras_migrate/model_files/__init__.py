"""Model files as they lie on disk: what they hold, and corrected copies of them."""
