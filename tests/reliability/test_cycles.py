"""What is done and undone leaves no reference cycles, which a daemon would keep for good.

Daemons freeze what is old, so that no collection looks at a million routes: cycles among what was
replaced are memory that never comes back.
"""

import gc
from collections import Counter
from collections.abc import Callable
from weakref import ref

import pytest

from bgp.peer import Peer
from pyvtysh.testing.router import VirtualRouter
from pyvtysh.testing.topology import Topology
from tests.reliability.test_clock import CONFIG, PEER

OURS = ("bgp.", "zebra.", "grammar.", "pyvtysh.")
FAMILY = "router bgp 1\n address-family ipv4 unicast\n"
FILTERS = "ip prefix-list ANY seq 5 permit any\nroute-map ANY permit 10\nexit\n"


@pytest.fixture
def router(topology: Topology) -> VirtualRouter:
    one, two = topology.router("one"), topology.router("two")
    topology.wire(one, two, "10.0.0.0/24")
    one.load(FILTERS + CONFIG.format(asn=1, peer=PEER, other=2))
    two.load(CONFIG.format(asn=2, peer="10.0.0.1", other=1))
    return one


def cleared(router: VirtualRouter) -> None:
    router.run(f"clear bgp {PEER}")


def filtered(router: VirtualRouter) -> None:
    lines = (f"neighbor {PEER} prefix-list ANY in", f"neighbor {PEER} route-map ANY out")
    router.load(FAMILY + "".join(f"  {line}\n" for line in lines))
    router.topology.advance(3)
    router.load(FAMILY + "".join(f"  no {line}\n" for line in lines))


def described(router: VirtualRouter) -> None:
    name = f"neighbor {PEER}"
    router.load(f"router bgp 1\n {name} description x\n no {name} description\n")


def networked(router: VirtualRouter) -> None:
    router.load(f"{FAMILY}  network 203.0.113.0/24\n  no network 203.0.113.0/24\n")


def shut(router: VirtualRouter) -> None:
    line = f"router bgp 1\n {{}}neighbor {PEER} shutdown\n"
    router.load(line.format(""))
    router.topology.advance(3)
    router.load(line.format("no "))


def forgotten(router: VirtualRouter) -> None:
    router.load(f"router bgp 1\n no neighbor {PEER}\n")
    router.topology.advance(3)
    router.load(f"router bgp 1\n neighbor {PEER} remote-as 2\n")


def grouped(router: VirtualRouter) -> None:
    lines = ("neighbor G peer-group", "neighbor G remote-as 2", f"neighbor {PEER} peer-group G")
    router.load(f"router bgp 1\n no neighbor {PEER}\n" + "".join(f" {line}\n" for line in lines))
    router.topology.advance(5)
    forgotten(router)
    router.load("router bgp 1\n no neighbor G peer-group\n")


def found_in_a_range(router: VirtualRouter) -> None:
    """A neighbour that was not configured comes, goes, comes again, and its range goes."""
    there = router.topology.routers["two"]
    lines = (
        f"no neighbor {PEER}",
        "neighbor G peer-group",
        "neighbor G remote-as 2",
        "bgp listen range 10.0.0.0/24 peer-group G",
    )
    router.load("router bgp 1\n" + "".join(f" {line}\n" for line in lines))
    for _ in range(2):
        router.topology.until(lambda: f"*{PEER}" in router.show("bgp summary"))
        there.run("clear bgp 10.0.0.1")
        router.topology.until(lambda: f"*{PEER}" not in router.show("bgp summary"))
    router.load("router bgp 1\n no bgp listen range 10.0.0.0/24 peer-group G\n")
    router.load("router bgp 1\n no neighbor G peer-group\n")
    router.load(f"router bgp 1\n neighbor {PEER} remote-as 2\n")


def unreachable(router: VirtualRouter) -> None:
    name = "neighbor 10.0.0.77"
    router.load(f"router bgp 1\n {name} remote-as 3\n")
    router.topology.advance(10)
    router.load(f"router bgp 1\n no {name}\n")


def looked_after(router: VirtualRouter) -> None:
    there = router.topology.routers["two"]
    for no in ("", "no "):
        router.load(f"router bgp 1\n {no}neighbor {PEER} bfd\n")
        there.load(f"router bgp 2\n {no}neighbor 10.0.0.1 bfd\n")
        router.topology.advance(5)


def routed(router: VirtualRouter) -> None:
    """Routes come and go, with a next hop that is there and one that is not."""
    lines = f"ip route 198.51.100.0/24 {PEER}\nip route 198.51.101.0/24 198.51.102.7\n"
    router.load(lines)
    router.topology.advance(3)
    router.load("".join(f"no {line}\n" for line in lines.splitlines()))


def looked(router: VirtualRouter) -> None:
    for line in (f"show bgp neighbors {PEER} json", "show bgp ipv4 unicast", "show ip route"):
        router.run(line)


DEEDS = (
    cleared,
    filtered,
    described,
    networked,
    shut,
    forgotten,
    grouped,
    found_in_a_range,
    unreachable,
    looked_after,
    routed,
    looked,
)


@pytest.mark.parametrize("deed", DEEDS)
def test_nothing_hangs_together(
    topology: Topology, router: VirtualRouter, deed: Callable[[VirtualRouter], None]
) -> None:
    def once() -> None:
        deed(router)
        topology.advance(5)
        topology.until(lambda: "192.0.2.2" in router.show("ip bgp"))

    once()
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        once()
        gc.collect()
        ours = Counter(
            type(one).__name__ for one in gc.garbage if type(one).__module__.startswith(OURS)
        )
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    assert not ours


def test_fifty_neighbours_that_come_and_go_leave_nothing(
    topology: Topology, router: VirtualRouter
) -> None:
    """No collection is needed: what each of them was goes with it."""
    names = [f"10.0.0.{number}" for number in range(50, 100)]
    there = topology.router("many")
    topology.wire(router, there, "10.1.0.0/24")
    own = "router bgp 1\n no bgp ebgp-requires-policy\n neighbor 10.1.0.2 "
    there.load(CONFIG.format(asn=3, peer="10.1.0.1", other=1))

    def once() -> list["ref[Peer]"]:
        router.load(own + "remote-as 3\n")
        router.load("router bgp 1\n" + "".join(f" neighbor {name} remote-as 2\n" for name in names))
        topology.until(lambda: "192.0.2.3" in router.show("ip bgp"))
        instance = router.bgpd.instances[None]
        known = [ref(peer) for name, peer in instance.peers.items() if str(name) != PEER]
        router.load("router bgp 1\n" + "".join(f" no neighbor {name}\n" for name in names))
        for _ in range(5):
            router.run("clear bgp 10.1.0.2")
            topology.advance(30)
        router.load("router bgp 1\n no neighbor 10.1.0.2\n")
        topology.advance(60)
        return known

    once()
    gc.collect()
    gc.disable()
    try:
        before = counted()
        known = once()
        after = counted()
    finally:
        gc.enable()
    assert len(known) == 51
    assert not [one() for one in known if one() is not None]
    # Costs of a command, the last route: not fifty of anything.
    assert all(count < len(names) / 2 for count in (after - before).values())


def counted() -> Counter[str]:
    """The objects of the program, by type."""
    return Counter(
        type(one).__name__ for one in gc.get_objects() if type(one).__module__.startswith(OURS)
    )
