"""zebra, staticd and bgpd in one process and one event loop."""
