"""What is done and undone leaves no reference cycles, which a daemon would keep for good.

Daemons freeze what is old, so that no collection looks at a million routes: cycles among what was
replaced are memory that never comes back.
"""

import gc
from collections import Counter
from collections.abc import Callable

import pytest

from pyvtysh.testing.router import VirtualRouter
from pyvtysh.testing.topology import Topology
from tests.reliability.test_clock import CONFIG, PEER

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


def looked(router: VirtualRouter) -> None:
    for line in (f"show bgp neighbors {PEER} json", "show bgp ipv4 unicast", "show ip route"):
        router.run(line)


@pytest.mark.parametrize("deed", [cleared, filtered, described, networked, looked])
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
            type(one).__name__
            for one in gc.garbage
            if type(one).__module__.startswith(("bgp.", "zebra.", "grammar."))
        )
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    assert "UpdateGroup" not in ours
    assert "Shard" not in ours
    assert "Peer" not in ours
    if deed is not cleared:
        assert not ours
