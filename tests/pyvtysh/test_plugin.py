"""Routers in a test's process: the clock, the wires, what goes between; and the fixtures."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

import pyvtysh
from bgp.wire.capability import IPV4_UNICAST
from pyvtysh.testing.router import VirtualRouter
from pyvtysh.testing.topology import Topology

ROOT = Path(__file__).parent.parent.parent


def bgp(asn: int, *neighbors: str, lines: str = "") -> str:
    peers = "".join(f" neighbor {each}\n" for each in neighbors)
    return f"router bgp {asn}\n no bgp ebgp-requires-policy\n{peers}{lines}\n"


def pair(topology: Topology) -> tuple[VirtualRouter, VirtualRouter]:
    one, two = topology.router("r1"), topology.router("r2")
    topology.wire(one, two, "10.0.12.0/24")
    static = " address-family ipv4 unicast\n  redistribute static\n"
    one.load("ip route 10.9.0.0/24 blackhole\n" + bgp(1, "10.0.12.2 remote-as 2", lines=static))
    two.load(bgp(2, "10.0.12.1 remote-as 1"))
    return one, two


def has(router: VirtualRouter, prefix: str) -> bool:
    return prefix in router.show("ip route bgp", json=True)


def test_a_route_is_learned_and_goes_with_the_wire(topology: Topology) -> None:
    one, two = pair(topology)
    assert topology.until(lambda: has(two, "10.9.0.0/24")) <= 10
    shown = two.show("ip route 10.9.0.0/24")
    assert "* 10.0.12.1, via r1, weight 1" in shown
    topology.cable("r1-r2").cut()
    topology.settle()
    assert (has(two, "10.9.0.0/24"), two.daemons) == (False, ("zebra", "bgpd", "staticd"))
    topology.cable("r1-r2").mend()
    topology.until(lambda: has(two, "10.9.0.0/24"))
    one.unplug("r2")
    assert "10.0.12.0/24" not in one.show("ip route")
    topology.until(lambda: not has(two, "10.9.0.0/24"), within=200)
    one.plug("r2")
    topology.until(lambda: has(two, "10.9.0.0/24"))


def test_time_passes_only_when_the_test_says_so(topology: Topology) -> None:
    one, two = pair(topology)
    topology.until(lambda: has(two, "10.9.0.0/24"))
    before = topology.now
    time.sleep(0.01)
    assert topology.now == before
    topology.advance(3600)
    neighbor = one.show("bgp neighbors 10.0.12.2", json=True)["10.0.12.2"]
    assert neighbor["bgpTimerUpMsec"] // 1000 in range(3598, 3601)
    assert neighbor["messageStats"]["keepalivesRecv"] >= 60
    assert "01:0" in two.show("ip route bgp") or "00:59:" in two.show("ip route bgp")
    with pytest.raises(AssertionError, match="not true within 5 seconds"):
        topology.until(lambda: False, within=5)


def test_thirty_routers_converge_in_a_second(topology: Topology) -> None:
    count = 30
    routers = [
        topology.router(f"r{n}", interfaces=f"interface lo\n address 10.255.0.{n}/32\n")
        for n in range(count)
    ]
    for n in range(count):
        topology.wire(routers[n], routers[(n + 1) % count], f"10.0.{n}.0/31")
    for n, router in enumerate(routers):
        peers = f"10.0.{n}.1 remote-as external", f"10.0.{(n - 1) % count}.0 remote-as external"
        lines = f" address-family ipv4 unicast\n  network 10.255.0.{n}/32\n"
        router.load(bgp(65000 + n, *peers, lines=lines))
    began = time.process_time()
    topology.until(lambda: all(_routes(router) == count for router in routers), within=60)
    took = time.process_time() - began
    assert took <= 1.0, took  # measured 0.4
    route = routers[0].show("ip route 10.255.0.15/32", json=True)["10.255.0.15/32"][0]
    assert len(route["nexthops"]) in (1, 2)  # fifteen hops either way


def _routes(router: VirtualRouter) -> int:
    return len(router.bgpd.instances[None].tables[IPV4_UNICAST])


def test_neighbours_on_interfaces_find_each_other(topology: Topology) -> None:
    one, two = (
        topology.router(name, interfaces=f"interface lo\n address {address}/32\n")
        for name, address in (("r1", "10.255.0.1"), ("r2", "10.255.0.2"))
    )
    topology.wire(one, two)
    one.load(bgp(1, "r2 interface remote-as external", lines=" network 10.1.0.0/24\n"))
    one.load("router bgp 1\n no bgp network import-check\n")
    two.load(bgp(2, "r1 interface remote-as external"))
    topology.until(lambda: has(two, "10.1.0.0/24"))
    assert "via fe80::" in two.show("ip route 10.1.0.0/24").replace("* fe80", "via fe80")


def test_passwords_have_to_be_the_same(topology: Topology) -> None:
    one, two = pair(topology)
    one.load("router bgp 1\n neighbor 10.0.12.2 password secret\n")
    topology.advance(30)
    assert not has(two, "10.9.0.0/24")
    two.load("router bgp 2\n neighbor 10.0.12.1 password secret\n")
    topology.until(lambda: has(two, "10.9.0.0/24"), within=200)


def test_a_configuration_is_loaded_as_from_a_file(topology: Topology) -> None:
    router = topology.router("r1")
    text = "frr version 8.4.4\n!\nhostname r1\nrouter bgp 1\n neighbor 10.0.0.2 port 3\n nothing\n"
    with pytest.raises(pyvtysh.RefusedError, match="line 5") as refused:
        router.load(text)
    error = refused.value
    assert (error.number, error.daemon, error.line) == (5, "bgpd", " neighbor 10.0.0.2 port 3")
    assert "nothing" in error.text
    assert "router bgp 1" in router.running_config()  # the other lines are in force
    with router.configure() as c:
        c("hostname r9", "ip route 10.1.0.0/24 blackhole")
    assert "10.1.0.0/24" in router.show("ip route static")
    with pytest.raises(ValueError, match="there is a router r1"):
        topology.router("r1")
    with pytest.raises(ValueError, match="not understood"):
        router.interfaces("interface eth0\n colour red\n")


@pytest.mark.router(name="edge", interfaces="interface eth7\n address 2001:db8::1/64\n")
def test_the_mark_tells_what_the_router_begins_with(router: VirtualRouter) -> None:
    assert router.name == "edge"
    assert "directly connected, eth7" in router.show("ipv6 route")


def test_the_example_runs_where_pyvtysh_is_installed() -> None:
    words = ["-m", "pytest", "-W", "error", "-p", "no:cacheprovider", "examples/testing"]
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("....")


def test_the_plugin_and_the_package_load_no_router() -> None:
    code = (
        "import sys, json, pyvtysh; early = set(sys.modules); import pyvtysh.testing.plugin;"
        "print(json.dumps([sorted(early), sorted(sys.modules)]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    early, late = (set(names) for names in json.loads(done.stdout))
    assert not {name for name in early if name.startswith(("pyvtysh.", "grammar", "typing"))}
    assert not {name for name in late if name.partition(".")[0] in ("grammar", "bgp", "zebra")}
