"""The lines of `test_bgp_shows`: shows of routes, neighbors and lists, as products of words."""

from collections.abc import Iterator
from itertools import product


def _words(text: str) -> list[str]:
    return text.split()


def _rows(text: str) -> list[str]:
    return text.strip("\n").split("\n")


ROUTES = _words("""
0.0.0.0/0 10.0.0.0/8 10.9.0.0/16 10.10.10.0/24 172.30.0.0/16 172.30.0.0/24 172.30.1.0/24
172.30.2.0/24 172.30.3.0/24 172.30.4.128/32 172.31.0.0/20 172.31.0.0/24 172.31.1.0/24
192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 172.30.0.77 9.9.9.9 172.20.0.0/24 1.2.3.0/24
""")
ROUTES6 = _words("""
2001:db8:9::/48 2001:db8:100::/44 2001:db8:100::/48 2001:db8:100:1234:5678::/80
2001:db8:101::/48 2001:db8:102:aaaa:bbbb:cccc:dddd:eeee/128 2001:db8:110::1 ::
2001:db8:ffff::/48
""")
COMMUNITIES = _words(
    "accept-own route-filter-translated-v4 route-filter-v4 route-filter-translated-v6"
    " route-filter-v6 llgr-stale no-llgr accept-own-nexthop blackhole no-export no-advertise"
    " local-AS no-peer graceful-shutdown"
)
FILTERS = [
    "",
    *_rows(f"""
cidr-only
community
community 65002:1
community 65002:1 exact-match
community 65002:2
community 1:2:3
community nosuch
{chr(10).join(f"community {name}" for name in COMMUNITIES)}
community local-AS exact-match
community-list 1
community-list CL
community-list CL exact-match
community-list CE
community-list NOSUCH
community-list 77
filter-list AP
filter-list NOSUCH
prefix-list PL
prefix-list PL6
prefix-list FEW
prefix-list NOSUCH
access-list AL
access-list AL6
access-list NOSUCH
route-map RM
route-map NONE
route-map ALL
route-map NOSUCH
rpki valid
rpki notfound
rpki invalid
version 1
version 4000000000
alias one
alias big
alias nosuch
alias 65002:1
172.30.0.0/16 longer-prefixes
172.16.0.0/12 longer-prefixes
0.0.0.0/0 longer-prefixes
9.0.0.0/8 longer-prefixes
2001:db8:100::/44 longer-prefixes
::/0 longer-prefixes
172.30.0.1/16 longer-prefixes
dampening flap-statistics
dampening dampened-paths
"""),
]
LARGE = _rows("""
large-community
large-community 65002:7:7
large-community 65002:7:7 exact-match
large-community 1:2
large-community-list LL
large-community-list LE
large-community-list LL exact-match
large-community-list NOSUCH
large-community-list 1
regexp ^65002$
regexp _65010_
regexp ^$
regexp 65.*
regexp [
regexp nosuch
regexp .*
""")
NEIGHBORS = _words("10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.9 10.0.0.8 2001:db8::2 10.9.9.9 nosuch EXT")
ADJACENT = [
    *("advertised-routes", "received-routes", "filtered-routes", "bestpath-routes"),
    *("advertised-routes route-map SET", "advertised-routes route-map NONE"),
    *("received-routes route-map SET", "received-routes route-map NONE"),
    *("advertised-routes route-map NOSUCH", "filtered-routes route-map SET"),
]
COUNTED = [
    *("routes", "flap-statistics", "dampened-routes", "prefix-counts", "received prefix-filter")
]
LISTS = {
    "show ip prefix-list": """

PL
PL seq 5
PL seq 7
NOSUCH
summary
summary PL
summary NOSUCH
detail
detail PL
""",
    "show ipv6 prefix-list": "\nPL6\nPL\nPL6 seq 5\nsummary PL6\ndetail\n",
    "show ip access-list": "\nAL\nNOSUCH\n",
    "show ipv6 access-list": "\nAL6\nAL\n",
    "show bgp as-path-access-list": "\nAP\nNOSUCH\n",
    "show ip as-path-access-list": "\nAP\n",
    "show route-map": "\nRM\nSET\nNOSUCH\n",
    "show bgp peer-group": "\nEXT\nNOSUCH\n",
}
LOOKED_UP = _rows("""
show ip prefix-list PL 172.16.0.0/12
show ip prefix-list PL 172.16.0.0/12 longer
show ip prefix-list PL 172.16.0.0/12 first-match
show ip prefix-list PL 172.30.0.0/24
show ip prefix-list PL 172.30.0.0/24 first-match
show ip prefix-list PL 10.0.0.0/8 longer
show ip prefix-list NOSUCH 10.0.0.0/8
show ipv6 prefix-list PL6 2001:db8:100::/40 longer
show mac access-list
show route-map-unused
show debugging
show bgp community-list
show bgp community-list CL detail
show bgp community-list 1 detail
show bgp community-list NOSUCH detail
show bgp large-community-list
show bgp large-community-list LL detail
show bgp large-community-list NOSUCH detail
show bgp extcommunity-list
show bgp extcommunity-list EL detail
show bgp extcommunity-list NOSUCH detail
show bgp nexthop
show ip bgp nexthop
show bgp nexthop detail
show bgp vrf all nexthop
show bgp mac hash
show bgp nexthop 10.0.0.99
show bgp nexthop 192.0.9.9
show bgp nexthop 192.0.9.9 detail
show bgp nexthop 1.2.3.4
show bgp import-check-table
show bgp import-check-table detail
show ip bgp update-groups
show ip bgp update-groups advertised-routes
show bgp update-groups advertised-routes
show ip bgp update-groups advertise-queue
show ip bgp update-groups packet-queue
show bgp vrf all ipv4 unicast update-groups
""")
WHOM = (
    *("", "neighbor 10.0.0.2", "neighbor 10.0.0.9", "neighbor 10.0.0.4", "remote-as 65009"),
    *("remote-as external", "remote-as internal", "remote-as 64999", "neighbor nosuch"),
)
GENERAL = ("show ip bgp", "show bgp ipv4 unicast", "show bgp ipv6 unicast", "show bgp")


def _routes() -> Iterator[tuple[str, ...]]:
    ends = ("", "bestpath", "multipath", "json", "bestpath json", "multipath json")
    registries = ("rpki valid", "rpki notfound", "rpki invalid json", "bestpath rpki notfound json")
    yield from product(("show ip bgp",), ROUTES, (*ends, *registries))
    yield from product(("show bgp ipv4 unicast",), ROUTES, ("", "json", "bestpath"))
    yield from product(("show bgp ipv6 unicast", "show bgp"), ROUTES6, ends)


def _tables() -> Iterator[tuple[str, ...]]:
    # FRR takes `wide` behind `community` for a community.
    wide = [one for one in FILTERS if one != "community"]
    full = (*GENERAL[:3], "show bgp all")
    yield from product(full, FILTERS, ("", "json", "json detail"))
    yield from product(full, wide, ("wide",))
    others = ("show bgp", "show ip bgp all", "show bgp ipv4 multicast", "show bgp ipv6 all")
    yield from product(others, FILTERS, ("", "json"))
    yield from product((*GENERAL[:3], "show bgp ipv4 labeled-unicast"), LARGE, ("", "json"))
    yield from product(("show bgp", "show ip bgp"), ("detail", "statistics"), ("", "json"))


def _neighbors() -> Iterator[tuple[str, ...]]:
    for peer in NEIGHBORS:
        whom = f"neighbors {peer}"
        yield from product(GENERAL, (whom,), ADJACENT, ("", "json", "wide"))
        yield from product(GENERAL, (whom,), COUNTED, ("", "json"))
        yield from product(("show bgp all",), (whom,), ADJACENT[:3], ("", "json"))
        heads = ("show bgp", "show ip bgp", "show bgp ipv4", "show bgp ipv6")
        yield from product(heads, (whom,), ("", "json"))
        yield from product(heads[2:], (whom,), ("graceful-restart",), ("", "json"))


def _summaries() -> Iterator[tuple[str, ...]]:
    heads = ("show bgp ipv4 unicast summary", "show bgp ipv6 summary", "show bgp summary")
    ends = ("", "terse", "wide", "terse json", "json")
    yield from product(heads, ("", "established", "failed"), WHOM, ends)


def _lists() -> Iterator[tuple[str, ...]]:
    for head, words in LISTS.items():
        yield from product((head,), ["", *_rows(words)], ("", "json"))
    yield from ((line,) for line in LOOKED_UP)


def lines() -> list[str]:
    """All of them, each once."""
    found = (each for make in (_routes, _tables, _neighbors, _summaries, _lists) for each in make())
    return list(dict.fromkeys(" ".join(" ".join(words).split()) for words in found))
