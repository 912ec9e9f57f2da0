"""FRR's bgpd and staticd on our zebra, and ours on FRR's: the same tables, kernel and tracking.

Four routers in the same place: all of FRR's, FRR's clients on our zebra, FRR's bgpd on the zebra
inside `pyvtysh`, and our clients on FRR's zebra. After every deed all must print what the first
one prints.
"""

import difflib
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.frr import FrrRouter
from tests.support.masks import AGE, LINK_LOCAL, mask
from tests.support.mixed import MixedRouter
from tests.support.namespaces import Lab
from tests.support.ours import BIN
from tests.support.wait import until

pytestmark = pytest.mark.real

BGPD = """\
router bgp 65001
 bgp router-id 10.0.0.1
 no bgp ebgp-requires-policy
 neighbor 10.0.0.2 remote-as 65002
 neighbor 10.0.0.2 timers connect 1
 address-family ipv4 unicast
  redistribute connected
  redistribute static
  network 10.0.0.0/24
 exit-address-family
 address-family ipv6 unicast
  neighbor 10.0.0.2 activate
  redistribute connected
 exit-address-family
"""
STATICD = """\
ip route 10.50.0.0/16 10.0.0.9
ip route 10.51.0.0/16 10.0.0.8 77 tag 5
ip route 10.51.0.0/16 10.0.0.9 77 tag 5
ip route 10.52.0.0/16 blackhole
ip route 10.53.0.0/16 eth1
ip route 10.54.0.0/16 10.50.0.1
ip route 10.55.0.0/16 10.99.0.1
ip route 10.30.0.0/24 10.0.0.7
ipv6 route 2001:db8:50::/48 2001:db8::9
ipv6 route 2001:db8:51::/48 fe80::9 eth0
"""
PEER = """\
router bgp 65002
 bgp router-id 10.0.0.2
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor 10.0.0.1 remote-as 65001
 neighbor 10.0.0.1 timers connect 1
 address-family ipv4 unicast
  network 10.20.0.0/24
  network 10.20.1.0/24
  network 10.30.0.0/24
 exit-address-family
 address-family ipv6 unicast
  neighbor 10.0.0.1 activate
  network 2001:db8:20::/48
 exit-address-family
"""
MIXES = {
    "frr": (),
    "our-zebra": ("zebra",),
    "embedded": ("pyvtysh",),
    "our-clients": ("staticd", "bgpd"),
}
LEARNED = {"10.20.0.0/24", "10.20.1.0/24", "2001:db8:20::/48"}
CHANGED = {"10.20.0.0/24", "10.21.0.0/16", "2001:db8:20::/48"}
SHOWS = (
    "show ip route",
    "show ip route json",
    "show ipv6 route",
    "show ip route 10.20.0.0/24 json",
    "show ip route 10.54.0.0/16",
    "show ip route summary",
    "show ip nht",
    "show ipv6 nht",
    "show interface brief",
    "show bgp ipv4 unicast",
    "show bgp ipv6 unicast",
)


class Site:
    """A router of one mix, and the FRR that it peers with."""

    def __init__(self, lab: Lab, name: str) -> None:
        self.name = name
        node, far = lab.namespace(f"{name}-r"), lab.namespace(f"{name}-p")
        for device in ("eth0", "eth1"):
            lab.link(node, device, far, device)
        node.ip("address", "add", "10.0.0.1/24", "dev", "eth0")
        node.ip("address", "add", "2001:db8::1/64", "dev", "eth0")
        node.ip("address", "add", "10.1.0.1/24", "dev", "eth1")
        node.ip("address", "add", "10.255.0.1/32", "dev", "lo")
        far.ip("address", "add", "10.0.0.2/24", "dev", "eth0")
        far.ip("address", "add", "2001:db8::2/64", "dev", "eth0")
        self.node = node
        self.peer = FrrRouter(far, {"bgpd.conf": PEER})
        files = {"bgpd.conf": BGPD, "staticd.conf": STATICD, "daemons": "bgpd=no\n"}
        self.router = MixedRouter(node, files, ours=MIXES[name])
        self.router.own_options["zebra"] = ("-r", "-K", "40")

    def start(self) -> None:
        self.peer.start("zebra", "bgpd")
        router = self.router
        if "pyvtysh" not in router.ours:
            router.start()
            return
        argv = [BIN / "pyvtysh", "--config_dir", router.config, *router.paths_argv("pyvtysh")]
        process = self.node.spawn(argv, log="pyvtysh.out")
        process.await_ready((router.run / "zserv.api").exists, "the zebra in pyvtysh")
        until(lambda: router.show("show version"), 10, "its vty")
        router.start("bgpd")

    def state(self) -> str:
        """What the shows and the kernel say."""
        said = self.router.vtysh(*SHOWS)
        assert said.exit == 0, said.text
        kernel = [routes(masked(self.node.ip(family, "route"))) for family in ("-4", "-6")]
        return "\n".join([masked(said.stdout), *kernel])

    def kernel(self) -> set[str]:
        """Prefixes of BGP in the kernel."""
        lines = self.node.ip("route", "list", "proto", "bgp").splitlines()
        lines += self.node.ip("-6", "route", "list", "proto", "bgp").splitlines()
        return {line.split()[0] for line in lines}


def routes(text: str) -> str:
    """The kernel's routes without ids of next hops, by which those of a group are ordered."""
    found = re.split(r"\n(?!\t)", re.sub(r"nhid \S+ ", "", text))
    return "\n".join("\n\t".join(sorted(route.split("\n\t"))) for route in found)


def masked(text: str) -> str:
    """Without moments, numbers of sockets, and addresses of interfaces that chance made."""
    text = re.sub(LINK_LOCAL, "<link-local>", mask(text))
    text = re.sub(AGE, "<age>", text)
    return re.sub(r"\bfd \d+|^FD: \d+", "fd N", text, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def sites() -> Iterator[dict[str, Site]]:
    with Lab() as lab:
        made = {name: Site(lab, name) for name in MIXES}
        with ThreadPoolExecutor() as threads:
            list(threads.map(Site.start, made.values()))
        for site in made.values():
            until(lambda site=site: site.kernel() == LEARNED, 25, f"{site.name}'s routes of BGP")
        yield made


def all_do(sites: dict[str, Site], deed: Callable[[Site], object]) -> None:
    for site in sites.values():
        deed(site)


def equal(sites: dict[str, Site], what: str) -> None:
    """Wait until every router says what FRR says."""

    def same() -> bool:
        expected, *others = [(name, site.state().splitlines()) for name, site in sites.items()]
        for name, lines in others:
            found = "\n".join(difflib.unified_diff(expected[1], lines, "frr", name, lineterm=""))
            assert not found, found
        return True

    until(same, 10, f"all routers print the same {what}", interval=0.3)


def test_at_the_start(sites: dict[str, Site]) -> None:
    equal(sites, "at the start")


def listed_alike(sites: dict[str, Site], when: str, *, moved: bool = True) -> None:
    """FRR's bgpd and staticd on our zebra, as FRR's zebra counts them."""

    def listed(name: str) -> str:
        shows = ("show zebra client", "show zebra client summary")
        text = masked(sites[name].router.vtysh(*shows).stdout)
        if not moved:
            return text
        # What comes last of several things that happen together is luck; command 0 has no line.
        text = re.sub(r"^Last Sent Cmd: .*\n", "", text, flags=re.MULTILINE)
        # Routes of a client follow what they resolve over, of which FRR's clients do not hear.
        return re.sub(r"^(Redist:v4 +)\S+", r"\1<n>", text, flags=re.MULTILINE)

    def same() -> bool:
        theirs, ours = (listed(name).splitlines() for name in ("frr", "our-zebra"))
        found = "\n".join(difflib.unified_diff(theirs, ours, "frr", "our-zebra", lineterm=""))
        assert not found, found
        return True

    until(same, 5, f"the same clients {when}")


def test_clients_are_listed_alike(sites: dict[str, Site]) -> None:
    listed_alike(sites, "at the start", moved=False)

    def names(site: Site) -> list[str]:
        rows = site.router.show("show zebra client summary").splitlines()[2:-1]
        return [row.split()[0] for row in rows if row]

    for site in sites.values():
        assert names(site) == ["static", "bgp", "vnc"], site.name


def test_routes_come_and_go(sites: dict[str, Site]) -> None:
    family = "address-family ipv4 unicast"
    lines = ("router bgp 65002", family, "no network 10.20.1.0/24", "network 10.21.0.0/16")
    all_do(sites, lambda site: site.peer.configure(*lines))
    for site in sites.values():
        until(lambda site=site: site.kernel() == CHANGED, 10, f"{site.name} follows")
    equal(sites, "after changes of the peer's routes")
    lines = ("no ip route 10.30.0.0/24 10.0.0.7", "ip route 10.55.0.0/16 10.0.0.6")
    all_do(sites, lambda site: site.router.configure(*lines))
    equal(sites, "after changes of static routes")
    listed_alike(sites, "after changes of static routes")


def test_addresses_come_and_go(sites: dict[str, Site]) -> None:
    all_do(sites, lambda site: site.node.ip("address", "add", "10.99.0.2/24", "dev", "eth1"))
    equal(sites, "with a new address")
    all_do(sites, lambda site: site.node.ip("address", "del", "10.99.0.2/24", "dev", "eth1"))
    equal(sites, "without it")
    listed_alike(sites, "without it")


def test_an_interface_goes_down_and_up(sites: dict[str, Site]) -> None:
    all_do(sites, lambda site: site.node.ip("link", "set", "eth1", "down"))
    equal(sites, "with a link that is down")
    all_do(sites, lambda site: site.node.ip("link", "set", "eth1", "up"))
    equal(sites, "with the link up again")
    listed_alike(sites, "with the link up again")


def test_a_client_that_dies_takes_its_routes_along(sites: dict[str, Site]) -> None:
    all_do(sites, lambda site: site.router.processes["bgpd"].stop(9))
    for site in sites.values():
        until(lambda site=site: not site.kernel(), 5, f"{site.name} without routes of BGP")
        assert "S>* 10.50.0.0/16" in site.router.show("show ip route")
    all_do(sites, lambda site: site.router.start("bgpd"))
    for site in sites.values():
        until(lambda site=site: len(site.kernel()) >= 3, 25, f"{site.name}'s routes are back")
    equal(sites, "with the client back")


def test_zebra_restarts_and_its_clients_find_it_again(sites: dict[str, Site]) -> None:
    """With -r its routes outlive it, and with -K they wait for their owners."""
    del sites["embedded"]
    # FRR's zebra leaves a recursive route inactive that came back before the one it needs.
    all_do(sites, lambda site: site.router.configure("no ip route 10.54.0.0/16 10.50.0.1"))
    all_do(sites, lambda site: site.router.stop("zebra"))
    for site in sites.values():
        assert "10.20.0.0/24" in site.kernel()
        assert " proto static " in site.node.ip("route", "show", "10.50.0.0/16")
    all_do(sites, lambda site: site.router.start("zebra"))
    for name in ("frr", "our-zebra"):  # FRR's clients wait ten seconds before they come back
        found = sites[name].router.show("show ip route")
        assert "B>* 10.20.0.0/24 [20/20] via 10.0.0.2, eth0, " in found
        assert "S>* 10.52.0.0/16 [1/20] unreachable (blackhole), " in found
    ours = sites.pop("our-clients").router
    until(lambda: "B>* 10.20.0.0/24 [20/0]" in ours.show("show ip route"), 10, "our bgpd is back")
    for site in sites.values():  # FRR's bgpd does not send its routes again, its staticd does
        router = site.router
        until(lambda r=router: "S>* 10.50.0.0/16 [1/0]" in r.show("show ip route"), 25, site.name)
    equal(sites, "with zebra back")
