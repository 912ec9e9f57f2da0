"""Messages about next-hop groups that clients make, and name in their routes."""

from dataclasses import dataclass
from enum import IntEnum

from zebra.zapi.constants import RouteType
from zebra.zapi.routes import Nexthop


class GroupNote(IntEnum):
    """What became of a client's group (NHG_NOTIFY_OWNER)."""

    FAIL_INSTALL = 0
    INSTALLED = 1
    REMOVED = 2
    REMOVE_FAIL = 3


@dataclass(frozen=True, slots=True)
class GroupAdd:
    """Client: the group `id` of a protocol has these next hops from now on."""

    protocol: RouteType
    id: int
    nexthops: tuple[Nexthop, ...]
    backups: tuple[Nexthop, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupDelete:
    """Client: the group is not needed any more; it stays as long as routes use it."""

    protocol: RouteType
    id: int


@dataclass(frozen=True, slots=True)
class GroupNotifyOwner:
    """What became of a client's group."""

    note: GroupNote
    id: int
