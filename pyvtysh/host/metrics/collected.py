"""What is the case, as metrics of Prometheus' client library.

A snapshot is taken on the event loop, which is quick; the text of it is made elsewhere, since of a
thousand neighbors it takes a tenth of a second.
"""

import asyncio
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import choose_encoder

from grammar.base.vitals import Vitals
from grammar.common.config import VERSION

if TYPE_CHECKING:
    from bgp.health.snapshot import FamilyHealth, Health, PeerHealth
    from pyvtysh.host.hosted import Component, Hosted

_DAEMON = ("daemon",)
_PEER = ("vrf", "peer", "remote_as")
_FAMILY = (*_PEER, "afi", "safi")
_TABLE = ("vrf", "afi", "safi")

_VITALS: tuple[tuple[str, str, Callable[[Vitals], float]], ...] = (
    ("pyvtysh_uptime_seconds", "Time since the start", lambda v: v.uptime),
    ("pyvtysh_resident_memory_bytes", "Memory of the process", lambda v: v.resident),
    ("pyvtysh_loop_late_seconds", "Lateness of the event loop's last beat", lambda v: v.late),
    ("pyvtysh_loop_late_max_seconds", "The worst of the last minute", lambda v: v.most_late),
    ("pyvtysh_open_descriptors", "File descriptors in use", lambda v: v.descriptors),
    ("pyvtysh_max_descriptors", "File descriptors allowed", lambda v: v.most_descriptors),
    ("pyvtysh_vty_sessions", "Clients of the vty sockets", lambda v: v.sessions),
)
_PEERS: tuple[tuple[str, str, Callable[["PeerHealth"], float]], ...] = (
    ("bgp_peer_up", "1 when the session is established", lambda p: p.state == "Established"),
    ("bgp_peer_state_seconds", "Time since it came up or went down", lambda p: p.since or 0),
    ("bgp_peer_waiting_updates", "UPDATEs that wait to be looked at", lambda p: p.waiting_in),
    ("bgp_peer_unsent_bytes", "Bytes that the neighbor has not taken", lambda p: p.waiting_out),
)
_COUNTS: tuple[tuple[str, str, Callable[["PeerHealth"], float]], ...] = (
    ("bgp_peer_sessions", "Sessions that came up", lambda p: p.ups),
    ("bgp_peer_session_losses", "Sessions that went down", lambda p: p.downs),
    ("bgp_peer_messages_received", "Messages from it", lambda p: p.received.total),
    ("bgp_peer_messages_sent", "Messages to it", lambda p: p.sent.total),
    ("bgp_peer_updates_received", "UPDATEs from it", lambda p: p.received.updates),
    ("bgp_peer_updates_sent", "UPDATEs to it", lambda p: p.sent.updates),
    (
        "bgp_peer_notifications_received",
        "NOTIFICATIONs from it",
        lambda p: p.received.notifications,
    ),
    ("bgp_peer_notifications_sent", "NOTIFICATIONs to it", lambda p: p.sent.notifications),
)
_FAMILIES: tuple[tuple[str, str, Callable[["FamilyHealth"], float]], ...] = (
    ("bgp_peer_accepted_prefixes", "Prefixes from it in the table", lambda f: f.accepted),
    ("bgp_peer_announced_prefixes", "Prefixes told to it", lambda f: f.announced),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One daemon at one moment; `queued` are pieces of work that wait."""

    name: str
    vitals: Vitals
    queued: int
    health: "Health | None"


async def seen(hosted: "Hosted[Component]") -> Seen:
    """Look at a daemon, on its event loop; others have their turn in between."""
    common = hosted.component.common
    health = None
    if hosted.name == "bgpd":
        from bgp.bgpd import Bgpd
        from bgp.health.snapshot import observed

        assert isinstance(hosted.component, Bgpd)
        health = await _in_turns(observed(hosted.component))
    return Seen(hosted.name, hosted.process.vitals(), common.ledger.waiting, health)


async def _in_turns(steps: "Generator[str, None, Health]") -> "Health":
    while True:
        try:
            next(steps)
        except StopIteration as end:
            health: Health = end.value
            return health
        await asyncio.sleep(0)


def exposition(daemons: Iterable[Seen], accept: str) -> tuple[bytes, str]:
    """The page, and its content type, in the form that the scraper prefers."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(list(daemons)))
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type


class _Collector:
    """What Prometheus' registry asks for metrics."""

    def __init__(self, daemons: list[Seen]) -> None:
        self._daemons = daemons

    def collect(self) -> Iterator[Metric]:
        """Every metric."""
        yield InfoMetricFamily("pyvtysh", "This program", {"version": VERSION})
        cpu = CounterMetricFamily("pyvtysh_cpu_seconds", "Time of processor", labels=_DAEMON)
        work = GaugeMetricFamily("pyvtysh_queued_work", "Work that waits", labels=_DAEMON)
        for daemon in self._daemons:
            cpu.add_metric([daemon.name], daemon.vitals.cpu)
            work.add_metric([daemon.name], daemon.queued)
        yield cpu
        yield work
        for name, told, value in _VITALS:
            gauge = GaugeMetricFamily(name, told, labels=_DAEMON)
            for daemon in self._daemons:
                gauge.add_metric([daemon.name], value(daemon.vitals))
            yield gauge
        for daemon in self._daemons:
            if daemon.health is not None:
                yield from _bgp(daemon.health)


def _bgp(health: "Health") -> Iterator[Metric]:
    yield GaugeMetricFamily("bgp_attribute_sets", "Sets of attributes in use", health.attributes)
    tables = GaugeMetricFamily("bgp_prefixes", "Prefixes of a table", labels=_TABLE)
    for table in health.tables:
        tables.add_metric([table.vrf, table.afi, table.safi], table.prefixes)
    yield tables
    for kind, rows in ((GaugeMetricFamily, _PEERS), (CounterMetricFamily, _COUNTS)):
        for name, told, value in rows:
            metric = kind(name, told, labels=_PEER)
            for peer in health.peers:
                metric.add_metric(_labels(peer), value(peer))
            yield metric
    for name, told, of_family in _FAMILIES:
        gauge = GaugeMetricFamily(name, told, labels=_FAMILY)
        for peer in health.peers:
            for family in peer.families:
                labels = [*_labels(peer), family.afi, family.safi]
                gauge.add_metric(labels, of_family(family))
        yield gauge


def _labels(peer: "PeerHealth") -> list[str]:
    return [peer.vrf, peer.name, str(peer.remote_as)]
