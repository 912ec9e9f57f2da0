"""`show bgp health`, the metrics of Prometheus, the pulse of the event loop, log lines as JSON."""

import asyncio
import contextlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bgp.bgpd import Bgpd
from bgp.health.snapshot import Health
from bgp.health.told import as_json, text
from grammar.base.clock import FakeClock
from grammar.base.log import Level
from grammar.base.scheduler import FakeScheduler
from grammar.base.vitals import Vitals
from grammar.common import LogTarget
from pyvtysh.host.errors import StartError
from pyvtysh.host.hosted import metrics_of
from pyvtysh.host.log import DaemonLog
from pyvtysh.host.metrics.collected import exposition, seen
from pyvtysh.host.metrics.server import AT_ONCE, MetricsServer
from pyvtysh.host.options import UsageError, parse
from pyvtysh.host.pulse import Pulse
from pyvtysh.testing.topology import Topology
from tests.support.health import snapshot

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"
SINCE = re.compile(r"(?<=Established )[0-9:]{8}")
VITALS = Vitals(3600.0, 12.5, 50 << 20, 0.001, 0.004, 20, 1024, 2)


def pair(topology: Topology) -> Bgpd:
    """Two routers with a session and a route; the first one's bgpd, which has a lost neighbor."""
    one, two = topology.router("r1"), topology.router("r2")
    topology.wire(one, two, "10.0.12.0/24")
    one.load(
        "router bgp 1\n no bgp ebgp-requires-policy\n neighbor 10.0.12.2 remote-as 2\n"
        " neighbor 10.0.12.9 remote-as 9\n neighbor 10.0.12.8 remote-as 8\n"
        " neighbor 10.0.12.8 shutdown\n"
    )
    two.load(
        "ip route 10.9.0.0/24 blackhole\nrouter bgp 2\n no bgp ebgp-requires-policy\n"
        " neighbor 10.0.12.1 remote-as 1\n address-family ipv4 unicast\n  redistribute static\n"
    )
    topology.until(lambda: "10.9.0.0/24" in one.show("ip bgp", json=True)["routes"])
    return one.bgpd


def healthy(bgpd: Bgpd) -> Health:
    return replace(snapshot(bgpd), vitals=VITALS)


def test_health_tells_of_sessions_prefixes_and_queues(topology: Topology) -> None:
    health = healthy(pair(topology))
    lines = "".join(text(health)).splitlines()
    assert lines[0] == "Health: 1 to look at"
    assert lines[1].startswith("  neighbor 10.0.12.9 (VRF default) is down: ")
    assert "Sessions: 1 of 3 established" in lines
    assert "Event loop: 1.0 ms late, at most 4.0 ms within the last minute" in lines
    assert "Prefixes: 1 ipv4 unicast, VRF default" in lines
    (row,) = [line.split() for line in lines if line.startswith("10.0.12.2 ")]
    assert row[1:3] + row[4:] == ["2", "Established", "1", "1", "0", "0"]
    assert all(len(line) < 80 for line in lines)
    told: Any = as_json(health)
    assert json.loads(json.dumps(told)) == told
    assert (told["healthy"], told["peersEstablished"]) == (False, 1)
    peers = {peer["peer"]: peer for peer in told["peers"]}
    family = {"afi": "ipv4", "safi": "unicast", "accepted": 1, "announced": 1}
    assert peers["10.0.12.2"]["families"] == [family]
    assert peers["10.0.12.2"]["updatesReceived"] >= 1
    assert peers["10.0.12.8"]["downReason"] == ""  # somebody wanted it so


def test_health_is_shown_by_the_daemon(topology: Topology) -> None:
    pair(topology)
    shown = topology.routers["r1"].show("bgp health")
    assert "Sessions: 1 of 3 established" in shown
    assert topology.routers["r1"].show("bgp health", json=True)["attributeSets"] >= 1


def test_the_page_shows_what_is_printed(topology: Topology) -> None:
    """docs/metrics.md; how long the session has been up is another matter."""
    (shown,) = re.findall(r"r1# show bgp health\n(.*?)```", PAGE.read_text(), re.DOTALL)
    printed = "".join(text(healthy(pair(topology))))
    assert SINCE.sub("SINCE", printed) == SINCE.sub("SINCE", shown)


@pytest.mark.parametrize(
    ("vitals", "says"),
    [
        (replace(VITALS, most_late=0.7), "the event loop was 0.7 s late within the last minute"),
        (replace(VITALS, descriptors=1000), "1000 of 1024 file descriptors are in use"),
    ],
)
def test_what_is_wrong_is_said(vitals: Vitals, says: str) -> None:
    health = Health(vitals, 0, 0, (), ())
    assert list(health.problems()) == [says]
    assert list(Health(VITALS, 0, 0, (), ()).problems()) == []
    assert "".join(text(Health(VITALS, 0, 0, (), ()))).startswith("Health: good\n")


@dataclass
class Process:
    """What metrics ask of a process."""

    def vitals(self) -> Vitals:
        return VITALS


@dataclass
class Hosting:
    """What metrics ask of a hosted daemon."""

    name: str
    component: Bgpd
    process: Process


def test_the_page_is_prometheus(topology: Topology) -> None:
    bgpd = pair(topology)
    hosted: Any = Hosting("bgpd", bgpd, Process())
    page, kind = exposition([asyncio.run(seen(hosted))], "")
    assert kind.startswith("text/plain; version=")
    found = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(page.decode())
        for sample in family.samples
    }
    peer = (("peer", "10.0.12.2"), ("remote_as", "2"), ("vrf", "default"))
    family = (("afi", "ipv4"), *peer[:2], ("safi", "unicast"), peer[2])
    table = (("afi", "ipv4"), ("safi", "unicast"), ("vrf", "default"))
    daemon = (("daemon", "bgpd"),)
    assert found["bgp_peer_up", *peer] == 1
    assert found["bgp_peer_sessions_total", *peer] == 1
    assert found["bgp_peer_updates_received_total", *peer] >= 1
    assert found["bgp_peer_accepted_prefixes", *family] == 1
    assert found["bgp_prefixes", *table] == 1
    assert found["pyvtysh_loop_late_max_seconds", *daemon] == 0.004
    assert found["pyvtysh_resident_memory_bytes", *daemon] == 50 << 20
    assert found["pyvtysh_cpu_seconds_total", *daemon] == 12.5
    assert found["pyvtysh_queued_work", *daemon] == 0
    _, kind = exposition([asyncio.run(seen(hosted))], "application/openmetrics-text; version=1.0.0")
    assert kind.startswith("application/openmetrics-text")


async def asked(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = await reader.read()
    await closed(writer)
    return answer


async def closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


def served(use: Callable[[int], Any]) -> None:
    async def run() -> None:
        server = MetricsServer([], "127.0.0.1", 0)
        await server.start()
        try:
            await use(server.port)
        finally:
            server.close()

    asyncio.run(run())


def test_the_port_answers_what_a_scraper_asks_and_nothing_else() -> None:
    async def use(port: int) -> None:
        end = b"\r\nHost: x\r\n\r\n"
        page = await asked(port, b"GET /metrics?x=1 HTTP/1.1" + end)
        assert page.startswith(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=")
        assert b"pyvtysh_info{" in page
        for request, status in (
            (b"GET / HTTP/1.1", b"404"),
            (b"GET /../../etc/passwd HTTP/1.1", b"404"),
            (b"POST /metrics HTTP/1.1", b"405"),
            (b"nonsense", b"405"),
        ):
            answer = await asked(port, request + end)
            assert answer.split(b" ")[1] == status
        assert await asked(port, b"GET /" + b"x" * 20000) == b""

    served(use)


def test_too_many_clients_are_told_so() -> None:
    async def use(port: int) -> None:
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(AT_ONCE)]
        answer = b""
        while not answer.startswith(b"HTTP/1.1 503"):  # the silent ones are all in
            answer = await asked(port, b"GET /metrics HTTP/1.1\r\n\r\n")
        for _, writer in silent:
            await closed(writer)
        while not answer.startswith(b"HTTP/1.1 200"):
            answer = await asked(port, b"GET /metrics HTTP/1.1\r\n\r\n")

    served(use)


def test_a_port_in_use_is_named() -> None:
    async def use(port: int) -> None:
        with pytest.raises(StartError, match=f"127.0.0.1 port {port}: Address already in use"):
            await metrics_of([], ("127.0.0.1", port))
        assert await metrics_of([], None) is None

    served(use)


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ("9342", ("127.0.0.1", 9342)),
        ("192.0.2.1:80", ("192.0.2.1", 80)),
        ("[::1]:9342", ("::1", 9342)),
    ],
)
def test_the_port_is_of_this_machine_only_unless_asked(given: str, place: tuple[str, int]) -> None:
    assert parse("bgpd", ["--metrics", given]).metrics == place
    assert parse("pyvtysh", [f"--metrics={given}"]).metrics == place


@pytest.mark.parametrize("given", ["", "x", "70000", "127.0.0.1", "[::1]", "127.0.0.1:-1"])
def test_what_is_no_port_is_named(given: str) -> None:
    with pytest.raises(UsageError, match=r"invalid port number .* for --metrics option"):
        parse("bgpd", ["--metrics", given])


def test_the_pulse_tells_how_late_the_loop_was() -> None:
    scheduler = FakeScheduler()
    pulse = Pulse(scheduler)
    assert (pulse.late, pulse.most_late) == (0.0, 0.0)
    scheduler.advance(5.0)
    assert pulse.most_late == 0.0
    scheduler.clock.advance(3.0)  # something takes three seconds
    assert pulse.late == pytest.approx(2.0)
    scheduler.advance(0.0)
    assert pulse.most_late == pytest.approx(2.0)
    scheduler.advance(10.0)
    assert (pulse.late, pulse.most_late) == (0.0, pytest.approx(2.0))
    scheduler.advance(60.0)
    assert pulse.most_late == 0.0
    pulse.stop()


def test_log_lines_are_objects_when_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "log"
    log = DaemonLog("bgpd", "BGP", FakeClock(wall=1_700_000_000.25))
    log.as_json = True
    log.common.log_file = LogTarget(Level.DEBUGGING, str(path))
    log.follow()
    log.write(Level.ERRORS, 'a "b"\n\x1b[2J\udcff', "M59KS-A3ZXZ", 100663303)
    log.note(Level.INFORMATIONAL, "x" * 9000)
    log.write(Level.DEBUGGING, "\u202e" * 4000)
    log.close()
    first, second, third = (json.loads(line) for line in path.read_text().splitlines())
    assert first.pop("pid") > 0
    assert first == {
        "time": "2023-11-14T22:13:20.250000+00:00",
        "level": "errors",
        "daemon": "bgpd",
        "id": "M59KS-A3ZXZ",
        "category": 100663303,
        "message": 'a "b" \x1b[2J?',
    }
    assert (second["level"], set(second["message"])) == ("informational", {"x"})
    assert set(third["message"]) == {"\u202e"}
    with pytest.raises(UsageError, match="there are frr and json"):
        parse("bgpd", ["--log-format", "xml"])
