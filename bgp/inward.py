"""A neighbour's routes on their way in: what its filters make of them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from bgp.config import Family
from bgp.policy.evaluate import Chain
from bgp.policy.route import Route
from bgp.rib.path import Path, best_of
from grammar.base.values import Prefix, Safi

if TYPE_CHECKING:
    from bgp.attrs import AttrSet
    from bgp.instance import Instance
    from bgp.receive import Receiver

Shaped = tuple[Path, str | None, list[int]]
"""A path as the filters leave it, or why it is refused, and the prefixes this is said of."""

_ANY: Final = 0
"""The key of the route that stands for all: the filters look at attributes only."""


def shape(
    receiver: "Receiver", chain: Chain, family: Family, keys: list[int], path: Path
) -> Iterator[Shaped]:
    """Run the prefixes of a path through the filters; once for all if these see no prefix."""
    if family[1] is not Safi.UNICAST or not chain.by_prefix:
        shaped, reason = _one(receiver, chain, family, _ANY, path, len(keys))
        yield shaped, reason, keys
        return
    paths: dict[tuple[object, ...], Path] = {}
    by_outcome: dict[tuple[Path, str | None], list[int]] = {}
    for key in keys:
        shaped, reason = _one(receiver, chain, family, key, path, 1)
        if shaped is not path:
            content = (shaped.attrs, shaped.gateway, shaped.link_local, shaped.weight)
            shaped = paths.setdefault(content, shaped)
        by_outcome.setdefault((shaped, reason), []).append(key)
    for (shaped, reason), some in by_outcome.items():
        yield shaped, reason, some


def _one(
    receiver: "Receiver", chain: Chain, family: Family, key: int, path: Path, times: int
) -> tuple[Path, str | None]:
    route = _route(receiver, family, key, path)
    reason = chain.refusal(route)
    route.count(times)
    if reason is not None:
        return path, reason
    attrs = route.result(chain.policy.pool)
    if (
        attrs is path.attrs
        and route.gateway == path.gateway
        and route.link_local == path.link_local
        and route.weight == path.weight
        and not route.prefer_global
    ):
        return path, None
    tracked_local = None if route.prefer_global else route.link_local
    shaped = Path(
        path.source,
        attrs,
        route.gateway,
        receiver.tracked(family, route.gateway, tracked_local),
        path.since,
        link_local=route.link_local,
        weight=route.weight,
        round=path.round,
    )
    shaped.epoch = path.epoch
    return shaped, None


def _route(receiver: "Receiver", family: Family, key: int, path: Path) -> Route:
    peer = receiver.peer
    names = {peer.config.name, peer.config.group, peer.address} - {None}
    return Route(
        Prefix.from_key(family[0], key),
        path.attrs,
        path.gateway,
        link_local=path.link_local,
        weight=path.weight,
        local_as=peer.local_as,
        peer_address=peer.address,
        peer_names=frozenset(names),
    )


def default_by_map(
    instance: "Instance", family: Family, name: str, attrs: "AttrSet"
) -> "AttrSet | None":
    """The default route of `default-originate route-map`: there if the map permits some route of
    the table, with what the map sets."""
    policy = instance.bgpd.policy
    for found in instance.tables[family].walk():
        best = None if found is None else best_of(found[1])
        if found is None or best is None:
            continue
        route = Route(
            Prefix.from_key(family[0], found[0]),
            best.attrs,
            best.gateway,
            weight=best.weight,
            local_as=instance.asn,
        )
        if policy.permits(name, route):
            return attrs.replace(policy.pool, **route.changes) if route.changes else attrs
    return None
