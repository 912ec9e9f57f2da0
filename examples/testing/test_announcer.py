"""A client that speaks BGP, tested against a router: no root, no sockets, no waiting.

    pytest examples/testing

The client is the announcer of `examples/soft-router`, in the role of a MetalLB speaker. The router
is in this process, on a clock that stands still until the test moves it, so a hold time of 90
seconds passes in a moment, and every run is the same. `router` and `topology` are fixtures that
pytest has wherever pyvtysh is installed.
"""

import sys
from pathlib import Path

import pytest

from bgp.session import SessionConfig
from bgp.sockets import Endpoint
from bgp.transport import Dial
from grammar.base.values import Address, Prefix
from pyvtysh.testing.router import VirtualRouter
from pyvtysh.testing.topology import Topology

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "soft-router"))

from announcer import Announcer

ROUTER, CLIENT = "192.168.122.1", "192.168.122.102"
pytestmark = pytest.mark.router(
    interfaces=f"interface virbr0\n address {ROUTER}/24\n",
    config=f"""
router bgp 65001
 no bgp ebgp-requires-policy
 neighbor {CLIENT} remote-as 64512
""",
)


@pytest.fixture
def client(topology: Topology, router: VirtualRouter) -> Announcer:
    """The client, which has one address to offer and is up by now."""
    made = Announcer(
        topology.scheduler,
        topology.transport(CLIENT),
        Dial(Endpoint(Address.parse(ROUTER), 179), source=Address.parse(CLIENT)),
        SessionConfig(64512, Address.parse(CLIENT).value, 65001, hold_time=90, connect_retry=2),
        [Prefix.parse("172.19.0.1/32")],
    )
    made.start()
    topology.until(lambda: made.established)
    return made


def offered(router: VirtualRouter) -> dict[str, str]:
    """What the router has from its neighbour: prefix and next hop."""
    routes = router.show("bgp ipv4 unicast", json=True)["routes"]
    return {prefix: paths[0]["nexthops"][0]["ip"] for prefix, paths in routes.items()}


def test_what_is_announced_is_a_route(client: Announcer, router: VirtualRouter) -> None:
    client.announce(Prefix.parse("172.19.0.100/32"))
    router.topology.settle()
    assert offered(router) == {"172.19.0.1/32": CLIENT, "172.19.0.100/32": CLIENT}
    (route,) = router.show("ip route 172.19.0.100/32", json=True)["172.19.0.100/32"]
    assert (route["protocol"], route["nexthops"][0]["interfaceName"]) == ("bgp", "virbr0")


def test_what_is_withdrawn_is_gone(client: Announcer, router: VirtualRouter) -> None:
    client.withdraw(Prefix.parse("172.19.0.1/32"))
    router.topology.settle()
    assert offered(router) == {}


def test_the_session_lives_as_long_as_there_is_a_way(
    client: Announcer, router: VirtualRouter
) -> None:
    router.topology.advance(3600)
    assert client.established
    router.unplug("virbr0")
    assert router.show("ip route 172.19.0.1/32", json=True) == {}
    router.topology.advance(91)
    assert not client.established
    router.plug("virbr0")
    router.topology.until(lambda: client.established)
    assert offered(router) == {"172.19.0.1/32": CLIENT}


def test_a_router_that_refuses_it(client: Announcer, router: VirtualRouter) -> None:
    with router.configure() as c:
        c("debug bgp neighbor-events", "router bgp 65001", f"neighbor {CLIENT} remote-as 64513")
    router.topology.advance(30)
    assert not client.established
    assert router.show("bgp summary", json=True)["ipv4Unicast"]["failedPeers"] == 1
    assert f"sent to neighbor {CLIENT} 2/2 (OPEN Message Error/Bad Peer AS)" in router.log.text
