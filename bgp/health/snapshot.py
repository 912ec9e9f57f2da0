"""The state of sessions, tables and queues, as values."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bgp.peerstate import Counts
from grammar.base.values import Safi
from grammar.base.vitals import Vitals

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd
    from bgp.instance import Instance
    from bgp.peer import Peer

LATE = 0.5
"""Seconds of lateness of the event loop from which on it is a problem: keepalives wait as long."""
_STEP = 128
_FEW_LEFT = 0.9
"""The part of the descriptors that may be in use."""


@dataclass(frozen=True, slots=True)
class FamilyHealth:
    """A neighbor's prefixes in one family: `accepted` from it, `announced` to it."""

    afi: str
    safi: str
    accepted: int
    announced: int


@dataclass(frozen=True, slots=True)
class PeerHealth:
    """One neighbor. `since` are the seconds since it came up or went down, None for never.

    `ups` and `downs` count sessions; `waiting_in` are UPDATEs that came and were not looked at yet,
    `waiting_out` bytes that it has not taken. `why` tells of a session that is down, and is "" of
    one that is up or shut down.
    """

    vrf: str
    name: str
    remote_as: int
    state: str
    since: float | None
    ups: int
    downs: int
    received: Counts
    sent: Counts
    families: tuple[FamilyHealth, ...]
    waiting_in: int
    waiting_out: int
    why: str


@dataclass(frozen=True, slots=True)
class TableHealth:
    """The prefixes of one family of one instance."""

    vrf: str
    afi: str
    safi: str
    prefixes: int


@dataclass(frozen=True, slots=True)
class Health:
    """All of it. `work` counts walks over tables and the like that wait for their turn."""

    vitals: Vitals
    work: int
    attributes: int
    peers: tuple[PeerHealth, ...]
    tables: tuple[TableHealth, ...]

    @property
    def established(self) -> int:
        """Sessions that are up."""
        return sum(peer.state == "Established" for peer in self.peers)

    def problems(self) -> Iterator[str]:
        """What somebody should look at, a sentence each."""
        most = self.vitals.most_late
        if most >= LATE:
            yield f"the event loop was {most:.1f} s late within the last minute"
        used, limit = self.vitals.descriptors, self.vitals.most_descriptors
        if limit and used > limit * _FEW_LEFT:
            yield f"{used} of {limit} file descriptors are in use"
        for peer in self.peers:
            if peer.why:
                yield f"neighbor {peer.name} (VRF {peer.vrf}) is down: {peer.why}"


def observed(bgpd: "Bgpd") -> Generator[str, None, Health]:
    """What is the case now, in some microseconds for each neighbor.

    After some hundred of them there is an empty text, at which others may have their turn.
    """
    peers: list[PeerHealth] = []
    tables: list[TableHealth] = []
    for instance in list(bgpd.instances.values()):
        tables += _tables(instance)
        for peer in list(instance.sorted_peers()):
            peers.append(_peer(bgpd, instance, peer))
            if not len(peers) % _STEP:
                yield ""
    return Health(
        bgpd.common.process.vitals(),
        bgpd.common.ledger.waiting,
        len(bgpd.pool),
        tuple(peers),
        tuple(tables),
    )


def _tables(instance: "Instance") -> Iterator[TableHealth]:
    for table in instance.all_tables:
        if len(table):
            afi, safi = table.family
            yield TableHealth(instance.vrf or "default", afi.word, _word(safi), len(table))


def _peer(bgpd: "Bgpd", instance: "Instance", peer: "Peer") -> PeerHealth:
    state, connection = peer.state, peer.main.connection
    up = peer.main.state.value == "Established"
    changed = state.times.changed
    return PeerHealth(
        instance.vrf or "default",
        str(peer),
        peer.remote_as,
        peer.main.state.value,
        None if changed is None else max(0.0, bgpd.clock.now() - changed),
        state.established,
        state.dropped,
        state.received,
        state.sent,
        tuple(
            FamilyHealth(afi.word, _word(safi), lines.accepted, lines.sent)
            for (afi, safi), lines in peer.families.items()
            if lines.active
        ),
        peer.inbox,
        0 if connection is None else connection.buffered,
        "" if up or peer.shut_down else state.reset_reason.text,
    )


def _word(safi: Safi) -> str:
    return safi.name.lower().replace("_", "-")
