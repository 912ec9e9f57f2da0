"""`vtysh --lint FILE...` and `pyvtysh check FILE...`: configuration files checked without a router.

Bytes go in, findings come out. `reading` takes the lines as a file is loaded: what a line means is
asked of the grammar, what it does of the daemons themselves, which run without network, kernel or
time and are never told to act. `rules` look at what was read: the statements, each with its place
in the file, and the configurations that the daemons have then. `report` prints.

Nothing that runs a router imports this.
"""
