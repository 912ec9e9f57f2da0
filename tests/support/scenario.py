"""The soft router of the guide: one router, one node that announces two addresses, one absent.

```
router  virbr0 192.168.122.1/24  AS 65001   FRR's daemons or ours
n102    eth0 192.168.122.102/24  AS 64512   the real FRR, announces 172.19.0.0/32, 172.19.0.100/32
idle    eth0 192.168.122.50/24              keeps the network from being a pair
```
192.168.122.101 is configured on the router, and nobody is there.
"""

import os
from collections.abc import Mapping

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab, Namespace
from tests.support.ours import EmbeddedRouter, OurRouter, OurVtyshRouter
from tests.support.router import Router
from tests.support.wait import until

KINDS: Mapping[str, type[Router]] = {
    kind.kind: kind for kind in (FrrRouter, OurVtyshRouter, OurRouter, EmbeddedRouter)
}

# The routers that every interop test is run with. `ROUTERS=frr pytest tests/interop` puts the real
# FRR into their place, which proves the tests themselves.
UNDER_TEST = tuple(os.environ.get("ROUTERS", "ours,embedded").split(","))

GUIDE = """\
router bgp 65001
bgp router-id 192.168.122.1
neighbor 192.168.122.101 remote-as 64512
neighbor 192.168.122.102 remote-as 64512
no bgp ebgp-requires-policy
address-family ipv4 unicast
exit-address-family

debug bgp keepalives
debug bgp neighbor-events
debug bgp nht
debug bgp updates in
debug bgp updates out
debug bgp zebra
debug zebra nht
debug zebra rib
"""

NODE_CONFIG = """\
frr version 8.4.4
frr defaults traditional
hostname n102
service integrated-vtysh-config
!
ip route 172.19.0.0/32 blackhole
ip route 172.19.0.100/32 blackhole
!
router bgp 64512
 bgp router-id 192.168.122.102
 no bgp ebgp-requires-policy
 neighbor 192.168.122.1 remote-as 65001
 !
 address-family ipv4 unicast
  network 172.19.0.0/32
  network 172.19.0.100/32
 exit-address-family
!
line vty
!
"""

REMOTE_AS = " neighbor 192.168.122.1 remote-as 65001\n"
PASSIVE_NODE = NODE_CONFIG.replace(REMOTE_AS, f"{REMOTE_AS} neighbor 192.168.122.1 passive\n")
"""The router opens the connection: when both do, a collision may cost FRR both, over and over."""

ADDRESS = "172.19.0.100"
ABSENT = "192.168.122.101"
PEER = "192.168.122.102"


class SoftRouter:
    """The laboratory, with the daemons of one kind as the router; nothing is started yet."""

    def __init__(
        self,
        lab: Lab,
        kind: str,
        files: Mapping[str, str] | None = None,
        node_config: str = NODE_CONFIG,
    ) -> None:
        self.switch = lab.switch("sw0")
        router, node, idle = (lab.namespace(name) for name in ("router", "n102", "idle"))
        for namespace in (router, node):
            namespace.sysctl("net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
        self.switch.plug(router, "virbr0", "192.168.122.1/24")
        self.switch.plug(node, "eth0", f"{PEER}/24")
        self.switch.plug(idle, "eth0", "192.168.122.50/24")
        self.idle: Namespace = idle
        self.router: Router = KINDS[kind](router, files)
        self.node: Router = FrrRouter(node, {"frr.conf": node_config})

    def converge(self) -> None:
        """Wait until both routes are best and installed, and .101 is known not to answer."""
        until(self._in_kernel, 20, f"{ADDRESS} in the kernel of {self.router.kind}")
        until(self._settled, 20, f"{ABSENT} Active and {PEER} up")

    def _in_kernel(self) -> bool:
        listed = self.router.namespace.ip("route", "list", "proto", "bgp")
        if listed.count("via 192.168.122.102") != 2:
            raise AssertionError(f"{listed!r}, {self.router.vtysh('show ip bgp summary').text}")
        return True

    def _settled(self) -> bool:
        rows = self.router.show("show ip bgp summary").splitlines()
        states = {row.split()[0]: row.split()[9:11] for row in rows if row.startswith("192.168")}
        if states != {ABSENT: ["Active", "0"], PEER: ["2", "2"]}:
            raise AssertionError(str(states))
        return True

    def type_guide(self) -> None:
        """Configure the router as the guide types it, line by line within `router bgp`."""
        self.router.configure(*(line for line in GUIDE.splitlines() if line))
