"""Arguments of calls and their values (KM2xx)."""
