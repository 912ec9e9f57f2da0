"""bgpd: a BGP-4 speaker (RFC 4271) that behaves as FRR 8.4.4's does.

`wire/` bytes to messages and back; `fsm`, `session` one conversation without I/O; `transport`
the asyncio edge; `peer` a configured neighbour; `rib/` tables, best path, output; `instance` one
router bgp; `zebra` its view of the routing table manager; `config` what was configured;
`commands/` the lines that change it; `show/` views and their text and JSON.

In flow TCP bytes, ZAPI messages and configuration changes; out flow the same. It must never import
`pyvtysh` nor anything of `zebra` but `zebra.zapi`.
"""
