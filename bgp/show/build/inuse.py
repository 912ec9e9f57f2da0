"""What is in use, counted over all tables: attributes, AS paths, communities, memory."""

from collections import Counter
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from bgp.policy.communities import community_text
from bgp.rib.defaults import is_given
from bgp.rib.path import Entry, Path, paths_of
from bgp.show.build import find
from bgp.show.build.trees import further_nodes, rib_nodes
from bgp.show.views.misc import (
    AsPaths,
    AttributeLine,
    Attributes,
    Communities,
    Later,
    Memory,
)
from grammar.base.values import Afi

if TYPE_CHECKING:
    from bgp.attrs import AttrSet
    from bgp.bgpd import Bgpd
    from bgp.instance import Instance
    from bgp.rib.adjin import AdjIn
    from bgp.rib.adjout import UpdateGroup
    from bgp.wire.attributes.aspath import AsPath


def _entries(bgpd: "Bgpd") -> Iterator[list[Entry]]:
    """All entries of all tables, some at a time."""
    for instance in list(bgpd.instances.values()):
        for table in instance.all_tables:
            for shard in table.shards:
                entries = list(shard.values())
                for start in range(0, len(entries), find.STEP):
                    yield entries[start : start + find.STEP]


def _groups(bgpd: "Bgpd") -> "Iterator[UpdateGroup]":
    for instance in bgpd.instances.values():
        for groups in instance.groups.values():
            yield from groups


def _kept_inward(bgpd: "Bgpd") -> "list[AdjIn]":
    peers = [peer for instance in bgpd.instances.values() for peer in instance.peers.values()]
    states = [state for peer in peers for state in peer.families.values()]
    return [state.adj_in for state in states if state.adj_in is not None]


_Users = dict[int, tuple["AttrSet", Path | None, int]]


def _attribute_users(bgpd: "Bgpd") -> Generator[None, None, _Users]:
    """Attribute sets in announcements and tables: a path that has it, and how many do.

    FRR makes a set of its own for what goes out; ours are shared, but counted as FRR's are.
    """
    found: _Users = {}
    for group in list(_groups(bgpd)):
        for item in group.walk():
            if item is None:
                yield
                continue
            _, announced = item
            _count(found, -id(announced.attrs), announced.attrs, None)
    for lines in _kept_inward(bgpd):
        for each in lines.walk():
            if each is None:
                yield
                continue
            path = each[1]
            _count(found, id(path.attrs), path.attrs, path)
    for entries in _entries(bgpd):
        for entry in entries:
            for path in paths_of(entry):
                _count(found, id(path.attrs), path.attrs, path)
        yield
    return found


def _count(found: _Users, key: int, attrs: "AttrSet", path: Path | None) -> None:
    known = found.get(key)
    found[key] = (attrs, path, 1 if known is None else known[2] + 1)


def memory(bgpd: "Bgpd") -> Later:
    """Objects in use; the bytes that are shown are what FRR needs for as many."""
    return Later(_memory(bgpd))


def _memory(bgpd: "Bgpd") -> Generator[None, None, Memory]:
    users = yield from _attribute_users(bgpd)
    sets = [attrs for attrs, _, _ in users.values()]
    paths = {attrs.as_path for attrs in sets if attrs.as_path.segments}
    nodes = routes = 0
    for entries in _entries(bgpd):
        routes += sum(len(paths_of(entry)) for entry in entries)
        yield
    for instance in list(bgpd.instances.values()):
        nodes += further_nodes(instance)
        for table in instance.all_tables:
            nodes += yield from rib_nodes(instance, table)
    peers = sum(len(each.peers) for each in bgpd.instances.values())
    groups = list(_groups(bgpd))
    return Memory(
        rib_nodes=nodes,
        routes=routes,
        # A group keeps a message without content, and the default route that it makes is no entry.
        packets=len(groups),
        adj_in=sum(map(len, _kept_inward(bgpd))),
        adj_out=sum(len(group) - is_given(group.profile.default) for group in groups),
        nexthops=sum(map(_nexthops, bgpd.instances.values())),
        attributes=len(sets),
        as_paths=len(paths),
        as_segments=sum(len(path.segments) for path in paths),
        # A session is a peer of its own for FRR, and the router itself is one.
        peers=2 * peers + len(bgpd.instances),
        groups=sum(len(each.config.groups) for each in bgpd.instances.values()),
        expressions=_expressions(bgpd),
        networks=_networks(bgpd),
        communities=len({attrs.communities for attrs in sets if attrs.communities}),
        ext_communities=len({attrs.ext_communities for attrs in sets if attrs.ext_communities}),
        large_communities=len(
            {attrs.large_communities for attrs in sets if attrs.large_communities}
        ),
        clusters=len({attrs.cluster_list for attrs in sets if attrs.cluster_list}),
    )


def _nexthops(instance: "Instance") -> int:
    waiting = sum(len(origin.checked) for origin in instance.origins.values())
    return len(instance.nexthops.entries) + waiting


def _expressions(bgpd: "Bgpd") -> int:
    lists = (each for kind in bgpd.config.lists.by_kind.values() for each in kind.values())
    return sum(rule.values is None for each in lists for rule in each.rules.values())


def _networks(bgpd: "Bgpd") -> int:
    instances = bgpd.instances.values()
    return sum(len(f.networks) for each in instances for f in each.config.families.values())


def as_paths(bgpd: "Bgpd") -> Later:
    """AS paths in use; a path's address and hash are Python's."""
    return Later(_as_paths(bgpd))


def _as_paths(bgpd: "Bgpd") -> Generator[None, None, AsPaths]:
    found = yield from _attribute_users(bgpd)
    users: Counter[AsPath] = Counter()
    for attrs, _, count in found.values():
        users[attrs.as_path] += count
    return AsPaths(
        tuple(
            (id(as_path), hash(as_path) & 0xFFFFFFFF, count, as_path.text)
            for as_path, count in users.items()
        )
    )


def communities(bgpd: "Bgpd") -> Later:
    """Sets of communities in use, by an address of Python's; aliases stand for what they name."""
    return Later(_communities(bgpd, "communities", "Address Refcnt Community"))


def large_communities(bgpd: "Bgpd") -> Later:
    """The same of large communities."""
    return Later(_communities(bgpd, "large_communities", "Address Refcnt Large-community"))


def _communities(bgpd: "Bgpd", field: str, heading: str) -> Generator[None, None, Communities]:
    found = yield from _attribute_users(bgpd)
    users: Counter[tuple[object, ...]] = Counter()
    for attrs, _, count in found.values():
        if values := getattr(attrs, field):
            users[values] += count
    aliases = bgpd.config.aliases
    lines = []
    for values, count in users.items():
        texts = [_community(value) for value in values]
        lines.append((id(values), count, " ".join(aliases.get(text, text) for text in texts)))
    return Communities(tuple(lines), heading)


def _community(value: object) -> str:
    if isinstance(value, int):
        return community_text(value)
    return ":".join(map(str, value))  # type: ignore[call-overload]


_ATTRIBUTE_TYPES = (
    ("med", 4),
    ("local_pref", 5),
    ("aggregator", 7),
    ("originator_id", 9),
)


def attributes(bgpd: "Bgpd") -> Later:
    """Attribute sets in use."""
    return Later(_attributes(bgpd))


def _attributes(bgpd: "Bgpd") -> Generator[None, None, Attributes]:
    users = yield from _attribute_users(bgpd)
    return Attributes(tuple(_attribute(*user) for user in users.values()))


def _attribute(attrs: "AttrSet", path: Path | None, users: int) -> AttributeLine:
    # Bit N-1 stands for attribute type N; ORIGIN, AS_PATH and NEXT_HOP are always there.
    flags = 0b111
    for name, kind in _ATTRIBUTE_TYPES if path is not None else ():
        flags |= (getattr(attrs, name) is not None) << (kind - 1)
    flags |= attrs.atomic << 5 | bool(attrs.communities) << 7 | bool(attrs.cluster_list) << 9
    flags |= bool(attrs.ext_communities) << 15 | bool(attrs.large_communities) << 31
    gateway = None if path is None else path.gateway
    return AttributeLine(
        users,
        str(gateway) if gateway is not None and gateway.afi is Afi.IPV4 else "0.0.0.0",
        flags,
        (attrs.med or 0) if path is not None else 0,
        (attrs.local_pref or 0) if path is not None else 0,
        attrs.origin,
        0 if path is None else path.weight,
    )
