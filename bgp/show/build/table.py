"""Tables of routes from the RIB: rows are made while they are shown."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from bgp.config import FAMILIES, Family
from bgp.rib.adjout import DEFAULT_ROUTE
from bgp.rib.dampening import withheld
from bgp.rib.path import (
    FIRST,
    Dest,
    Entry,
    Origination,
    Path,
    best_of,
    multipath_of,
    paths_of,
    reason_of,
)
from bgp.show import build
from bgp.show.build import find
from bgp.show.views.misc import Fixed
from bgp.show.views.table import (
    AdjacencyView,
    Columns,
    NamedTable,
    NextHopText,
    Row,
    RowPath,
    TableHead,
    TablesView,
    TableView,
)
from grammar.base.values import Address, Afi, Prefix, Safi, key_text

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd
    from bgp.instance import Instance
    from bgp.peer import Peer
    from bgp.rib.export import Announced
    from bgp.rib.table import Table

ORIGINS = "ie?"
NO_VPN: Final = Fixed("No BGP prefixes displayed, 0 exist\n", "")
"""As JSON, FRR says nothing at all of the table of VPNs that is not there."""
Chosen = Callable[[Path], bool]
"""A filter of paths: those that are shown."""
TakenOut = Callable[[int, int], bool]
"""Tells of a prefix's key and a path id that what a neighbor sent is not in the table."""
Judged = Callable[[int, Path], bool]
"""One that looks at the prefix too, by its key."""


def head(instance: "Instance", family: Family) -> TableHead:
    """What stands above a table."""
    table = instance.tables.get(family)
    preference = instance.config.default_local_preference
    return TableHead(
        vrf_id=instance.vrf_id,
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
) -> tuple[NextHopText, ...]:
    """The next hops of a path: own routes show the unspecified address, aggregates that of IPv6."""
    if gateway is None and aggregate:
        return (NextHopText("::", hostname, "global"),)
    if gateway is None:
        unspecified = "0.0.0.0" if afi is Afi.IPV4 else "::"
        return (NextHopText(unspecified, hostname, None if afi is Afi.IPV4 else "global"),)
    if gateway.afi is Afi.IPV4:
        return (NextHopText(str(gateway), hostname),)
    if link_local is None or link_local == gateway:
        scope = "link-local" if gateway.is_link_local else "global"
        return (NextHopText(str(gateway), hostname, scope),)
    return (
        NextHopText(str(gateway), hostname, "global", used=False),
        NextHopText(str(link_local), hostname, "link-local"),
    )


class RowMaker:
    """Makes rows; what they show of a path is made once per path."""

    def __init__(self, instance: "Instance", table: "Table") -> None:
        self.instance = instance
        self.table = table
        self.afi = table.afi
        self.columns: dict[int, tuple[Path, Columns]] = {}
        self.counted = 0

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
            if judged is not None:
                chosen = partial(judged, key)
            if type(entry) is Path:
                self.counted += 1
                if chosen is None or chosen(entry):
                    path = self.row_path(entry, entry if entry.valid else None)
                    if key in table.suppressed:
                        path = replace(path, suppressed=True)
                    yield Row(key_text(afi, key), table.version_of(key), (path,))
                continue
            paths = self.paths(entry, chosen)
            if key in table.suppressed:
                paths = tuple(replace(path, suppressed=True) for path in paths)
            if paths:
                yield Row(key_text(afi, key), table.version_of(key), paths)

    def paths(self, entry: Entry, chosen: Chosen | None) -> tuple[RowPath, ...]:
        """The shown paths of an entry that has several."""
        best, multipath, reason = best_of(entry), multipath_of(entry), reason_of(entry)
        found = []
        for path in paths_of(entry):
            self.counted += 1
            if chosen is None or chosen(path):
                found.append(self.row_path(path, best, path in multipath, reason))
        return tuple(found)

    def row_path(
        self, path: Path, best: Path | None, multipath: bool = False, reason: str = FIRST
    ) -> RowPath:
        """A path with its marks; the best one of its prefix is `best`."""
        held = withheld(path)
        if held is not None:
            valid = held.real is None or held.real.valid
            return RowPath(self.of(path), valid, damped=held.damped, history=held.history)
        return RowPath(
            self.of(path),
            path.valid,
            best=path is best,
            multipath=multipath,
            reason=reason,
            stale=path.stale,
        )

    def of(self, path: Path) -> Columns:
        """The columns of a path."""
        known = self.columns.get(id(path))
        if known is None:
            known = self.columns[id(path)] = (path, self.make(path))
        return known[1]

    def make(self, path: Path) -> Columns:
        """The columns of a path, from its attributes."""
        attrs = path.attrs
        hostname = hostname_of(self.instance, path)
        local = path.source.is_local
        return Columns(
            nexthops(
                self.afi,
                path.gateway,
                path.link_local,
                hostname,
                aggregate=path.origination is Origination.AGGREGATE,
            ),
            attrs.med,
            attrs.local_pref,
            path.weight,
            attrs.as_path.text,
            ORIGINS[attrs.origin],
            internal=not local and not path.source.is_ebgp,
            peer="(unspec)" if local else str(path.source),
        )


def table(
    instance: "Instance",
    family: Family,
    *,
    wide: bool = False,
    within: Prefix | None = None,
    chosen: Chosen | None = None,
    keys: Callable[[int], bool] | None = None,
    judged: Judged | None = None,
) -> TableView | Fixed:
    """`show bgp`: all routes of a family, those `within` a prefix, or those a filter chose."""
    rib = instance.tables.get(stored(family))
    if rib is None and family[1] is Safi.VPN:
        return NO_VPN
    if rib is None:
        return TableView(head(instance, family), ())
    maker = RowMaker(instance, rib)
    if within is not None:
        network = within.network
        outside = _Outside(network)
        walk = _counted(rib.walk(), outside, maker)
    elif keys is not None:
        walk = _counted(rib.walk(), keys, maker)
    else:
        walk = rib.walk()
    return TableView(
        head(instance, stored(family)), maker.rows(walk, chosen, judged), wide, maker.total
    )


def families(instance: "Instance", afi: str | None, *, wide: bool = False) -> TablesView:
    """`show bgp all`: the families that neighbors are activated in."""
    named = [
        NamedTable(
            f"For address family: {find.family_name(family)}",
            find.family_key(family),
            build.tables(family).table(instance, family, wide=wide),
        )
        for family in FAMILIES
        if afi in (None, family[0].word)
        and any(find.is_active(peer, family) for peer in instance.sorted_peers())
    ]
    return TablesView(tuple(named))


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


class _Outside:
    """Tests whether a key lies within a network, on integers."""

    def __init__(self, network: Prefix) -> None:
        self.length = network.length
        shift = 6 if network.afi is Afi.IPV4 else 8
        self.mask = (1 << shift) - 1
        self.shift = shift + network.afi.bits - network.length
        self.bits = network.key >> self.shift

    def __call__(self, key: int) -> bool:
        return key & self.mask >= self.length and key >> self.shift == self.bits


def _counted(
    walk: Iterable[tuple[int, Entry] | None], wanted: Callable[[int], bool], maker: RowMaker
) -> Iterator[tuple[int, Entry] | None]:
    """The entries of wanted keys; paths of the others are counted."""
    for item in walk:
        if item is None or wanted(item[0]):
            yield item
        else:
            entry = item[1]
            maker.counted += len(entry.paths) if type(entry) is Dest else 1


def advertised(
    instance: "Instance", peer: "Peer", family: Family, *, wide: bool = False
) -> AdjacencyView:
    """What a neighbor was told."""
    lines = peer.families.get(family)
    group = None if lines is None else lines.group
    announced = () if group is None else group.walk()
    given = group is not None and group.profile.default is not None
    # FRR tells of the default route that it makes ahead of the others, and does not count it.
    rows = _announced_rows(
        instance,
        family,
        (each for each in announced if not given or each is None or each[0] != DEFAULT_ROUTE),
    )
    default = ("0.0.0.0/0" if family[0] is Afi.IPV4 else "::/0") if given else None
    return AdjacencyView(
        head(instance, family), "advertisedRoutes", rows, wide, headed=given, default=default
    )


def _announced_rows(
    instance: "Instance", family: Family, announced: "Iterable[tuple[int, Announced] | None]"
) -> Iterator[Row | None]:
    afi = family[0]
    known: dict[int, tuple[Announced, RowPath]] = {}
    for item in announced:
        if item is None:
            yield None
            continue
        key, sent = item
        cached = known.get(id(sent))
        if cached is None:
            attrs = sent.attrs
            columns = Columns(
                nexthops(afi, sent.gateway, sent.link_local, None),
                sent.med,
                sent.local_pref,
                sent.weight,
                attrs.as_path.text,
                ORIGINS[attrs.origin],
            )
            cached = known[id(sent)] = (sent, RowPath(columns, best=True))
        yield Row(key_text(afi, key), 0, (cached[1],))


def best_of_peer(
    instance: "Instance", peer: "Peer", family: Family, *, wide: bool = False
) -> AdjacencyView:
    """What a neighbor sent that is the best: FRR names it as if it were all that it sent."""
    rib = instance.tables.get(family)
    walk = () if rib is None else rib.walk()
    rows = () if rib is None else _best_rows(RowMaker(instance, rib), peer, walk)
    return AdjacencyView(head(instance, family), "receivedRoutes", rows, wide, headed=True)


def _best_rows(
    maker: RowMaker, peer: "Peer", walk: Iterable[tuple[int, Entry] | None]
) -> Iterator[Row | None]:
    for item in walk:
        best = None if item is None else best_of(item[1])
        source: object = None if best is None else best.source
        if item is None:
            yield None
        elif best is not None and source is peer:
            yield Row(
                key_text(maker.afi, item[0]), 0, (RowPath(_outer(maker.of(best)), best=True),)
            )


def filtered(
    instance: "Instance", peer: "Peer", family: Family, *, wide: bool = False
) -> AdjacencyView:
    """What a neighbor sent and policy took out."""
    return received(
        instance, peer, family, wide=wide, keys=taken_out(instance.tables[family], peer)
    )


def taken_out(rib: "Table", peer: "Peer") -> TakenOut:
    """Tells of a key and a path id that policy took out what the neighbor sent."""

    def is_out(key: int, path_id: int) -> bool:
        return not any(
            path.source is peer and path.path_id == path_id for path in paths_of(rib.get(key))
        )

    return is_out


def kept_inward(peer: "Peer", family: Family, keys: TakenOut | None) -> Iterator[tuple[int, Path]]:
    """What soft-reconfiguration keeps of a neighbor, by key; of those of `keys`, if it is given."""
    lines = peer.families.get(family)
    if lines is None or lines.adj_in is None:
        return
    for key, path in lines.adj_in.walk():
        if keys is None or keys(key, path.path_id):
            yield key, path


def received(
    instance: "Instance",
    peer: "Peer",
    family: Family,
    *,
    wide: bool = False,
    keys: TakenOut | None = None,
) -> AdjacencyView:
    """What a neighbor sent, before policy; only with soft-reconfiguration inbound."""
    maker = RowMaker(instance, instance.tables[family])
    paths = kept_inward(peer, family, keys)
    rows = (
        Row(key_text(maker.afi, key), 0, (RowPath(_outer(maker.of(path)), best=True),))
        for key, path in paths
    )
    return AdjacencyView(head(instance, family), "receivedRoutes", rows, wide)


def _outer(columns: Columns) -> Columns:
    """FRR marks no path of an Adj-RIB-In as internal."""
    if not columns.internal:
        return columns
    return Columns(
        columns.nexthops,
        columns.med,
        columns.local_pref,
        columns.weight,
        columns.as_path,
        columns.origin,
    )
