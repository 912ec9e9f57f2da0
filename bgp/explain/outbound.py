"""To whom a path is announced, and what keeps it from the others: by the code that announces."""

from dataclasses import replace
from typing import TYPE_CHECKING

from bgp.explain.cause import family_words
from bgp.explain.filters import points_of, prefix_lists
from bgp.explain.quiet import Noted
from bgp.explain.trace import Event, ListAsked, TracedPolicy, Tried
from bgp.explain.words import joined, programmed, summary
from bgp.familyconfig import family_title, rival
from bgp.fsm import State
from bgp.labels import lacks_label
from bgp.policy.communities import community_text
from bgp.rib.announced import Announced
from bgp.rib.defaults import DEFAULT_ROUTE, is_given
from bgp.rib.encoding import told_path
from bgp.rib.export import (
    LOCAL_AS,
    NO_ADVERTISE,
    NO_EXPORT,
    Profile,
    announce,
    is_reflected,
    kept_back,
    kept_from,
    may_reflect,
)
from bgp.rib.path import Entry, Path, told_of
from grammar.base.values import Prefix
from grammar.output.outline import Fields, Point, plural

if TYPE_CHECKING:
    from bgp.config import Family
    from bgp.instance import Instance
    from bgp.peer import Peer
    from bgp.peerfamily import PeerFamily
    from bgp.policy.evaluate import Chain
    from bgp.rib.adjout import UpdateGroup

_KEEPING = (NO_ADVERTISE, NO_EXPORT, LOCAL_AS)


def announcements(
    instance: "Instance", family: "Family", key: int, entry: Entry | None
) -> list[Point]:
    """One point for each neighbour, in FRR's order."""
    found = []
    for peer in instance.sorted_peers():
        labeled = rival(family)
        state = peer.families.get(family) or (labeled and peer.families.get(labeled)) or None
        if state is not None and state.active and state.group is not None:
            found.append(_announcement(instance, state, state.group, key, entry))
        else:
            found.append(_unable(peer, family, state))
    return found


def _unable(peer: "Peer", family: "Family", state: "PeerFamily | None") -> Point:
    """Of a neighbour that is told no routes of the family at all."""
    name = str(peer)
    if state is None:
        mend = f"`address-family {family_words(family)}`, `neighbor {name} activate`"
        why = f"{family_title(family)} is not activated for it: {mend}"
    elif peer.status is not State.ESTABLISHED:
        why = f"its session is not up: `explain neighbor {name}` says why"
    else:
        why = f"it has not activated {family_title(family)}"
    fields: Fields = {"neighbor": name, "remoteAs": peer.remote_as, "announced": False, "why": why}
    return Point(f"To {name}: not announced: {why}", fields)


def _announcement(
    instance: "Instance",
    state: "PeerFamily",
    group: "UpdateGroup",
    key: int,
    entry: Entry | None,
) -> Point:
    name = str(state.peer)
    fields: Fields = {"neighbor": name, "remoteAs": state.peer.remote_as}
    told = group.tells(key)
    if key == DEFAULT_ROUTE and is_given(group.profile.default):
        said = "the default route of default-originate is announced"
        if not told:
            said = "the default route of default-originate waits to be sent"
        return Point(f"To {name}: {said}", {**fields, "announced": told, "defaultOriginate": True})
    path = told_of(entry)
    why, points, announced = _judged(instance, state, group, key, path)
    if told and announced is not None:
        values = announced_values(announced, group.profile)
        said = f"announced: {summary(values)}"
        return Point(
            f"To {name}: {said}",
            {**fields, "announced": True, **programmed(values)},
            {"filters": points},
        )
    if told:
        said = f"announced, and about to be withdrawn: {why}"
        return Point(f"To {name}: {said}", {**fields, "announced": True, "withdrawn": why})
    if announced is not None:
        why = _late(group)
    said = f"not announced: {why}"
    return Point(
        f"To {name}: {said}", {**fields, "announced": False, "why": why}, {"filters": points}
    )


def _late(group: "UpdateGroup") -> str:
    if group.limit is not None and len(group) >= group.limit:
        return f"{plural(group.limit, 'prefix', 'prefixes')} is all that maximum-prefix-out lets go"
    if group.mri:
        return f"it waits for the advertisement-interval of {group.mri} s"
    return "it waits to be sent"


def _judged(
    instance: "Instance",
    state: "PeerFamily",
    group: "UpdateGroup",
    key: int,
    path: Path | None,
) -> tuple[str, list[Point], Announced | None]:
    """Why not, what the filters said, and what goes out."""
    profile, table = group.profile, instance.tables[group.family]
    if path is None:
        return "there is no best path", [], None
    if key in table.deferred:
        return "the choice waits (bgp update-delay or graceful restart)", [], None
    if table.waits(key, path):
        return "the kernel does not have the route yet (bgp suppress-fib-pending)", [], None
    if key in table.suppressed:
        if profile.unsuppress is None:
            return _hidden(instance, group.family, key), [], None
        profile = replace(profile, chain=profile.unsuppress)
    if profile.silent:
        return _silent(state), [], None
    return _run(state, profile, key, path)


def _hidden(instance: "Instance", family: "Family", key: int) -> str:
    """Which lines hide a route, each as it prints but for its options."""
    lines = instance.config.family(family).aggregates
    found = instance.aggregates[family].hiding(key)
    texts = [
        f"`aggregate-address {prefix} "
        + (
            "summary-only`"
            if lines[prefix].summary_only
            else f"suppress-map {lines[prefix].suppress_map}`"
        )
        for prefix in found
        if prefix in lines
    ]
    return f"hidden by {joined(texts)}" if texts else "an aggregate hides it"


def _silent(state: "PeerFamily") -> str:
    if state.orf.waiting:
        return "the neighbor has not sent its prefix filter (ORF) yet"
    line = f"neighbor {state.peer} route-map NAME out"
    return f"no policy outwards, which `bgp ebgp-requires-policy` asks for: `{line}`"


def _run(
    state: "PeerFamily", profile: Profile, key: int, path: Path
) -> tuple[str, list[Point], Announced | None]:
    chain, asked = profile.chain, Noted(key)
    points: list[Point] = []
    events: list[Event] = []
    if chain is not None:
        policy = TracedPolicy(chain.policy)
        events = policy.events
        profile = replace(profile, chain=replace(chain, policy=policy))
    announced = announce(path, profile, lambda one: third_party(state, one, profile), asked)
    kept = held_back(path, profile)
    if kept is not None:
        return kept, [], announced
    if chain is not None:
        prefix = Prefix.from_key(profile.family[0], key)
        points = [*prefix_lists(chain, prefix), *points_of(events)]
    if announced is not None:
        return "", points, announced
    if chain is not None and events and _is_withheld(chain, events):
        return _withheld(state, chain), points, None
    return points[-1].text if points else "its filters refuse it", points, None


def _is_withheld(chain: "Chain", events: "list[Event]") -> bool:
    """Whether an advertise-map was asked, withholds what it permits, and permitted the route.

    It is asked first: whatever else was noted stands behind a list that let the route pass.
    """
    condition = chain.condition
    if condition is None or not (condition.judged and condition.withholds):
        return False
    last = [event for event in events if isinstance(event, Tried)]
    others = any(isinstance(event, ListAsked) for event in events)
    return bool(last) and last[-1].entry.name == condition.lines.name and not others


def _withheld(state: "PeerFamily", chain: "Chain") -> str:
    assert chain.condition is not None
    lines = chain.condition.lines
    kind = "non-exist-map" if lines.absent else "exist-map"
    line = f"neighbor {state.peer} advertise-map {lines.name} {kind} {lines.condition}"
    why = "a route of the table" if lines.absent else "no route of the table"
    return f"`{line}` withholds it: {lines.condition} permits {why}"


def third_party(state: "PeerFamily", path: Path, profile: Profile) -> bool:
    """Whether a neighbour may be told of a third router's next hop (RFC 4271 sec. 5.1.3)."""
    gateway = path.gateway if profile.external else None
    return gateway is not None and state.on_network_of(gateway, path)


def held_back(path: Path, profile: Profile) -> str | None:
    """What keeps a path from the members whatever filters say, None if nothing does."""
    reflected = is_reflected(path, profile)
    if not kept_from(path, profile, reflected):
        return None
    values, special = path.attrs.communities, profile.special
    if kept_back(values, profile):
        names = ", ".join(community_text(v) for v in _KEEPING if v in values)
        return f"its communities keep it here: {names}"
    if reflected and not may_reflect(path, profile):
        return "it is from within the AS, and neither end is a route-reflector-client"
    if lacks_label(path, profile, reflected):
        return "it has no label to be told with"
    if special is None:
        return "the lines of the neighbor keep it back"
    if special.avoid and path.attrs.as_path.first_as == special.peer_as:
        return f"its AS path begins with {special.peer_as} (sender-as-path-loop-detection)"
    if special.confederation and path.attrs.as_path.contains(special.confederation):
        return f"its AS path has the confederation {special.confederation} in it"
    if special.site is not None and special.site in path.attrs.ext_communities:
        return "it is of the neighbor's own site (soo)"
    return f"it goes to customers only, and role {special.role} says the neighbor is none"


def announced_values(announced: Announced, profile: Profile) -> dict[str, object]:
    """What members are told, as far as it is the same for all of them."""
    attrs = announced.attrs
    return {
        "as_path": told_path(attrs.as_path, profile),
        "origin": attrs.origin,
        "gateway": announced.gateway or "of this router",
        "med": announced.med,
        "local_pref": None if profile.external else announced.local_pref,
        "communities": attrs.communities if profile.standard else (),
        "large_communities": attrs.large_communities if profile.large else (),
        "ext_communities": attrs.ext_communities if profile.extended else (),
    }
