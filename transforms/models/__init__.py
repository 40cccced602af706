"""Model files: what wrote them, what reads them, and how their configurations are brought to a target."""
