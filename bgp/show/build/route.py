"""One prefix with its paths, from the RIB."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypedDict

from bgp.config import UNICAST, Family
from bgp.familyconfig import rival
from bgp.graceful import RESTART
from bgp.policy.communities import community_text
from bgp.policy.extended import extended_text
from bgp.rib.dampening import reachability, withheld
from bgp.rib.defaults import DEFAULT_ROUTE, is_given
from bgp.rib.path import (
    LLGR_STALE,
    NO_LLGR,
    Entry,
    Origination,
    Path,
    best_of,
    multipath_of,
    paths_of,
    reason_of,
    winners_of,
)
from bgp.rib.txids import ALL, BEST_PER_AS
from bgp.show.build import find, flowspec
from bgp.show.build.damped import damping
from bgp.show.build.table import (
    head,
    hostname_of,
    nexthops,
    prefers_global,
    stored,
    with_names,
)
from bgp.show.views.damped import Damping
from bgp.show.views.flowspec import RulesDetail, RulesFound
from bgp.show.views.misc import Fixed, Remark
from bgp.show.views.route import AsSegment, DetailView, NoRoute, RoutePath, RouteView
from bgp.show.views.table import NextHopText
from grammar.base.clock import dated
from grammar.base.values import Address, Afi, Prefix, Safi, address_text, key_text

if TYPE_CHECKING:
    from bgp.attrs import AttrSet
    from bgp.instance import Instance
    from bgp.peer import Peer
    from bgp.rib.table import Table
    from bgp.show.build.conditions import Choice

_ORIGINS = ("IGP", "EGP", "incomplete")
_SEGMENTS = {1: "as-set", 2: "as-sequence", 3: "as-confed-sequence", 4: "as-confed-set"}
_RETAINED = "mark routes to be retained for a longer time."
_REMARKS = (
    (0xFFFF0001, "accept own local route exported and imported in different VRF"),
    (0xFFFF0002, "mark translated RTs for VPNv4 route filtering"),
    (
        LLGR_STALE,
        "mark routes to be retained for a longer time."
        " Requires support for Long-lived BGP Graceful Restart",
    ),
    (
        NO_LLGR,
        "mark routes to not be treated according to Long-lived BGP Graceful Restart operations",
    ),
    (0xFFFF0003, "attach RT as-is for VPNv4 route filtering"),
    (0xFFFF0004, "mark translated RTs for VPNv6 route filtering"),
    (0xFFFF0005, "attach RT as-is for VPNv6 route filtering"),
    (0xFFFF0006, f"{_RETAINED} Requires support for Long-lived BGP Graceful Restart"),
    (
        0xFFFF0007,
        "mark routes to not be treated according to Long-lived BGP Graceful Restart operations",
    ),
    (0xFFFF0008, "accept local nexthop"),
    (0xFFFF029A, "inform peer to blackhole prefix"),
    (0xFFFFFF01, "not advertised to EBGP peer"),
    (0xFFFFFF02, "not advertised to any peer"),
    (0xFFFFFF03, "not advertised outside local AS"),
    (0xFFFFFF04, "inform EBGP peer not to advertise to their EBGP peers"),
)
"""What FRR says of the first of these communities that the best path has."""
_SUPPRESSED = "Advertisements suppressed by an aggregate."


def wrong_family(afi: Afi) -> Remark:
    """FRR's answer to an address of one family asked for in the other."""
    words = ("IPv4", "IPv6") if afi is Afi.IPV4 else ("IPv6", "IPv4")
    return Remark(f"% Cannot specify {words[0]} address or prefix with {words[1]} AFI")


def route(
    instance: "Instance", family: Family, asked: Address | Prefix, only: str | None = None
) -> RouteView | RulesFound | NoRoute | Remark:
    """The entry for a prefix, or the longest one for an address. `only`: bestpath or multipath."""
    afi = asked.afi
    if afi is not family[0]:
        return wrong_family(afi)
    if family[1] is Safi.FLOWSPEC:
        return flowspec.find(instance, family, asked)
    family = stored(family)
    table = instance.tables.get(family)
    key = None
    if table is not None and isinstance(asked, Prefix):
        key = asked.network.key
    elif table is not None and isinstance(asked, Address):
        key = table.longest(asked.host_prefix())
    entry = None if table is None or key is None else table.get(key)
    if table is None or key is None or entry is None:
        return NoRoute()
    return _view(instance, family, key, entry, only)


def detail(
    instance: "Instance", family: Family, choice: "Choice | None" = None
) -> DetailView | RulesDetail | Fixed:
    """All prefixes of a family, or those of a choice, each as `show bgp PREFIX` has it."""
    if family[1] is Safi.FLOWSPEC and choice is None:
        return flowspec.detail(instance, family)
    if family[1] is Safi.VPN:
        return Fixed("", "")
    family = stored(family)
    table = instance.tables.get(family)
    if table is None or family[1] is Safi.FLOWSPEC:
        return DetailView(head(instance, family), ())
    return DetailView(head(instance, family), _chosen(instance, family, table.walk(), choice))


def _chosen(
    instance: "Instance",
    family: Family,
    walk: Iterable[tuple[int, Entry] | None],
    choice: "Choice | None",
) -> Iterator[RouteView | None]:
    for item in walk:
        if item is None:
            yield None
            continue
        key, entry = item
        view = _view(instance, family, key, entry)
        if choice is None:
            yield view
            continue
        if choice.keys is not None and not choice.keys(key):
            continue
        shown = tuple(
            row
            for path, row in zip(paths_of(entry), view.paths, strict=True)
            if (choice.chosen is None or choice.chosen(path))
            and (choice.judged is None or choice.judged(key, path))
        )
        if shown:
            yield replace(view, paths=shown)


def _view(
    instance: "Instance", family: Family, key: int, entry: Entry, only: str | None = None
) -> RouteView:
    table = instance.tables[family]
    entry = table.settled(key, entry)
    version = table.version_of(key)
    return RouteView(
        key_text(table.afi, key),
        version,
        _place(instance, family),
        _paths(instance, family, key, entry, only),
        _advertised(instance, family, key),
        table.each_path,
        _remark(best_of(entry), key in table.suppressed),
        _counted(entry) if only is not None else None,
        titled=find.is_titled(instance),
    )


def _place(instance: "Instance", family: Family) -> str | None:
    if family not in UNICAST:
        return None
    return "table default" if instance.vrf is None else f"vrf {instance.vrf}"


def _counted(entry: Entry) -> tuple[int, int | None]:
    paths, best = paths_of(entry), best_of(entry)
    return len(paths), None if best is None else paths.index(best) + 1


def _advertised(
    instance: "Instance", family: Family, key: int, path: Path | None = None, best: bool = False
) -> tuple[tuple[str, str | None], ...]:
    """Whom a prefix is announced to, or one of its paths."""
    found = []
    for peer in instance.sorted_peers():
        lines = peer.families.get(family) or peer.families.get(rival(family) or family)
        group = None if lines is None else lines.group
        if group is None or (key == DEFAULT_ROUTE and is_given(group.profile.default)):
            continue  # FRR does not count the default route that it makes
        if group.tells(key) if path is None else group.tells_path(key, path, best):
            found.append((str(peer), peer.state.identity.hostname or None))
    return tuple(found)


def _remark(best: Path | None, suppressed: bool) -> str | None:
    values = () if best is None else best.attrs.communities
    found = next((words for value, words in _REMARKS if value in values), None)
    if not suppressed:
        return found
    return _SUPPRESSED if found is None else f"{found}, {_SUPPRESSED}"


def _paths(
    instance: "Instance", family: Family, key: int, entry: Entry, only: str | None
) -> tuple[RoutePath, ...]:
    table = instance.tables[family]
    version = table.version_of(key)
    installed = any(p.origination is Origination.REDISTRIBUTED for p in paths_of(entry))
    kernel = table.installed
    best, together, reason = best_of(entry), multipath_of(entry), reason_of(entry)
    shared = together if len(together) > 1 else ()
    winners = winners_of(entry) if table.rules.deterministic_med else ()
    return tuple(
        replace(
            _path(instance, family, path, version, path is best, path in shared, reason),
            # FRR says so of all paths of a prefix that some daemon has a route for.
            fib_installed=installed or (kernel is not None and key in kernel.keys),
            deferred=key in table.deferred,
            unchosen=table.held and key in table.changed,
            **_stale_left(family, path),
            fib_pending=kernel is not None and key in kernel.asked,
            tag=_tag(path),
            **_damping(instance, family, key, path),
            best_from_as=path.attrs.as_path.first_as or 0 if path in winners else None,
            from_served=not path.source.is_local and path.source.is_served(family),
            path_ids=_path_ids(table, key, path),
            remote_label=None if path.source.is_local else path.label,
            label_index=path.label if path.source.is_local else None,
            has_label=table.labels is not None and key in table.labels.by_key,
            advertised=(
                _advertised(instance, family, key, path, path is best) if table.each_path else ()
            ),
        )
        for path in paths_of(entry)
        if only is None or path is best or (only == "multipath" and path in together)
    )


def _path_ids(table: "Table", key: int, path: Path) -> tuple[int, int, int] | None:
    ids = table.tx_ids
    found = (path.path_id, ids.of(ALL, key, path), ids.of(BEST_PER_AS, key, path))
    return found if any(found) else None


def _is_reachable(path: Path) -> bool:
    nexthop = reachability(path)
    return nexthop is None or nexthop.valid


class _Damping(TypedDict):
    damping: Damping | None
    damped: bool
    history: bool
    stale: bool


def _damping(instance: "Instance", family: Family, key: int, path: Path) -> _Damping:
    held = withheld(path)
    return {
        "damping": damping(instance, family, key, path),
        "damped": held is not None and held.damped,
        "history": held is not None and held.history,
        "stale": path.stale and held is None,
    }


def _stale_left(family: Family, path: Path) -> dict[str, Any]:
    """How long a stale path of a neighbor stays."""
    if not path.stale or path.source.is_local:
        return {}
    peer: Peer = path.source  # type: ignore[assignment]
    due = peer.graceful.long_lived.due(family)
    if due is not None and LLGR_STALE in path.attrs.communities:
        return {"stale_left": max(0, int(due - peer.clock.now())), "long_lived": True}
    return {"stale_left": peer.graceful.left(RESTART)}


def _named(instance: "Instance", communities: Iterable[str]) -> tuple[str, ...]:
    aliases = instance.bgpd.config.aliases
    return tuple(aliases.get(text, text) for text in communities)


def _tag(path: Path) -> int | None:
    extras = path.attrs.extras
    return None if extras is None else extras.tag or None


def _path(
    instance: "Instance",
    family: Family,
    path: Path,
    version: int,
    best: bool,
    multipath: bool,
    reason: str,
) -> RoutePath:
    attrs, valid = path.attrs, _is_reachable(path)
    local = path.source.is_local
    hostname = hostname_of(instance, path)
    return RoutePath(
        nexthops=_nexthops(instance, family, path, hostname),
        as_path=attrs.as_path.text,
        segments=tuple(AsSegment(_SEGMENTS[kind], asns) for kind, asns in attrs.as_path.segments),
        as_length=attrs.as_path.length,
        origin=_ORIGINS[attrs.origin],
        updated=int(dated(instance.bgpd.clock, path.since)),
        version=version,
        router_id=_sender(instance, path),
        peer=None if local else str(path.source),
        peer_address=None if local else find.address_text(path.source),
        interface=None if local else find.interface_of(path.source),
        peer_hostname=None if local else hostname,
        titled=find.is_titled(instance),
        source=_source(path, instance.config.confederation_id is not None),
        local=path.origination in (Origination.STATIC, Origination.AGGREGATE),
        from_client=_from_client(path, family),
        med=attrs.med,
        local_pref=attrs.local_pref,
        weight=path.weight,
        valid=valid,
        accessible=valid,
        igp_metric=_igp_metric(path) if valid else None,
        atomic=attrs.atomic,
        multipath=multipath,
        best=best,
        reason=reason,
        communities=_named(instance, map(community_text, attrs.communities)),
        extended=tuple(map(extended_text, attrs.ext_communities)),
        large=_named(instance, (f"{a}:{b}:{c}" for a, b, c in attrs.large_communities)),
        originator=_id_text(attrs.originator_id),
        clusters=tuple(address_text(Afi.IPV4, cluster) for cluster in attrs.cluster_list),
        otc=attrs.otc,
        aggregator=_aggregator(attrs),
    )


def _nexthops(
    instance: "Instance", family: Family, path: Path, hostname: str | None
) -> tuple[NextHopText, ...]:
    hops = nexthops(
        family[0],
        path.gateway,
        path.link_local,
        hostname,
        aggregate=path.origination is Origination.AGGREGATE,
        in_full=True,
        global_first=prefers_global(path),
    )
    return with_names(hops) if find.names_nexthops(instance) else hops


def _igp_metric(path: Path) -> int:
    if path.origination is Origination.STATIC:
        return path.metric
    nexthop = reachability(path)
    return 0 if nexthop is None else nexthop.metric


def _id_text(number: int | None) -> str | None:
    return None if number is None else address_text(Afi.IPV4, number)


def _aggregator(attrs: "AttrSet") -> tuple[int, str] | None:
    found = attrs.aggregator
    return None if found is None else (found.asn, address_text(Afi.IPV4, found.router_id))


def _sender(instance: "Instance", path: Path) -> str:
    if path.source.is_local:
        return find.router_id(instance)
    return address_text(Afi.IPV4, path.source.router_id)


def _source(path: Path, confederation: bool) -> str:
    if path.source.is_local:
        return "aggregated" if path.origination is Origination.AGGREGATE else "sourced"
    if path.source.is_confederation:
        return "confed-external"
    if path.source.is_ebgp:
        return "external"
    return "confed-internal" if confederation else "internal"


def _from_client(path: Path, family: Family) -> bool:
    is_client = getattr(path.source, "is_client", None)
    return is_client is not None and not path.source.is_local and bool(is_client(family))
