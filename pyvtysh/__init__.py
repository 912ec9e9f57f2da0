"""The shell `vtysh`, and the host that runs the daemons, one per process or all in one.

`cli` takes vtysh's options, and `oneshot` the plain lines of `-c` before it, from tables that
`tabulate` makes of the language; `dispatch` decides which daemon gets a line; `link` reaches it, in
this process or over its vty socket; `running` and `loading` speak of whole configurations;
`shell/` is the terminal; `host/` gives the components a process: sockets, options, files, signals.
"""
