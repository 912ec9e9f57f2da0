"""`show bgp health [json]`: the snapshot as text for people, and as JSON for programs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bgp.health.snapshot import Health, PeerHealth, observed
from grammar.output.jsonc import Json, pretty
from grammar.output.time import peer_uptime

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd

_MIB = 1 << 20
_ROW = "{:<18} {:>10} {:<11} {:>8} {:>7} {:>7} {:>4} {:>6}\n"
_HEAD = ("Neighbor", "AS", "State", "Up/Down", "PfxRcd", "PfxSnt", "InQ", "OutQ")


def shown(bgpd: "Bgpd", *, in_json: bool) -> Iterator[str]:
    """The answer; each empty piece is a place to pause."""
    health = yield from observed(bgpd)
    if in_json:
        yield pretty(as_json(health))
        yield "\n"
    else:
        yield from text(health)


def text(health: Health) -> Iterator[str]:
    """The lines, the verdict first."""
    problems = list(health.problems())
    yield f"Health: {f'{len(problems)} to look at' if problems else 'good'}\n"
    for problem in problems:
        yield f"  {problem}\n"
    vitals = health.vitals
    yield f"Up for {peer_uptime(vitals.uptime)}, {vitals.cpu:.1f} s of processor\n"
    yield f"Sessions: {health.established} of {len(health.peers)} established\n"
    late, most = vitals.late * 1000, vitals.most_late * 1000
    yield f"Event loop: {late:.1f} ms late, at most {most:.1f} ms within the last minute\n"
    waiting = sum(peer.waiting_in for peer in health.peers)
    unsent = sum(peer.waiting_out for peer in health.peers)
    yield f"Waiting: {health.work} walks, {waiting} UPDATEs received, {unsent} bytes to be sent\n"
    memory, sets = vitals.resident / _MIB, health.attributes
    yield f"Memory: {memory:.1f} MiB resident, {sets} sets of attributes\n"
    used, limit = vitals.descriptors, vitals.most_descriptors
    yield f"Descriptors: {used} of {limit}, {vitals.sessions} of users\n"
    for table in health.tables:
        yield f"Prefixes: {table.prefixes} {table.afi} {table.safi}, VRF {table.vrf}\n"
    for vrf in dict.fromkeys(peer.vrf for peer in health.peers):
        yield f"\nNeighbors of VRF {vrf}:\n"
        yield _ROW.format(*_HEAD)
        for peer in health.peers:
            if peer.vrf == vrf:
                yield _row(peer)


def _row(peer: PeerHealth) -> str:
    accepted = sum(family.accepted for family in peer.families)
    announced = sum(family.announced for family in peer.families)
    return _ROW.format(
        *(peer.name, peer.remote_as, peer.state, peer_uptime(peer.since)),
        *(accepted, announced, peer.waiting_in, peer.waiting_out),
    )


def as_json(health: Health) -> Json:
    """Seconds, bytes and counts; `problems` is empty when all is well."""
    vitals = health.vitals
    return {
        "healthy": not any(True for _ in health.problems()),
        "problems": list(health.problems()),
        "uptimeSeconds": round(vitals.uptime, 1),
        "cpuSeconds": round(vitals.cpu, 2),
        "residentBytes": vitals.resident,
        "loopLateSeconds": round(vitals.late, 6),
        "loopLateSecondsMax": round(vitals.most_late, 6),
        "descriptors": vitals.descriptors,
        "descriptorsLimit": vitals.most_descriptors,
        "vtySessions": vitals.sessions,
        "workQueued": health.work,
        "attributeSets": health.attributes,
        "peersEstablished": health.established,
        "tables": [
            {"vrf": t.vrf, "afi": t.afi, "safi": t.safi, "prefixes": t.prefixes}
            for t in health.tables
        ],
        "peers": [_peer_json(peer) for peer in health.peers],
    }


def _peer_json(peer: PeerHealth) -> Json:
    return {
        "peer": peer.name,
        "vrf": peer.vrf,
        "remoteAs": peer.remote_as,
        "state": peer.state,
        "changedSeconds": None if peer.since is None else round(peer.since, 1),
        "connectionsEstablished": peer.ups,
        "connectionsDropped": peer.downs,
        "messagesReceived": peer.received.total,
        "messagesSent": peer.sent.total,
        "updatesReceived": peer.received.updates,
        "updatesSent": peer.sent.updates,
        "updatesWaiting": peer.waiting_in,
        "bytesWaiting": peer.waiting_out,
        "downReason": peer.why,
        "families": [
            {"afi": f.afi, "safi": f.safi, "accepted": f.accepted, "announced": f.announced}
            for f in peer.families
        ],
    }
