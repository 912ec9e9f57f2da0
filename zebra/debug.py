"""What `debug zebra rib` and `debug zebra packet` say of routes, in FRR's words and with its marks.

The numbers after `rn` and `re` name a destination and a route for as long as they live (FRR prints
their addresses in memory).
"""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from grammar.base.log import Level, Log
from zebra.clientlines import ClientLines
from zebra.complaints import Complaints
from zebra.kernellines import KernelLines
from zebra.zapi.constants import NexthopType, NotifyNote, RouteField
from zebra.zapi.routes import Nexthop, Route

if TYPE_CHECKING:
    from zebra.monitor.routes import RouteMonitor
    from zebra.rib import Dest, RouteEntry
    from zebra.vrf import Table


def _at(thing: object | None) -> str:
    return "0x0" if thing is None else f"{id(thing):#x}"


def _kind(entry: "RouteEntry | None") -> str:
    return "None" if entry is None else entry.type.word


def _named(table: "Table", dest: "Dest") -> str:
    return f"{table.prefix(dest)}{' (MRIB)' if table.multicast else ''}"


class Journal:
    """Log lines about routes; nothing is put together while the switch is off."""

    def __init__(self, switches: dict[str, str], log: Log) -> None:
        self.switches = switches
        """The switches that are on; empty means that there is nothing to say."""
        self.complaints = Complaints(log)
        self._write = partial(log.write, Level.DEBUGGING)
        self.kernel = KernelLines(switches, self._write)
        self.clients = ClientLines(switches, log)
        self.monitors: list[RouteMonitor] = []
        """Who looks on at what becomes of routes (`monitor route`)."""

    @property
    def heard(self) -> bool:
        """Whether anybody is told of each route."""
        return bool(self.switches or self.monitors)

    def selected(
        self, table: "Table", dest: "Dest", new: "RouteEntry | None", old: "RouteEntry | None"
    ) -> None:
        """The route in use changed, and the kernel has followed."""
        for monitor in self.monitors:
            monitor.selected(table, dest, new, old)

    def _rib(self) -> bool:
        return "rib" in self.switches

    def inserting(
        self, table: "Table", dest: "Dest", entry: "RouteEntry", old: "RouteEntry | None"
    ) -> None:
        """A route was entered into its table, in place of `old` if there was one."""
        if not self._rib():
            return
        new = len(dest.entries) == 1 and old is None and dest.fib is None and not dest.queued
        self._write(
            f"process_subq_early_route_add: ({table.vrf.id}:{'?' if new else table.id}):"
            f"{_named(table, dest)}: Inserting route rn {_at(dest)}, re {_at(entry)}"
            f" ({_kind(entry)}) existing {_at(old)}, same_count {0 if old is None else 1}",
            "MFYWV-KH3MC",
        )
        if old is not None:
            self.removing(table, dest, old, unneeded=dest.selected is not old)

    def removing(
        self, table: "Table", dest: "Dest", entry: "RouteEntry", *, unneeded: bool = False
    ) -> None:
        """A route was taken out of its table; `unneeded` if nothing was ever made of it."""
        if not self._rib():
            return
        where = f"({table.vrf.id}:{table.id}):{_named(table, dest)}: rn {_at(dest)}"
        self._write(f"rib_delnode: {where}, re {_at(entry)}, removing", "QE6V0-J8BG5")
        if unneeded:
            text = f"process_subq_early_route_add: {where}, removing unneeded re {_at(entry)}"
            self._write(text, "YEYFX-TDSC2")
        else:
            self._write(f"rib_process: {where}, removing re {_at(entry)}", "NM15X-X83N9")
        self._write(f"rib_unlink: {where}, re {_at(entry)}", "Y53JX-CBC5H")

    def lost(self, table: "Table", dest: "Dest") -> None:
        """Somebody else took a route of ours out of the kernel; it goes in again."""
        if self._rib() and dest.fib is not None:
            self._write(
                f"process_subq_early_route_delete: ({table.vrf.id}:{table.id}):"
                f"{_named(table, dest)}: rn {_at(dest)}, re {_at(dest.fib)} ({_kind(dest.fib)})"
                " was deleted from kernel, adding",
                "S1JSS-GFT7E",
            )

    def chosen(
        self, table: "Table", dest: "Dest", new: "RouteEntry | None", old: "RouteEntry | None"
    ) -> None:
        """The choice for a prefix went from `old` to `new`."""
        if new is None and old is not None and old.is_system and not table.multicast:
            self.notifying(table, dest, old, NotifyNote.REMOVED, wanted=False)
        if not self._rib():
            return
        where = f"{table.vrf.name}({table.vrf.id}:{table.id}):{table.prefix(dest)}"
        if old is not None and old is not new and (new is None or old not in dest.entries):
            self._redistributed(table, dest, new, old)
        if new is None:
            # FRR takes nothing of the multicast tables out of any kernel.
            if not table.multicast:
                text = f"{where}: Deleting route rn {_at(dest)}, re {_at(old)} ({_kind(old)})"
                self._write(text, "S59C1-4C5PP")
        elif old is None:
            text = f"{where}: Adding route rn {_at(dest)}, re {_at(new)} ({_kind(new)})"
            self._write(text, "ZFRN1-EZNJZ")
        elif new is not old or dest.fib is not None:
            self._write(
                f"{where}: Updating route rn {_at(dest)}, re {_at(new)} ({_kind(new)})"
                f" old {_at(old)} ({_kind(old)})",
                "XEW4Y-SPDDE",
            )

    def _redistributed(
        self, table: "Table", dest: "Dest", new: "RouteEntry | None", old: "RouteEntry"
    ) -> None:
        vrf, prefix = table.vrf.id, table.prefix(dest)
        self._write(
            f"{vrf}:{table.id}{prefix}: Redist del: re {_at(old)} (0:{_kind(old)}),"
            f" new re {_at(new)} (0:{_kind(new)})",
            "S31W0-H281H",
        )
        if prefix.address.is_link_local:
            text = f"{vrf}:{prefix}: Redist del old: skipping invalid prefix"
            self._write(text, "ZYTXQ-G3H83")

    def redistributing(
        self, table: "Table", dest: "Dest", new: "RouteEntry", old: "RouteEntry | None"
    ) -> None:
        """The kernel has followed, and clients that asked hear of the new choice."""
        if new.is_system:
            self.notifying(table, dest, new, NotifyNote.INSTALLED, wanted=False)
        if not self._rib():
            return
        vrf, prefix = table.vrf.id, table.prefix(dest)
        self._write(
            f"({vrf}:{table.id}):{prefix}(0): Redist update re {_at(new)} ({_kind(new)}),"
            f" old {_at(old)} ({_kind(old)})",
            "Z1MP1-RFGJA",
        )
        if prefix.address.is_link_local:
            self._write(f"Redist update filter prefix {prefix}", "SG5CT-CM7FG")

    def notifying(
        self, table: "Table", dest: "Dest", entry: "RouteEntry", note: NotifyNote, wanted: bool
    ) -> None:
        """The owner of a route is told what became of it, or did not want to know."""
        if note is NotifyNote.FAIL_INSTALL and entry.group.valid:
            for monitor in self.monitors:
                monitor.refused(table, dest, entry)
        if "packet" in self.switches:
            verb = "Notifying" if wanted else "Not Notifying"
            text = f"{verb} Owner: {_kind(entry)} about prefix {table.prefix(dest)}({table.id})"
            ident = "HZ1TW-92EY6" if wanted else "TQKA8-0276P"
            self._write(f"{text} {int(note)} vrf: {table.vrf.id}", ident)

    def forgetting(self, table: "Table", dest: "Dest") -> None:
        """A prefix without routes leaves its table."""
        if self._rib():
            text = (
                f"rib_gc_dest: ({table.vrf.id}:?):{_named(table, dest)}: removing dest from table"
            )
            self._write(text, "KT8QQ-45WQ0")


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


def hop_lines(hop: Nexthop) -> Iterator[tuple[str, str]]:
    """What is said of a next hop in a client's message: text and mark of each line."""
    start, vrf, shown = "nexthop_from_zapi: nh", f"vrf_id={hop.vrf}", f"if {hop.ifindex}"
    if hop.type is NexthopType.BLACKHOLE:
        shown = "blackhole"
        yield f"{start} blackhole {int(hop.blackhole)}", "K6DSG-XJRVG"
    elif hop.gate is not None:
        shown = f"{hop.gate} {shown}"
        if hop.ifindex:
            yield f"{start}={hop.gate}, {vrf}, ifindex={hop.ifindex}", "QTHVB-8XP01"
        else:
            yield f"{start}={hop.gate}, {vrf}", "GEYGN-QJH5D"
    yield f"zapi_read_nexthops: nh={shown}, {vrf} ", "NFFEX-16SYW"
