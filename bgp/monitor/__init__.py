"""`monitor bgp updates`: what neighbours send and are sent, a line a route, as it happens.

An instance has a list of monitors, empty but for the time that somebody looks on; the receiver and
the update-groups tell those that are in it. Each keeps what its reader wants in a bounded queue
(`grammar.base.feed`) as it came; `text` makes lines of it when the reader takes them, so a slow or
greedy one costs the sessions nothing. Loaded with the first such command.
"""
