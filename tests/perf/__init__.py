"""Speed and memory of bgpd beside the real FRR's, in one run: `make perf`, and budgets as tests."""
