"""Next hops and networks that wait for routes, from the daemon's state."""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from bgp.rib.origin import is_there
from bgp.rib.path import Path, best_of, multipath_of, paths_of
from bgp.show.build import find
from bgp.show.views.misc import (
    Fixed,
    Later,
    NexthopLine,
    NexthopPath,
    NexthopTable,
    NexthopTables,
    Remark,
)
from grammar.base.clock import dated
from grammar.base.values import Address, Prefix, key_text
from zebra.zapi.messages import NexthopType

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd
    from bgp.instance import Instance
    from bgp.rib.nexthop import Nexthop
    from bgp.rib.origin import Origin
    from zebra.zapi.messages import Nexthop as Hop
    from zebra.zapi.messages import NexthopUpdate

_NO_INSTANCE = "% No such BGP instance exist"
_COUNTED, _MULTIPATH, _STALE, _VALID, _SELECTED = 0x400, 0x800, 0x100, 0x10, 0x8
"""FRR's flags of a path."""


def nexthops(
    bgpd: "Bgpd", name: str | None, asked: Address | None, *, detail: bool = False
) -> NexthopTable | NexthopTables | Later | Fixed | Remark:
    """The next-hop cache of an instance, or one of its entries with the paths that use it.

    FRR knows the default instance by no name here, and all of them not in detail.
    """
    if name == "all" and asked is None and not detail:
        each = bgpd.instances.values()
        return NexthopTables(tuple((find.vrf_name(one), _cache(one)) for one in each))
    instance = bgpd.instances.get(name)
    if instance is None:
        return Remark(_NO_INSTANCE)
    entries = instance.nexthops.sorted()
    if asked is None:
        return _cache(instance)
    chosen = [entry for entry in entries if entry.address == asked]
    if not chosen:
        text = "specified nexthop does not have entry\n"
        return Fixed(text, text)
    return Later(_used(instance, chosen[0]))


def _cache(instance: "Instance") -> NexthopTable:
    entries = instance.nexthops.sorted()
    return NexthopTable(tuple(_nexthop(instance, entry) for entry in entries))


def _used(instance: "Instance", entry: "Nexthop") -> Generator[None, None, NexthopTable]:
    users: list[NexthopPath] = []
    for user in _users(instance, entry):
        if user is None:
            yield
        else:
            users.append(user)
    return NexthopTable((_nexthop(instance, entry),), users=tuple(users))


def import_checks(bgpd: "Bgpd", name: str | None) -> NexthopTable | Remark:
    """Networks that wait for a route of the own prefix, and what zebra said of each."""
    instance = bgpd.instances.get(name)
    if instance is None:
        return Remark(_NO_INSTANCE if name is not None else f"{_NO_INSTANCE}\n")
    # What a view would ask zebra counts as there.
    always = instance.is_view and instance.config.network_import_check is not False
    lines = tuple(
        _checked(instance, origin, prefix, update)
        for origin in instance.origins.values()
        for prefix, update in sorted(
            (origin.networks if always else origin.checked).items(), key=lambda item: item[0].key
        )
    )
    return NexthopTable(lines, "Current BGP import check cache:")


def _checked(
    instance: "Instance", origin: "Origin", prefix: Prefix, update: "NexthopUpdate | None"
) -> NexthopLine:
    there = instance.is_view or (update is not None and is_there(update))
    return NexthopLine(
        str(prefix.network.address),
        there,
        0 if update is None else update.metric,
        1,
        None,
        tuple(_hop(instance, hop) for hop in update.nexthops) if update and there else (),
        _when(instance, origin.told.get(prefix, 0.0)),
        registered=instance.asks_zebra,
    )


def _when(instance: "Instance", told: float) -> int:
    """When zebra last spoke; what it never spoke of is for FRR as old as the machine's clock."""
    clock = instance.bgpd.clock
    return int(dated(clock, told) if told else clock.wall() - clock.now())


def _hop(instance: "Instance", hop: "Hop") -> str:
    if hop.type is NexthopType.BLACKHOLE:
        return "blackhole"
    interface = instance.zebra.interfaces.get((instance.vrf_id, hop.ifindex))
    name = f"if {'unknown' if interface is None else interface.name}"
    if hop.gate is None:
        return name
    bound = hop.type in (NexthopType.IPV4_IFINDEX, NexthopType.IPV6_IFINDEX)
    return f"gate {hop.gate}, {name}" if bound else f"gate {hop.gate}"


def _nexthop(instance: "Instance", entry: "Nexthop") -> NexthopLine:
    peer = next((str(peer) for peer in entry.peers), None)
    return NexthopLine(
        str(entry.address),
        entry.valid,
        entry.metric,
        entry.paths,
        peer,
        tuple(_hop(instance, hop) for hop in entry.hops),
        _when(instance, entry.changed),
        connected=entry.connected,
    )


def _users(instance: "Instance", entry: "Nexthop") -> Iterator[NexthopPath | None]:
    """The paths through a next hop, those that came last first; None for a pause."""
    afi = entry.address.afi
    for table in instance.all_tables:
        using = []
        for item in table.walk():
            if item is None:
                yield None
                continue
            key, found = item
            if any(path.nexthop is entry for path in paths_of(found)):
                using.append((-table.version_of(key), key, found))
        using.sort(key=lambda item: item[:2])
        for _, key, found in using:
            best = best_of(found)
            for path in paths_of(found):
                if path.nexthop is entry:
                    yield NexthopPath(
                        key_text(table.afi, key),
                        _flags(path, best, multipath_of(found)),
                        afi,
                        vrf=find.vrf_name(instance),
                    )


def _flags(path: Path, best: Path | None, together: tuple[Path, ...]) -> int:
    flags = _COUNTED
    flags |= _VALID if path.valid else 0
    flags |= _STALE if path.stale else 0
    if path is best:
        return flags | _SELECTED
    return flags | (_MULTIPATH if path in together else 0)
