"""Tracked next hops and next-hop groups as they are shown."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grammar.base.values import Address, Afi, Safi
from zebra.show.views.blocks import HopRow
from zebra.show.views.routes import interface_name, route_row, spare_rows, vrf_name
from zebra.zapi.constants import RouteType

if TYPE_CHECKING:
    from zebra.nexthop import Group, Hop
    from zebra.tracking import Tracked
    from zebra.vrf import Vrf
    from zebra.zebra import Zebra


@dataclass(frozen=True, slots=True)
class TrackedRow:
    """A tracked prefix: `type` is None when it does not resolve."""

    address: str
    connected: bool
    type: RouteType | None
    hops: tuple[HopRow, ...]
    clients: tuple[tuple[str, int, bool], ...]
    """Name, number, and whether its route-map does not let it resolve."""


@dataclass(frozen=True, slots=True)
class TrackedList:
    """`show ip nht`; `title` for `vrf all`."""

    title: str | None
    rows: tuple[TrackedRow, ...]


def _tracked(zebra: "Zebra", vrf: "Vrf", tracked: "Tracked") -> TrackedRow:
    told = tracked.told
    hops: tuple[HopRow, ...] = ()
    kind: RouteType | None = None
    if told is not None and told.nexthops:
        table = vrf.main(told.asked.afi)
        dest = table.routes.get(told.resolved.key)
        kind = told.type
        if dest is not None and dest.selected is not None:
            hops = route_row(zebra, table, dest, dest.selected).hops
    return TrackedRow(
        str(tracked.prefix.address),
        tracked.connected,
        kind,
        hops,
        tuple(
            (client.name, client.number, client in tracked.filtered) for client in tracked.clients
        ),
    )


def tracked(
    zebra: "Zebra",
    vrf: "Vrf | None",
    afi: Afi,
    address: Address | None,
    title: str | None = None,
    *,
    mrib: bool = False,
) -> TrackedList:
    """The tracked next hops of a family, or the narrowest around an address.

    `mrib` asks for those among multicast routes.
    """
    if vrf is None:
        return TrackedList(title, ())
    tracker = vrf.tracker.of(Safi.MULTICAST if mrib else Safi.UNICAST)
    found = [item for prefix, item in tracker.tracked.items() if prefix.afi is afi]
    if address is not None:
        around = [item for item in found if item.prefix.network.covers(address.host_prefix())]
        found = [max(around, key=lambda item: item.prefix.length)] if around else []
    found.sort(key=lambda item: (item.prefix.value, item.prefix.length))
    return TrackedList(title, tuple(_tracked(zebra, vrf, item) for item in found))


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A next-hop group; times in seconds, `deletion` until it is dropped or None."""

    id: int
    refs: int
    deletion: float | None
    age: float
    valid: bool
    installed: bool
    ifindex: int
    depends: tuple[int, ...]
    dependents: tuple[int, ...]
    hops: tuple[HopRow, ...]
    vrf: str = "default"
    type: RouteType = RouteType.NHG
    spares: tuple[HopRow, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupList:
    """`show nexthop-group rib`."""

    rows: tuple[GroupRow, ...]


def _group(zebra: "Zebra", group: "Group") -> GroupRow:
    now = zebra.clock.now()
    rows: list[HopRow] = []

    def add(hop: "Hop", level: int) -> None:
        row = HopRow(hop, level, False, interface_name(zebra, hop), vrf_name(zebra, hop))
        rows.append(row)
        for inner in hop.resolved:
            add(inner, level + 1)

    for hop in group.hops:
        add(hop, 0)
    return GroupRow(
        group.id,
        group.refs,
        group.delete_at - now if group.delete_at is not None else None,
        now - group.since,
        group.valid,
        group.installed,
        group.hops[0].ifindex if not group.depends else 0,
        tuple(sorted(part.id for part in group.depends)),
        tuple(sorted(group.dependents)),
        tuple(rows),
        group_vrf(zebra, group).name,
        group.type,
        spare_rows(zebra, group, None),
    )


def group_vrf(zebra: "Zebra", group: "Group") -> "Vrf":
    """The VRF that FRR counts a group to: that of parts of others where VRFs are namespaces."""
    part = zebra.rib.vrfs.get(group.hops[0].vrf) if zebra.namespaces and group.dependents else None
    return zebra.rib.default if part is None else part


def groups(
    zebra: "Zebra",
    id: int | None,
    singleton: Afi | None,
    vrf: "Vrf | None" = None,
    type: RouteType | None = None,
) -> GroupList | str:
    """All groups, one by its id, those of one next hop in a family; the default VRF has all."""
    if id is not None:
        group = zebra.groups.by_id.get(id)
        if group is None:
            return f"Nexthop Group ID: {id} does not exist"
        return GroupList((_group(zebra, group),))
    chosen = [
        group
        for group in zebra.groups
        if (singleton is None or (group.afi == singleton and len(group.hops) == 1))
        and type in (None, group.type)
        and (vrf in (None, zebra.rib.default) or group_vrf(zebra, group) is vrf)
    ]
    return GroupList(tuple(_group(zebra, group) for group in chosen))


@dataclass(frozen=True, slots=True)
class InterfaceGroups:
    """`show interface nexthop-group`: the groups of one next hop, by the interface they use."""

    interfaces: tuple[tuple[str, tuple[GroupRow, ...]], ...]


def groups_of_interfaces(zebra: "Zebra", name: str | None) -> InterfaceGroups:
    """The groups over each interface that has any, or over one."""
    rows = [_group(zebra, group) for group in zebra.groups]
    found = []
    for interface in zebra.interfaces:
        own = tuple(row for row in rows if row.ifindex == interface.link.ifindex)
        if own and name in (None, interface.name):
            found.append((interface.name, own))
    return InterfaceGroups(tuple(found))
