"""The laboratory of zebra's shows: a router with links and routes of every kind.

Links: veth pairs that are up, down, and without carrier, a bridge with a port, VXLAN, ifb, tun and
tap devices. Routes: of the kernel, static ones, of BGP over two neighbors, imported from another
table; recursive, weighed, tagged, refused by a map, refused by the kernel.
"""

from concurrent.futures import ThreadPoolExecutor

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab, Namespace
from tests.support.router import Router
from tests.support.vty import Vty
from tests.support.wait import until

ZEBRA = """\
hostname r
zebra route-map delay-timer 0
zebra nexthop-group keep 1
interface lan
 description to nowhere in particular
 bandwidth 100
exit
interface eth0
 ipv6 nd prefix 2001:db8::/64
 ipv6 nd ra-interval 600
 no ipv6 nd suppress-ra
exit
interface eth1
 no ipv6 nd suppress-ra
 ipv6 nd ra-interval msec 2500
exit
interface down0
 description shut
 shutdown
exit
interface later
 description not there
exit
interface ifb7
 no link-detect
 bandwidth 7
 multicast
 ip address 10.71.0.1/24
 ipv6 address 2001:db8:71::1/64
exit
interface lone
 no link-detect
exit
router-id 10.0.0.1
ipv6 router-id 2001:db8::1
ip prefix-list PL description some of them
ip prefix-list PL seq 5 permit 10.0.0.0/8 le 24
ip prefix-list PL seq 10 deny any
ip prefix-list NOTMINE seq 5 permit 192.0.90.0/24
ip prefix-list HALF seq 5 permit 192.0.28.0/24
ipv6 prefix-list PL6 seq 5 permit 2001:db8::/32 ge 48
ipv6 prefix-list NOTMINE6 seq 5 permit 2001:db8:90::/48
access-list AL seq 5 permit 10.0.0.0/8
access-list AL seq 10 remark the others
access-list AL seq 15 deny any
access-list 7 seq 5 permit 10.0.0.0 0.0.255.255
access-list 107 seq 5 permit ip 10.0.0.0 0.0.0.255 any
ipv6 access-list AL6 seq 5 permit 2001:db8::/32 exact-match
mac access-list FOO seq 5 permit 00:11:22:33:44:55
route-map RM permit 10
 description the first
 match ip address prefix-list PL
 match interface lan
 on-match next
exit
route-map RM deny 20
 match tag 7
 call SRC
exit
route-map SRC deny 5
 match ip address prefix-list NOTMINE
exit
route-map SRC deny 7
 match ip address prefix-list HALF
 match interface lan
exit
route-map SRC permit 10
 match tag 9
 set src 10.0.0.1
exit
route-map SRC permit 20
exit
route-map SRC6 deny 5
 match ipv6 address prefix-list NOTMINE6
exit
route-map SRC6 permit 10
exit
route-map HOPS permit 10
exit
ip import-table 100 distance 77
ip protocol static route-map SRC
ipv6 protocol static route-map SRC6
ip nht bgp route-map HOPS
"""
STATIC = """\
ip route 192.0.2.0/24 10.0.0.2
ip route 192.0.3.0/24 blackhole
ip route 192.0.4.0/24 192.0.2.9 tag 7
ip route 192.0.5.0/24 10.0.0.2
ip route 192.0.5.0/24 10.1.1.2
ip route 192.0.6.0/24 10.0.0.99 200
ip route 192.0.7.0/24 10.0.0.2 table 100
ip route 192.0.8.0/24 blackhole table 200
ip route 192.0.9.0/24 eth0
ip route 192.0.10.0/24 10.0.0.2 eth0
ip route 192.0.11.0/24 10.77.0.1 eth0 onlink
ip route 192.0.12.0/24 reject
ip route 192.0.13.0/24 Null0
ip route 192.0.14.0/24 10.0.0.2 tag 9
ip route 192.0.16.0/24 10.0.0.255
ip route 192.0.17.0/24 172.31.0.9
ip route 192.0.18.0/24 10.0.0.98
ip route 192.0.18.0/24 10.1.1.2 5
ip route 192.0.18.0/24 10.3.1.0 250
ip route 192.0.19.0/24 192.0.5.77
ip route 192.0.20.0/24 192.0.2.1
ip route 192.0.22.0/24 2001:db8::2
ip route 192.0.24.0/24 br0
ip route 192.0.26.0/24 10.0.0.2 255
ip route 192.0.28.0/24 10.0.0.2
ip route 192.0.28.0/24 10.1.1.2
ip route 192.0.29.0/24 192.0.28.9
ip route 192.0.90.0/24 10.0.0.2
ip route 192.0.91.0/24 192.0.90.1
ip route 192.0.2.128/25 lan
ip route 128.0.0.0/8 blackhole
ip route 203.0.113.0/24 9.9.9.9
ip route 10.0.0.0/24 10.1.1.2
ip route 0.0.0.0/0 10.1.1.2 210
ipv6 route 2001:db8:9::/48 2001:db8::2
ipv6 route 2001:db8:a::/48 blackhole
ipv6 route 2001:db8:b::/48 reject tag 5
ipv6 route 2001:db8:c::/48 fe80::1 eth0
ipv6 route 2001:db8:d::/48 eth0
ipv6 route 2001:db8:e::/48 2001:db8::2 tag 8 30
ipv6 route 2001:db8:e::/48 2001:db8::3 tag 8 30
ipv6 route 2001:db8:f::/48 2001:db8:9::7
ipv6 route 2001:db8:10::/48 2001:db8:ffff::1
ipv6 route 2001:db8:11::/48 2001:db8::2 table 100
ipv6 route 2001:db8:12::/48 2001:db8:77::1 eth0 onlink
ipv6 route 2001:db8:13::/48 ff02::5 eth0
ipv6 route 2001:db8:14::/48 Null0
ipv6 route 2001:db8:90::/48 2001:db8::2
"""
BGP = """\
hostname r
router bgp 65001
 bgp router-id 10.0.0.1
 no bgp ebgp-requires-policy
 bgp bestpath as-path multipath-relax
 neighbor 10.0.0.2 remote-as 65002
 neighbor 10.0.0.2 timers connect 1
 neighbor 10.2.0.2 remote-as 65001
 neighbor 10.2.0.2 timers connect 1
 neighbor 10.3.0.2 remote-as 65003
 neighbor 10.3.0.2 timers connect 1
 address-family ipv4 unicast
  network 10.9.0.0/16
  network 192.0.3.0/24
  redistribute static
 exit-address-family
 address-family ipv6 unicast
  network 2001:db8:9::/48
  network 2001:db8:a::/48
  neighbor 10.0.0.2 activate
 exit-address-family
exit
"""
_HEAD = """\
hostname {name}
router bgp {asn}
 bgp router-id {address}
 no bgp ebgp-requires-policy
 no bgp network import-check
"""
_EXTERNAL = """\
 neighbor 10.0.0.1 remote-as 65001
 neighbor 10.0.0.1 passive
 address-family ipv4 unicast
  network 172.30.0.0/24
  network 172.30.1.0/24
  network 172.30.3.0/24 route-map BANDWIDTH
  network 172.31.0.0/24 route-map MED
  network 192.0.2.0/24
  network 172.16.0.0/12
  network 130.1.0.0/16
 exit-address-family
 address-family ipv6 unicast
  network 2001:db8:30::/48
  network 2001:db8:31::/48
  neighbor 10.0.0.1 activate
  neighbor 10.0.0.1 route-map SIX out
 exit-address-family
exit
route-map BANDWIDTH permit 10
 set extcommunity bandwidth 300
exit
route-map MED permit 10
 set metric 70
exit
route-map SIX permit 10
 set ipv6 next-hop global 2001:db8::2
exit
"""
_INTERNAL = """\
 neighbor 10.2.0.1 remote-as 65001
 neighbor 10.2.0.1 passive
 address-family ipv4 unicast
  network 172.28.0.0/24 route-map FAR
  network 172.28.1.0/24
  network 172.28.2.0/24 route-map NOWHERE
  network 172.28.3.0/24 route-map FARTHER
  network 172.30.0.0/24
 exit-address-family
exit
route-map FAR permit 10
 set ip next-hop 192.0.2.9
exit
route-map NOWHERE permit 10
 set ip next-hop 100.64.9.9
exit
route-map FARTHER permit 10
 set ip next-hop 192.0.5.3
exit
"""
_OTHER = """\
 neighbor 10.3.0.1 remote-as 65001
 neighbor 10.3.0.1 passive
 address-family ipv4 unicast
  network 172.30.0.0/24
  network 172.30.3.0/24 route-map BANDWIDTH
 exit-address-family
exit
route-map BANDWIDTH permit 10
 set extcommunity bandwidth 100
exit
"""
PEERS = (
    ("p0", "eth0", 65002, "10.0.0.2/24", _EXTERNAL),
    ("p1", "eth1", 65001, "10.2.0.2/30", _INTERNAL),
    ("p2", "eth2", 65003, "10.3.0.2/30", _OTHER),
)
LAST = ("172.31.0.0", "172.28.3.0", "via 10.3.0.2", "2001:db8:31::")
"""What is there when all neighbors' routes are."""
KERNEL = """\
198.51.100.0/24 via 10.0.0.2 metric 50
198.51.101.0/24 dev lan
blackhole 198.51.102.0/24
unreachable 198.51.103.0/24
prohibit 198.51.104.0/24 metric 3
198.51.105.0/24 nexthop via 10.0.0.2 weight 3 nexthop via 10.1.1.2 weight 5
198.51.106.0/24 via 10.0.0.2 mtu 1400
198.51.107.0/24 via 10.0.0.2 src 10.0.0.1
198.51.108.0/24 via 10.88.0.1 dev eth0 onlink
198.51.110.0/24 via 10.0.0.2 table 100
198.51.111.0/24 via 10.0.0.2 table 300
198.51.112.0/24 via 10.0.0.2 metric 4278198272
198.51.113.0/24 dev eth0 scope link src 10.0.0.1 metric 10
198.51.114.0/24 via 10.0.0.2 metric 10
198.51.114.0/24 via 10.1.1.2 metric 20
198.51.120.0/24 nexthop via 10.1.1.2 weight 1 nexthop via 10.0.0.2 weight 1
198.51.122.0/24 nexthop via 10.0.0.2 weight 9 nexthop via 10.0.0.3 weight 4
198.51.123.0/24 nexthop dev lan weight 1 nexthop via 10.0.0.3 weight 1
192.0.18.0/24 via 10.1.1.2 metric 900
10.55.0.0/16 dev eth1 proto static
2001:db8:50::/48 via 2001:db8::2
2001:db8:51::/48 dev lan
blackhole 2001:db8:52::/48
unreachable 2001:db8:53::/48
2001:db8:54::/48 nexthop via 2001:db8::2 weight 2 nexthop via 2001:db8::3
2001:db8:55::/48 via 2001:db8::2 metric 77 mtu 1300
2001:db8:56::/48 via 2001:db8::2 table 100
2001:db8:57::/48 via fe80::9 dev eth0
2001:db8:58::/48 dev eth0 src 2001:db8::1
2001:db8:59::/48 via 2001:db8::2 src 2001:db8::1
2001:db8:63::/48 nexthop via 2001:db8::9 weight 1 nexthop via 2001:db8::5 weight 1
"""
LINKS = """\
link add br0 type bridge
link set br0 up
link add port0 type veth peer name port1
link set port0 master br0
link set port0 up
link set port1 up
link add down0 type veth peer name down1
link add lone type veth peer name lonely
link set lone up
link add vx5 type vxlan id 5 local 10.0.0.1 dstport 4789 nolearning
link set vx5 master br0
link set vx5 up
link add vxd type vxlan external dstport 4790
link add ifb7 type ifb
link set ifb7 up
tuntap add dev tun0 mode tun
tuntap add dev tap0 mode tap
link set tun0 up
link set eth0 mtu 1480
link set lan promisc on
link set lan allmulticast on
link set ifb7 multicast on
link set port1 arp off
link add br1 type bridge
link add vx6 type vxlan id 6 group 239.1.1.1 dev eth0 dstport 4788
link set vx6 master br1
link add vx7 type vxlan id 7 remote 10.0.0.2 dstport 4786
"""
ADDRESSES = """\
10.0.0.1/24 dev eth0
2001:db8::1/64 dev eth0
10.1.1.1/24 dev lan
10.1.2.1/24 dev lan
10.1.2.2/24 dev lan
10.1.2.3/24 dev lan label lan:x
10.1.9.1/32 dev lan
10.1.8.1 peer 10.1.8.2/32 dev lan
10.1.7.1 peer 10.1.6.0/24 dev lan
10.2.0.1/30 dev eth1
10.3.0.1/30 dev eth2
10.3.1.1/31 dev eth2
192.168.3.1/24 dev br0
2001:db8:3::1/64 dev br0
2001:db8:3::2/64 dev br0
10.255.0.1/32 dev lo
10.255.0.2/32 dev lo label lo:1
127.5.5.5/8 dev lo
10.69.0.1/24 dev ifb7 noprefixroute
169.254.1.1/16 dev ifb7 scope link
10.70.0.1/24 brd + dev ifb7 scope host
2001:db8:5::1/64 dev ifb7 preferred_lft 0
2001:db8:6::1/64 dev ifb7 noprefixroute
2001:db8:255::1/128 dev lo
10.66.0.1/24 dev down0
10.67.0.1/24 dev lone
10.68.0.1 peer 10.68.0.2/32 dev tun0
2001:db8:68::1 peer 2001:db8:68::2 dev tun0
"""


def _links(node: Namespace) -> None:
    node.run(["ip", "-batch", "-"], stdin=LINKS)
    lines = "".join(f"address add {line}\n" for line in ADDRESSES.splitlines())
    node.run(["ip", "-batch", "-"], stdin=lines)
    lines = "".join(f"route add {line}\n" for line in KERNEL.splitlines())
    node.run(["ip", "-batch", "-"], stdin=lines)


def _peers(lab: Lab, node: Namespace) -> list[FrrRouter]:
    """The neighbors, behind links that are made in one order and have the same numbers always."""
    made = []
    for name, device, asn, address, lines in PEERS:
        peer = lab.namespace(name)
        lab.link(node, device, peer, "eth0")
        peer.ip("address", "add", address, "dev", "eth0")
        config = _HEAD.format(name=name, asn=asn, address=address.partition("/")[0]) + lines
        made.append(FrrRouter(peer, {"bgpd.conf": config}))
    lab.link(node, "lan", made[-1].namespace, "lan")
    made[0].namespace.ip("address", "add", "2001:db8::2/64", "dev", "eth0")
    return made


AGAIN = "ip route 192.0.29.0/24 192.0.28.9"


def build(kind: type[Router], lab: Lab) -> Router:
    """The router with its neighbors' routes."""
    node = lab.namespace("r")
    peers = _peers(lab, node)
    _links(node)
    router = kind(node, {"zebra.conf": ZEBRA, "staticd.conf": STATIC, "bgpd.conf": BGP})
    with ThreadPoolExecutor() as all_of_them:
        starts = [all_of_them.submit(peer.start, "zebra", "bgpd") for peer in peers]
        starts.append(all_of_them.submit(router.start, "zebra", "staticd", "bgpd"))
        for start in starts:
            start.result()
    with Vty(router.run, "zebra") as vty:

        def complete() -> bool:
            shown = vty.ask("show ip route bgp")[0] + vty.ask("show ipv6 route bgp")[0]
            unused = "Time to Deletion" in vty.ask("show nexthop-group rib")[0]
            if "inactive" in vty.ask("show ip route 192.0.29.0/24")[0]:
                # FRR forgets it by chance when what it resolves over changes meanwhile.
                router.configure(f"no {AGAIN}", AGAIN)
                return False
            return not unused and all(one in shown for one in LAST)

        until(complete, 20, f"all routes of {router.kind}")
    return router
