"""What becomes of routes: changes on their way to the kernel, who hears of them, and counters."""

from dataclasses import dataclass
from typing import Protocol

from zebra.kernel.api import Change
from zebra.nexthop import Group
from zebra.rib import Dest, RouteEntry
from zebra.vrf import Table
from zebra.zapi.constants import NotifyNote, RouteType


class Listener(Protocol):
    """Who hears what became of routes."""

    def hears(self, table: Table, type: RouteType, instance: int) -> bool:
        """False if `selected` and `notify` make no difference for routes of an owner."""
        ...

    def selected(
        self, table: Table, dest: Dest, new: RouteEntry | None, old: RouteEntry | None
    ) -> None:
        """The route in use changed from `old` to `new`, and the kernel has followed."""
        ...

    def told(self, table: Table, dest: Dest) -> None:
        """Everybody has heard of a change: next hops may resolve otherwise now."""
        ...

    def notify(self, table: Table, dest: Dest, entry: RouteEntry, note: NotifyNote) -> None:
        """News for the owner of a route."""
        ...


@dataclass(slots=True)
class Counters:
    """What `show zebra` and `show zebra dplane` count."""

    errors: int = 0
    deepest: int = 0
    address_updates: int = 0


@dataclass(slots=True)
class Pending:
    """A change on its way to the kernel, with what its answer concerns."""

    change: Change
    table: Table | None = None
    dest: Dest | None = None
    entry: RouteEntry | None = None
    old: RouteEntry | None = None
    group: Group | None = None
