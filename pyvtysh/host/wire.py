"""BGP over unix sockets, for networks that exist in memory only."""
