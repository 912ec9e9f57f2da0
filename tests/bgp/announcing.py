"""A router in memory with filters, and two external neighbours that announce the same to it."""

from pyvtysh.testing.router import VirtualRouter
from pyvtysh.testing.topology import Topology

US = """\
ip prefix-list BAD seq 5 permit 172.17.0.0/16
ip prefix-list CUST seq 5 permit 172.16.0.0/12 le 24
bgp as-path access-list UPSTREAM seq 5 permit ^65002
route-map IN deny 5
 match ip address prefix-list BAD
route-map IN permit 10
 match ip address prefix-list CUST
 match as-path UPSTREAM
 set local-preference 200
 set community 65001:1 additive
route-map OUT permit 10
 match ip address prefix-list CUST
 set metric 5
router bgp 65001
 neighbor 10.0.1.2 remote-as 65002
 neighbor 10.0.2.2 remote-as 65003
 address-family ipv4 unicast
  neighbor 10.0.1.2 route-map IN in
  neighbor 10.0.1.2 route-map OUT out
  neighbor 10.0.2.2 route-map OUT in
"""
THEM = """\
ip route 172.16.5.0/24 Null0
ip route 172.17.0.0/16 Null0
ip route 192.0.2.0/24 Null0
router bgp {asn}
 no bgp ebgp-requires-policy
 neighbor {us} remote-as 65001
 address-family ipv4 unicast
  redistribute static
"""


def with_neighbors(topology: Topology) -> VirtualRouter:
    """The router; both neighbours are up and have announced their three prefixes."""
    us, two, three = (topology.router(name) for name in ("us", "two", "three"))
    topology.wire(us, two, "10.0.1.0/24")
    topology.wire(us, three, "10.0.2.0/24")
    us.load(US)
    two.load(THEM.format(asn=65002, us="10.0.1.1"))
    three.load(THEM.format(asn=65003, us="10.0.2.1"))
    asked = "show bgp ipv4 172.16.5.0/24"
    topology.until(lambda: us.run(asked).text.count("valid, external") == 2)
    topology.advance(5)
    return us
