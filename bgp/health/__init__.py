"""How BGP is doing, at one moment: `show bgp health`, and what the metrics of the process tell.

`snapshot` reads the running state, once, into plain values; `told` makes text or JSON of them.
Nothing here is imported before somebody asks.
"""
