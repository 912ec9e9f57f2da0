"""`zebra -n`: VRFs from network namespaces, with static routes and BGP in them, beside FRR's."""

import re
from collections.abc import Iterator, Sequence
from difflib import unified_diff

import pytest

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.vrfs import VrfHome, VrfRouter, loop
from tests.support.wait import until

pytestmark = pytest.mark.real

DAEMONS = ("zebra", "staticd")
ROUTES = (
    "ip route 192.168.1.0/24 10.5.0.9 vrf red",
    "ip route 192.168.2.0/24 eth0 vrf red",
    "ip route 192.168.3.0/24 blackhole vrf red",
    "ip route 192.168.4.0/24 192.168.1.1 vrf red",
    "ip route 192.168.9.0/24 10.5.0.9 vrf red",
    "ip route 192.168.9.0/24 10.5.0.10 vrf red",
    "ip route 192.168.7.0/24 10.0.0.7 vrf red nexthop-vrf default",
    "ip route 192.168.8.0/24 10.5.0.8 nexthop-vrf red",
    "ip route 192.168.10.0/24 10.0.0.9",
    "ip route 192.168.11.0/24 10.6.0.9 vrf blue",
    "ip route 192.168.12.0/24 10.7.0.9 vrf green",
    "ip route 192.168.13.0/24 eth9 vrf blue",
    "vrf red",
    "ip route 192.168.5.0/24 10.5.0.8",
    "ip route 192.168.6.0/24 10.5.0.8 table 77",
    "exit-vrf",
    "ipv6 route 2001:db8:99::/64 2001:db8:5::9 vrf red",
)
MAP = (
    "ip prefix-list NONE seq 5 permit 192.168.1.0/24",
    "route-map FEW deny 10",
    "match ip address prefix-list NONE",
    "exit",
    "route-map FEW permit 20",
    "exit",
    "vrf red",
    "ip protocol static route-map FEW",
)
LINES = (
    "vrf red",
    "ip router-id 1.2.3.4",
    "ip table range 300 400",
    "ip nht resolve-via-default",
    "vni 5",
    "exit-vrf",
    "interface eth0",
    "description default",
    "exit",
    "interface eth0 vrf red",
    "description red",
    "ip address 10.50.0.1/24",
    "no ipv6 nd suppress-ra",
    "ipv6 nd ra-interval msec 2500",
    "exit",
    "interface eth7 vrf blue",
    "description awaited",
    "exit",
)
REFUSED = (
    "netns blue",
    "netns none",
    "ip table range 400 300",
)
SHOWS = (
    "show vrf",
    "show interface brief",
    "show interface brief json",
    "show interface vrf red",
    "show interface vrf red brief",
    "show interface vrf green",
    "show interface eth0",
    "show interface eth0 vrf blue",
    "show interface description",
    "show interface description vrf red",
    "show ip route",
    "show ip route vrf red",
    "show ip route vrf red json",
    "show ip route vrf red static",
    "show ip route vrf red nexthop-group",
    "show ip route vrf red 192.168.4.0/24",
    "show ip route vrf red 192.168.7.1",
    "show ip route vrf red 192.168.7.1 json",
    "show ip route vrf all",
    "show ip route vrf all json",
    "show ip route vrf all 192.168.1.5",
    "show ip route vrf all 192.168.1.5 json",
    "show ip route vrf all summary",
    "show ip route vrf all summary prefix",
    "show ip route vrf all summary json",
    "show ip route vrf red summary",
    "show ip route vrf red summary table 77",
    "show ip route table 77 vrf red",
    "show ip route table all vrf all",
    "show ip route table all",
    "show ip fib vrf all",
    "show ipv6 route vrf all",
    "show ipv6 route vrf red json",
    "show ip route vrf green",
    "show ip route vrf none",
    "show ip route vrf none json",
    "show ip nht",
    "show ip nht vrf red",
    "show ip nht vrf red 10.5.0.9",
    "show ip nht vrf all",
    "show ipv6 nht vrf all",
    "show ip nht vrf none",
    "show ip protocol vrf red",
    "show ip nht route-map vrf all",
    "show router-id vrf red",
    "show ip router-id vrf blue",
    "show ip router-id vrf none",
    "show ipv6 nd ra-interfaces",
    "show ipv6 nd ra-interfaces vrf red",
    "show ipv6 nd ra-interfaces vrf all",
    "show ipv6 nd ra-interfaces vrf none",
    "show vrf vni",
    "show vrf vni json",
    "show zebra",
    "show zebra router table summary",
    "show running-config",
)
_MASKED = re.compile(
    r"\d\d:\d\d:\d\d|^(blue|default|red|green) +\d+ +\d+ +0 .*|HWaddr: \S+|fe80::[0-9a-f:]+|fd \d+"
    r"|Link (ups|downs): .*|(?<=GroupId\":)\d+|(?<=\S )\(\d+\)(?= )|^ (OS|Kernel socket).*"
    r"|hardwareAddress\":.*|sent: \d+ rcvd: \d+",
    re.MULTILINE,
)


class Twin:
    """A router with two VRFs, FRR's or ours."""

    def __init__(self, lab: Lab, name: str, ours: Sequence[str]) -> None:
        self.lab, self.name = lab, name
        node = lab.namespace(name)
        loop(node, "eth0", "10.0.0.1/24")
        self.home = VrfHome(node)
        for number, vrf in ((6, "blue"), (5, "red")):
            self.add(vrf, number)
        self.router = VrfRouter(
            self.home, {f"{d}.conf": "hostname r\n" for d in DAEMONS}, ours=ours
        )
        self.router.start(*DAEMONS)
        self.until_shown("show vrf", "vrf blue id", "vrf red id")

    def add(self, vrf: str, number: int, name: str = "") -> None:
        """A VRF that has all its links when it gets its name."""
        place = self.lab.namespace(f"{self.name}-{name or vrf}")
        place.sysctl("net.ipv6.conf.default.accept_ra=0")
        loop(place, "eth0", f"10.{number}.0.1/24", f"2001:db8:{number}::1/64")
        self.home.bind(vrf, place)

    def until_shown(self, line: str, *texts: str) -> None:
        def there() -> bool:
            shown = self.router.show(line)
            return all(text in shown for text in texts)

        until(there, 15, f"{texts} in {line}")

    def until_routed(self, vrf: str, *prefixes: str) -> None:
        def there() -> bool:
            lists = [self.home.ip("-n", vrf, family, "route", "list") for family in ("-4", "-6")]
            return all(prefix in "".join(lists) for prefix in prefixes)

        until(there, 15, f"{prefixes} in the kernel of {vrf}")

    def answers(self, lines: Sequence[str]) -> dict[str, str]:
        return {line: _MASKED.sub("<>", self.router.vtysh(line).text) for line in lines}

    def kernels(self, *vrfs: str) -> dict[str, str]:
        found = {}
        for vrf in vrfs:
            for words in (("-4", "route", "list", "table", "all"), ("-6", "route"), ("nexthop",)):
                text = self.home.ip("-n", vrf, *words)
                found[f"{vrf} {words}"] = _MASKED.sub("<>", text)
        return found


@pytest.fixture(scope="module")
def twins() -> Iterator[tuple[Twin, Twin]]:
    with Lab() as lab:
        yield Twin(lab, "frr", ()), Twin(lab, "ours", DAEMONS)


def _text(found: dict[str, str]) -> list[str]:
    text = "".join(f"> {line}\n{answer}" for line, answer in found.items())
    return text.replace("hostname frr", "hostname ours").splitlines()


def _same(twins: tuple[Twin, Twin], lines: Sequence[str], *vrfs: str) -> None:
    expected, found = ({**twin.answers(lines), **twin.kernels(*vrfs)} for twin in twins)
    told = [*unified_diff(_text(expected), _text(found), "FRR", "ours", n=2, lineterm="")]
    assert not told, "\n".join(told)


def test_static_routes_in_namespaces(twins: tuple[Twin, Twin]) -> None:
    for twin in twins:
        result = twin.router.vtysh("configure terminal", *ROUTES)
        assert "192.168.12.0/24 not installed currently" in result.stdout
        twin.until_routed("red", "192.168.9.0/24", "192.168.4.0/24", "2001:db8:99::/64")
        twin.until_routed("blue", "192.168.11.0/24")
        twin.until_shown("show ip route", "S>r 192.168.8.0/24")
        twin.until_shown("show ip route vrf red", "S>r 192.168.7.0/24")
    _same(twins, SHOWS, "red", "blue")


def test_lines_of_namespaces(twins: tuple[Twin, Twin]) -> None:
    for twin in twins:
        twin.router.configure(*LINES)
        twin.until_shown("show interface eth0 vrf red", "10.50.0.1")
    answers = [
        [twin.router.vtysh("configure terminal", "vrf red", line).text for line in REFUSED]
        for twin in twins
    ]
    assert answers[0] == answers[1]
    _same(twins, SHOWS, "red", "blue")


def test_the_map_of_a_protocol_judges_the_routes_of_its_vrf(twins: tuple[Twin, Twin]) -> None:
    for twin in twins:
        twin.router.configure(*MAP)
        twin.until_shown("show ip route vrf red", "S   192.168.1.0/24")
    lines = ("show ip protocol vrf red", "show ip protocol vrf all", "show running-config zebra")
    _same(twins, lines, "red", "blue")
    for twin in twins:
        twin.router.configure("vrf red", "no ip protocol static route-map FEW")
        twin.until_shown("show ip route vrf red", "S>* 192.168.1.0/24")
    _same(twins, ("show ip route vrf red",), "red")


def test_namespaces_come_and_go(twins: tuple[Twin, Twin]) -> None:
    for twin in twins:
        # FRR keeps a route whose next hop's VRF is gone, as refused by the kernel.
        twin.router.configure("no ip route 192.168.8.0/24 10.5.0.8 nexthop-vrf red")
        twin.add("green", 7)
        twin.until_routed("green", "192.168.12.0/24")
        twin.home.ip("netns", "delete", "red")
        twin.until_shown("show vrf", "vrf red inactive")
        twin.until_shown("show vrf", "vrf green id 3")
    # FRR still counts the tables of a VRF that is gone.
    lines = [
        line for line in SHOWS if line not in ("show zebra", "show zebra router table summary")
    ]
    _same(twins, lines, "green", "blue")


def test_what_comes_back_has_its_routes_again(twins: tuple[Twin, Twin]) -> None:
    """FRR's static routes stay inactive there."""
    _, ours = twins
    ours.add("red", 5, "red-again")
    ours.until_routed("red", "192.168.9.0/24", "2001:db8:99::/64")
    ours.until_shown("show vrf", "vrf red id")


def _unnumbered(number: int, vrf: str) -> dict[str, str]:
    text = (
        f"frr defaults datacenter\n!\nrouter bgp 6500{number}{vrf}\n"
        f" bgp router-id 10.255.0.{number}\n no bgp network import-check\n"
        " neighbor eth0 interface remote-as external\n neighbor eth0 timers connect 1\n"
        f" address-family ipv4 unicast\n  network 10.{number}.0.0/16\n exit-address-family\n"
    )
    return {"frr.conf": text, "zebra.conf": "", "bgpd.conf": ""}


def test_a_neighbor_on_an_interface_of_a_namespace() -> None:
    """Both find each other by router advertisements; the default VRF's `eth0` is another one."""
    with Lab() as lab:
        node, red, far = (lab.namespace(name) for name in ("node", "red", "far"))
        loop(node, "eth0", "10.0.0.1/24")
        lab.link(red, "eth0", far, "eth0")
        for last, end in ((1, red), (2, far)):
            end.ip("link", "set", "eth0", "down")
            end.ip("link", "set", "eth0", "address", f"02:00:00:00:00:0{last}")
            end.ip("link", "set", "eth0", "up")
        home = VrfHome(node)
        home.bind("red", red)
        ours = VrfRouter(home, _unnumbered(1, " vrf red"), ours=("zebra", "bgpd"))
        for router in (FrrRouter(far, _unnumbered(2, "")), ours):
            router.start("zebra", "bgpd")
        for place, prefix in ((red, "10.2.0.0/16"), (far, "10.1.0.0/16")):
            until(lambda at=place, to=prefix: to in at.ip("route", "show", to), 20, prefix)  # type: ignore[misc]
        assert "fe80::ff:fe00:2, eth0" in ours.show("show ip route vrf red")
        assert "Neighbor address" not in ours.show("show interface eth0")
        neighbors = red.ip("-4", "neigh", "show", "nud", "permanent")
        assert neighbors.startswith("169.254.0.1 dev eth0 lladdr 02:00:00:00:00:02 ")
        assert node.ip("-4", "neigh", "show", "nud", "permanent") == ""


def test_a_namespace_that_is_given_up_keeps_no_routes_of_ours(twins: tuple[Twin, Twin]) -> None:
    for twin in twins:
        assert "192.168.11.0/24" in twin.home.ip("-n", "blue", "route")
        twin.router.configure("vrf blue", "no netns")
    # FRR's thread for the kernel now and then comes too late, and leaves them there.
    ours = twins[1].home
    until(lambda: "static" not in ours.ip("-n", "blue", "route"), 15, "the routes are gone")
