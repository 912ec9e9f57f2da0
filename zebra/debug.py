"""What `debug zebra rib` and `debug zebra kernel` say, in FRR's words and with its identifiers.

The numbers after `rn` and `re` name a destination and a route for as long as they live (FRR prints
their addresses in memory).
"""

from functools import partial
from typing import TYPE_CHECKING

from grammar.base.log import Level, Log
from zebra.complaints import Complaints
from zebra.kernel.api import Change, InstallNexthop, InstallRoute, RemoveNexthop, RemoveRoute
from zebra.zapi.constants import NotifyNote, RouteField
from zebra.zapi.routes import Route

if TYPE_CHECKING:
    from zebra.rib import Dest, RouteEntry
    from zebra.vrf import Table


def _at(thing: object | None) -> str:
    return "0x0" if thing is None else f"{id(thing):#x}"


def _kind(entry: "RouteEntry | None") -> str:
    return "None" if entry is None else entry.type.word


class Journal:
    """Log lines about routes; nothing is put together while the switch is off."""

    def __init__(self, switches: dict[str, str], log: Log) -> None:
        self.switches = switches
        """The switches that are on; empty means that there is nothing to say."""
        self.complaints = Complaints(log)
        self._write = partial(log.write, Level.DEBUGGING)

    def _rib(self) -> bool:
        return "rib" in self.switches

    def inserting(
        self, table: "Table", dest: "Dest", entry: "RouteEntry", old: "RouteEntry | None"
    ) -> None:
        """A route was entered into its table, in place of `old` if there was one."""
        if self._rib():
            self._write(
                f"process_subq_early_route_add: ({table.vrf.id}:?):{table.prefix(dest)}:"
                f" Inserting route rn {_at(dest)}, re {_at(entry)} ({_kind(entry)})"
                f" existing {_at(old)}, same_count {0 if old is None else 1}",
                "MFYWV-KH3MC",
            )

    def removing(self, table: "Table", dest: "Dest", entry: "RouteEntry") -> None:
        """A route was taken out of its table."""
        if self._rib():
            self._write(
                f"rib_delnode: ({table.vrf.id}:{table.id}):{table.prefix(dest)}:"
                f" rn {_at(dest)}, re {_at(entry)}, removing",
                "QE6V0-J8BG5",
            )

    def chosen(
        self, table: "Table", dest: "Dest", new: "RouteEntry | None", old: "RouteEntry | None"
    ) -> None:
        """The choice for a prefix went from `old` to `new`."""
        if not self._rib():
            return
        where = f"{table.vrf.name}({table.vrf.id}:{table.id}):{table.prefix(dest)}"
        if new is None:
            text = f"{where}: Deleting route rn {_at(dest)}, re {_at(old)} ({_kind(old)})"
            self._write(text, "S59C1-4C5PP")
        elif old is None:
            text = f"{where}: Adding route rn {_at(dest)}, re {_at(new)} ({_kind(new)})"
            self._write(text, "ZFRN1-EZNJZ")
        else:
            self._write(
                f"{where}: Updating route rn {_at(dest)}, re {_at(new)} ({_kind(new)})"
                f" old {_at(old)} ({_kind(old)})",
                "",
            )

    def redistributing(
        self, table: "Table", dest: "Dest", new: "RouteEntry | None", old: "RouteEntry | None"
    ) -> None:
        """The kernel has followed, and clients that asked hear of the change."""
        if not self._rib():
            return
        vrf, prefix = table.vrf.id, table.prefix(dest)
        if new is None:
            self._write(
                f"{vrf}:{table.id}{prefix}: Redist del: re {_at(old)} (0:{_kind(old)}),"
                " new re 0x0 (0:None)",
                "S31W0-H281H",
            )
        else:
            self._write(
                f"({vrf}:{table.id}):{prefix}(0): Redist update re {_at(new)} ({_kind(new)}),"
                f" old {_at(old)} ({_kind(old)})",
                "Z1MP1-RFGJA",
            )

    def notifying(
        self, table: "Table", dest: "Dest", entry: "RouteEntry", note: NotifyNote, wanted: bool
    ) -> None:
        """The owner of a route is told what became of it, or did not want to know."""
        if self._rib():
            verb = "Notifying" if wanted else "Not Notifying"
            text = f"{verb} Owner: {_kind(entry)} about prefix {table.prefix(dest)}({table.id})"
            ident = "HZ1TW-92EY6" if wanted else "TQKA8-0276P"
            self._write(f"{text} {int(note)} vrf: {table.vrf.id}", ident)

    def forgetting(self, table: "Table", dest: "Dest") -> None:
        """A prefix without routes leaves its table."""
        if self._rib():
            text = f"rib_gc_dest: ({table.vrf.id}:?):{table.prefix(dest)}: removing dest from table"
            self._write(text, "KT8QQ-45WQ0")

    def programming(self, change: Change) -> None:
        """A change goes to the kernel."""
        if "kernel" not in self.switches:
            return
        match change:
            case InstallRoute(route) | RemoveRoute(route):
                verb = "NEW" if isinstance(change, InstallRoute) else "DEL"
                start = "netlink_route_multipath_msg_encode:"
                text = f"{start} RTM_{verb}ROUTE {route.prefix} vrf 0({route.table})"
                self._write(text, "YXPF5-B2CE0")
                if verb == "NEW" and route.nhid:
                    text = f"{start} {route.prefix} nhg_id is {route.nhid}"
                    self._write(text, "J87BH-XW5PP")
            case InstallNexthop(nexthop):
                text = f"netlink_nexthop_msg_encode: RTM_NEWNEXTHOP, id={nexthop.id}"
                self._write(text, "R43C6-KYHWT")
            case RemoveNexthop(number):
                text = f"netlink_nexthop_msg_encode: RTM_DELNEXTHOP, id={number}"
                self._write(text, "R43C6-KYHWT")
            case _:
                pass


def route_fields(route: Route) -> int:
    """The message flags that a route's fields make on the wire."""
    present = (
        (RouteField.NEXTHOP, bool(route.nexthops)),
        (RouteField.DISTANCE, route.distance is not None),
        (RouteField.METRIC, route.metric is not None),
        (RouteField.TAG, route.tag is not None),
        (RouteField.MTU, route.mtu is not None),
        (RouteField.TABLE, route.table is not None),
    )
    return sum(int(field) for field, there in present if there)
