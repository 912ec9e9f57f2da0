"""The lists and route-maps of the comparison with FRR, one map for each of some 90 neighbors."""

from itertools import pairwise

LISTS = """\
access-list AL seq 5 permit 10.0.0.0/8
access-list AL seq 10 deny 172.16.4.0/24 exact-match
access-list AL seq 15 permit 172.16.0.0/13
access-list 10 permit 172.16.0.0 0.3.255.255
access-list 10 permit 10.0.0.0 0.255.3.255
access-list 110 permit ip any 255.255.255.128 0.0.0.0
access-list HOPS permit 10.200.0.0/24
ipv6 access-list AL6 permit 2001:db8::/32
ip prefix-list LONG seq 5 permit 0.0.0.0/0 ge 25
ip prefix-list SHORT seq 5 deny 172.16.2.0/25
ip prefix-list SHORT seq 10 permit 0.0.0.0/0 le 24
ip prefix-list SHORT seq 15 permit 172.16.0.0/12 ge 26 le 26
ip prefix-list ANY seq 5 permit any
ip prefix-list DESCRIBED description nothing in it
ip prefix-list HOPS seq 5 permit 10.200.255.0/24 ge 32
ipv6 prefix-list LONG6 seq 5 permit ::/0 ge 49
bgp as-path access-list TWO seq 5 permit ^[0-9]+_65100_
bgp as-path access-list SET seq 5 permit [{]65300
bgp as-path access-list NOT seq 5 deny _65200$
bgp as-path access-list NOT seq 10 permit .*
bgp as-path access-list ONE seq 5 permit ^[0-9]+$
bgp community-list standard ONE seq 5 permit 65000:1
bgp community-list standard BOTH seq 5 deny 65000:9
bgp community-list standard BOTH seq 10 permit 65000:1 65000:2
bgp community-list expanded PEER seq 5 permit no-peer
bgp community-list expanded NUM seq 5 permit _65000:[12]_
bgp community-list 1 seq 5 permit internet
bgp large-community-list standard L1 seq 5 permit 1:2:3
bgp large-community-list expanded LX seq 5 permit ^1:2:3
bgp extcommunity-list standard E1 seq 5 permit rt 1:1
bgp extcommunity-list expanded EX seq 5 permit SoO:2:2
bgp extcommunity-list standard E2 seq 5 deny soo 2:2
bgp extcommunity-list standard E2 seq 10 permit rt 1:1
bgp community-list expanded ALL seq 5 permit .*
bgp community-list 100 seq 5 deny ^65000:1$
bgp community-list 100 seq 10 permit 65000
bgp large-community-list expanded LALL seq 5 permit .*
bgp community alias 65000:2 second
bgp community alias 1:2:4 largest
ipv6 access-list HOPS6 seq 5 permit 2001:db8:200::/64
ipv6 prefix-list HOPS6 seq 5 permit 2001:db8:200::/64 ge 128
"""

_MATCHES = """\
ip address AL
ip address 10
ip address 110
ip address NOLIST
ip address prefix-list LONG
ip address prefix-list SHORT
ip address prefix-list ANY
ip address prefix-list DESCRIBED
ip address prefix-list NOLIST
ipv6 address AL6
ipv6 address prefix-list LONG6
ip next-hop HOPS
ip next-hop prefix-list HOPS
ip next-hop prefix-list ANY
ip next-hop address 10.200.255.9
ip route-source HOPS
ip route-source prefix-list HOPS
peer OWN
peer 10.200.0.200
peer local
as-path TWO
as-path SET
as-path NOT
as-path ONE
as-path NOLIST
community ONE
community ONE exact-match
community BOTH
community BOTH exact-match
community PEER
community NUM
community 1
community NOLIST
large-community L1
large-community L1 exact-match
large-community LX
extcommunity E1
extcommunity EX
metric 50
local-preference 0
origin egp
origin incomplete
tag 5
probability 0
probability 100
ip next-hop type blackhole
ipv6 next-hop HOPS6
ipv6 next-hop prefix-list HOPS6
ipv6 next-hop address 2001:db8:200::c8
ipv6 next-hop type blackhole
ipv6 address NOLIST
ipv6 address prefix-list NOLIST
interface e1
interface nowhere
local-preference 100
alias second
alias largest
source-vrf default
rpki-extcommunity valid
rpki-extcommunity notfound
rpki-extcommunity invalid
evpn default-route
evpn route-type prefix
mac address AL
community ALL
community ALL exact-match
community 100
large-community LALL
large-community LALL exact-match
large-community NOLIST
extcommunity E2
extcommunity NOLIST
""".splitlines()

_SETS = """\
metric 7
metric +7
metric -60
local-preference 250
local-preference +20
local-preference -20
weight 77
origin egp
atomic-aggregate
aggregator as 65077 192.0.2.77
originator-id 192.0.2.78
as-path prepend 65078 65079
as-path prepend last-as 3
as-path exclude 65100 65200
as-path replace any
as-path replace 65100
community 65000:77
community 65000:77 additive
community no-export 65000:1
community none
comm-list ONE delete
comm-list NUM delete
large-community 7:7:7
large-community 7:7:7 additive
large-community none
large-comm-list L1 delete
extcommunity rt 7:7
extcommunity soo 192.0.2.1:7
extcommunity bandwidth 100
extcommunity bandwidth 100 non-transitive
extcommunity none
ip next-hop 10.200.255.77
ip next-hop peer-address
ip next-hop unchanged
ipv6 next-hop global 2001:db8:200::77
ipv6 next-hop peer-address
ipv6 next-hop prefer-global
ipv6 next-hop local fe80::77
metric -100
local-preference -200
weight 0
origin incomplete
distance 44
tag 5
label-index 5
as-path prepend last-as 10
community internet
community 0:0 additive
community local-AS 65000:9 65000:3
community blackhole accept-own additive
comm-list BOTH delete
comm-list 1 delete
comm-list 100 delete
comm-list NOLIST delete
large-community 7:7:7 1:2:3 7:7:7 additive
large-comm-list LX delete
large-comm-list NOLIST delete
extcommunity rt 7:7 9:9 192.0.2.1:7 70000:7
extcommunity bandwidth num-multipaths
extcommunity bandwidth cumulative
evpn gateway-ip ipv4 10.9.9.9
""".splitlines()

_WHOLE = (
    # Two kinds together, and each behind the other.
    (
        "route-map {m} permit 10",
        " set extcommunity rt 7:7",
        " set extcommunity soo 8:8",
        " set extcommunity bandwidth 10",
        " set as-path prepend 65078",
        " set as-path prepend last-as 2",
        " set as-path replace 65078",
        " set comm-list ONE delete",
        " set community 65000:1 65000:6 additive",
        " set local-preference +5",
        "exit",
    ),
    # What a called map refuses it may have changed before; a map as deep as FRR calls.
    (
        "route-map {m} permit 10",
        " call {m}x",
        " on-match next",
        "exit",
        "route-map {m} permit 20",
        "exit",
        "route-map {m}x permit 5",
        " match origin igp",
        " set metric 8",
        " on-match next",
        "exit",
        "route-map {m}x deny 10",
        " match as-path TWO",
        "exit",
        "route-map {m}x permit 20",
        "exit",
    ),
    (
        "route-map {m} permit 10",
        " match ip address prefix-list LONG",
        " call {m}a",
        "exit",
        "route-map {m} permit 20",
        " call {m}c",
        "exit",
        *(
            line
            for here, there in pairwise("abcdefghij")
            for line in (
                f"route-map {{m}}{here} permit 10",
                f" call {{m}}{there}",
                " set metric +2",
                "exit",
            )
        ),
        "route-map {m}j permit 10",
        " set community 65000:66",
        "exit",
    ),
    # An entry that refuses calls nobody; one that goes on behind the last entry ends there.
    (
        "route-map {m} deny 10",
        " match as-path TWO",
        " call {m}x",
        "exit",
        "route-map {m} permit 20",
        " set metric 20",
        " on-match goto 99",
        "exit",
        "route-map {m} deny 30",
        "exit",
        "route-map {m}x permit 10",
        " set metric 21",
        "exit",
    ),
    # The last entry that is tried decides, also when it does not match.
    (
        "route-map {m} permit 10",
        " set metric 20",
        " on-match next",
        "exit",
        "route-map {m} permit 20",
        " match community ONE",
        "exit",
    ),
    # A match sees what entries before it set.
    (
        "route-map {m} permit 10",
        " set community 65000:1",
        " set local-preference 150",
        " set as-path prepend 65001 65100",
        " set tag 5",
        " set ip next-hop 10.200.255.9",
        " on-match next",
        "exit",
        "route-map {m} permit 20",
        " match community ONE exact-match",
        " match local-preference 150",
        " match tag 5",
        " match ip next-hop address 10.200.255.9",
        " set metric 99",
        "exit",
        "route-map {m} permit 30",
        "exit",
    ),
    # The order of sets, and several matches.
    (
        "route-map {m} permit 10",
        " match origin igp",
        " match community ONE",
        " set metric 5",
        " set metric +5",
        " set as-path prepend 65078",
        " set as-path exclude 65078",
        "exit",
    ),
    # Refused by an entry, by the end, by a name.
    ("route-map {m} deny 10", " match as-path TWO", "exit", "route-map {m} permit 20", "exit"),
    ("route-map {m} permit 10", " match as-path TWO", "exit"),
    ("route-map {m} permit 10", " call NOMAP", "exit"),
    # Going on.
    (
        "route-map {m} permit 10",
        " match as-path TWO",
        " set metric 5",
        " on-match next",
        "exit",
        "route-map {m} permit 20",
        " set community 65000:20 additive",
        "exit",
    ),
    (
        "route-map {m} permit 10",
        " match community ONE",
        " set metric 5",
        " continue 30",
        "exit",
        "route-map {m} permit 20",
        " set metric 6",
        " on-match next",
        "exit",
        "route-map {m} permit 30",
        " match metric 5",
        " set community 65000:30",
        "exit",
    ),
    (
        "route-map {m} permit 10",
        " match community ONE",
        " on-match next",
        "exit",
        "route-map {m} deny 20",
        " match community BOTH",
        "exit",
        "route-map {m} permit 30",
        " match community PEER",
        " set metric 9",
        "exit",
    ),
    # Asking another map.
    (
        "route-map {m} permit 10",
        " set metric 5",
        " call {m}x",
        "exit",
        "route-map {m} permit 20",
        " set metric 6",
        "exit",
        "route-map {m}x permit 10",
        " match as-path TWO",
        " set community 65000:40",
        "exit",
    ),
)


def maps() -> dict[str, list[str]]:
    """The lines of each map by its name."""
    found: dict[str, list[str]] = {}

    def add(*lines: str) -> None:
        name = f"M{len(found)}"
        found[name] = [line.format(m=name) for line in lines]

    for text in _MATCHES:
        add(
            "route-map {m} permit 10",
            f" match {text}",
            " set metric 777",
            "exit",
            "route-map {m} permit 20",
            "exit",
        )
    for text in _SETS:
        add("route-map {m} permit 10", f" set {text}", "exit")
    for lines in _WHOLE:
        add(*lines)
    return found


LINES = (
    ("prefix-list SHORT {d}",),
    ("prefix-list NOLIST {d}",),
    ("prefix-list DESCRIBED {d}",),
    ("distribute-list AL {d}",),
    ("distribute-list NOLIST {d}",),
    ("filter-list NOT {d}",),
    ("filter-list NOLIST {d}",),
    ("route-map NOMAP {d}",),
    ("prefix-list SHORT {d}", "filter-list TWO {d}", "route-map M0 {d}"),
)
"""Filters that neighbors without a map of their own have, in both directions."""
