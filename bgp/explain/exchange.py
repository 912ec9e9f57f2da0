"""What an established session exchanges in each family, and why nothing where that is so."""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from bgp.config import FAMILIES
from bgp.explain.absent import missing
from bgp.explain.cause import Cause, family_words, in_family
from bgp.explain.nexthop import reach
from bgp.familyconfig import family_title, table_family
from bgp.rib.path import paths_of
from grammar.base.values import Afi, Safi
from grammar.output.outline import Fields, Point, plural

if TYPE_CHECKING:
    from bgp.peer import Peer
    from bgp.peerfamily import PeerFamily
    from bgp.rib.nexthop import Nexthop

_STEP = 2048


def exchanges(peer: "Peer") -> Generator[str, None, list[Point]]:
    """A point for each family that one end has activated; empty texts are pauses of walks."""
    terms = peer.negotiated
    if terms is None:
        return []
    found: list[Point] = []
    for family in FAMILIES:
        state = peer.families.get(family)
        heard = family in terms.heard
        if state is not None and state.active:
            unusable = yield from _unusable(state)
            found.append(_family(state, unusable))
        elif state is not None:
            text = f"{family_title(family)}: {peer.name} has not activated it"
            cause = Cause(
                "not-offered", text, (), f"on {peer.name}: activate {family_words(family)}"
            )
            found.append(cause.point)
        elif heard:
            text = f"{family_title(family)}: {peer.name} offers it, it is not activated here"
            mend = in_family(peer, family, "neighbor N activate")
            found.append(Cause("not-activated", text, mend).point)
    return found


def _unusable(state: "PeerFamily") -> "Generator[str, None, dict[Nexthop, int]]":
    """How many prefixes of a neighbour have next hops that cannot be used."""
    peer = state.peer
    found: dict[Nexthop, int] = {}
    if not any(hop.paths and not hop.valid for hop in peer.instance.nexthops.entries.values()):
        return found
    seen = 0
    for item in peer.instance.tables[table_family(state.family)].walk():
        if item is None:
            yield ""
            continue
        seen += 1
        if not seen % _STEP:
            yield ""
        for path in paths_of(item[1]):
            if path.source is peer and path.nexthop is not None and not path.nexthop.valid:
                found[path.nexthop] = found.get(path.nexthop, 0) + 1
    return found


def _family(state: "PeerFamily", unusable: "dict[Nexthop, int]") -> Point:
    sent, title = state.sent, family_title(state.family)
    got = plural(state.accepted, "prefix", "prefixes")
    fields: Fields = {"family": title, "accepted": state.accepted, "sent": sent}
    parts = {"causes": [cause.point for cause in _causes(state, unusable)]}
    return Point(f"{title}: {got} accepted, {sent} sent", fields, parts)


def _causes(state: "PeerFamily", unusable: "dict[Nexthop, int]") -> Iterator[Cause]:
    peer = state.peer
    yield from _inward(state)
    for nexthop, count in unusable.items():
        _, why = reach(peer.instance, nexthop)
        text = f"{plural(count, 'prefix', 'prefixes')} cannot be used: next hop {nexthop.address}"
        remedy = f"a route to it, or on {peer.name}: `neighbor ... next-hop-self`"
        yield Cause("next-hop", f"{text}: {why}", (), remedy)
    yield from _outward(state)


def _inward(state: "PeerFamily") -> Iterator[Cause]:
    peer, family, lines = state.peer, state.family, state.config
    if state.policy_missing_in:
        text = "nothing is accepted: no policy inwards, which `bgp ebgp-requires-policy` asks for"
        yield Cause("no-policy", text, in_family(peer, family, "neighbor N route-map NAME in"))
    yield from missing(state, "in")
    limit = lines.maximum_prefix
    if limit is not None and state.accepted > limit:
        then = "warning-only" if lines.maximum_prefix_warning_only else "one more ends the session"
        text = f"more than maximum-prefix {limit} ({then})"
        yield Cause(
            "maximum-prefix", text, in_family(peer, family, "neighbor N maximum-prefix MORE")
        )
    if state.accepted or state.policy_missing_in:
        return
    if not state.eor_received and peer.sends_eor:
        yield Cause("waiting", f"{peer.name} has not said that it has announced all")
    if state.adj_in is not None and len(state.adj_in):
        text = f"all of its {plural(len(state.adj_in), 'route')} are refused"
        yield Cause("refused", text, (), f"`explain bgp PREFIX neighbor {peer.name}` says why")
    elif state.chain_in is not None:
        text = "it announces nothing, or its filters refuse all"
        yield Cause("refused", text, (), f"`explain bgp PREFIX neighbor {peer.name}` says which")
    else:
        text = f"{peer.name} announces nothing that could be taken"
        remedy = f"on {peer.name}: is there something to announce, and do its filters let it out?"
        if peer.is_ebgp:
            remedy += " A router like this one wants a policy there (`bgp ebgp-requires-policy`)."
        yield Cause("nothing-sent", text, (), remedy)


def _outward(state: "PeerFamily") -> Iterator[Cause]:
    peer, family = state.peer, state.family
    if state.policy_missing_out:
        text = "nothing is announced: no policy outwards, which `bgp ebgp-requires-policy` asks for"
        yield Cause("no-policy", text, in_family(peer, family, "neighbor N route-map NAME out"))
    yield from missing(state, "out")
    table = peer.instance.tables[table_family(family)]
    if state.sent or state.policy_missing_out:
        return
    if not len(table):
        text = f"there is nothing to announce: the table of {family_title(family)} is empty"
        word = "A.B.C.D/M" if family[0] is Afi.IPV4 else "X:X::X:X/M"
        mend = (f"address-family {family_words(family)}", f"network {word}")
        known = family[1] in (Safi.UNICAST, Safi.LABELED_UNICAST)
        head = in_family(peer, family)[:1]
        yield Cause("nothing-to-announce", text, (*head, *mend) if known else ())
    elif state.orf.waiting:
        yield Cause("orf", f"{peer.name} has still to send its prefix filter (ORF)")
    else:
        text = "none of the routes goes out"
        yield Cause("not-announced", text, (), "`explain bgp PREFIX` says why, for each neighbor")
