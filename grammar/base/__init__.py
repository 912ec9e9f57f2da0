"""Values, errors, time and sliced work that every package shares.

`values` are addresses, prefixes and their keys; `work` runs long loops in slices on a `scheduler`;
`clock`, `scheduler` and `log` are the seams behind which time, the event loop and log files lie.
No state, no I/O but the system's clock; imports nothing of ours.
"""
