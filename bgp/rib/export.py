"""What a best path becomes on its way out: who is told, with which attributes, in which bytes.

The facts that are the same for all members of an update-group are its `Profile`. FRR shows the
outgoing attributes without our own AS and without the address of each session, which are put in
when the bytes are made; `Announced` keeps to that.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from bgp.attrs import AttrPool, AttrSet
from bgp.config import IPV4_UNICAST, Family
from bgp.labels import lacks_label, passed_on
from bgp.policy.decision import Asked
from bgp.policy.evaluate import Chain
from bgp.policy.route import Route
from bgp.rib.announced import Announced, told
from bgp.rib.bandwidth import replaced
from bgp.rib.defaults import Default
from bgp.rib.path import Path, Together
from bgp.rib.special import Special
from bgp.rib.summary import union
from grammar.base.values import Address, Afi, Prefix
from grammar.filters.routemap import MapEntry, RouteMap

NO_EXPORT: Final = 0xFFFFFF01
NO_ADVERTISE: Final = 0xFFFFFF02
LOCAL_AS: Final = 0xFFFFFF03


@dataclass(frozen=True, slots=True)
class Profile:
    """The key of an update-group: members that share it are told the same.

    `prepend` are the AS numbers to put in front (external members). `filter` is the name of the
    outgoing route-map; `silent` members are told nothing (ebgp-requires-policy, a filter that does
    not exist). `mri` is the minimum advertisement interval in seconds. `cluster_id` is that of
    this router, `client` that the members are route reflector clients.
    """

    family: Family
    external: bool
    local_as: int
    prepend: tuple[int, ...] = ()
    as4: bool = True
    max_length: int = 4096
    filter: str | None = None
    silent: bool = False
    next_hop_self: bool = False
    next_hop_self_force: bool = False
    client: bool = False
    cluster_id: int = 0
    local_pref: int = 100
    mri: int = 0
    multiprotocol: bool = False
    """IPv4 prefixes go into MP_REACH_NLRI (extended next hop)."""
    standard: bool = True
    extended: bool = True
    large: bool = True
    """Kinds of communities that go out (`send-community`)."""
    chain: Chain | None = None
    """The filters that a route has to pass on its way out."""
    solo: str | None = None
    """The neighbor that shares its group with no other."""
    confederation: bool = False
    """Members are of another AS of the own confederation."""
    special: Special | None = None
    unsuppress: Chain | None = None
    """The filters for routes that an aggregate hides; without any they stay hidden."""
    link_local_unchanged: bool = False
    """A link-local next hop is told on as it came (`nexthop-local unchanged`)."""
    reflected_policy: bool = False
    """Filters may change routes that are reflected, not only stop them."""
    paths: str | None = None
    """Which paths these members are told under ids of their own (see `txids`); None without ids."""
    whole_rates: bool = False
    """Link bandwidths are written as integers."""
    pool: AttrPool | None = field(default=None, compare=False, repr=False)
    """Where attributes are made that differ from those of the path."""
    default: Default | None = None
    """`default-originate`: the default route that these members are given."""


def is_plain(profile: Profile) -> bool:
    """Whether members are external, are told IPv4 routes the plain way, and nothing filters."""
    p = profile
    changes = p.chain or p.special or p.next_hop_self or p.next_hop_self_force
    other = p.silent or p.confederation or p.multiprotocol or p.link_local_unchanged
    return p.family == IPV4_UNICAST and p.external and not (changes or other)


def announce_plain(
    path: Path,
    profile: Profile,
    shares_network: Callable[[Path], bool],
    asked: Asked | None = None,
    touched: list[RouteMap | MapEntry] | None = None,
) -> Announced | None:
    """As `announce`, for a profile that `is_plain`: nearly all routes go a short way."""
    attrs, gateway, source = path.attrs, path.gateway, path.source
    usual = type(path) is Path and not path.hop_set and path.label is None
    near = gateway is None or gateway.afi is Afi.IPV4
    if not (usual and near) or shares_network(path):
        return announce(path, profile, shares_network, asked, touched)
    if attrs.may_be_marked and kept_back(attrs.communities, profile):
        return None
    local = source.is_local
    foreign = gateway is not None and gateway.value != source.sort_address
    return told(
        attrs,
        None,
        None,
        attrs.med if local else None,
        attrs.local_pref,
        path.weight,
        None,
        (),
        local,
        False,
        False,
        None,
        gateway is None and not local,
        None,
        gateway,
        source if foreign else None,
    )


def announce(
    path: Path,
    profile: Profile,
    shares_network: Callable[[Path], bool],
    asked: Asked | None = None,
    touched: list[RouteMap | MapEntry] | None = None,
) -> Announced | None:
    """The outgoing form of a best path, None if these members are not told of it.

    `shares_network` says whether a path's next hop and some member are on one network of ours
    (RFC 4271 sec. 5.1.3, third party next hop). Through `asked` the filters of the group look at
    the prefix; into `touched` goes what counts being asked.
    """
    reflected = is_reflected(path, profile)
    if profile.silent or kept_from(path, profile, reflected):
        return None
    asked = asked or Asked(0)
    if profile.chain is not None and profile.chain.bars(profile.family[0], asked):
        return None  # before anything is made of a path whose prefixes do not go out
    on_shared_network = shares_network(path)
    attrs, special = _said(path, profile), profile.special
    if special is not None:
        attrs = special.before_filters(attrs, profile.external)
    next_hop = _next_hop(path, profile, reflected, on_shared_network)
    if isinstance(path, Together) and next_hop == (None, None):
        attrs = _summed(path, profile, attrs)
    third = profile.external and not on_shared_network and next_hop[0] is None
    later = path.gateway if third and not path.hop_set and not profile.next_hop_self else None
    announced = _unfiltered(path, profile, attrs, next_hop, later)
    if reflected:
        originator, clusters = _reflected(path, profile.cluster_id)
        # To which FRR gives an originator, it gives a MED too.
        med = (announced.med or 0) if path.attrs.originator_id is None else announced.med
        announced = replace(announced, originator=originator, clusters=clusters, med=med)
    if profile.chain is None:
        return announced if special is None else _finished(announced, profile, special)
    route = _outgoing(path, profile, announced, asked)
    refusal = profile.chain.beyond(route)
    if touched is not None:
        touched += route.touched
    if refusal is not None:
        return None
    if not reflected or profile.reflected_policy:
        announced = _filtered(path, profile.chain, announced, route)
    return announced if special is None else _finished(announced, profile, special)


def _said(path: Path, profile: Profile) -> AttrSet:
    """The attributes of a path, or of all that are used together."""
    if isinstance(path, Together) and path.merged and profile.pool is not None:
        return union(path.merged, profile.pool)
    return path.attrs


def _summed(path: Together, profile: Profile, attrs: AttrSet) -> AttrSet:
    """Who sends its traffic here is told what all of the ways can carry."""
    if not path.shared or profile.pool is None:
        return attrs
    values = replaced(
        attrs.ext_communities, path.total, profile.local_as, whole=profile.whole_rates
    )
    if values == attrs.ext_communities:
        return attrs
    return attrs.replace(profile.pool, ext_communities=values)


def kept_from(path: Path, profile: Profile, reflected: bool) -> bool:
    """True if members are not told of a path, whatever the filters say."""
    values, special = path.attrs.communities, profile.special
    if values and kept_back(values, profile):
        return True
    if reflected and not may_reflect(path, profile):
        return True
    if lacks_label(path, profile, reflected):
        return True
    return special is not None and special.refuses(path)


def _unfiltered(
    path: Path,
    profile: Profile,
    attrs: AttrSet,
    next_hop: tuple[Address | None, Address | None],
    third: Address | None,
) -> Announced:
    foreign = third is not None and third.value != path.source.sort_address
    med, local_pref = _numbers(path, profile)
    gateway, link_local = next_hop
    special = profile.special
    return Announced(
        attrs,
        gateway,
        link_local,
        med,
        local_pref,
        path.weight,
        local=path.source.is_local,
        bare=path.gateway is None and not path.source.is_local and type(path) is not Together,
        forced=special is not None and gateway is not None and special.keeps_next_hop(path),
        label=None if path.label is None else passed_on(path, profile, is_reflected(path, profile)),
        third=third,
        third_from=path.source if foreign else None,
    )


def is_reflected(path: Path, profile: Profile) -> bool:
    """True for a path from within the AS that goes to members within it (RFC 4456)."""
    source = path.source
    inside = not (source.is_ebgp or source.is_local or source.is_confederation)
    return inside and not (profile.external or profile.confederation)


def may_reflect(path: Path, profile: Profile) -> bool:
    """Whether such a path goes to the members: it is from a client, or to clients."""
    of_client = path.source.is_client(profile.family)
    if of_client and profile.client and profile.special is not None:
        return not profile.special.clients_apart
    return profile.client or of_client


def _numbers(path: Path, profile: Profile) -> tuple[int | None, int | None]:
    """MED and local preference."""
    attrs, special = path.attrs, profile.special
    if profile.external:
        kept = path.source.is_local or (special is not None and special.keeps_med(path))
        return attrs.med if kept else None, attrs.local_pref
    local_pref = profile.local_pref if attrs.local_pref is None else attrs.local_pref
    return attrs.med, local_pref


def _finished(announced: Announced, profile: Profile, special: Special) -> Announced:
    attrs = special.after_filters(announced.attrs, profile.external)
    if special.shutting_down and not profile.external:
        return replace(announced, local_pref=0)
    return announced if attrs is announced.attrs else replace(announced, attrs=attrs)


def _reflected(path: Path, cluster_id: int) -> tuple[int, tuple[int, ...]]:
    attrs = path.attrs
    originator = path.source.router_id if attrs.originator_id is None else attrs.originator_id
    return originator, (cluster_id, *attrs.cluster_list)


def _outgoing(path: Path, profile: Profile, base: Announced, asked: Asked) -> Route:
    route = Route(
        Prefix.from_key(profile.family[0], asked.key),
        base.attrs,
        path.gateway,
        link_local=base.link_local,
        weight=path.weight,
        outward=True,
        local_as=profile.local_as,
        asked=asked,
    )
    if isinstance(path, Together):
        route.ways, route.total = path.count, path.total
    route.whole_rates = profile.whole_rates
    route.changes = {"med": base.med, "local_pref": base.local_pref}
    return route


def _filtered(path: Path, chain: Chain, base: Announced, route: Route) -> Announced:
    gateway, forced = base.gateway, False
    third = base.third if route.gateway_kind is None else None
    match route.gateway_kind:
        case "address":
            gateway, forced = route.gateway, True
        case "unchanged":
            gateway, forced = path.gateway, path.gateway is not None
        case "peer-address":
            gateway = None
    return replace(
        base,
        attrs=route.result(chain.policy.pool, "med", "local_pref"),
        gateway=gateway,
        link_local=route.link_local,
        med=route.get("med"),
        local_pref=route.get("local_pref"),
        chosen=route.gateway_kind == "address",
        near=None if route.link_local is base.link_local else route.link_local,
        weight=route.weight,
        originator=route.changes.get("originator_id", base.originator),
        forced=forced,
        third=third,
    )


def announce_default(attrs: AttrSet, profile: Profile) -> Announced:
    """The default route of `default-originate`, whatever the table has; it always has a MED."""
    local_pref = None if profile.external else profile.local_pref
    return Announced(attrs, med=attrs.med or 0, local_pref=local_pref, weight=0, local=True)


def kept_back(values: tuple[int, ...], profile: Profile) -> bool:
    """True for communities that keep a path from the members (RFC 1997)."""
    if NO_ADVERTISE in values or (profile.external and NO_EXPORT in values):
        return True
    # RFC 1997: not even to other members of the confederation.
    return LOCAL_AS in values and (profile.external or profile.confederation)


def _next_hop(
    path: Path, profile: Profile, reflected: bool, on_shared_network: bool
) -> tuple[Address | None, Address | None]:
    gateway, link_local = _told_next_hop(path, profile, reflected, on_shared_network)
    return gateway, path.link_local if profile.link_local_unchanged else link_local


def _told_next_hop(
    path: Path, profile: Profile, reflected: bool, on_shared_network: bool
) -> tuple[Address | None, Address | None]:
    if profile.special is not None and profile.special.keeps_next_hop(path):
        return path.gateway, path.link_local
    itself = profile.next_hop_self_force or (profile.next_hop_self and not reflected)
    if itself and not path.hop_set:
        return None, None
    gateway, ipv4 = path.gateway, profile.family[0] is Afi.IPV4
    extended = ipv4 and gateway is not None and gateway.afi is Afi.IPV6
    if profile.external and not path.hop_set and (extended or not on_shared_network):
        # FRR shows an IPv6 next hop (RFC 8950) to who is then told an own IPv4 one.
        return (gateway if extended and not profile.multiprotocol else None), None
    if gateway is not None and (profile.multiprotocol or not ipv4) and not is_global(gateway):
        return None, None
    return gateway, path.link_local


def is_global(gateway: Address) -> bool:
    """Whether it can be told as an IPv6 next hop: those of one link mean nothing on others."""
    return gateway.afi is Afi.IPV6 and bool(gateway.value) and not gateway.is_link_local
