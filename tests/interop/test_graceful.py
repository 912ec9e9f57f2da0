"""Graceful restart with a real FRR (RFC 4724): the router as its helper, and restarting itself."""

import json
import signal

import pytest

from tests.interop.beside import ROUTES, Beside, beside
from tests.support.scenario import UNDER_TEST
from tests.support.wait import until

pytestmark = pytest.mark.real

RESTART = 6
GRACEFUL = f"bgp graceful-restart\n bgp graceful-restart restart-time {RESTART}"


def stale(pair: Beside) -> set[str]:
    """Prefixes with the mark `S`."""
    shown = json.loads(pair.router.show("show ip bgp json"))["routes"]
    return {prefix for prefix, paths in shown.items() if any(p.get("stale") for p in paths)}


def kill_bgpd(pair: Beside) -> None:
    pair.frr.processes.pop("bgpd").stop(signal.SIGKILL)
    until(lambda: stale(pair) == ROUTES, 5, "stale routes at the router")


def established(pair: Beside) -> None:
    pair.router.start()
    pair.await_routes()
    until(lambda: pair.kernel() == ROUTES, 10, "the routes in the kernel")
    assert stale(pair) == set()


@pytest.mark.parametrize("kind", UNDER_TEST)
def test_stale_routes_stay_until_the_peer_is_back(kind: str) -> None:
    with beside(kind, theirs=GRACEFUL, more="neighbor 10.0.0.1 graceful-restart") as pair:
        established(pair)
        kill_bgpd(pair)
        text = pair.router.show("show ip bgp")
        assert text.count("\nS>") + text.count("\nS*>") == len(ROUTES)
        assert pair.kernel() == ROUTES
        # Back without one of its networks: End-of-RIB takes that one away, the other never went.
        conf = pair.frr.config / "bgpd.conf"
        pair.frr.write("bgpd.conf", conf.read_text().replace("  network 172.30.1.0/24\n", ""))
        pair.frr.start("bgpd")
        until(lambda: set(pair.routes()) == {"172.30.0.0/24"}, 25, "what was not repeated is gone")
        until(lambda: pair.kernel() == {"172.30.0.0/24"}, 5, "from the kernel too")
        assert stale(pair) == set()
        assert pair.state() == "Established"


@pytest.mark.parametrize("kind", UNDER_TEST)
def test_stale_routes_go_when_the_restart_time_is_over(kind: str) -> None:
    with beside(kind, theirs=GRACEFUL, more="neighbor 10.0.0.1 graceful-restart") as pair:
        established(pair)
        kill_bgpd(pair)
        assert pair.kernel() == ROUTES
        until(lambda: not pair.routes(), RESTART + 6, "no routes after the restart time")
        until(lambda: not pair.kernel(), 5, "none in the kernel")


@pytest.mark.parametrize("kind", UNDER_TEST)
def test_routes_of_a_peer_that_does_not_restart_gracefully_go_at_once(kind: str) -> None:
    with beside(kind) as pair:
        established(pair)
        pair.frr.processes.pop("bgpd").stop(signal.SIGKILL)
        until(lambda: not pair.routes(), 5, "no routes")
        until(lambda: not pair.kernel(), 5, "none in the kernel")


def test_forwarding_goes_on_while_the_own_bgpd_restarts() -> None:
    """bgpd is killed and started again: no route leaves the kernel, FRR keeps ours as stale."""
    own = f"{GRACEFUL}0\n bgp graceful-restart preserve-fw-state\n network 203.0.113.0/24"
    own += "\n no bgp network import-check"
    with beside("ours", own=own) as pair:
        pair.router.start()
        until(lambda: pair.kernel() == ROUTES, 20, "the routes in the kernel")
        until(lambda: "203.0.113.0/24" in pair.frr.show("show ip bgp"), 10, "our network at FRR")
        monitor = pair.router.namespace.spawn(["ip", "-o", "monitor", "route"], log="routes")
        pair.router.processes.pop("bgpd").stop(signal.SIGKILL)
        until(lambda: "\nS> 203.0.113.0/24" in pair.frr.show("show ip bgp"), 5, "stale at FRR")
        assert pair.kernel() == ROUTES
        # One network is gone when bgpd is back: only this one may leave the kernel.
        pair.frr.configure("router bgp 65002", "address-family ipv4", "no network 172.30.1.0/24")
        pair.router.start("bgpd")
        until(lambda: pair.kernel() == {"172.30.0.0/24"}, 20, "what FRR has no more is gone")
        until(lambda: "\n*> 203.0.113.0/24" in pair.frr.show("show ip bgp"), 10, "ours is back")
        assert set(pair.routes()) == {"172.30.0.0/24", "203.0.113.0/24"}
        gone = [line for line in monitor.output().splitlines() if line.startswith("Deleted 172.")]
        assert [line.split()[1] for line in gone] == ["172.30.1.0/24"]


LONG = 5
LONG_LIVED = f"bgp long-lived-graceful-restart stale-time {LONG}"
SHORT = GRACEFUL.replace(f"restart-time {RESTART}", "restart-time 3")


@pytest.mark.parametrize("kind", UNDER_TEST[:1])
def test_after_the_restart_time_routes_live_on_long(kind: str) -> None:
    """RFC 9494: marked with LLGR_STALE, forwarded on, gone when that time is over, too."""
    theirs, more = f"{SHORT}\n {LONG_LIVED}", "neighbor 10.0.0.1 graceful-restart"
    with beside(kind, own=LONG_LIVED, theirs=theirs, more=more) as pair:
        established(pair)
        kill_bgpd(pair)
        until(lambda: set(long_lived(pair)) == ROUTES, 3 + 5, "LLGR_STALE after the restart time")
        assert pair.kernel() == ROUTES
        until(lambda: not pair.routes(), LONG + 6, "no routes after the long-lived time")
        until(lambda: not pair.kernel(), 5, "none in the kernel")


def long_lived(pair: Beside) -> list[str]:
    """Prefixes with the community."""
    shown = (pair.router.show(f"show bgp ipv4 unicast {prefix} json") for prefix in ROUTES)
    found = (json.loads(text) for text in shown)
    return [
        one["prefix"]
        for one in found
        if "llgr-stale" in one["paths"][0].get("community", {}).get("string", "")
    ]


def at_frr(pair: Beside) -> dict[str, object]:
    """What FRR was told of the router's restart: bits, times, ends of tables."""
    text = pair.frr.show("show bgp ipv4 neighbors 10.0.0.1 graceful-restart json")
    told: dict[str, dict[str, dict[str, object]]] = json.loads(text)["10.0.0.1"]
    family = told.get("ipv4Unicast", {})
    assert family.get("endOfRibStatus") == {
        "endOfRibSend": True,
        "endOfRibSentAfterUpdate": True,
        "endOfRibRecv": True,
    }
    family["timers"].pop("stalePathTimerRemaining", None)
    return dict(told)


def restarted(kind: str, own: str) -> list[dict[str, object]]:
    """What FRR was told before bgpd is killed and started again, and afterwards."""
    with beside(kind, own=own) as pair:
        pair.router.start()
        seen = [until(lambda: at_frr(pair), 20, "End-of-RIB at first")]
        pair.router.processes.pop("bgpd").stop(signal.SIGKILL)
        until(lambda: "\nS> 203.0" in pair.frr.show("show ip bgp"), 5, "stale at FRR")
        pair.router.start("bgpd")
        until(lambda: "\n*> 203.0" in pair.frr.show("show ip bgp"), 20, "it is back")
        return [*seen, until(lambda: at_frr(pair), 20, "End-of-RIB again")]


def test_bits_and_ends_of_tables_are_as_frrs_own() -> None:
    """R and F bits and End-of-RIB around a restart, as FRR sees them of us and of itself."""
    own = f"{GRACEFUL}0\n bgp graceful-restart preserve-fw-state\n network 203.0.113.0/24"
    own += "\n no bgp network import-check"
    assert restarted("ours", own) == restarted("frr", own)
