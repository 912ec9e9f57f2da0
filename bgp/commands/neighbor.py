"""Lines of one neighbor in `router bgp`: those that all its families share, in printed order."""

from collections.abc import Iterator
from typing import Any

from bgp.commands.neighbor_link import delay_open, role, shutdown_rtt, tcp_mss
from bgp.commands.nodes import (
    BFD,
    CAPABILITY,
    NEIGHBOR,
    NO_PEER,
    PEER,
    Normalised,
    group_of,
    is_group,
    is_internal,
    kind_of,
    timers,
)
from bgp.config import BgpConfig, PeerConfig
from bgp.effects import Effect
from grammar.base.errors import CommandError, Status
from grammar.command import Call, Flag, Setting, action

_BGP_PORT = 179

# local-as


def _local_as_lines(peer: PeerConfig, names: Any) -> list[str]:
    if peer.local_as is None:
        return []
    tail = " no-prepend" if peer.local_as_no_prepend else ""
    tail += " replace-as" if peer.local_as_replace_as else ""
    return [f"neighbor {peer.name} local-as {peer.local_as}{tail}"]


@action(
    NEIGHBOR,
    PEER + "local-as ![(1-4294967295)$asn [no-prepend$no_prepend [replace-as$replace_as]]]",
    "Be another autonomous system towards this neighbor",
    "Its number",
    "Do not prepend it to what the neighbor sends",
    "Do not prepend the own number to what is sent",
    negatable=True,
    printer=_local_as_lines,
)
def _local_as(call: Call) -> None:
    bgp: BgpConfig = call.node_object
    peer = call.target()
    asn = None if call.negated else call.values["asn"]
    if asn is not None:
        _check_local_as(bgp, peer, asn)
    flags = () if call.negated else tuple(call.values)
    wanted = (asn, True if "no_prepend" in flags else None, True if "replace_as" in flags else None)
    if (peer.local_as, peer.local_as_no_prepend, peer.local_as_replace_as) != wanted:
        peer.local_as, peer.local_as_no_prepend, peer.local_as_replace_as = wanted
        call.changed(Effect.RESET, peer)


def _check_local_as(bgp: BgpConfig, peer: PeerConfig, asn: int) -> None:
    # A group without a number and without members may become either.
    empty = is_group(bgp, peer) and next(bgp.members(str(peer.name)), None) is None
    kind = kind_of(bgp, peer)
    if kind == "internal" or (kind is None and not empty):
        raise CommandError("% Local-AS allowed only for EBGP peers")
    if asn == bgp.asn:
        raise CommandError("% Cannot have local-as same as BGP AS number")
    if asn == peer.remote_as:
        raise CommandError(
            "% AS specified for local as is the same as the remote as and this is not allowed."
        )


Setting(
    NEIGHBOR,
    PEER + "description ![LINE...$description]",
    "Words of the operator on this neighbor",
    "Up to 80 characters",
    field="description",
    effect=Effect.SHOWN,
)


# shutdown


def _shutdown_lines(peer: PeerConfig, names: Any) -> list[str]:
    if not peer.shutdown:
        return []
    tail = "" if peer.shutdown_message is None else f" message {peer.shutdown_message}"
    return [f"neighbor {peer.name} shutdown{tail}"]


@action(
    NEIGHBOR,
    PEER + "shutdown [message MSG...$message]",
    "Keep the session down",
    "Tell the neighbor why",
    "The message",
    negatable=True,
    printer=_shutdown_lines,
)
def _shutdown(call: Call) -> None:
    peer = call.target()
    wanted = None if call.negated else True
    if call.negated:
        peer.shutdown_message = None
    else:
        peer.shutdown_message = call.values.get("message", peer.shutdown_message)
    if peer.shutdown != wanted:
        peer.shutdown = wanted
        call.changed(Effect.SHUTDOWN, peer)


shutdown_rtt(NEIGHBOR)


def _solo(call: Call) -> None:
    bgp: BgpConfig = call.node_object
    peer = call.target()
    if peer.group is None and not is_group(bgp, peer):  # FRR keeps it of no group and no member
        peer.solo = None if call.negated else True
        call.changed(Effect.SOFT_OUT, peer)


NEIGHBOR.add(BFD)
Setting(
    NEIGHBOR,
    PEER + "password ![LINE$password]",
    "Protect the session with TCP MD5 signatures",
    "The secret both sides know",
    field="password",
    effect=Effect.RESET,
)
action(
    NEIGHBOR,
    PEER + "solo",
    "Share the neighbor's updates with no other",
    negatable=True,
    printer=lambda peer, names: [f"neighbor {peer.name} solo"] if peer.solo else [],
)(_solo)


def _port_lines(peer: PeerConfig, names: Any) -> list[str]:
    return [] if peer.port is None else [f"neighbor {peer.name} port {peer.port}"]


@action(
    NEIGHBOR,
    PEER + "port ![(0-65535)$port]",
    "The neighbor's TCP port",
    "Its number",
    negatable=True,
    printer=_port_lines,
)
def _port(call: Call) -> None:
    peer: PeerConfig = call.target()
    typed = None if call.negated else call.values["port"]
    peer.port = None if typed == _BGP_PORT else typed
    # FRR begins a session anew for a port that is set, not for one that is taken back.
    anew = not call.negated and not is_group(call.node_object, peer)
    call.changed(Effect.RESET if anew else Effect.SHOWN, peer)


def _interface_lines(peer: PeerConfig, names: Any) -> list[str]:
    return [] if peer.interface is None else [f"neighbor {peer.name} interface {peer.interface}"]


@action(
    NEIGHBOR,
    "neighbor <A.B.C.D|X:X::X:X>$peer interface WORD$interface",
    "A BGP neighbor",
    "IPv4 address of the neighbor",
    "IPv6 address of the neighbor",
    "Reach it over one interface only",
    "Interface name",
    negatable=True,
    printer=_interface_lines,
)
def _interface(call: Call) -> None:
    peer = call.node_object.peers.get(call.values["peer"])
    if peer is None:
        raise CommandError(f"{NO_PEER}\n% BGP invalid peer {call.values['peer']}")
    wanted = None if call.negated else call.values["interface"]
    if peer.interface != wanted:
        peer.interface = wanted
        call.changed(Effect.RESET, peer)


tcp_mss(NEIGHBOR)
Flag(
    NEIGHBOR,
    PEER + "passive",
    "Wait for the neighbor to connect",
    field="passive",
    effect=Effect.RESET,
)


# How far away the neighbor may be

_NOT_BOTH = "% ebgp-multihop and ttl-security cannot be configured together"


def _multihop_lines(peer: PeerConfig, names: Any) -> list[str]:
    bgp: BgpConfig = names["bgp"]
    group = group_of(bgp, peer)
    if peer.ebgp_multihop is None or is_internal(bgp, peer):
        return []
    if group is not None and group.ebgp_multihop == peer.ebgp_multihop:
        return []
    return [f"neighbor {peer.name} ebgp-multihop {peer.ebgp_multihop}"]


@action(
    NEIGHBOR,
    PEER + "ebgp-multihop [(1-255)$hops]",
    "The eBGP neighbor need not be on a connected network",
    "How many hops it may be away",
    negatable=True,
    printer=_multihop_lines,
)
def _multihop(call: Call) -> None:
    peer = call.target()
    if peer.by_interface:
        if not call.negated:
            raise CommandError("% Operation not allowed on a directly connected neighbor")
        return
    hops = None if call.negated else call.values.get("hops", 255)
    if is_internal(call.node_object, peer):
        return
    bgp: BgpConfig = call.node_object
    asked = bgp.members(str(peer.name)) if is_group(bgp, peer) else iter((peer,))
    if hops is not None and hops > 1 and any(each.ttl_security_hops for each in asked):
        raise CommandError(_NOT_BOTH)
    for each in _told(call, peer):
        if not each.by_interface:
            _set_hops(call, each, None if hops == 1 else hops, each.ttl_security_hops)


def _told(call: Call, peer: PeerConfig) -> Iterator[PeerConfig]:
    """Not inherited: a group's line overwrites those of its members."""
    bgp: BgpConfig = call.node_object
    yield peer
    if is_group(bgp, peer):
        yield from bgp.members(str(peer.name))


def _set_hops(call: Call, peer: PeerConfig, multihop: int | None, security: int | None) -> None:
    if (peer.ebgp_multihop, peer.ttl_security_hops) != (multihop, security):
        peer.ebgp_multihop, peer.ttl_security_hops = multihop, security
        call.changed(Effect.RESET, peer)


role(NEIGHBOR)


def _security_lines(peer: PeerConfig, names: Any) -> list[str]:
    group = group_of(names["bgp"], peer)
    if peer.ttl_security_hops is None:
        return []
    if group is not None and group.ttl_security_hops == peer.ttl_security_hops:
        return []
    return [f"neighbor {peer.name} ttl-security hops {peer.ttl_security_hops}"]


@action(
    NEIGHBOR,
    PEER + "ttl-security hops (1-254)$hops",
    "Take only packets that cannot come from far away",
    "How far the neighbor is away",
    "In hops",
    negatable=True,
    printer=_security_lines,
)
def _ttl_security(call: Call) -> None:
    peer = call.target()
    if call.negated:
        # FRR sets the TTL back, which an ebgp-multihop line does not survive.
        for each in _told(call, peer):
            kept = peer.ebgp_multihop if is_group(call.node_object, each) else None
            _set_hops(call, each, kept, None)
        return
    hops = call.values["hops"]
    if peer.by_interface and hops > 1:
        text = f"{peer.name} is directly connected peer, hops cannot exceed 1"
        raise CommandError(text)
    members = call.node_object.members(str(peer.name))
    taken = any(each.ttl_security_hops or each.ebgp_multihop for each in members)
    if peer.ebgp_multihop is not None or (taken and is_group(call.node_object, peer)):
        raise CommandError(_NOT_BOTH)
    for each in _told(call, peer):
        _set_hops(call, each, None, hops)


def _not_on_interface(call: Call, peer: PeerConfig) -> None:
    if peer.by_interface:
        raise CommandError(
            f"{peer.name} is directly connected peer, cannot accept disable-connected-check"
        )


def _no_source_on_interface(call: Call, peer: PeerConfig) -> None:
    if peer.by_interface:
        raise CommandError("", Status.WARNING)


Flag(
    NEIGHBOR,
    PEER + "disable-connected-check",
    "The neighbor is one hop away but not on a connected network",
    field="disable_connected_check",
    effect=Effect.RESET,
    check=_not_on_interface,
    alias=("neighbor <A.B.C.D|X:X::X:X|WORD>$peer enforce-multihop",),
)
Flag(
    NEIGHBOR,
    PEER + "disable-link-bw-encoding-ieee",
    "Send link bandwidths as whole numbers, not as floating point ones",
    field="disable_link_bw_encoding_ieee",
    effect=Effect.SOFT_OUT,
)
Flag(
    NEIGHBOR,
    PEER + "extended-optional-parameters",
    "Send an OPEN with long parameters even where short ones would do",
    field="extended_optional_parameters",
    effect=Effect.RESET,
)
Flag(
    NEIGHBOR,
    PEER + "enforce-first-as",
    "The neighbor's number must stand first in what it sends",
    field="enforce_first_as",
    effect=Effect.SOFT_IN,
)
Setting(
    NEIGHBOR,
    PEER + "update-source ![<A.B.C.D|X:X::X:X|WORD>$update_source]",
    "Where own packets come from",
    "An IPv4 address",
    "An IPv6 address",
    "An interface",
    field="update_source",
    effect=Effect.RESET,
    check=_no_source_on_interface,
)
Setting(
    NEIGHBOR,
    PEER + "advertisement-interval ![(0-600)$seconds]",
    "The least time between updates",
    "Seconds",
    fields={"seconds": "advertisement_interval"},
    effect=Effect.TIMERS,
)
Normalised(
    NEIGHBOR,
    PEER + "timers ![(0-65535)$keepalive (0-65535)$hold]",
    "How long things may take",
    "Seconds between keepalives",
    "Seconds without a message until the session ends",
    fields=("keepalive", "hold"),
    effect=Effect.TIMERS,
    normal=timers("% Invalid value"),
)
Setting(
    NEIGHBOR,
    PEER + "timers connect ![(1-65535)$seconds]",
    "How long things may take",
    "A new attempt to connect",
    "Seconds between attempts",
    fields={"seconds": "connect_retry"},
    effect=Effect.RECONNECT,
)


delay_open(NEIGHBOR)
NEIGHBOR.add(CAPABILITY)
