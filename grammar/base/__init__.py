"""Values, errors, time and sliced work that every package shares; no I/O, no state."""
