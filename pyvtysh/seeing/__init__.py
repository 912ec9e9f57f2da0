"""Other views of what the daemons say: `show bgp graph`, the tree of AS paths.

In flow the answers of `show bgp`, our daemons' or FRR's, out flows text that needs no terminal.
"""
