"""What happens to the soft router between the questions of the story."""

import json

from tests.support.scenario import ADDRESS, GUIDE, PEER, SoftRouter
from tests.support.wait import steady, until


def nothing(_: SoftRouter) -> None:
    """Do nothing before the questions."""


def wait_for_count(scenario: SoftRouter, key: str, least: int) -> None:
    """Wait until the router's message statistics for n102 show at least this count."""

    def count() -> int:
        shown = json.loads(scenario.router.show(f"show ip bgp neighbors {PEER} json"))
        return int(shown[PEER]["messageStats"][key])

    until(lambda: count() >= least, 10, f"{key} of at least {least}")


def start(scenario: SoftRouter) -> None:
    scenario.node.start()
    scenario.router.start()


def type_guide(scenario: SoftRouter) -> None:
    scenario.type_guide()
    scenario.converge()


def store_incoming(scenario: SoftRouter) -> None:
    family = ("router bgp 65001", "address-family ipv4 unicast")
    scenario.router.configure(*family, f"neighbor {PEER} soft-reconfiguration inbound")
    received = f"show ip bgp neighbors {PEER} received-routes"
    until(lambda: ADDRESS in scenario.router.show(received), 10, "received-routes shows the routes")


def forget_incoming(scenario: SoftRouter) -> None:
    family = ("router bgp 65001", "address-family ipv4 unicast")
    scenario.router.configure(*family, f"no neighbor {PEER} soft-reconfiguration inbound")


def refresh(scenario: SoftRouter) -> None:
    """One ROUTE-REFRESH, answered between the two marks of RFC 7313."""
    before = json.loads(scenario.router.show(f"show ip bgp neighbors {PEER} json"))
    count = int(before[PEER]["messageStats"]["routeRefreshRecv"])
    assert scenario.router.vtysh(f"clear bgp {PEER} soft in").exit == 0
    wait_for_count(scenario, "routeRefreshRecv", count + 2)


def quieten(scenario: SoftRouter) -> None:
    """Wait until no refresh is under way: nothing is stale, and the counts stand still."""

    def counts() -> object:
        shown = json.loads(scenario.router.show(f"show ip bgp neighbors {PEER} json"))
        assert scenario.router.show("show ip bgp").count("\n*> ") == 2
        return shown[PEER]["messageStats"]

    steady(counts, 10, "no refresh under way", interval=0.2)


def reset(scenario: SoftRouter) -> None:
    assert scenario.router.vtysh("clear bgp *").exit == 0
    until(lambda: established(scenario) == 2, 20, "the second session")
    scenario.converge()


def established(scenario: SoftRouter) -> int:
    shown = json.loads(scenario.router.show(f"show ip bgp neighbors {PEER} json"))[PEER]
    return int(shown["connectionsEstablished"]) if shown["bgpState"] == "Established" else 0


def lose(scenario: SoftRouter) -> None:
    scenario.node.stop("bgpd")
    kernel = scenario.router.namespace
    until(lambda: not kernel.ip("route", "list", "proto", "bgp"), 10, "no BGP route in the kernel")
    states = f"show ip bgp neighbors {PEER}"
    until(lambda: "BGP state = Active" in scenario.router.show(states), 10, "Active")


def come_back(scenario: SoftRouter) -> None:
    scenario.node.start("bgpd")
    assert scenario.router.vtysh(f"clear bgp {PEER}").exit == 0  # else it waits for two minutes
    scenario.converge()


def add_statics(scenario: SoftRouter) -> None:
    scenario.converge()
    scenario.router.configure(
        "ip route 10.50.0.0/16 192.168.122.50",
        "ip route 10.51.0.0/16 blackhole",
        "ip route 10.52.0.0/16 192.168.122.50 77",
    )
    static = "show ip route static"
    until(lambda: scenario.router.show(static).count("S>*") == 3, 10, "three static routes")


def boot(scenario: SoftRouter) -> None:
    """Start again with the guide's folder, but for the lines that FRR's bgpd does not read."""
    scenario.router.stop()
    for path in scenario.router.config.iterdir():
        path.unlink()
    lines = [line for line in GUIDE.splitlines(keepends=True) if "zebra" not in line]
    # Empty files: a daemon saves to a file that `-f` names only if it was there, and the one
    # process has no `-f`.
    for name in ("vtysh.conf", "zebra.conf", "staticd.conf"):
        scenario.router.write(name, "")
    scenario.router.write("bgpd.conf", "".join(lines))
    scenario.router.start()
    scenario.converge()
