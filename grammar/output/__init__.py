"""Output in FRR's exact layouts: json-c's JSON, tables, memory figures, times. No state, no I/O."""
