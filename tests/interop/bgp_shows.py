"""The laboratory of bgpd's shows: a router with neighbors of every kind, and some 60 routes.

Each neighbor begins only once what the one before it said is there, so that FRR and ours take the
routes in the same order and number their tables alike.
"""

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab, Namespace
from tests.support.router import Router
from tests.support.vty import Vty
from tests.support.wait import until

POLICY = """\
bgp community alias 65002:1 one
bgp community alias 65002:7:7 big
bgp community-list 1 permit 65002:1
bgp community-list standard CL permit 65002:2
bgp community-list standard CL permit 65002:1 65002:2
bgp community-list expanded CE permit 65002:[12]
bgp large-community-list standard LL permit 65002:7:7
bgp large-community-list expanded LE permit 65002:.*:7
bgp extcommunity-list standard EL permit rt 65002:5
bgp as-path access-list AP permit _65010_
bgp as-path access-list AP deny ^65004
bgp as-path access-list AP permit .*
ip prefix-list PL description the ones of the second
ip prefix-list PL seq 5 permit 172.16.0.0/12 le 25
ip prefix-list PL seq 10 deny 10.0.0.0/8 ge 9
ip prefix-list FEW seq 5 permit 172.30.0.0/16 le 32
ipv6 prefix-list PL6 seq 5 permit 2001:db8:100::/40 ge 48 le 64
access-list AL seq 5 permit 172.30.0.0/15
access-list AL seq 10 deny any
ipv6 access-list AL6 seq 5 permit 2001:db8:100::/40
route-map RM permit 10
 match ip address prefix-list PL
 match community CL
exit
route-map RM permit 20
 match as-path AP
exit
route-map SET permit 10
 set metric 55
 set community 65001:9 additive
exit
route-map NONE deny 10
exit
route-map ALL permit 10
exit
route-map IN4 permit 10
 set local-preference 90
 set as-path prepend 64999
exit
route-map OUT4 permit 10
 set metric 77
 set as-path prepend 65001
exit
"""
ROUTER = f"""\
hostname r
{POLICY}
router bgp 65001
 bgp router-id 10.0.0.1
 no bgp ebgp-requires-policy
 bgp bestpath as-path multipath-relax
 neighbor EXT peer-group
 neighbor EXT remote-as external
 neighbor EXT timers connect 1
 neighbor 10.0.0.2 peer-group EXT
 neighbor 10.0.0.2 description the first of them
 neighbor 10.0.0.3 remote-as 65001
 neighbor 10.0.0.3 timers connect 1
 neighbor 10.0.0.4 remote-as 65004
 neighbor 10.0.0.4 timers connect 1
 neighbor 10.0.0.9 remote-as 65009
 neighbor 10.0.0.9 passive
 neighbor 10.0.0.8 remote-as 65008
 neighbor 10.0.0.8 shutdown
 neighbor 2001:db8::2 remote-as 65002
 neighbor 2001:db8::2 timers connect 1
 address-family ipv4 unicast
  network 10.9.0.0/16
  network 192.0.2.0/24
  network 198.51.100.0/24 route-map SET
  aggregate-address 172.31.0.0/20 summary-only
  aggregate-address 172.30.0.0/16
  redistribute kernel
  neighbor 10.0.0.3 route-reflector-client
  neighbor 10.0.0.3 next-hop-self
  neighbor 10.0.0.4 soft-reconfiguration inbound
  neighbor 10.0.0.4 prefix-list FEW in
  neighbor 10.0.0.4 route-map IN4 in
  neighbor 10.0.0.4 route-map OUT4 out
  neighbor 10.0.0.4 default-originate
  no neighbor 2001:db8::2 activate
  maximum-paths 4
 exit-address-family
 address-family ipv4 multicast
  neighbor 10.0.0.2 activate
  neighbor 10.0.0.4 activate
  neighbor 10.0.0.2 soft-reconfiguration inbound
 exit-address-family
 address-family ipv6 unicast
  network 2001:db8:9::/48
  aggregate-address 2001:db8:100::/44
  neighbor 10.0.0.3 activate
  neighbor 10.0.0.3 route-reflector-client
  neighbor 2001:db8::2 activate
  neighbor 2001:db8::2 soft-reconfiguration inbound
  neighbor 10.0.0.8 activate
 exit-address-family
exit
"""
_HEAD = """\
hostname {name}
router bgp {asn}
 bgp router-id 10.0.0.{number}
 no bgp ebgp-requires-policy
 no bgp network import-check
"""
FIRST = """\
 neighbor 10.0.0.1 remote-as 65001
 neighbor 10.0.0.1 timers connect 1
 neighbor 2001:db8::1 remote-as 65001
 neighbor 2001:db8::1 timers connect 1
 address-family ipv4 unicast
  network 172.30.0.0/24 route-map BOTH
  network 172.30.1.0/24 route-map ONE
  network 172.30.2.0/24 route-map EXPORT
  network 172.30.3.0/24 route-map LONG
  network 172.30.4.0/25
  network 172.30.4.128/32 route-map LARGE
  network 172.31.0.0/24
  network 172.31.1.0/24 route-map SHUT
  network 10.0.0.0/8
  network 128.10.0.0/16
  network 0.0.0.0/0
  network 203.0.113.0/24 route-map OWNHOP
  neighbor 10.0.0.1 send-community all
  no neighbor 2001:db8::1 activate
 exit-address-family
 address-family ipv4 multicast
  network 172.30.0.0/24 route-map BOTH
  network 172.30.1.0/24
  neighbor 10.0.0.1 activate
  neighbor 10.0.0.1 send-community all
 exit-address-family
 address-family ipv6 unicast
  network 2001:db8:100::/48 route-map BOTH
  network 2001:db8:101::/48 route-map LONG
  network 2001:db8:100:1234:5678::/80
  network 2001:db8:102:aaaa:bbbb:cccc:dddd:eeee/128 route-map LARGE
  neighbor 2001:db8::1 activate
  neighbor 2001:db8::1 send-community all
 exit-address-family
exit
route-map BOTH permit 10
 set community 65002:1 65002:2
 set large-community 65002:7:7
 set extcommunity rt 65002:5
 set metric 10
exit
route-map ONE permit 10
 set community 65002:1
 set origin egp
exit
route-map EXPORT permit 10
 set community no-export
exit
route-map LONG permit 10
 set as-path prepend 65010 65011 4200000001
 set origin incomplete
exit
route-map LARGE permit 10
 set large-community 65002:7:7 65002:8:8
 set aggregator as 65002 10.0.0.2
 set atomic-aggregate
exit
route-map SHUT permit 10
 set community graceful-shutdown 65002:3
exit
route-map OWNHOP permit 10
 set ip next-hop 10.0.0.99
exit
"""
SECOND = """\
 neighbor 10.0.0.1 remote-as 65001
 neighbor 10.0.0.1 timers connect 1
 address-family ipv4 unicast
  network 172.30.0.0/24
  network 172.30.1.0/24 route-map PREF
  network 172.28.0.0/16
  network 10.10.10.0/24 route-map FAR
 exit-address-family
 address-family ipv6 unicast
  network 2001:db8:100::/48
  network 2001:db8:110::/48
  neighbor 10.0.0.1 activate
 exit-address-family
exit
route-map PREF permit 10
 set local-preference 300
exit
route-map FAR permit 10
 set ip next-hop 192.0.9.9
exit
"""
THIRD = """\
 neighbor 10.0.0.1 remote-as 65001
 neighbor 10.0.0.1 timers connect 1
 address-family ipv4 unicast
  network 172.30.0.0/24
  network 172.30.2.0/24
  network 172.30.7.0/24 route-map ONE
  network 172.20.0.0/24
  network 172.20.1.0/24
  neighbor 10.0.0.1 send-community all
 exit-address-family
exit
route-map ONE permit 10
 set community 65002:1
exit
"""
PEERS = (
    ("p2", 65002, 2, FIRST, "2001:db8:102:aaaa"),
    ("p3", 65001, 3, SECOND, "172.28.0.0"),
    ("p4", 65004, 4, THIRD, "172.30.7.0"),
)


def _peer(lab: Lab, node: Namespace, name: str, asn: int, number: int, lines: str) -> None:
    # Host names of all lengths beside next hops.
    config = _HEAD.format(name=name + "-far-away" * (number - 2), asn=asn, number=number) + lines
    FrrRouter(node, {"bgpd.conf": config}).start("zebra", "bgpd")


def build(kind: type[Router], lab: Lab) -> Router:
    """The router with all its neighbors' routes."""
    switch = lab.switch("sw")
    node = lab.namespace("r")
    switch.plug(node, "eth0", "10.0.0.1/24", "2001:db8::1/64")
    node.ip("route", "add", "198.51.100.0/24", "via", "10.0.0.99", "metric", "50")
    node.ip("route", "add", "192.0.2.0/24", "dev", "lo")
    router = kind(node, {"zebra.conf": "hostname r\n", "bgpd.conf": ROUTER})
    router.start("zebra", "bgpd")
    with Vty(router.run, "bgpd") as vty:
        for name, asn, number, lines, last in PEERS:
            peer = lab.namespace(name)
            switch.plug(peer, "eth0", f"10.0.0.{number}/24", f"2001:db8::{number}/64")
            _peer(lab, peer, name, asn, number, lines)

            def there(last: str = last) -> bool:
                shown = vty.ask("show bgp ipv4 unicast")[0] + vty.ask("show bgp ipv6 unicast")[0]
                return last in shown

            until(there, 20, f"the routes of {name} at {router.kind}")
    return router
