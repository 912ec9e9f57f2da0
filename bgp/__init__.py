"""bgpd: a BGP-4 speaker (RFC 4271) that behaves as FRR 8.4.4's does.

`wire/` bytes to messages and back; `fsm`, `session`, `negotiation` one conversation without I/O;
`transport` what is wanted of the edge, `tcp` the asyncio one; `peer` a configured neighbour, with
`conversation`, `reach` (the way to it), `graceful`, `dynamic`, `unnumbered`; `receive` and `inward`
from UPDATEs to tables; `rib/` tables, best path, output; `policy/` lists and route-maps; `instance`
one router bgp, with a module for each thing that it may wait for or do otherwise (`readonly`,
`deferral`, `holding`, `waiting`, `conditional`, `penalties`, `pace`); `zebra` and `zebraside` its
view of the routing table manager; `config` (`familyconfig`, `evpnconfig`, ...) what was configured,
`effective` what is in force; `commands/` the lines that change it; `show/` views and their text and
JSON; `updatelog`, `grouplog`, `neighborlog`, ... what debugging writes.

In flow TCP bytes, ZAPI messages and configuration changes; out flow the same. It must never import
`pyvtysh` nor anything of `zebra` but `zebra.zapi`.
"""
