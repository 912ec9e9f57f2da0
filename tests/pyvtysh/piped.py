"""A router in memory with a neighbour, whose answers are filtered."""

from collections.abc import Iterator

import pytest

from pyvtysh.testing.router import VirtualRouter
from pyvtysh.testing.topology import Topology

ONE = """router bgp 65001
 no bgp ebgp-requires-policy
 neighbor 10.0.12.2 remote-as 65002
 neighbor 10.0.12.2 description to the other
 neighbor 10.0.12.9 remote-as 65009
 address-family ipv4 unicast
  network 10.255.0.1/32
"""
OTHER = """router bgp 65002
 no bgp ebgp-requires-policy
 neighbor 10.0.12.1 remote-as 65001
 address-family ipv4 unicast
  network 10.9.0.0/16
  network 10.99.0.0/16
"""


@pytest.fixture(scope="module")
def router() -> Iterator[VirtualRouter]:
    topology = Topology()
    lines = (
        "interface eth0\n wire a\n address 10.0.12.{}/24\ninterface lo\n address 10.255.0.{}/32\n"
    )
    routes = "ip route 10.9.0.0/16 Null0\nip route 10.99.0.0/16 Null0\n"
    made = topology.router("one", interfaces=lines.format(1, 1), config=ONE)
    topology.router("other", interfaces=lines.format(2, 2), config=routes + OTHER)
    topology.advance(30)
    yield made
    topology.close()


def says(router: VirtualRouter, line: str) -> str:
    """What a line answers, that is taken."""
    return router.run(line).checked()
