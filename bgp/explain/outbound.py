"""To whom a path is announced, and what keeps it from the others: by the code that announces."""

from dataclasses import replace
from typing import TYPE_CHECKING

from bgp.explain.filters import points_of, prefix_lists
from bgp.explain.quiet import Noted
from bgp.explain.trace import TracedPolicy
from bgp.explain.words import programmed, summary
from bgp.familyconfig import rival
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
    from bgp.peerfamily import PeerFamily
    from bgp.rib.adjout import UpdateGroup
    from bgp.rib.table import Table

_KEEPING = (NO_ADVERTISE, NO_EXPORT, LOCAL_AS)


def announcements(
    instance: "Instance", family: "Family", key: int, entry: Entry | None
) -> list[Point]:
    """One point for each neighbour that is up in the family, in FRR's order."""
    found = []
    for peer in instance.sorted_peers():
        labeled = rival(family)
        state = peer.families.get(family) or (labeled and peer.families.get(labeled)) or None
        if state is not None and state.active and state.group is not None:
            found.append(_announcement(instance, state, state.group, key, entry))
    return found


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
        return Point(f"To {name}: {said}", {**fields, "announced": told, "defaultOriginate": True})
    path = told_of(entry)
    why, points, announced = _judged(instance.tables[group.family], state, group, key, path)
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
    table: "Table", state: "PeerFamily", group: "UpdateGroup", key: int, path: Path | None
) -> tuple[str, list[Point], Announced | None]:
    """Why not, what the filters said, and what goes out."""
    profile = group.profile
    if path is None:
        return "there is no best path", [], None
    if key in table.deferred:
        return "the choice waits (bgp update-delay or graceful restart)", [], None
    if table.waits(key, path):
        return "the kernel does not have the route yet (bgp suppress-fib-pending)", [], None
    if key in table.suppressed:
        if profile.unsuppress is None:
            return "an aggregate-address with summary-only stands for it", [], None
        profile = replace(profile, chain=profile.unsuppress)
    if profile.silent:
        return _silent(state), [], None
    return _run(state, profile, key, path)


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
    events = []
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
    return points[-1].text if points else "its filters refuse it", points, None


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
