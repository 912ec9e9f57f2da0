"""The processes around the components: options, pid files, logs, vty sockets, the event loop.

`start` has an entry for each program, `main` runs it; `daemon` and `process` run one component or
`router` all of them; `zebra`, `bgp` and `staticd` make a component into a `hosted` one. `wire` and
`telnet` listen for users, `answering` writes what they asked for.

In flow command lines, files, signals and connections; out flow answers, logs and exit statuses.
Nothing outside of `pyvtysh` imports it.
"""
