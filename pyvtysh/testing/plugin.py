"""The fixtures `topology` and `router`, in every pytest where pyvtysh is installed.

Nothing of the routers is imported before a test asks for one of them.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyvtysh.testing.router import VirtualRouter
    from pyvtysh.testing.topology import Topology

INTERFACES = "interface eth0\n address 192.0.2.1/24\n"
"""What `router` has unless its mark says otherwise."""


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark."""
    config.addinivalue_line(
        "markers",
        "router(config='', interfaces=..., name='router'): what the fixture `router` begins with",
    )


@pytest.fixture
def topology() -> Iterator["Topology"]:
    """Routers and wires in this process, with a clock that stands still until the test moves it."""
    from pyvtysh.testing.topology import Topology

    made = Topology()
    yield made
    made.close()


@pytest.fixture
def router(topology: "Topology", request: pytest.FixtureRequest) -> "VirtualRouter":
    """A router of `topology`, as the mark `router` describes it, else with `INTERFACES`."""
    mark = request.node.get_closest_marker("router")
    given = {"name": "router", "interfaces": INTERFACES, **(mark.kwargs if mark else {})}
    return topology.router(**given)
