"""What an update-group needs of its members, and what it counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from bgp.rib.announced import Announced
from bgp.rib.path import Path
from grammar.base.values import Address

BACKLOG: Final = 16 * 1024 * 1024
"""Bytes that may wait for a slow member before it holds up the others of its group."""


class Member(Protocol):
    """A family of an established peer, as its group sees it."""

    @property
    def congested(self) -> bool:
        """No more should be written until `UpdateGroup.resume`."""
        ...

    @property
    def backlog(self) -> int:
        """Bytes that the socket has not taken."""
        ...

    def write(self, data: bytes, messages: int) -> None:
        """Send whole UPDATEs."""
        ...

    def next_hop(self, announced: Announced) -> bytes | None:
        """The packed next hop for this member; None if it has no address of that family."""
        ...

    def on_network_of(self, gateway: Address, path: Path) -> bool:
        """True if a third party next hop may be sent on account of this member."""
        ...


def held_up(members: Sequence[Member]) -> bool:
    """True if a group has to wait: for its last member with room, or for one too far behind."""
    slow = [one for one in members if one.congested]
    return bool(slow) and (len(slow) == len(members) or any(one.backlog > BACKLOG for one in slow))


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


@dataclass(slots=True)
class GroupsGone:
    """What groups counted that are no more, and how many of them there were."""

    number: int = 0
    counters: GroupCounters = field(default_factory=GroupCounters)

    def add(self, counters: GroupCounters) -> None:
        """A group is no more."""
        self.number += 1
        mine = self.counters
        mine.joins += counters.joins
        mine.prunes += counters.prunes
        mine.merges += counters.merges
        mine.splits += counters.splits
        mine.switches += counters.switches
        mine.refreshes_combined += counters.refreshes_combined
        mine.merge_checks += counters.merge_checks
