"""`monitor route`: the routes in use as they come, change and go, a line each.

The journal has a list of monitors, empty but for the time that somebody looks on. `Zebra` tells
them of each choice that the kernel has followed, and of what the kernel refused. Each keeps what
its reader wants in a bounded queue (`grammar.base.feed`). Loaded with the first such command.
"""
