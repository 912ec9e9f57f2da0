"""The smaller views from the daemon's state."""

from collections import Counter
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from bgp.config import Family
from bgp.policy.communities import community_text
from bgp.rib.path import Entry, Path, paths_of
from bgp.show.build import find
from bgp.show.build.summary import tree_nodes
from bgp.show.views.misc import (
    AsPaths,
    AttributeLine,
    Attributes,
    Communities,
    Fixed,
    Groups,
    GroupView,
    Later,
    Listeners,
    Memory,
    PeerHash,
    VrfLine,
    Vrfs,
)
from grammar.base.values import Afi

if TYPE_CHECKING:
    from bgp.attrs import AttrSet
    from bgp.bgpd import Bgpd
    from bgp.instance import Instance
    from bgp.rib.adjout import UpdateGroup
    from bgp.wire.attributes.aspath import AsPath


def vrfs(bgpd: "Bgpd") -> Vrfs:
    """All instances."""
    return Vrfs(tuple(_vrf(instance) for instance in bgpd.instances.values()))


def _vrf(instance: "Instance") -> VrfLine:
    peers = list(instance.peers.values())
    kind = "VIEW" if instance.config.view else "DFLT" if instance.vrf is None else "VRF"
    return VrfLine(
        kind,
        instance.vrf_id,
        find.router_id(instance),
        len(peers),
        sum(peer.status.value == "Established" for peer in peers),
        find.vrf_name(instance),
    )


def listeners(bgpd: "Bgpd") -> Listeners:
    """The listening sockets, which all instances share."""
    if not bgpd.instances:
        return Listeners(())
    sockets = bgpd.transport.listeners
    return Listeners(
        tuple(("default", socket.fd, str(socket.endpoint.address)) for socket in sockets)
    )


def peer_hash(bgpd: "Bgpd") -> PeerHash:
    """Neighbors by instance."""
    return PeerHash(
        tuple(
            (instance.vrf, tuple(str(peer) for peer in instance.sorted_peers()))
            for instance in bgpd.instances.values()
        )
    )


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
    nodes = 0
    for instance in list(bgpd.instances.values()):
        for table in instance.all_tables:
            nodes += yield from tree_nodes(table)
    peers = [peer for each in bgpd.instances.values() for peer in each.peers.values()]
    states = [state for peer in peers for state in peer.families.values()]
    return Memory(
        rib_nodes=nodes,
        routes=sum(count for _, path, count in users.values() if path is not None),
        adj_in=sum(len(state.adj_in) for state in states if state.adj_in is not None),
        adj_out=sum(map(len, _groups(bgpd))),
        nexthops=sum(len(each.nexthops.entries) for each in bgpd.instances.values()),
        attributes=len(sets),
        as_paths=len(paths),
        as_segments=sum(len(path.segments) for path in paths),
        peers=2 * len(peers),
        networks=_networks(bgpd),
        communities=len({attrs.communities for attrs in sets if attrs.communities}),
        ext_communities=len({attrs.ext_communities for attrs in sets if attrs.ext_communities}),
        large_communities=len(
            {attrs.large_communities for attrs in sets if attrs.large_communities}
        ),
        clusters=len({attrs.cluster_list for attrs in sets if attrs.cluster_list}),
    )


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
    """Sets of communities in use, by an address of Python's."""
    return Later(_communities(bgpd))


def _communities(bgpd: "Bgpd") -> Generator[None, None, Communities]:
    found = yield from _attribute_users(bgpd)
    users: Counter[tuple[int, ...]] = Counter()
    for attrs, _, count in found.values():
        if attrs.communities:
            users[attrs.communities] += count
    return Communities(
        tuple(
            (id(values), count, " ".join(map(community_text, values)))
            for values, count in users.items()
        )
    )


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


def groups(instance: "Instance | None", family: Family, asked: str | None = None) -> Groups:
    """The update groups of a family, or the one of a number."""
    if instance is None:
        return Groups(())
    found = instance.groups.get(family, ())
    # FRR reads a word that is no number as 0, which means all: `update-groups json` prints text.
    if asked is not None and not asked.isdecimal():
        asked = None
    return Groups(tuple(_group(each) for each in found if asked in (None, str(each.id))))


def _group(group: "UpdateGroup") -> GroupView:
    counters = group.counters
    return GroupView(
        group.id,
        int(group.created),
        tuple(str(getattr(member, "peer", member)) for member in group.members),
        group.version,
        len(group),
        group.route_map,
        group.mri,
        group.coalesce,
        counters.joins,
        counters.prunes,
        counters.merges,
        counters.splits,
        counters.switches,
        counters.refreshes_combined,
        counters.merge_checks,
        packets=counters.packets,
        high_watermark=counters.high_watermark,
        max_packet=group.max_packet,
        pending=len(group.pending),
    )


def dampening(family: Family) -> Fixed:
    """The settings of a table that holds no routes back: as JSON, FRR says nothing."""
    return Fixed(f"dampening not enabled for {find.family_name(family)}\n", "")
