"""Views of update-groups."""

from collections.abc import Iterable
from dataclasses import dataclass

from bgp.show.views.table import Block, Row, TableHead


@dataclass(frozen=True, slots=True)
class GroupView:
    """One update group; `created` is wall time, `coalesce` milliseconds."""

    id: int
    created: int
    members: tuple[str, ...]
    version: int
    advertised: int
    route_map: str | None = None
    mri: int = 0
    coalesce: int = 1000
    joins: int = 0
    prunes: int = 0
    merges: int = 0
    splits: int = 0
    switches: int = 0
    refreshes: int = 0
    merge_checks: int = 0
    queued: int = 0
    packets: int = 0
    high_watermark: int = 0
    max_packet: int = 4096
    pending: int = 0


@dataclass(frozen=True, slots=True)
class Groups:
    """`show bgp update-groups`."""

    groups: tuple[GroupView, ...]


@dataclass(frozen=True, slots=True)
class GroupsOfAll:
    """`show bgp vrf all update-groups`: names of instances and their groups."""

    instances: tuple[tuple[str, Groups], ...]


@dataclass(frozen=True, slots=True)
class GroupTotals:
    """`show bgp update-groups statistics`."""

    created: int
    deleted: int
    joins: int
    prunes: int
    merges: int
    splits: int
    switches: int
    refreshes: int
    merge_checks: int


@dataclass(frozen=True, slots=True)
class GroupTable:
    """What a group told, or has to tell; `rows` as in `TableView`."""

    id: int
    head: TableHead
    rows: Iterable[Row | Block | None]


@dataclass(frozen=True, slots=True)
class GroupTables:
    """`show bgp update-groups advertised-routes` and `advertise-queue`."""

    groups: tuple[GroupTable, ...]


@dataclass(frozen=True, slots=True)
class PacketView:
    """The end of a group's queue: an address of Python's, the table's version, who is there."""

    id: int
    address: int
    version: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Packets:
    """`show bgp update-groups packet-queue`."""

    groups: tuple[PacketView, ...]
