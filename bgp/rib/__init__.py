"""Tables, paths, the decision process, next hops and what neighbours are told.

`table` holds the prefixes of a family, `path` what is said of them; `bestpath` chooses, `nexthop`
knows what can be reached, `origin` brings our own routes; `export` and `adjout` say what goes out.

In flow paths, withdrawals and zebra's answers; out flow changed keys, work in slices and UPDATEs as
bytes for the members of a group. No I/O and no clock; never imports sessions, commands or `show`.
"""
