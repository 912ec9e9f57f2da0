"""A neighbour's routes on their way in: what its filters make of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bgp.config import Family
from bgp.policy.decision import Asked, Decision, Leaf
from bgp.policy.evaluate import Chain
from bgp.policy.route import Route
from bgp.rib.path import Path
from grammar.base.values import Address, Prefix, Safi
from grammar.filters.routemap import MapEntry, RouteMap

if TYPE_CHECKING:
    from bgp.attrs import AttrSet
    from bgp.peer import Peer
    from bgp.receive import Receiver

Shaped = tuple[Path, str | None, list[int]]
"""A path as the filters leave it, or why it is refused, and the prefixes this is said of."""

_ANY: Final = 0
"""The prefix that filters see of what is no prefix: of flow specifications."""
_MOST: Final = 1024
"""Attributes whose decisions are kept for a family of a session; then all are forgotten."""


# Not `frozen`: there is one for each set of attributes, and its way to fill fields costs 1 us.
@dataclass(slots=True, eq=False)
class Outcome:
    """What filters make of a path: `reason` says why it is refused; `changed` that it is not as it
    was. `touched` is what counts being asked."""

    reason: str | None
    attrs: "AttrSet"
    gateway: Address | None
    link_local: Address | None
    weight: int
    prefer_global: bool
    hop_set: bool
    changed: bool
    touched: tuple[RouteMap | MapEntry, ...]


Evaluate = Callable[[Asked], Outcome]


class Inward:
    """The filters of one family of a session, and what they decided about paths so far."""

    __slots__ = ("_basis", "_decisions", "_family", "_names")

    def __init__(self, family: Family) -> None:
        self._family = family
        self._basis: tuple[object, ...] = ()
        self._names: frozenset[object] = frozenset()
        self._decisions: dict[object, Decision[Outcome]] = {}

    def shape(
        self, receiver: "Receiver", chain: Chain, keys: list[int], path: Path
    ) -> Iterator[Shaped]:
        """Run the prefixes of a path through the filters."""
        decision = self._decision(receiver.peer, chain, path)
        evaluate = self._evaluator(receiver.peer, chain, path)
        if self._family[1] is not Safi.FLOWSPEC:
            keys_by_leaf = _sorted(decision, evaluate, keys)
        else:
            keys_by_leaf = {decision.of(_ANY, evaluate): keys}
        for leaf, some in keys_by_leaf.items():
            outcome = leaf.value
            for one in outcome.touched:
                one.invoked += len(some)
            yield self._shaped(receiver, path, outcome), outcome.reason, some

    def _decision(self, peer: "Peer", chain: Chain, path: Path) -> Decision[Outcome]:
        basis = (chain, chain.policy.revision, peer.local_as, peer.config.group)
        if basis != self._basis or len(self._decisions) >= _MOST:
            self._basis = basis
            self._names = frozenset({peer.config.name, peer.config.group, peer.address} - {None})
            self._decisions.clear()
        attrs = path.attrs
        content: object = attrs
        if path.gateway is not attrs.nexthop or path.link_local is not None or path.weight:
            content = (attrs, path.gateway, path.link_local, path.weight)
        found = self._decisions.get(content)
        if found is None:
            found = self._decisions[content] = Decision()
        return found

    def _evaluator(self, peer: "Peer", chain: Chain, path: Path) -> Evaluate:
        def evaluate(asked: Asked) -> Outcome:
            route = self._route(peer, asked, path)
            reason = chain.refusal(route)
            attrs = path.attrs if reason else route.result(chain.policy.pool)
            hop_set = route.prefer_global or route.gateway_kind == "address"
            changed = reason is None and (
                attrs is not path.attrs
                or route.gateway != path.gateway
                or route.link_local != path.link_local
                or route.weight != path.weight
                or hop_set
            )
            return Outcome(
                reason,
                attrs,
                route.gateway,
                route.link_local,
                route.weight,
                route.prefer_global,
                hop_set,
                changed,
                tuple(route.touched),
            )

        return evaluate

    def _shaped(self, receiver: "Receiver", path: Path, outcome: Outcome) -> Path:
        if not outcome.changed:
            return path
        local = None if outcome.prefer_global else outcome.link_local
        shaped = path.revised(outcome.attrs)
        shaped.gateway, shaped.link_local = outcome.gateway, outcome.link_local
        shaped.nexthop = receiver.tracked(self._family, outcome.gateway, local)
        shaped.weight, shaped.hop_set = outcome.weight, outcome.hop_set
        return shaped

    def _route(self, peer: "Peer", asked: Asked, path: Path) -> Route:
        return Route.of_path(
            Prefix.from_key(self._family[0], asked.key),
            path,
            peer.local_as,
            peer_address=peer.address,
            peer_names=self._names,
            asked=asked,
        )


def _sorted(
    decision: Decision[Outcome], evaluate: Evaluate, keys: list[int]
) -> dict[Leaf[Outcome], list[int]]:
    first = decision.of(keys[0], evaluate)
    if decision.for_all is first or len(keys) == 1:
        return {first: keys}
    found = {first: keys[:1]}
    for key in keys[1:]:
        leaf = decision.of(key, evaluate)
        if leaf in found:
            found[leaf].append(key)
        else:
            found[leaf] = [key]
    return found
