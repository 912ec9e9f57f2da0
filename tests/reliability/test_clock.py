"""A clock that jumps (NTP, by hand): ages, timers and sessions do not care, dates follow it."""

from typing import Any

import pytest

from pyvtysh.testing.router import VirtualRouter
from pyvtysh.testing.topology import Topology

CONFIG = """\
router bgp {asn}
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor {peer} remote-as {other}
 address-family ipv4 unicast
  network 192.0.2.{asn}/32
"""
PEER = "10.0.0.2"
DAY = 86400


@pytest.fixture
def routers(topology: Topology) -> tuple[VirtualRouter, VirtualRouter]:
    one, two = topology.router("one"), topology.router("two")
    topology.wire(one, two, "10.0.0.0/24")
    one.load(CONFIG.format(asn=1, peer="10.0.0.2", other=2))
    two.load(CONFIG.format(asn=2, peer="10.0.0.1", other=1))
    topology.until(lambda: "192.0.2.2" in one.show("show ip bgp"))
    topology.advance(1000)
    return one, two


def told(router: VirtualRouter) -> dict[str, Any]:
    """Dates and ages, as the router tells them."""
    neighbor = router.show(f"show bgp neighbors {PEER}", json=True)[PEER]
    summary = router.show("show bgp summary", json=True)["ipv4Unicast"]["peers"][PEER]
    path = router.show("show bgp ipv4 unicast 192.0.2.2/32", json=True)["paths"][0]
    own = router.show("show bgp ipv4 unicast 192.0.2.1/32", json=True)["paths"][0]
    group = router.show("show bgp ipv4 unicast update-groups")
    return {
        "dates": [
            neighbor["bgpTimerUpEstablishedEpoch"],
            summary["peerUptimeEstablishedEpoch"],
            path["lastUpdate"]["epoch"],
            own["lastUpdate"]["epoch"],
        ],
        "created": next(line for line in group.splitlines() if "Created" in line),
        "ages": (neighbor["bgpTimerUpMsec"], summary["peerUptimeMsec"], summary["peerUptime"]),
        "routes": router.show("show ip route"),
    }


@pytest.mark.parametrize("jump", [-400 * DAY, -DAY, -3600, 3600, DAY, 20000 * DAY])
def test_dates_follow_the_clock_and_ages_do_not(
    topology: Topology, routers: tuple[VirtualRouter, VirtualRouter], jump: int
) -> None:
    one, two = routers
    before = told(one)
    topology.scheduler.clock.jump(jump)
    after = told(one)
    assert after["dates"] == [date + jump for date in before["dates"]]
    assert after["ages"] == before["ages"]
    assert after["routes"] == before["routes"]
    assert after["created"] != before["created"]
    # Whole hold times later nothing has been lost, and nothing sent in vain.
    topology.advance(1000)
    later = told(one)
    assert later["dates"] == after["dates"]
    assert later["ages"][0] == before["ages"][0] + 1_000_000
    neighbor = one.show(f"show bgp neighbors {PEER}", json=True)[PEER]
    assert (neighbor["connectionsEstablished"], neighbor["connectionsDropped"]) == (1, 0)
    # What comes from now on is dated by the new time, as it would be after a start.
    two.load("router bgp 2\n address-family ipv4 unicast\n  network 203.0.113.0/24\n")
    topology.until(lambda: "203.0.113.0" in one.show("show ip bgp"))
    path = one.show("show bgp ipv4 unicast 203.0.113.0/24", json=True)["paths"][0]
    assert abs(path["lastUpdate"]["epoch"] - topology.scheduler.clock.wall()) <= 35
