"""What was configured in bfdd: profiles, and peers by their key."""

from dataclasses import dataclass, field, replace
from typing import TypeVar
from zlib import crc32

from grammar.base.values import Address
from grammar.filters.model import Filters

DETECT_MULTIPLIER = 3
INTERVAL = 300
ECHO_INTERVAL = 50
MINIMUM_TTL = 254

_V = TypeVar("_V")


@dataclass(frozen=True, slots=True)
class PeerKey:
    """What tells peers apart."""

    peer: Address
    multihop: bool = False
    local: Address | None = None
    interface: str | None = None
    vrf: str = "default"

    def __str__(self) -> str:
        """The line that opens the peer's block."""
        words = [f"peer {self.peer}", *(["multihop"] if self.multihop else [])]
        words += [f"local-address {self.local}"] if self.local is not None else []
        words += [f"vrf {self.vrf}"] if self.vrf != "default" else []
        words += [f"interface {self.interface}"] if self.interface is not None else []
        return " ".join(words)

    def covers(self, other: "PeerKey") -> bool:
        """Whether `other` is a peer that a user may mean with this: what is left out matches."""
        return (
            (self.peer, self.multihop, self.vrf) == (other.peer, other.multihop, other.vrf)
            and self.local in (None, other.local)
            and self.interface in (None, other.interface)
        )


@dataclass(slots=True, eq=False)
class Session:
    """The lines of a peer or of a profile; None means not configured. Intervals in milliseconds.

    `echo_receive` 0 is `disabled`. Of a peer: `profile`, `key`, and `since`, the clock's second in
    which it was configured.
    """

    profile: str | None = None
    detect_multiplier: int | None = None
    transmit_interval: int | None = None
    receive_interval: int | None = None
    shutdown: bool | None = None
    passive: bool | None = None
    echo_mode: bool | None = None
    echo_transmit: int | None = None
    echo_receive: int | None = None
    minimum_ttl: int | None = None
    key: PeerKey | None = None
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class InForce:
    """What counts for a peer: its own lines, else its profile's, else FRR's defaults."""

    detect_multiplier: int
    transmit_interval: int
    receive_interval: int
    shutdown: bool
    passive: bool
    echo_mode: bool
    echo_transmit: int
    echo_receive: int
    minimum_ttl: int


@dataclass(slots=True, eq=False)
class BfddConfig:
    """All of bfdd's configuration; `present` once there was a line `bfd`."""

    present: bool = False
    profiles: dict[str, Session] = field(default_factory=dict)
    peers: dict[PeerKey, Session] = field(default_factory=dict)
    debug: dict[str, None] = field(default_factory=dict)
    filters: Filters = field(default_factory=Filters)

    def open_peer(self, key: PeerKey, now: float) -> Session:
        """The peer of this key, made if there is none."""
        return self.peers.setdefault(key, Session(key=key, since=now))

    def remove_peer(self, key: PeerKey) -> None:
        """Forget a peer; what the key leaves out may be anything."""
        found = key if key in self.peers else self.find(key)
        if found is not None:
            del self.peers[found]

    def find(self, key: PeerKey) -> PeerKey | None:
        """The first peer that a user may mean with this key."""
        return next((one for one in self.ordered() if key.covers(one)), None)

    def ordered(self) -> list[PeerKey]:
        """Peers as they print: single-hop ones first, each kind as it was typed."""
        return sorted(self.peers, key=lambda key: key.multihop)

    def clear(self) -> None:
        """`no bfd`."""
        self.present = False
        self.profiles.clear()
        self.peers.clear()

    def in_force(self, peer: Session) -> InForce:
        """What counts for a peer; echo packets go one hop, whatever its profile says of them."""
        profile = self.profiles.get(peer.profile or "", Session())
        if peer.key is not None and peer.key.multihop:
            profile = replace(profile, echo_mode=None, echo_transmit=None, echo_receive=None)

        def first(own: _V | None, other: _V | None, default: _V) -> _V:
            return own if own is not None else other if other is not None else default

        return InForce(
            first(peer.detect_multiplier, profile.detect_multiplier, DETECT_MULTIPLIER),
            first(peer.transmit_interval, profile.transmit_interval, INTERVAL),
            first(peer.receive_interval, profile.receive_interval, INTERVAL),
            first(peer.shutdown, profile.shutdown, False),
            first(peer.passive, profile.passive, False),
            first(peer.echo_mode, profile.echo_mode, False),
            first(peer.echo_transmit, profile.echo_transmit, ECHO_INTERVAL),
            first(peer.echo_receive, profile.echo_receive, ECHO_INTERVAL),
            first(peer.minimum_ttl, profile.minimum_ttl, MINIMUM_TTL),
        )


def session_id(key: PeerKey) -> int:
    """The local discriminator shown for a peer: any number but 0, the same each time."""
    return crc32(f"{key} {key.vrf}".encode()) or 1
