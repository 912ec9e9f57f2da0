"""Two sites with a bridge and a VXLAN interface each, joined by EVPN between FRR's bgpds.

```
h1 192.168.7.1 -- port1 br100 pe1 10.0.0.1 ==== 10.0.0.2 pe2 br100 port2 -- 192.168.7.2 h2
                  .101 vxlan100                           vxlan100 .102
```
FRR's zebra runs on pe2, and FRR's or ours on pe1.
"""

import sys
from collections.abc import Sequence

from tests.support.mixed import MixedRouter
from tests.support.namespaces import Lab, Namespace
from tests.support.wait import until

MACS = ("02:00:00:00:00:01", "02:00:00:00:00:02")
HOSTS = ("192.168.7.1", "192.168.7.2")
BRIDGES = ("192.168.7.101", "192.168.7.102")
ROUTERS = ("10.0.0.1", "10.0.0.2")

_CONFIG = """\
router bgp 65000
 bgp router-id {own}
 no bgp default ipv4-unicast
 neighbor {other} remote-as 65000
 neighbor {other} timers connect 1
 address-family l2vpn evpn
  neighbor {other} activate
  advertise-all-vni
 exit-address-family
"""
_ECHO = """
import socket, struct, sys, time
def checksum(data):
    total = sum(struct.unpack("!4H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF
request = struct.pack("!BBHHH", 8, 0, 0, 77, 1)
request = struct.pack("!BBHHH", 8, 0, checksum(request), 77, 1)
wire = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
wire.settimeout(0.5)
wire.sendto(request, (sys.argv[1], 0))
until = time.monotonic() + 0.5
while time.monotonic() < until:
    answer, source = wire.recvfrom(2048)
    if source[0] == sys.argv[1] and answer[20] == 0:
        sys.exit(0)
sys.exit(1)
"""


class Sites:
    """The laboratory; `ours` are the daemons of pe1 that are ours."""

    def __init__(self, lab: Lab, name: str, ours: Sequence[str]) -> None:
        self.nodes = [lab.namespace(f"{name}pe{site}") for site in (1, 2)]
        lab.link(self.nodes[0], "eth0", self.nodes[1], "eth0")
        self.hosts = [self._site(lab, name, site) for site in (0, 1)]
        self.routers = [
            MixedRouter(
                node,
                {"zebra.conf": "", "bgpd.conf": _CONFIG.format(own=own, other=other)},
                ours=ours if site == 0 else (),
            )
            for site, (node, own, other) in enumerate(
                zip(self.nodes, ROUTERS, reversed(ROUTERS), strict=True)
            )
        ]

    def _site(self, lab: Lab, name: str, site: int) -> Namespace:
        node, port = self.nodes[site], f"port{site + 1}"
        host = lab.namespace(f"{name}h{site + 1}")
        lab.link(node, port, host, "eth0")
        node.ip("address", "add", f"{ROUTERS[site]}/24", "dev", "eth0")
        bridge, tunnel = f"02:00:00:00:01:0{site + 1}", f"02:00:00:00:02:0{site + 1}"
        node.ip("link", "add", "br100", "address", bridge, "type", "bridge", "mcast_snooping", "0")
        node.ip(
            *("link", "add", "vxlan100", "address", tunnel, "type", "vxlan", "id", "100"),
            *("local", ROUTERS[site], "dstport", "4789", "nolearning"),
        )
        # Only hosts may speak: what an interface says of its own would be told to the other side.
        node.sysctl(
            *(f"net.ipv6.conf.{device}.disable_ipv6=1" for device in ("br100", "vxlan100", port))
        )
        host.sysctl("net.ipv6.conf.eth0.disable_ipv6=1")
        node.ip("address", "add", f"{BRIDGES[site]}/24", "dev", "br100")
        host.ip("link", "set", "eth0", "address", MACS[site])
        host.ip("address", "add", f"{HOSTS[site]}/24", "dev", "eth0")
        for device in ("vxlan100", port):
            node.ip("link", "set", device, "master", "br100")
            node.ip("link", "set", device, "type", "bridge_slave", "learning", "on")
        for device in ("br100", "vxlan100"):
            node.ip("link", "set", device, "up")
        return host

    def start(self) -> None:
        """Start all, and wait until each side knows the other as a router of the VNI."""
        for router in self.routers:
            router.start("zebra", "bgpd")
        for router, other in zip(self.routers, reversed(ROUTERS), strict=True):
            self.await_router(router, other)

    def await_router(self, router: MixedRouter, other: str) -> None:
        """Until a side sends copies to the other one."""
        until(lambda: f"{other} flood: HER" in router.show("show evpn vni 100"), 20, other)

    def ping(self, node: Namespace, address: str) -> None:
        """An echo that is answered, within a while."""
        argv = [sys.executable, "-c", _ECHO, address]
        until(lambda: node.run(argv, check=False).returncode == 0, 10, f"{address} answers")
