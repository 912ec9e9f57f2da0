"""What a neighbor sent and was told, from its Adj-RIBs: rows are made while they are shown."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bgp.config import Family
from bgp.policy.evaluate import Chain
from bgp.policy.route import Route
from bgp.rib.defaults import DEFAULT_ROUTE, is_given
from bgp.rib.path import Entry, Origination, Path, best_of
from bgp.show.build import find, flowspec, outbound, select
from bgp.show.build.blocks import shards_in_blocks
from bgp.show.build.table import ORIGINS, RowMaker, head, nexthops
from bgp.show.views.table import (
    AdjacencyView,
    Block,
    Columns,
    NextHopText,
    Row,
    RowPath,
    TableHead,
    TablesView,
)
from grammar.base.values import Address, Afi, Prefix, Safi, key_text

if TYPE_CHECKING:
    from bgp.attrs import AttrSet
    from bgp.instance import Instance
    from bgp.peer import Peer
    from bgp.rib.adjout import UpdateGroup
    from bgp.rib.announced import Announced
    from bgp.rib.table import Table

_NO_SOFT: Final = "Inbound soft reconfiguration not enabled"
_RULES: Final[dict[str, Callable[..., object]]] = {
    "advertised-routes": flowspec.advertised,
    "received-routes": flowspec.received,
    "filtered-routes": flowspec.filtered,
}
"""As FRR has it of a neighbor that sent no prefix filter."""


def of_family(
    instance: "Instance",
    peer: "Peer",
    family: Family,
    what: str,
    *,
    rmap: str | None = None,
    wide: bool = False,
) -> object:
    """`advertised-routes`, `received-routes` or `filtered-routes` of one family, as a route-map
    would change them if one is named; `Refused` where FRR refuses."""
    find.require_active(peer, family)
    if what != "advertised-routes" and not peer.config.family(family).soft_reconfiguration:
        raise find.refused(f"% {_NO_SOFT}", f'{{ "warning": "{_NO_SOFT}" }}')
    if family[1] is Safi.FLOWSPEC:
        return _RULES[what](instance, peer, family, wide=wide)
    if what == "advertised-routes":
        return _advertised(instance, peer, family, rmap, wide=wide)
    return _received(instance, peer, family, rmap, wide=wide, filtered=what == "filtered-routes")


def of_all(
    instance: "Instance",
    peer: "Peer",
    word: str | None,
    what: str,
    *,
    rmap: str | None = None,
    wide: bool = False,
) -> TablesView:
    """The same for each family that neighbors are activated in."""

    def one(family: Family) -> object:
        return of_family(instance, peer, family, what, rmap=rmap, wide=wide)

    return select.of_families(instance, word, one)


def prefix_filter(peer: "Peer", family: Family) -> object:
    """The prefix-list that a neighbor asked for (ORF)."""
    return outbound.received(peer, family)


# --- told ----------------------------------------------------------------------------------------


def _head(instance: "Instance", peer: "Peer", family: Family) -> TableHead:
    """As above a table, with the AS number that the neighbor knows."""
    return replace(head(instance, family), asn=peer.local_as)


def _advertised(
    instance: "Instance", peer: "Peer", family: Family, rmap: str | None, *, wide: bool
) -> AdjacencyView:
    lines = peer.families.get(family)
    group = None if lines is None else lines.group
    given = group is not None and is_given(group.profile.default)
    count = [0]
    rows: Iterable[Row | Block | None] = ()
    if group is not None and rmap is None:
        rows = announced_rows(group, extended=group.profile.multiprotocol)
    elif group is not None:
        chain = Chain(None, None, None, rmap, instance.bgpd.policy)
        rows = _changed_rows(instance, family, _without_default(group), chain, count)
    default = ("0.0.0.0/0" if family[0] is Afi.IPV4 else "::/0") if given else None
    return AdjacencyView(
        _head(instance, peer, family),
        "advertisedRoutes",
        rows,
        wide,
        lambda: count[0],
        headed=group is not None and len(group) > given,
        default=default,
    )


def _without_default(group: "UpdateGroup") -> "Iterator[tuple[int, Announced] | None]":
    """What a group told, without the default route that it makes: FRR does not count it."""
    given = is_given(group.profile.default)
    return (each for each in group.walk() if not given or each is None or each[0] != DEFAULT_ROUTE)


def announced_rows(group: "UpdateGroup", *, extended: bool = False) -> Iterator[Row | Block | None]:
    """The rows of what a group told of its table; `extended` IPv4 routes have IPv6 next hops."""
    afi, table = group.table.afi, group.table

    hops: dict[int | None, tuple[NextHopText, ...]] = {}

    def paths(entry: Hashable) -> tuple[RowPath, ...]:
        sent: Announced = entry  # type: ignore[assignment]
        gateway = sent.gateway
        value = None if gateway is None else gateway.value
        if value not in hops:
            hops[value] = nexthops(afi, gateway, None, None, aggregate=extended)
        return (_told(sent, hops[value]),)

    if group.profile.paths is not None or is_given(group.profile.default):
        yield from _announced_rows(table, _without_default(group), extended=extended)
        return
    for found in shards_in_blocks(group.advertised):
        if found is None:
            yield None
            continue
        _, keys, told = found
        if extended or not any(sent.local for sent in set(told)):
            yield Block(afi, keys, told, paths, {}, None, sent=True)
        else:
            yield from _announced_rows(table, zip(keys, told, strict=True))


def _announced_rows(
    table: "Table",
    announced: "Iterable[tuple[int, Announced] | None]",
    *,
    extended: bool = False,
) -> Iterator[Row | None]:
    afi = table.afi
    for item in announced:
        if item is None:
            yield None
            continue
        key, sent = item
        aggregate = extended or _is_aggregate(table, key)
        hops = nexthops(afi, sent.gateway, None, None, aggregate=aggregate)
        yield Row(key_text(afi, key), 0, (_told(sent, hops),))


def _changed_rows(
    instance: "Instance",
    family: Family,
    announced: "Iterable[tuple[int, Announced] | None]",
    chain: Chain,
    refused: list[int],
) -> Iterator[Row | None]:
    afi, table = family[0], instance.tables[family]
    for item in announced:
        if item is None:
            yield None
            continue
        key, sent = item
        changed = _changed(instance, afi, key, sent, chain)
        if changed is None:
            refused[0] += 1
        else:
            aggregate = _is_aggregate(table, key)
            hops = nexthops(afi, changed.gateway, None, None, aggregate=aggregate)
            yield Row(key_text(afi, key), 0, (_told(changed, hops),))


def _is_aggregate(table: "Table", key: int) -> bool:
    best = best_of(table.get(key))
    return best is not None and best.origination is Origination.AGGREGATE


def _changed(
    instance: "Instance", afi: Afi, key: int, sent: "Announced", chain: Chain
) -> "Announced | None":
    """What was told as a route-map changes it; None if it denies it."""
    route = Route(
        Prefix.from_key(afi, key),
        sent.attrs,
        sent.gateway,
        link_local=sent.link_local,
        weight=sent.weight,
        local_as=instance.asn,
    )
    route.changes = {"med": sent.med, "local_pref": sent.local_pref}
    if chain.refusal(route) is not None:
        return None
    return replace(
        sent,
        attrs=route.result(chain.policy.pool, "med", "local_pref"),
        gateway=route.gateway,
        med=route.get("med"),
        local_pref=route.get("local_pref"),
        weight=route.weight,
    )


def _told(sent: "Announced", hops: tuple[NextHopText, ...]) -> RowPath:
    columns = Columns(
        hops,
        sent.med,
        sent.local_pref,
        sent.weight,
        sent.attrs.as_path.text,
        ORIGINS[sent.attrs.origin],
    )
    return RowPath(columns, best=True)


# --- sent ----------------------------------------------------------------------------------------


def _received(
    instance: "Instance",
    peer: "Peer",
    family: Family,
    rmap: str | None,
    *,
    wide: bool,
    filtered: bool,
) -> AdjacencyView:
    count = [0]
    lines = peer.families.get(family)
    return AdjacencyView(
        _head(instance, peer, family),
        "receivedRoutes",
        _received_rows(peer, family, rmap, filtered, count),
        wide,
        (lambda: 0) if filtered else (lambda: count[0]),
        headed=lines is not None and lines.adj_in is not None and len(lines.adj_in) > 0,
    )


def _received_rows(
    peer: "Peer", family: Family, rmap: str | None, filtered: bool, refused: list[int]
) -> Iterator[Row | None]:
    """What soft-reconfiguration keeps, as the filters leave it: FRR shows it so."""
    lines = peer.families.get(family)
    if lines is None or lines.adj_in is None:
        return
    policy = peer.instance.bgpd.policy
    chain = lines.chain_in or Chain(None, None, None, None, policy)
    lists, named = replace(chain, route_map=None), rmap or chain.route_map
    afi = family[0]
    for item in lines.adj_in.walk():
        if item is None:
            yield None
            continue
        key, path = item
        route = _route(peer, afi, key, path)
        # As in FRR the map is asked also about what the lists refuse, and nobody whether there
        # is any policy.
        denied = lists.refusal(route) is not None
        kept = named is None or policy.permits(named, route)
        refused[0] += denied or not kept
        if denied or not kept or not filtered:
            attrs = route.result(policy.pool) if kept else path.attrs
            columns = _sent(afi, attrs, route if kept else path)
            yield Row(key_text(afi, key), 0, (RowPath(columns, best=True),))


def _route(peer: "Peer", afi: Afi, key: int, path: Path) -> Route:
    names = {peer.config.name, peer.config.group, peer.address} - {None}
    return Route.of_path(
        Prefix.from_key(afi, key),
        path,
        peer.local_as,
        peer_address=peer.address,
        peer_names=frozenset(names),
    )


def _sent(afi: Afi, attrs: "AttrSet", of: Path | Route) -> Columns:
    gateway: Address | None = of.gateway
    return Columns(
        nexthops(afi, gateway, None, None),
        attrs.med,
        attrs.local_pref,
        of.weight,
        attrs.as_path.text,
        ORIGINS[attrs.origin],
    )


# --- best ----------------------------------------------------------------------------------------


def best(
    instance: "Instance", peer: "Peer", family: Family, *, wide: bool = False
) -> AdjacencyView:
    """What a neighbor sent that is the best: FRR names it as if it were all that it sent."""
    rib = instance.tables.get(family)
    walk = () if rib is None else rib.walk()
    rows = () if rib is None else _best_rows(RowMaker(instance, rib), peer, walk)
    return AdjacencyView(
        _head(instance, peer, family),
        "receivedRoutes",
        rows,
        wide,
        headed=rib is not None and len(rib) > 0,
    )


def _best_rows(
    maker: RowMaker, peer: "Peer", walk: Iterable[tuple[int, Entry] | None]
) -> Iterator[Row | None]:
    for item in walk:
        chosen = None if item is None else best_of(item[1])
        source: object = None if chosen is None else chosen.source
        if item is None:
            yield None
        elif chosen is not None and source is peer:
            # FRR marks no path of an Adj-RIB-In as internal, and shows the global next hop.
            hops = nexthops(maker.afi, chosen.gateway, None, None)
            columns = replace(maker.of(chosen), internal=False, nexthops=hops, interface=None)
            yield Row(key_text(maker.afi, item[0]), 0, (RowPath(columns, best=True),))
