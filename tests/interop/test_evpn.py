"""EVPN with FRR's bgpd on our zebra, beside the same on FRR's: shows, kernel, and traffic.

Both laboratories do the same; after each step pe1 must show the same and have the same in its
kernel. FRR lists in the order of a hash table, so lines and members are compared in any order.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.interop.evpn import BRIDGES, HOSTS, MACS, ROUTERS, Sites
from tests.support.namespaces import Lab
from tests.support.vty import Vty
from tests.support.wait import until

pytestmark = pytest.mark.real

_MAC, _HOST, _FAR = MACS[0], HOSTS[0], ROUTERS[1]
_LISTS = ("vni", "vni detail", "vni 100", "vni 101", "mac vni all vtep 10.0.0.9")
_MAC_LISTS = (
    *("mac vni 100", "mac vni 101", "mac vni all", "mac vni all detail"),
    *("mac vni 100 duplicate", "mac vni all duplicate"),
    *(f"mac vni 100 mac {mac}" for mac in (*MACS, "02:00:00:00:01:02", "2:0:0:0:0:9", "2:0")),
    *(f"mac vni 100 vtep {vtep}" for vtep in (*ROUTERS, "10.0.0.9")),
    f"mac vni all vtep {_FAR}",
)
_HOST_LISTS = (
    *("arp-cache vni 100", "arp-cache vni 101", "arp-cache vni all", "arp-cache vni all detail"),
    *("arp-cache vni 100 duplicate", "arp-cache vni all duplicate"),
    *(f"arp-cache vni 100 ip {address}" for address in (*HOSTS, *BRIDGES, "192.168.7.9", "x")),
    *(f"arp-cache vni 100 vtep {vtep}" for vtep in (_FAR, "10.0.0.9")),
)
_NO_L3 = (
    *("rmac vni 100", "rmac vni all", f"rmac vni 100 mac {_MAC}"),
    *("next-hops vni 100", "next-hops vni all", f"next-hops vni 100 ip {_FAR}"),
)
_OTHERS = ("", "access-vlan", "access-vlan detail", "l2-nh", "es", "es-evi", "es-evi vni 100")
SHOWS = tuple(
    f"show evpn {words}{end}".replace("  ", " ").rstrip()
    for words in (*_OTHERS, *_LISTS, *_MAC_LISTS, *_HOST_LISTS, *_NO_L3)
    for end in ("", " json")
)

_MASKS = (
    (re.compile(r'((?:Uptime: |"uptime":"))[0-9:]{8}'), r"\1TIME"),
    (re.compile(r'((?:delay-timer: |DelayTimer":"))[0-9:]{8}'), r"\1TIME"),
    (re.compile(r"(?:started|detected) at .*"), "at TIME"),
)


def _masked(text: str) -> str:
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return text


def _in_any_order(line: str, text: str) -> object:
    if line.endswith("json") and text[:1] in ("{", "["):
        return text.count("\n"), json.loads(text)
    return sorted(text.splitlines())


def shown(sites: Sites) -> dict[str, object]:
    """All shows of pe1's zebra."""
    with Vty(sites.routers[0].run, "zebra") as vty:
        answers = {line: vty.ask(line) for line in SHOWS}
    return {
        line: (_in_any_order(line, _masked(text)), status)
        for line, (text, status) in answers.items()
    }


def kernel(sites: Sites) -> list[str]:
    """What zebra entered into bridge and tunnel, and its neighbours, on pe1."""
    node = sites.nodes[0]
    entries = node.run(["bridge", "fdb", "show", "dev", "vxlan100"]).stdout.splitlines()
    neighbors = node.ip("neigh", "show", "dev", "br100", "proto", "zebra").splitlines()
    entered = [line for line in entries if "extern_learn" in line or "dst" in line]
    return sorted(line.strip() for line in entered + neighbors)


def known_in_kernel(sites: Sites) -> list[str]:
    """The same without neighbours that FRR forgot, and left when the tunnel went down."""
    hosts = sites.routers[0].show("show evpn arp-cache vni 100").split()
    return [line for line in kernel(sites) if "NOARP" not in line or line.split()[0] in hosts]


Twins = tuple[Sites, Sites]


@pytest.fixture(scope="module")
def twins() -> Iterator[Twins]:
    """FRR's and ours, both up."""
    with ExitStack() as stack:
        made = [
            Sites(stack.enter_context(Lab()), name, ours)
            for name, ours in (("f", ()), ("o", ("zebra",)))
        ]
        for sites in made:
            sites.start()
        yield made[0], made[1]


def both(twins: Twins, deed: Callable[[Sites], object]) -> None:
    for sites in twins:
        deed(sites)


def wait(twins: Twins, line: str, *texts: str) -> None:
    """Until pe1's zebra says so on both."""
    for sites in twins:
        with Vty(sites.routers[0].run, "zebra") as vty:
            until(lambda: all(text in vty.ask(line)[0] for text in texts), 15, f"{line}: {texts}")


def _same(frr: Sites, ours: Sites) -> bool:
    return shown(frr) == shown(ours) and known_in_kernel(frr) == kernel(ours)


def same(twins: Twins) -> None:
    """Both show the same and their kernels have the same, when what was told last has arrived."""
    frr, ours = twins
    try:
        until(lambda: _same(frr, ours), 5, "the same")
    except AssertionError:
        theirs, own = shown(frr), shown(ours)
        for line in SHOWS:
            assert own[line] == theirs[line], line
        assert kernel(ours) == known_in_kernel(frr)


def test_routers_and_hosts_are_found(twins: Twins) -> None:
    """Hosts speak, and those of the other side are reached through the tunnel."""

    def talk(sites: Sites) -> None:
        sites.ping(sites.hosts[0], HOSTS[1])
        sites.ping(sites.nodes[0], HOSTS[0])
        sites.ping(sites.nodes[1], HOSTS[1])

    both(twins, talk)
    wait(
        twins,
        "show evpn arp-cache vni 100",
        "Number of ARPs (local and remote) known for this VNI: 2",
    )
    wait(twins, "show evpn mac vni 100", "known for this VNI: 2", "remote       10.0.0.2")
    same(twins)
    assert any(f"{MACS[1]} dst {_FAR} self extern_learn" in line for line in kernel(twins[1]))
    assert any(line.startswith(f"{HOSTS[1]} lladdr {MACS[1]}") for line in kernel(twins[1]))


def test_an_address_of_nobody_known(twins: Twins) -> None:
    """The other bridge's own address is no host of a port."""
    both(twins, lambda sites: sites.ping(sites.nodes[0], BRIDGES[1]))
    wait(twins, "show evpn arp-cache vni 100", BRIDGES[1])
    same(twins)


def test_a_host_moves(twins: Twins) -> None:
    """RFC 7432 section 7.7: the other side counts, and ours follows."""

    def move(sites: Sites) -> None:
        sites.hosts[0].ip("address", "del", f"{HOSTS[0]}/24", "dev", "eth0")  # it says no more
        sites.hosts[1].ip("link", "set", "eth0", "address", _MAC)
        sites.ping(sites.hosts[1], BRIDGES[1])

    both(twins, move)
    wait(twins, f"show evpn mac vni 100 mac {_MAC}", f"Remote VTEP: {_FAR}")
    wait(twins, f"show evpn arp-cache vni 100 ip {HOSTS[1]}", f"MAC: {_MAC}", "remote")
    same(twins)


def test_what_others_delete_comes_back(twins: Twins) -> None:
    def delete(sites: Sites) -> None:
        for words in (
            *(("00:00:00:00:00:00", "dev", "vxlan100", "dst", _FAR, "self"),),
            *((_MAC, "dev", "vxlan100", "master"),),
        ):
            sites.nodes[0].run(["bridge", "fdb", "del", *words])
        sites.nodes[0].ip("neigh", "del", HOSTS[1], "dev", "br100")
        until(lambda: len(kernel(sites)) == before[sites], 5, "all are back")

    before = {sites: len(kernel(sites)) for sites in twins}
    both(twins, delete)
    same(twins)


def test_the_tunnel_goes_down_and_up(twins: Twins) -> None:
    both(twins, lambda sites: sites.nodes[0].ip("link", "set", "vxlan100", "down"))
    wait(twins, "show evpn vni 100", "No remote VTEPs known")
    same(twins)
    both(twins, lambda sites: sites.nodes[0].ip("link", "set", "vxlan100", "up"))
    wait(twins, "show evpn vni 100", f"{_FAR} flood: HER")
    wait(twins, "show evpn mac vni 100", _MAC, f"remote       {_FAR}")
    same(twins)


def test_the_other_router_leaves(twins: Twins) -> None:
    both(twins, lambda sites: sites.routers[1].stop("bgpd"))
    wait(twins, "show evpn vni 100", "No remote VTEPs known")
    same(twins)
    assert not kernel(twins[1])


def _vnis(sites: Sites) -> str:
    return sites.routers[0].show("show evpn vni")


def test_nobody_asks_any_more(twins: Twins) -> None:
    lines = ("router bgp 65000", "address-family l2vpn evpn", "no advertise-all-vni")
    both(twins, lambda sites: sites.routers[0].configure(*lines))
    both(twins, lambda sites: until(lambda: not _vnis(sites), 5, "no VNI"))
    same(twins)
