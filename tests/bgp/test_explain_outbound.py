"""`explain bgp`: to whom a route is announced, by what it is not, beside what a neighbour has."""

import json
from collections.abc import Callable

import pytest

from grammar.base.errors import Status
from pyvtysh.testing.router import VirtualRouter
from pyvtysh.testing.topology import Topology

N = "  neighbor 10.0.1.2 "
COND = "route-map ADV permit 10\nroute-map COND permit 10\n match ip address prefix-list C\n"
COND += "ip prefix-list C permit 10.99.0.0/16\n"
TO = "To 10.0.1.2: not announced: "
AGGREGATE = "  aggregate-address 10.8.0.0/16 "
TAGGED = "route-map C permit 10\n set community {}\n"

HELD_BACK = {
    "prefix-list": (
        N + "prefix-list P out\n",
        "ip prefix-list P deny 10.8.1.0/24\nip prefix-list P permit any\n",
        "prefix-list: refuses it: ip prefix-list P seq 5 deny 10.8.1.0/24",
    ),
    "distribute-list": (
        N + "distribute-list P out\n",
        "access-list P deny 10.8.0.0/16\naccess-list P permit any\n",
        "distribute-list P: refuses it: access-list P seq 5 deny 10.8.0.0/16",
    ),
    "filter-list": (
        N + "filter-list P out\n",
        "bgp as-path access-list P deny ^$\n",
        "filter-list P: refuses it: bgp as-path access-list P seq 5 deny ^$",
    ),
    "route-map": (
        N + "route-map P out\n",
        "route-map P deny 5\n",
        "route-map P deny 5: denies it: it matches every route",
    ),
    "absent route-map": (
        N + "route-map P out\n",
        "",
        "route-map P does not exist: it denies all",
    ),
    "absent prefix-list": (
        N + "prefix-list P out\n",
        "",
        "prefix-list: refuses it: there is no ip prefix-list P",
    ),
    "summary-only": (
        AGGREGATE + "summary-only\n",
        "",
        "hidden by `aggregate-address 10.8.0.0/16 summary-only`",
    ),
    "suppress-map": (
        AGGREGATE + "suppress-map S\n",
        "route-map S permit 10\n",
        "hidden by `aggregate-address 10.8.0.0/16 suppress-map S`",
    ),
    "unsuppress-map": (
        AGGREGATE + "summary-only\n" + N + "unsuppress-map U\n",
        "route-map U deny 10\n",
        "route-map U deny 10: denies it: it matches every route",
    ),
    "no-export": (
        "  redistribute static route-map C\n",
        TAGGED.format("no-export"),
        "its communities keep it here: no-export",
    ),
    "no-advertise": (
        "  redistribute static route-map C\n",
        TAGGED.format("no-advertise"),
        "its communities keep it here: no-advertise",
    ),
    "maximum-prefix-out": (
        N + "maximum-prefix-out 1\n",
        "",
        "1 prefix is all that maximum-prefix-out lets go",
    ),
    "advertise-map": (
        N + "advertise-map ADV exist-map COND\n",
        COND,
        "`neighbor 10.0.1.2 advertise-map ADV exist-map COND` withholds it: "
        "COND permits no route of the table",
    ),
    "not activated": (
        N.replace("  n", "  no n") + "activate\n address-family ipv6 unicast\n" + N + "activate\n",
        "",
        "IPv4 Unicast is not activated for it: "
        "`address-family ipv4 unicast`, `neighbor 10.0.1.2 activate`",
    ),
}

TOLD = {
    "plain": ("", ""),
    "unsuppress-map": (
        AGGREGATE + "summary-only\n" + N + "unsuppress-map U\n",
        "route-map U permit 10\n",
    ),
    "advertise-map": (N + "advertise-map ADV non-exist-map COND\n", COND),
}

Routers = Callable[..., tuple[VirtualRouter, VirtualRouter]]


@pytest.fixture
def routers(topology: Topology) -> Routers:
    """One with two static routes and lines of its family and above, and an external neighbour."""

    def make(family: str, above: str, there: str = "") -> tuple[VirtualRouter, VirtualRouter]:
        us, them = topology.router("us"), topology.router("them")
        topology.wire(us, them, "10.0.1.0/24")
        us.load(
            f"ip route 10.8.0.0/16 Null0\nip route 10.8.1.0/24 Null0\n{above}router bgp 65001\n"
            " no bgp ebgp-requires-policy\n neighbor 10.0.1.2 remote-as 65002\n"
            f" address-family ipv4 unicast\n  redistribute static\n{family}"
        )
        them.load(
            "router bgp 65002\n no bgp ebgp-requires-policy\n neighbor 10.0.1.1 remote-as 65001\n"
            f" address-family ipv6 unicast\n  neighbor 10.0.1.1 activate\n exit\n{there}"
        )
        topology.advance(130 if "advertise-map" in family else 15)
        return us, them

    return make


def explained(router: VirtualRouter, words: str = "10.8.1.0/24") -> list[str]:
    return [line.strip() for line in router.execute(f"explain bgp {words}").splitlines()]


@pytest.mark.parametrize("name", HELD_BACK)
def test_what_keeps_a_route_here_is_named(routers: Routers, name: str) -> None:
    family, above, says = HELD_BACK[name]
    us, them = routers(family, above)
    assert "10.8.1.0/24" not in them.show("bgp ipv4")
    lines = explained(us)
    assert TO + says in lines, lines
    answer = json.loads(us.execute("explain bgp 10.8.1.0/24 json"))
    (said,) = answer["announcements"]
    assert (said["announced"], said["why"]) == (False, says)


@pytest.mark.parametrize("name", TOLD)
def test_what_goes_out_is_told(routers: Routers, name: str) -> None:
    us, them = routers(*TOLD[name])
    assert "10.8.1.0/24" in them.show("bgp ipv4")
    said = "To 10.0.1.2: announced: origin incomplete, AS path 65001, next hop of this router"
    assert any(line.startswith(said) for line in explained(us))


def test_who_is_not_up_is_told_nothing(routers: Routers) -> None:
    us, _ = routers("exit\n neighbor 10.0.1.9 remote-as 65009\n", "")
    said = "To 10.0.1.9: not announced: its session is not up: `explain neighbor 10.0.1.9` says why"
    assert said in explained(us)


def test_the_neighbors_own_filter_is_shown(routers: Routers, topology: Topology) -> None:
    us, them = routers(
        N + "capability orf prefix-list receive\n",
        "",
        " address-family ipv4 unicast\n  neighbor 10.0.1.1 capability orf prefix-list send\n"
        "  neighbor 10.0.1.1 prefix-list Z in\n exit\nip prefix-list Z permit 10.9.0.0/16\n",
    )
    topology.advance(10)
    assert "10.8.1.0/24" not in them.show("bgp ipv4")
    assert any(line.startswith(f"{TO}ORF prefix-list: refuses it") for line in explained(us))


def test_what_zebra_is_not_given(routers: Routers) -> None:
    us, _ = routers("  aggregate-address 10.8.0.0/15\n  table-map T\n", "route-map T deny 10\n")
    assert "To zebra: nothing is given: table-map T denies it" in explained(us, "10.8.0.0/15")
    own = "To zebra: nothing is given: routes of this router itself are zebra's, not BGP's"
    assert own in explained(us)


@pytest.mark.parametrize(
    "family", ["l2vpn evpn", "ipv4 vpn", "ipv6 vpn", "ipv4 flowspec", "ipv6 flowspec"]
)
def test_other_families_get_one_line(topology: Topology, family: str) -> None:
    router = topology.router("us", "router bgp 65001\n")
    answer = router.run(f"explain bgp {family} 10.8.0.0/16 json")
    said = f"% Routes of {family} are not explained; `show bgp {family}` shows them\n"
    assert (answer.text, answer.status) == (said, Status.CONFIG_FAILED)


@pytest.mark.parametrize("family", ["ipv4 multicast", "ipv4 labeled-unicast", "ipv6"])
def test_families_without_the_route_are_no_fault(routers: Routers, family: str) -> None:
    us, _ = routers("", "")
    prefix = "2001:db8::/32" if family == "ipv6" else "10.77.0.0/16"
    assert explained(us, f"{family} {prefix}")[0].endswith("no path in the table")
    assert json.loads(us.execute(f"explain bgp {family} {prefix} json"))["pathCount"] == 0
