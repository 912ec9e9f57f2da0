"""Log lines as FRR writes them, and where they go."""
