"""Tables of routes from the RIB: rows are made while they are shown."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from bgp.compiled import maker
from bgp.config import Family
from bgp.rib.dampening import Withheld
from bgp.rib.path import (
    FIRST,
    Entry,
    Origination,
    Path,
    Source,
    best_of,
    multipath_of,
    paths_of,
    reason_of,
)
from bgp.show import build
from bgp.show.build import find
from bgp.show.build.blocks import blocks
from bgp.show.views.misc import Fixed
from bgp.show.views.table import (
    Block,
    Columns,
    NamedTable,
    NextHopText,
    Row,
    RowPath,
    TableHead,
    TablesView,
    TableView,
)
from grammar.base.values import Address, Afi, Safi, key_text

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd
    from bgp.instance import Instance
    from bgp.rib.table import Table
    from bgp.show.build.conditions import Choice

ORIGINS = "ie?"
NO_VPN: Final = Fixed("No BGP prefixes displayed, 0 exist\n", "")
"""As JSON, FRR says nothing at all of a table of VPNs without routes."""
Chosen = Callable[[Path], bool]
"""A filter of paths: those that are shown."""
_Sender = tuple[tuple[NextHopText, ...], bool, str, str | None]
_KEPT = 1 << 14
Judged = Callable[[int, Path], bool]
"""One that looks at the prefix too, by its key."""


def head(instance: "Instance", family: Family) -> TableHead:
    """What stands above a table."""
    table = instance.tables.get(family)
    preference = instance.config.default_local_preference
    return TableHead(
        vrf_id=find.vrf_number(instance),
        vrf_name=find.vrf_name(instance),
        version=0 if table is None else table.version,
        router_id=find.router_id(instance),
        local_pref=100 if preference is None else preference,
        asn=instance.asn,
    )


def hostname_of(instance: "Instance", path: Path) -> str | None:
    """The neighbor's host name as it told it; of own routes this router's."""
    if path.source.is_local:
        return instance.bgpd.hostname or None
    return path.source.state.identity.hostname or None  # type: ignore[attr-defined]


def nexthops(
    afi: Afi,
    gateway: Address | None,
    link_local: Address | None,
    hostname: str | None,
    *,
    aggregate: bool = False,
    in_full: bool = False,
    global_first: bool = False,
) -> tuple[NextHopText, ...]:
    """The next hops of a path: own routes show the unspecified address, aggregates that of IPv6.

    Of two that are the same FRR's tables use the first one, its routes `in_full` the second; with
    `global_first` a route-map wants the global one.
    """
    if gateway is None and aggregate:
        return (NextHopText("::", hostname, "global"),)
    if gateway is None:
        unspecified = "0.0.0.0" if afi is Afi.IPV4 else "::"
        return (NextHopText(unspecified, hostname, None if afi is Afi.IPV4 else "global"),)
    if gateway.afi is Afi.IPV4:
        return (NextHopText(str(gateway), hostname),)
    if link_local is None:
        return (NextHopText(str(gateway), hostname, "global"),)
    first = global_first or (link_local == gateway and not in_full)
    return (
        NextHopText(str(gateway), hostname, "global", used=first),
        NextHopText(str(link_local), hostname, "link-local", used=not first),
    )


def prefers_global(path: Path) -> bool:
    """Whether `set ipv6 next-hop prefer-global` has the global next hop used of two."""
    if path.link_local is None or path.nexthop is None or path.link_local == path.gateway:
        return False
    on_link = bool(path.source.ifindex)  # type: ignore[attr-defined]
    return on_link and path.nexthop.address == path.gateway


def with_names(hops: tuple[NextHopText, ...]) -> tuple[NextHopText, ...]:
    """The same next hops, shown with host names."""
    return tuple(replace(hop, named=True) for hop in hops)


def is_internal(path: Path) -> bool:
    """True for a path of a neighbor of the own AS; other members of a confederation are others."""
    source = path.source
    return not (source.is_local or source.is_ebgp or source.is_confederation)


_columns: Final = maker(Columns, tuple(field.name for field in fields(Columns)), ())
_row_path: Final = maker(
    RowPath, tuple(field.name for field in fields(RowPath)), (False, False, False, False)
)


class RowMaker:
    """Makes rows; what they show of a path is made once per path."""

    def __init__(self, instance: "Instance", table: "Table") -> None:
        self.instance = instance
        self.table = table
        self.afi = table.afi
        self.columns: dict[Path, Columns] = {}
        self._senders: dict[tuple[Source, int], _Sender] = {}
        self.counted = 0
        self.named = find.names_nexthops(instance)

    def total(self) -> int:
        """Paths looked at so far."""
        return self.counted

    def rows(
        self,
        walk: Iterable[tuple[int, Entry] | None],
        chosen: Chosen | None = None,
        judged: Judged | None = None,
    ) -> Iterator[Row | None]:
        """The rows of some entries, without those whose every path `chosen` leaves out."""
        afi, table = self.afi, self.table
        for item in walk:
            if item is None:
                yield None
                continue
            key, entry = item
            if table.held or table.deferred:
                entry = table.settled(key, entry)
            if judged is not None:
                chosen = partial(judged, key)
            self.counted += 1 if type(entry) is Path else len(paths_of(entry))
            paths = self.shown(entry, chosen)
            if key in table.suppressed:
                paths = tuple(replace(path, suppressed=True) for path in paths)
            if paths:
                yield Row(key_text(afi, key), table.version_of(key), paths)

    def shown(self, entry: Entry, chosen: Chosen | None = None) -> tuple[RowPath, ...]:
        """The paths of an entry, without those that `chosen` leaves out."""
        if type(entry) is Path:
            if chosen is not None and not chosen(entry):
                return ()
            nexthop = entry.nexthop
            if type(nexthop) is Withheld:
                return (self.row_path(entry, None),)
            valid = nexthop is None or nexthop.valid
            stale = entry.epoch != entry.source.epoch
            return (_row_path(self.make(entry), valid, valid, False, FIRST, stale),)
        best, multipath, reason = best_of(entry), multipath_of(entry), reason_of(entry)
        return tuple(
            self.row_path(path, best, path in multipath, reason)
            for path in paths_of(entry)
            if chosen is None or chosen(path)
        )

    def state(self) -> object:
        """Something that is another one when a path may be shown otherwise than before, though
        the table has the same: its next hop came or went, or its session."""
        return [each.nexthops.changes for each in self.instance.bgpd.instances.values()]

    def row_path(
        self, path: Path, best: Path | None, multipath: bool = False, reason: str = FIRST
    ) -> RowPath:
        """A path with its marks; the best one of its prefix is `best`."""
        nexthop = path.nexthop
        if type(nexthop) is Withheld:
            valid = nexthop.real is None or nexthop.real.valid
            return RowPath(self.of(path), valid, damped=nexthop.damped, history=nexthop.history)
        valid = nexthop is None or nexthop.valid
        stale = path.epoch != path.source.epoch
        return RowPath(self.of(path), valid, path is best, multipath, reason, stale)

    def of(self, path: Path) -> Columns:
        """The columns of a path."""
        known = self.columns.get(path)
        if known is None:
            if len(self.columns) >= _KEPT:
                self.columns.clear()
            known = self.columns[path] = self.make(path)
        return known

    def make(self, path: Path) -> Columns:
        """The columns of a path, from its attributes."""
        attrs, gateway = path.attrs, path.gateway
        if gateway is None or gateway.afi is not Afi.IPV4:
            hops, internal, peer, interface = self._sender(path)
        else:
            sender = (path.source, gateway.value)
            known = self._senders.get(sender)
            if known is None:
                known = self._senders[sender] = self._sender(path)
            hops, internal, peer, interface = known
        return _columns(
            hops,
            attrs.med,
            attrs.local_pref,
            path.weight,
            attrs.as_path.text,
            ORIGINS[attrs.origin],
            internal,
            peer,
            interface,
        )

    def _sender(self, path: Path) -> _Sender:
        """What the columns have from the neighbor and the next hop."""
        local = path.source.is_local
        hops = nexthops(
            self.afi,
            path.gateway,
            path.link_local,
            hostname_of(self.instance, path),
            aggregate=path.origination is Origination.AGGREGATE,
            global_first=prefers_global(path),
        )
        return (
            with_names(hops) if self.named else hops,
            is_internal(path),
            "(unspec)" if local else find.address_text(path.source),
            None if local or not _is_ipv6(path) else find.interface_of(path.source),
        )


def _is_ipv6(path: Path) -> bool:
    return path.gateway is not None and path.gateway.afi is Afi.IPV6


def table(
    instance: "Instance",
    family: Family,
    choice: "Choice | None" = None,
    *,
    wide: bool = False,
    told: bool = True,
) -> TableView | Fixed:
    """`show bgp`: all routes of a family, or those of a choice; `told` says if it has none."""
    rib = instance.tables.get(stored(family))
    if family[1] is Safi.VPN:
        return NO_VPN if told else Fixed("", "")
    if rib is None:
        return TableView(head(instance, family), (), told=told)
    maker = RowMaker(instance, rib)
    if choice is None:
        return TableView(head(instance, rib.family), blocks(maker), wide, maker.total)
    rows: Iterable[Row | Block | None]
    if choice.judged is None:
        rows = blocks(maker, choice.chosen, choice.keys)
    else:
        rows = maker.rows(rib.walk(), choice.chosen, choice.judged)
    return TableView(head(instance, rib.family), rows, wide, maker.total, told)


def instances(bgpd: "Bgpd", family: Family, *, wide: bool = False) -> TablesView:
    """`show bgp vrf all`: the same family of every instance."""
    named = [
        NamedTable(
            f"Instance {name}", name, build.tables(family).table(instance, family, wide=wide)
        )
        for instance in bgpd.instances.values()
        if (name := find.vrf_name(instance))
    ]
    return TablesView(tuple(named), by_family=False)


def stored(family: Family) -> Family:
    """Labeled unicast is kept with unicast, as in FRR."""
    afi, safi = family
    return (afi, type(safi).UNICAST) if safi == 4 else family
