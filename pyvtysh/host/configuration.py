"""The configuration files that a daemon reads at its start."""
