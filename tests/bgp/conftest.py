"""Fixtures of several modules."""

import pytest

from pyvtysh.testing.router import VirtualRouter
from pyvtysh.testing.topology import Topology
from tests.bgp.explaining import Config


@pytest.fixture
def pair(topology: Topology) -> Config:
    """Two routers on a wire, with the lines given; ten seconds later."""

    def make(ours: str, theirs: str, seconds: float = 10) -> tuple[VirtualRouter, VirtualRouter]:
        us, them = topology.router("us"), topology.router("them")
        topology.wire(us, them, "10.0.1.0/24")
        us.load(ours)
        them.load(theirs)
        topology.advance(seconds)
        return us, them

    return make
