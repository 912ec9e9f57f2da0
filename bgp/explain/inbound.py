"""How what a neighbour sent fares on its way in: `bgp.receive`'s checks, in their order."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bgp.acceptance import Acceptance
from bgp.explain.filters import filtered
from bgp.explain.quiet import Noted
from bgp.explain.words import differences, path_values
from bgp.policy.route import Route
from grammar.output.outline import Point

if TYPE_CHECKING:
    from bgp.negotiated import Negotiated
    from bgp.peer import Peer
    from bgp.peerfamily import PeerFamily
    from bgp.policy.evaluate import Chain
    from bgp.rib.path import Path


@dataclass(frozen=True, slots=True)
class Judged:
    """`reason` is FRR's word for a refusal, None for a path that is taken; `text` says why."""

    reason: str | None
    text: str
    points: tuple[Point, ...]


def judged(
    peer: "Peer", state: "PeerFamily", terms: "Negotiated", key: int, path: "Path"
) -> Judged:
    """What becomes of a path as it was received, by the rules that are in force."""
    rules = Acceptance(peer, state, terms)
    fault = rules.fault(path.attrs, terms.peer_as)
    if fault is not None:
        return faulty(fault)
    refusal = rules.refusal(path)
    if refusal is not None:
        text = _refused(rules, path, refusal)
        return Judged(refusal, text, (Point(text, {"check": refusal, "passed": False}),))
    passed = "checks of AS path, originator, clusters, policy and role: nothing against it"
    points = [Point(passed, {"check": "loops and policy", "passed": True})]
    if rules.chain is None:
        points.append(Point("no filter inwards", {"filter": None}))
        return _ended(rules, path, path, points)
    route = received_route(peer, state, key, path)
    found = filtered(rules.chain, route)
    points += found.points
    if found.reason is not None:
        return Judged(found.reason, _barred(found.points, found.reason), tuple(points))
    return _ended(rules, path, shaped_by(path, route, rules.chain), points)


def shaped_by(path: "Path", route: Route, chain: "Chain") -> "Path":
    """The path as the filters left it."""
    shaped = path.revised(route.result(chain.policy.pool))
    shaped.gateway, shaped.link_local = route.gateway, route.link_local
    shaped.weight = route.weight
    return shaped


def received_route(peer: "Peer", state: "PeerFamily", key: int, path: "Path") -> Route:
    """The route that the filters of a neighbour look at, whose questions count nothing."""
    names = frozenset({peer.config.name, peer.config.group, peer.address} - {None})
    asked = Noted(key)
    return Route.received(state.family[0], path, asked, peer.local_as, peer.address, names)


def faulty(fault: str) -> Judged:
    """What is treated as withdrawn (RFC 7606)."""
    text = f"treated as withdrawn: {fault.removeprefix('treated as withdrawn: ')}"
    return Judged(fault, text, (Point(text, {"check": "malformed", "passed": False}),))


def _ended(rules: Acceptance, path: "Path", shaped: "Path", points: list[Point]) -> Judged:
    martian = rules.martian(shaped)
    if martian is not None:
        text = f"next hop {shaped.gateway} is an address of this router"
        points.append(Point(text, {"check": "martian", "passed": False}))
        return Judged(martian, text, tuple(points))
    admitted = rules.admitted(shaped)
    marks = differences(path_values(shaped), path_values(admitted))
    points += [Point(f"added behind the filters: {point.text}", point.fields) for point in marks]
    changes = differences(path_values(path), path_values(admitted))
    text = "accepted" if not changes else "accepted, changed"
    return Judged(None, text, tuple(points))


def _barred(points: tuple[Point, ...], reason: str) -> str:
    """What refused: the last that the filters said."""
    last = points[-1].text if points else reason
    return last if reason != "advertise-map;" else "an advertise-map withholds it"


def _refused(rules: Acceptance, path: "Path", refusal: str) -> str:
    peer, attrs, name = rules.peer, path.attrs, str(rules.peer)
    match refusal:
        case "as-path contains our own AS;":
            line = f"neighbor {name} allowas-in"
            own = ", ".join(str(n) for n in _own_numbers(peer) if attrs.as_path.contains(n))
            return f"AS path {attrs.as_path.text} has our own AS {own} in it (`{line}` takes it)"
        case "originator is us;":
            return f"the originator of the reflected route is this router, {_id(rules.router_id)}"
        case "reflected from the same cluster;":
            return f"its cluster list has the own cluster {_id(rules.cluster_id)} in it"
        case "filter;":
            line = f"neighbor {name} route-map NAME in"
            return f"no policy inwards, which `bgp ebgp-requires-policy` asks for: `{line}`"
        case "failing otc validation":
            role = f"role {rules.role}, only to customer {attrs.otc}"
            return f"somebody leaked it: {role} (RFC 9234)"
    return refusal


def _own_numbers(peer: "Peer") -> tuple[int, ...]:
    config = peer.instance.config
    wanted = (peer.instance.asn, peer.config.local_as, config.confederation_id)
    return tuple(number for number in dict.fromkeys(wanted) if number is not None)


def _id(number: int) -> str:
    return ".".join(str(number >> shift & 0xFF) for shift in (24, 16, 8, 0))
