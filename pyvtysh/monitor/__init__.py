"""`monitor log`, `monitor bgp updates` and `monitor route`: what happens, as it happens.

Each daemon is asked over a link of its own, so the dialogue stays as it is, and what is under way
ends when the link is closed. `live` is about how it ends: by a key, a signal, the end of the reader
or of the daemon. On a terminal and with `-c` alike; filters see each line as it comes.
"""
