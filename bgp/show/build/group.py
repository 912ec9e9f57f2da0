"""`show bgp peer-group` from the configuration and the neighbors it has."""

from typing import TYPE_CHECKING

from bgp.config import FAMILIES, PeerConfig
from bgp.show.build import find
from bgp.show.views.group import Member, PeerGroup, PeerGroups
from bgp.show.views.misc import Remark
from grammar.base.values import Afi

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd
    from bgp.instance import Instance


def peer_groups(bgpd: "Bgpd", name: str | None, group: str | None) -> PeerGroups | Remark:
    """The peer-groups of an instance, or the one that is named."""
    # FRR does not take `default` for the name of the default VRF here.
    instance = bgpd.instances.get(name)
    if instance is None:
        return Remark("% BGP instance not found", "{\n}")
    chosen = [each for each in instance.config.sorted_groups() if group in (None, each.name)]
    views = tuple(_group(instance, each) for each in chosen)
    return PeerGroups(views, missing=group is not None and not views)


def _group(instance: "Instance", group: PeerConfig) -> PeerGroup:
    bgp, remote_as = instance.config, group.remote_as
    name = str(group.name)
    kind = remote_as
    if kind is None:
        first = next(bgp.members(name), None)
        kind = None if first is None else first.remote_as
    internal = kind in ("internal", bgp.asn)
    if isinstance(remote_as, str):
        remote_as = bgp.asn if internal else 0
    return PeerGroup(
        name,
        remote_as,
        internal,
        tuple(find.family_name(f) for f in FAMILIES if find.is_offered(bgp, group, f)),
        tuple(_ranges(instance, name)),
        tuple(_members(instance, name)),
    )


def _ranges(instance: "Instance", name: str) -> list[tuple[str, tuple[str, ...]]]:
    found = []
    for afi, word in ((Afi.IPV4, "IPv4"), (Afi.IPV6, "IPv6")):
        listened = instance.config.listen_ranges.items()
        prefixes = [p for p, group in listened if group == name and p.afi is afi]
        if prefixes:
            found.append((word, tuple(map(str, prefixes))))
    return found


def _members(instance: "Instance", name: str) -> list[Member]:
    listed = [instance.peers.get(member.name) for member in instance.config.members(name)]
    peers = [peer for peer in listed if peer is not None]
    return [
        Member(str(peer), _status(peer.shut_down, peer.over_limit, peer.main.state.value), dynamic)
        for peer in peers
        for dynamic in [peer.own.dynamic is not None]
    ]


def _status(shut_down: bool, over_limit: bool, state: str) -> str:
    if shut_down:
        return "Idle (Admin)"
    return "Idle (PfxCt)" if over_limit else state
