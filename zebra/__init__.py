"""zebra: the routing tables, the kernel's routing, and the server of ZAPI clients.

`zebra.zebra.Zebra` is the component. Routes come in from clients (`clients`), from the kernel and
from interfaces (`watcher`, `connected`); `rib` keeps them by table and prefix, `resolve` finds out
whether their next hops can be reached, `fib` chooses and tells the kernel. What was chosen goes out
to those who watch (`tracking`) or asked (`redistribute`). `zapi` holds the protocol, `kernel`
the seam to Linux, `staticd` the component of static routes. Imports grammar only, never pyvtysh or
bgp; `zebra.zapi` alone is seen by bgp.
"""
