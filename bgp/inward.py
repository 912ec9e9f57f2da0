"""A neighbour's routes on their way in: what its filters make of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bgp.config import Family
from bgp.folded import settle
from bgp.policy.decision import Asked, Decision, Question
from bgp.policy.evaluate import Chain
from bgp.policy.route import Route
from bgp.rib.path import Path
from grammar.base.values import Address, Safi
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


Judged = tuple[Outcome | str | None, list[int]]
"""What filters make of a path for some prefixes; where only those decide, why they are refused, or
None."""


class Inward:
    """The filters of one family of a session, and what they decided about paths so far."""

    __slots__ = ("_basis", "_family", "_gates", "_names", "_outcomes", "_plain")

    def __init__(self, family: Family) -> None:
        self._family = family
        self._basis: tuple[object, ...] = ()
        self._names: frozenset[object] = frozenset()
        self._gates: tuple[Question, ...] = ()
        self._outcomes: dict[object, Outcome | Decision[Outcome]] = {}
        self._plain = True
        """Until now the filters behind the gates looked at attributes only."""

    def shape(
        self, receiver: "Receiver", chain: Chain, keys: list[int], path: Path
    ) -> Iterator[Shaped]:
        """Run the prefixes of a path through the filters."""
        peer = receiver.peer
        basis = (chain, chain.policy.revision, peer.local_as, peer.config.group)
        if basis != self._basis or len(self._outcomes) >= _MOST:
            self._begin(peer, chain, basis)
        asked = keys if self._family[1] is not Safi.FLOWSPEC else [_ANY]
        for outcome, some in self._judged(peer, chain, asked, path):
            some = keys if asked is not keys else some
            if not isinstance(outcome, Outcome):
                yield path, outcome, some
                continue
            for one in outcome.touched:
                one.invoked += len(some)
            shaped = self._shaped(receiver, path, outcome) if outcome.changed else path
            yield shaped, outcome.reason, some

    def _begin(self, peer: "Peer", chain: Chain, basis: tuple[object, ...]) -> None:
        self._basis = basis
        self._names = frozenset({peer.config.name, peer.config.group, peer.address} - {None})
        self._gates = chain.gates(self._family[0])
        self._outcomes.clear()
        self._plain = True

    def _judged(self, peer: "Peer", chain: Chain, keys: list[int], path: Path) -> list[Judged]:
        passed = keys
        refused: list[int] = []
        for gate in self._gates:
            passed, more = gate.divide(passed)
            refused += more
        found: list[Judged] = []
        if passed and chain.ends_at_gates:
            found.append((None, passed))
        elif passed:
            found += self._beyond(peer, chain, passed, path)
        if refused:
            found.insert(0 if refused[0] == keys[0] else len(found), ("filter;", refused))
        return found

    def _beyond(
        self, peer: "Peer", chain: Chain, keys: list[int], path: Path
    ) -> Sequence[tuple[Outcome, list[int]]]:
        attrs = path.attrs
        content: object = attrs
        if path.gateway is not attrs.nexthop or path.link_local is not None or path.weight:
            content = (attrs, path.gateway, path.link_local, path.weight)
        known = self._outcomes.get(content)
        if isinstance(known, Outcome):
            return ((known, keys),)
        if known is None and self._plain:
            asked = Asked(keys[0])
            outcome = self._outcome(peer, chain, path, asked)
            if not asked.news:
                self._outcomes[content] = outcome
                return ((outcome, keys),)
            self._plain = False
            begun = Decision.begun(asked, outcome)
            self._outcomes[content] = begun
            first, keys = (outcome, keys[:1]), keys[1:]
            rest = self._divided(peer, chain, keys, path, begun) if keys else ()
            return (first, *rest)
        decision: Decision[Outcome] = known or Decision()
        self._outcomes[content] = decision
        return self._divided(peer, chain, keys, path, decision)

    def _divided(
        self, peer: "Peer", chain: Chain, keys: list[int], path: Path, known: Decision[Outcome]
    ) -> Sequence[tuple[Outcome, list[int]]]:
        return known.divide(keys, lambda asked: self._outcome(peer, chain, path, asked))

    def _outcome(self, peer: "Peer", chain: Chain, path: Path, asked: Asked) -> Outcome:
        route = Route.received(
            self._family[0], path, asked, peer.local_as, peer.address, self._names
        )
        reason = chain.beyond(route)
        attrs = path.attrs if reason else route.result(chain.policy.pool)
        hop_set = route.prefer_global or route.gateway_kind == "address"
        changed = reason is None and (
            attrs is not path.attrs
            or route.gateway is not path.gateway
            or route.link_local is not path.link_local
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

    def _shaped(self, receiver: "Receiver", path: Path, outcome: Outcome) -> Path:
        shaped = path.revised(outcome.attrs)
        shaped.weight, shaped.hop_set = outcome.weight, outcome.hop_set
        if (
            outcome.gateway is not path.gateway
            or outcome.link_local is not path.link_local
            or outcome.prefer_global
        ):
            local = None if outcome.prefer_global else outcome.link_local
            shaped.gateway, shaped.link_local = outcome.gateway, outcome.link_local
            shaped.nexthop = receiver.tracked(self._family, outcome.gateway, local)
        return settle(shaped)
