"""`clear bgp`: sessions that start anew, and routes that are asked for or announced again."""

from typing import TYPE_CHECKING, Any, Final

from bgp.config import FAMILIES, IPV4_UNICAST, Family
from bgp.show import build
from grammar.base.errors import CommandError, Status
from grammar.base.values import Address, Afi, Safi
from grammar.command import Call, Reply, action
from grammar.node import ENABLE
from grammar.scope import Scope

if TYPE_CHECKING:
    from bgp.instance import Instance
    from bgp.peer import Peer

CLEAR = Scope((ENABLE,))

_AFIS: Final = {"ipv4": Afi.IPV4, "ipv6": Afi.IPV6, "l2vpn": Afi.L2VPN}
_SAFIS: Final = {
    "unicast": Safi.UNICAST,
    "multicast": Safi.MULTICAST,
    "vpn": Safi.VPN,
    "labeled-unicast": Safi.LABELED_UNICAST,
    "flowspec": Safi.FLOWSPEC,
    "evpn": Safi.EVPN,
}
_HELP = (
    "Begin anew",
    "IP",
    "BGP",
    "An instance without a VRF",
    "An instance of a VRF",
    "Its name",
)


@action(
    CLEAR,
    "clear [ip] bgp [<view|vrf>$kind VIEWVRFNAME$name]"
    " [<ipv4|ipv6|l2vpn>$afi [<unicast|multicast|vpn|labeled-unicast|flowspec|evpn>$safi]]"
    " <*$every|A.B.C.D$peer|X:X::X:X$peer|WORD$neighbor|(1-4294967295)$asn|external$external"
    "|peer-group PGNAME$group>"
    " [<soft$soft [<in|out>$way]|in$into [prefix-filter$filter]|out$out|message-stats$stats>]",
    *_HELP,
    "IPv4 routes",
    "IPv6 routes",
    "Layer 2 VPN",
    "Unicast",
    "Multicast",
    "VPN",
    "Labeled unicast",
    "Flow specification",
    "EVPN",
    "All neighbors",
    "One neighbor",
    "One neighbor",
    "One neighbor, by its interface",
    "Those of an autonomous system",
    "Those of other autonomous systems",
    "Those of a group",
    "Name of the group",
    "Without ending the session",
    "Take routes again",
    "Announce routes again",
    "Take routes again",
    "Send the prefix filter first",
    "Announce routes again",
    "Only set the counters of messages to 0",
)
def _clear(call: Call) -> Reply | None:
    values = dict(call.values)
    instance = _instance(call.daemon, values.get("kind"), values.get("name"))
    families = _families(values.get("afi"), values.get("safi"))
    peers = [
        peer
        for peer in _chosen(instance, values)
        if families is None or any(build.find.is_active(peer, family) for family in families)
    ]
    if "stats" in values:
        for peer in peers:
            peer.state.counters.reset()
        return None
    from bgp.clearing import Clear

    instance.clear(peers, Clear(_how(values)), families)
    remark = _remark(instance, values, families, peers)
    return None if remark is None else Reply([f"{remark}\n"])


def _instance(bgpd: Any, kind: str | None, name: str | None) -> "Instance":
    found: Instance | None = bgpd.instances.get(build.find.instance_name(kind, name))
    if found is None and name is not None:
        raise CommandError(f"Can't find BGP instance {name}", Status.WARNING)
    if found is None:
        raise CommandError("No BGP process is configured", Status.WARNING)
    return found


def _families(afi: str | None, safi: str | None) -> tuple[Family, ...] | None:
    """The family that is named, all of an address family; None for all."""
    if afi is None:
        return None
    wanted = _AFIS[afi]
    if safi is None:
        return tuple(family for family in FAMILIES if family[0] is wanted)
    return ((wanted, _SAFIS[safi]),)


def _chosen(instance: "Instance", values: dict[str, Any]) -> "list[Peer]":
    peers = list(instance.sorted_peers())
    match values:
        case {"peer": Address() as address}:
            if address not in instance.peers:
                raise CommandError(f'% BGP: Unknown neighbor - "{address}"', Status.WARNING)
            return [instance.peers[address]]
        case {"neighbor": str() as word}:
            if word not in instance.peers:
                raise CommandError(f"Malformed address or name: {word}", Status.WARNING)
            return [instance.peers[word]]
        case {"asn": int() as asn}:
            return [peer for peer in peers if peer.remote_as == asn]
        case {"external": _}:
            return [peer for peer in peers if peer.is_ebgp]
        case {"group": str() as group}:
            if group not in instance.config.groups:
                raise CommandError(f"% BGP: No such peer-group {group}", Status.WARNING)
            return [peer for peer in peers if peer.own.group == group]
    return peers


def _remark(
    instance: "Instance",
    values: dict[str, Any],
    families: tuple[Family, ...] | None,
    cleared: "list[Peer]",
) -> str | None:
    """What FRR says of a neighbor without the one family that was named, and of none at all."""
    named = families[0] if families is not None and "safi" in values else None
    name = "Unknown" if named is None else build.find.family_name(named)
    if "peer" in values or "neighbor" in values:
        if cleared or named is None:
            return None
        who = values.get("peer", values.get("neighbor"))
        return f"% BGP: Enable {name} address family for the neighbor {who}"
    if _chosen(instance, values):
        return None
    match values:
        case {"asn": int() as asn}:
            return f"% BGP: No {name} peer is configured with AS {asn}"
        case {"external": _}:
            return f"% BGP: No external {name} peer is configured"
        case {"group": str() as group}:
            return f"% BGP: No {name} peer belonging to peer-group {group} is configured"
    return None


@action(
    CLEAR,
    "clear [ip] bgp [<view|vrf>$kind VIEWVRFNAME$name] prefix A.B.C.D/M$prefix",
    *_HELP,
    "One route",
    "Its network",
)
def _clear_prefix(call: Call) -> None:
    _again(call, IPV4_UNICAST)


@action(
    CLEAR,
    "clear [ip] bgp [<view|vrf>$kind VIEWVRFNAME$name] ipv6 <unicast|multicast|vpn>$safi"
    " prefix X:X::X:X/M$prefix",
    *_HELP,
    "IPv6 routes",
    "Unicast",
    "Multicast",
    "VPN",
    "One route",
    "Its network",
)
def _clear_prefix6(call: Call) -> None:
    _again(call, (Afi.IPV6, _SAFIS[call.values["safi"]]))


def _again(call: Call, family: Family) -> None:
    """Take a route as if its best path were new: announced and installed again."""
    values = call.values
    try:
        instance = _instance(call.daemon, values.get("kind"), values.get("name"))
    except CommandError as error:
        raise CommandError(f"% {error}", Status.WARNING) from None
    table = instance.tables.get(family)
    key = values["prefix"].network.key
    if table is not None and table.get(key) is not None:
        table.touch(key, None)


def _how(values: dict[str, Any]) -> str:
    """The value of `bgp.clearing.Clear` that a line means."""
    if "into" in values:
        return "prefix-filter" if "filter" in values else "soft in"
    if "out" in values:
        return "soft out"
    if "soft" in values:
        return f"soft {values['way']}" if "way" in values else "soft"
    return "hard"
