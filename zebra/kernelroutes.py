"""Routes of the kernel in zebra's terms: whose they are, and where they lead."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from grammar.base.values import Prefix
from zebra.kernel.api import (
    Change,
    Kernel,
    KernelNexthop,
    KernelRoute,
    RemoveNexthop,
    RemoveRoute,
    RouteKind,
    RouteProtocol,
)
from zebra.kernel.forms import RouteForm
from zebra.kernel.protocols import PROTOCOLS
from zebra.nexthop import Group, Hop, in_order
from zebra.zapi.constants import BlackholeType, NexthopType

if TYPE_CHECKING:
    from zebra.rib import Rib, RouteEntry
    from zebra.vrf import Table

METRIC = 20
"""The kernel metric of every route of zebra."""

OWN_PROTOCOLS = frozenset(PROTOCOLS.values()) | {RouteProtocol.ZEBRA}
"""Protocol numbers that only a zebra writes."""

_KINDS = {
    BlackholeType.UNSPECIFIED: RouteKind.BLACKHOLE,
    BlackholeType.NULL: RouteKind.BLACKHOLE,
    BlackholeType.REJECT: RouteKind.UNREACHABLE,
    BlackholeType.ADMIN_PROHIBITED: RouteKind.PROHIBIT,
}

_LOOPBACK = 1

BLACKHOLES = {
    RouteKind.BLACKHOLE: BlackholeType.NULL,
    RouteKind.UNREACHABLE: BlackholeType.REJECT,
    RouteKind.PROHIBIT: BlackholeType.ADMIN_PROHIBITED,
}


def cost_of(metric: int) -> tuple[int, int]:
    """The distance and metric of a kernel route: FRR takes the high octet for a distance."""
    return metric >> 24, metric & 0xFFFFFF


def metric_of(entry: "RouteEntry") -> int:
    """The kernel's metric of a route of its own."""
    return entry.distance << 24 | entry.metric


def hops_of(route: KernelRoute) -> tuple[Hop, ...]:
    """The next hops of a route; empty when it cannot be told where it leads."""
    if route.type is not RouteKind.UNICAST:
        # Linux has those of IPv6 on the loopback interface.
        ifindex = _LOOPBACK if route.afi.bits == 128 else 0
        return (Hop(NexthopType.BLACKHOLE, None, ifindex, blackhole=BLACKHOLES[route.type]),)
    hops = tuple(_hop(route, way) for way in route.nexthops)
    if not route.nhid:
        hops = in_order(hops)  # those of a group of the kernel's stay as they stand there
    known = all(hop.gate is not None or hop.ifindex for hop in hops)
    return hops if known else ()


def _hop(route: KernelRoute, way: KernelNexthop) -> Hop:
    weight = way.weight if len(route.nexthops) > 1 else 0
    gate = way.gate
    kind = NexthopType.IFINDEX
    if gate is not None:
        ipv4 = gate.afi.bits == 32
        kind = NexthopType.IPV4_IFINDEX if ipv4 else NexthopType.IPV6_IFINDEX
    return Hop(kind, gate, way.ifindex, onlink=way.onlink, weight=weight, source=route.prefsrc)


def route_form(
    table: "Table", entry: "RouteEntry", group: Group, *, objects: bool = True
) -> RouteForm:
    """What a chosen entry becomes in the kernel, over the object of its group if any."""
    nhid = group.in_kernel.id if objects else 0
    key = table, entry.type, entry.mtu, nhid
    form = group.forms.get(key)
    if form is None:
        form = group.forms[key] = RouteForm(_like(table, entry, group, nhid))
    return form


def _like(table: "Table", entry: "RouteEntry", group: Group, nhid: int) -> KernelRoute:
    kind = RouteKind.UNICAST
    ways: tuple[KernelNexthop, ...] = ()
    if (blackhole := group.blackhole) is not None:
        kind, nhid = _KINDS[blackhole], 0
    else:
        ways = group.kernel_ways()
        if table.source is not None:
            nhid = 0  # Linux takes no next-hop objects in routes of sources
    return KernelRoute(
        Prefix(table.afi, 0, 0),
        ways,
        table.id,
        PROTOCOLS.get(entry.type, RouteProtocol.ZEBRA),
        METRIC,
        kind,
        None if blackhole is not None else group.prefer,
        nhid,
        mtu=entry.mtu,
        source=table.source,
    )


def routes_out(table: "Table") -> Iterator[Change]:
    """What takes every route of zebra's in a table out of the kernel."""
    for dest in table.routes.values():
        entry, group = dest.fib, dest.fib_group
        if entry is not None and group is not None and not entry.is_system:
            yield RemoveRoute(None, route_form(table, entry, group), dest.key)


def removals(
    rib: "Rib", groups: list[Group], kernel_of: Callable[[Group], Kernel | None]
) -> dict[Kernel, list[Change]]:
    """What takes every route of zebra's out of the kernels, and then these groups."""
    changes: dict[Kernel, list[Change]] = {}
    for table in rib.tables():
        changes.setdefault(table.vrf.namespace.kernel, []).extend(routes_out(table))
    for group in sorted(groups, key=lambda group: not group.several):
        found = kernel_of(group)
        if found is not None:
            changes.setdefault(found, []).append(RemoveNexthop(group.id))
    return changes
