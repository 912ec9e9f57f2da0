"""`clear bgp`: sessions that start anew, and routes that are asked for or announced again."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bgp.config import Family
from bgp.show import build
from grammar.base.errors import CommandError, Status
from grammar.base.values import Address, Afi
from grammar.command import Call, action
from grammar.node import ENABLE
from grammar.scope import Scope

if TYPE_CHECKING:
    from bgp.instance import Instance
    from bgp.peer import Peer

CLEAR = Scope((ENABLE,))

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
    " <*$every|A.B.C.D$peer|X:X::X:X$peer|WORD$word|(1-4294967295)$asn|external$external"
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
def _clear(call: Call) -> None:
    values = dict(call.values)
    instance = _instance(call.daemon, values.get("kind"), values.get("name"))
    family = _family(values.get("afi"), values.get("safi"))
    peers = list(_chosen(instance, values, family))
    if "stats" in values:
        for peer in peers:
            peer.state.counters.reset()
        return
    from bgp.clearing import Clear

    instance.clear(peers, Clear(_how(values)), family)


def _instance(bgpd: Any, kind: str | None, name: str | None) -> "Instance":
    found: Instance | None = bgpd.instances.get(build.find.instance_name(kind, name))
    if found is None and name is not None:
        raise CommandError(f"Can't find BGP instance {name}", Status.WARNING)
    if found is None:
        raise CommandError("No BGP process is configured", Status.WARNING)
    return found


def _family(afi: str | None, safi: str | None) -> Family | None:
    """The family that is named; None for all."""
    if afi is None:
        return None
    if afi == "l2vpn":
        return (Afi.IPV4, build.find.SAFIS.get(safi or "", build.find.SAFIS["vpn"]))
    return (Afi.IPV4 if afi == "ipv4" else Afi.IPV6, build.find.SAFIS[safi or "unicast"])


def _chosen(
    instance: "Instance", values: dict[str, Any], family: Family | None
) -> "Iterator[Peer]":
    match values:
        case {"every": _}:
            yield from _active(instance.sorted_peers(), family)
        case {"peer": Address() as address}:
            yield _one(instance, address, family)
        case {"word": str() as word}:
            if word not in instance.peers:
                raise CommandError(f"Malformed address or name: {word}", Status.WARNING)
            yield instance.peers[word]
        case {"asn": int() as asn}:
            yield from _of_as(instance, asn)
        case {"external": _}:
            peers = (peer for peer in instance.sorted_peers() if peer.is_ebgp)
            yield from _active(peers, family)
        case {"group": str() as group}:
            yield from _members(instance, group, family, named="safi" in values)


def _members(
    instance: "Instance", group: str, family: Family | None, *, named: bool
) -> "Iterator[Peer]":
    if group not in instance.config.groups:
        raise CommandError(f"% BGP: No such peer-group {group}", Status.WARNING)
    members = (peer for peer in instance.sorted_peers() if peer.own.group == group)
    found = list(_active(members, family))
    if not found and named and family is not None:
        name = build.find.family_name(family)
        raise CommandError(
            f"% BGP: No {name} peer belonging to peer-group {group} is configured", Status.WARNING
        )
    yield from found


def _active(peers: "Iterator[Peer]", family: Family | None) -> "Iterator[Peer]":
    for peer in peers:
        if family is None or build.find.is_active(peer, family):
            yield peer


def _one(instance: "Instance", address: Address, family: Family | None) -> "Peer":
    peer = instance.peers.get(address)
    if peer is None:
        raise CommandError(f'% BGP: Unknown neighbor - "{address}"', Status.WARNING)
    if family is not None and not build.find.is_active(peer, family):
        name = build.find.family_name(family)
        raise CommandError(
            f"% BGP: Enable {name} address family for the neighbor {address}", Status.WARNING
        )
    return peer


def _of_as(instance: "Instance", asn: int) -> "list[Peer]":
    found = [peer for peer in instance.sorted_peers() if peer.remote_as == asn]
    if not found:
        raise CommandError(f"% BGP: No Unknown peer is configured with AS {asn}", Status.WARNING)
    return found


def _how(values: dict[str, Any]) -> str:
    """The value of `bgp.clearing.Clear` that a line means."""
    if "into" in values:
        return "prefix-filter" if "filter" in values else "soft in"
    if "out" in values:
        return "soft out"
    if "soft" in values:
        return f"soft {values['way']}" if "way" in values else "soft"
    return "hard"
