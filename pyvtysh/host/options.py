"""FRR's command-line options of a daemon."""
