"""The processes around the components: options, pid files, logs, vty sockets, the event loop."""
