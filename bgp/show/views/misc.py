"""Views of the smaller show commands."""

from collections.abc import Generator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Debugging:
    """`show debugging`: a line by topic."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence in place of a result. `json_text` is the whole JSON answer, if FRR has one."""

    sentence: str
    json_text: str | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """A view that takes a walk over a table to make. The walk is done in steps while the answer is
    sent: each is an empty chunk, so that other work gets its turn (slices of at most 10 ms)."""

    steps: Generator[None, None, object]


@dataclass(frozen=True, slots=True)
class Fixed:
    """An answer that is always the same, as text and as JSON; no failure."""

    text: str
    json_text: str


@dataclass(frozen=True, slots=True)
class Communities:
    """`show bgp community-info`: address, count of users, text."""

    lines: tuple[tuple[int, int, str], ...]
    heading: str = "Address Refcnt Community"


@dataclass(frozen=True, slots=True)
class Empty:
    """A list without entries: no text, an empty object in JSON."""


@dataclass(frozen=True, slots=True)
class NexthopPath:
    """A path that uses a next hop, in its detail."""

    prefix: str
    flags: int
    afi: int = 1
    safi: int = 1
    vrf: str = "default"


@dataclass(frozen=True, slots=True)
class NexthopLine:
    """A next hop of the cache. `hops` are lines (`if eth0`, `gate 10.0.0.1`)."""

    address: str
    valid: bool
    metric: int
    paths: int
    peer: str | None
    hops: tuple[str, ...]
    updated: int
    connected: bool = False
    registered: bool = True


@dataclass(frozen=True, slots=True)
class NexthopTable:
    """`show bgp nexthop`; with `users` the detail of one, without a heading."""

    lines: tuple[NexthopLine, ...]
    heading: str = "Current BGP nexthop cache:"
    users: tuple[NexthopPath, ...] | None = None


@dataclass(frozen=True, slots=True)
class NexthopTables:
    """`show bgp vrf all nexthop`: names of instances and their caches."""

    tables: tuple[tuple[str, NexthopTable], ...]


@dataclass(frozen=True, slots=True)
class VrfLine:
    """An instance: `kind` is DFLT, VRF or VIEW."""

    kind: str
    vrf_id: int
    router_id: str
    configured: int
    established: int
    name: str


@dataclass(frozen=True, slots=True)
class Vrfs:
    """`show bgp vrfs`."""

    lines: tuple[VrfLine, ...]


@dataclass(frozen=True, slots=True)
class Listeners:
    """`show bgp listeners`: instance, descriptor and address."""

    lines: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class Memory:
    """`show bgp memory`: objects in use; kinds without any are left out."""

    rib_nodes: int
    routes: int
    adj_out: int
    nexthops: int
    attributes: int
    as_paths: int
    as_segments: int
    peers: int
    packets: int = 0
    adj_in: int = 0
    networks: int = 0
    communities: int = 0
    ext_communities: int = 0
    large_communities: int = 0
    clusters: int = 0
    groups: int = 0
    expressions: int = 0


@dataclass(frozen=True, slots=True)
class PeerHash:
    """`show bgp peerhash`: instances (None for the default) and the neighbors in each."""

    instances: tuple[tuple[str | None, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class AsPaths:
    """`show bgp paths`: address, hash, count of users, text."""

    lines: tuple[tuple[int, int, int, str], ...]


@dataclass(frozen=True, slots=True)
class AttributeLine:
    """One set of attributes: users, next hop, FRR's bit mask of attributes, and values."""

    users: int
    nexthop: str
    flags: int
    med: int
    local_pref: int
    origin: int
    weight: int


@dataclass(frozen=True, slots=True)
class Attributes:
    """`show bgp attribute-info`."""

    lines: tuple[AttributeLine, ...]


@dataclass(frozen=True, slots=True)
class Statistics:
    """`show bgp statistics` of one family; lengths are counted by prefix length.

    `space` is the number of addresses announced, `aggregable` prefixes within another one.
    """

    family: str
    key: str
    title: str
    """`VRF default`."""
    ipv6: bool
    advertisements: int = 0
    prefixes: int = 0
    length_sum: int = 0
    aggregable: int = 0
    aggregates: int = 0
    space: int = 0
    longest_path: int = 0
    hops_sum: int = 0
    largest_path: int = 0
    bytes_sum: int = 0
    highest_asn: int = 0
    lengths: tuple[tuple[int, int], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class StatisticsView:
    """The statistics of one family, or of all."""

    families: tuple[Statistics, ...]
