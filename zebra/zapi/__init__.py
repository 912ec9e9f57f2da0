"""ZAPI version 6, zebra's protocol: what bgpd, staticd and every other client talk to zebra with.

`messages` are the values, `codec` turns them to bytes and back, `header` frames them; none of the
three does I/O. `link` is one end of a conversation (in one process, or over a stream), `client` and
`server` are the two ends of a unix socket. Nothing here may import the rest of `zebra`.
"""
