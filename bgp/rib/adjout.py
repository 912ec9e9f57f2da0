"""Adj-RIB-Out: update-groups, the neighbours that are told the same things in the same bytes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bgp.config import Family
from grammar.base.values import Address

if TYPE_CHECKING:
    from bgp.attrs import AttrSet
    from bgp.peer import Peer


@dataclass(frozen=True, slots=True)
class Announced:
    """What a group was told of some prefixes: the outgoing attributes and next hop.

    `gateway` None means that every member is given the address of its own session (FRR shows
    0.0.0.0). `weight` is that of the path in the table (shown, never sent).
    """

    attrs: "AttrSet"
    gateway: Address | None = None
    link_local: Address | None = None
    weight: int = 0


@dataclass(slots=True)
class GroupCounters:
    """What `show bgp update-groups` counts since the group was made."""

    joins: int = 0
    prunes: int = 0
    merges: int = 0
    splits: int = 0
    switches: int = 0
    refreshes_combined: int = 0
    merge_checks: int = 0
    packets: int = 0
    """Packets enqueued."""
    high_watermark: int = 0


class UpdateGroup:
    """Members that share outgoing policy and encoding, and what they were told.

    `advertised` is the Adj-RIB-Out: a dict per shard as in `Table`. `pending` are keys whose
    best path changed since the last flush. `version` is the table's version at that flush.
    `id` counts from 1 within the instance, as FRR's group and subgroup numbers do.
    """

    def __init__(self, id: int, family: Family, created: float) -> None:
        self.id = id
        self.family = family
        self.created = created
        self.members: list[Peer] = []
        self.advertised: list[dict[int, Announced]] = [{} for _ in range(256)]
        self.pending: dict[int, None] = {}
        self.version = 0
        self.route_map: str | None = None
        self.mri = 0
        self.coalesce = 1000
        """Milliseconds; FRR's `Coalesce Time`."""
        self.max_packet = 4096
        self.counters = GroupCounters()

    def __len__(self) -> int:
        return sum(map(len, self.advertised))
