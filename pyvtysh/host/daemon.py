"""One component in a process of its own: loop, sockets, signals, pid file."""
