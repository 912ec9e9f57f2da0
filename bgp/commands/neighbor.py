"""Lines of one neighbor in `router bgp`: those that all its families share, in printed order."""

from typing import Any

from bgp.commands.nodes import (
    BGP,
    NEIGHBOR,
    PEER,
    Normalised,
    is_internal,
    timers,
    without_default,
)
from bgp.commands.nodes import default_active as _default_active
from bgp.config import FAMILIES, BgpConfig, PeerConfig
from bgp.effects import Effect
from grammar.base.errors import CommandError
from grammar.base.values import Address
from grammar.command import Call, Flag, Setting, action
from grammar.scope import Scope

_NAMED_FIRST = "% Create the peer-group or interface first"


# remote-as


def _remote_as_lines(peer: PeerConfig, names: Any) -> list[str]:
    return [] if peer.remote_as is None else [f"neighbor {peer.name} remote-as {peer.remote_as}"]


@action(
    NEIGHBOR,
    PEER + "remote-as <(1-4294967295)|internal|external>$remote_as",
    "The neighbor's autonomous system",
    "Its number",
    "The own one",
    "Any other than the own one",
    printer=_remote_as_lines,
)
def _remote_as(call: Call) -> None:
    bgp: BgpConfig = call.node_object
    name, remote_as = call.values["peer"], call.values["remote_as"]
    peer = bgp.peers.get(name)
    if peer is None:
        if not isinstance(name, Address):
            raise CommandError(_NAMED_FIRST)
        _check_foreign(call, name)
        bgp.peers[name] = _new_peer(bgp, name, remote_as)
        call.changed(Effect.PEERS, bgp)
    elif peer.remote_as != remote_as:
        peer.remote_as = remote_as
        call.changed(Effect.RESET, peer)


def _check_foreign(call: Call, address: Address) -> None:
    # Own addresses are known once zebra told them; without zebra none is.
    if call.daemon.zebra.owner(address) is not None:
        raise CommandError("% Can not configure the local system as neighbor")


def _new_peer(bgp: BgpConfig, name: Address, remote_as: int | str) -> PeerConfig:
    peer = PeerConfig(name, remote_as)
    for family in FAMILIES:
        peer.family(family).activate = _default_active(bgp, family)
    return peer


_REMOVE = Scope((BGP,))
NEIGHBOR.add(_REMOVE)
_REMOVE.objects = lambda peer: []


@action(
    _REMOVE,
    "no neighbor <WORD$peer|<A.B.C.D|X:X::X:X>$peer"
    " [remote-as <(1-4294967295)|internal|external>]>",
    "Take a line back",
    "A BGP neighbor",
    "Interface or peer-group name",
    "IPv4 address of the neighbor",
    "IPv6 address of the neighbor",
    "The neighbor's autonomous system",
    "Its number",
    "The own one",
    "Any other than the own one",
)
def _remove_peer(call: Call) -> None:
    bgp: BgpConfig = call.node_object
    name = call.values["peer"]
    if name not in bgp.peers:
        if not isinstance(name, Address):
            raise CommandError("% Create the peer-group first")
        return  # FRR is content with an unknown address
    del bgp.peers[name]
    call.changed(Effect.PEERS, bgp)


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
    if is_internal(bgp, peer):
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


Setting(
    NEIGHBOR,
    PEER + "password ![LINE$password]",
    "Protect the session with TCP MD5 signatures",
    "The secret both sides know",
    field="password",
    effect=Effect.RESET,
)
Normalised(
    NEIGHBOR,
    PEER + "port ![(0-65535)$port]",
    "The neighbor's TCP port",
    "Its number",
    field="port",
    normal=without_default(port=179),
)
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
    if peer.ebgp_multihop is None or is_internal(names["bgp"], peer):
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
    hops = None if call.negated else call.values.get("hops", 255)
    if is_internal(call.node_object, peer):
        return
    if hops is not None and peer.ttl_security_hops is not None and hops > 1:
        raise CommandError(_NOT_BOTH)
    _set_hops(call, peer, None if hops == 1 else hops, peer.ttl_security_hops)


def _set_hops(call: Call, peer: PeerConfig, multihop: int | None, security: int | None) -> None:
    if (peer.ebgp_multihop, peer.ttl_security_hops) != (multihop, security):
        peer.ebgp_multihop, peer.ttl_security_hops = multihop, security
        call.changed(Effect.RESET, peer)


def _security_lines(peer: PeerConfig, names: Any) -> list[str]:
    if peer.ttl_security_hops is None:
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
        _set_hops(call, peer, None, None)
        return
    if peer.ebgp_multihop is not None:
        raise CommandError(_NOT_BOTH)
    _set_hops(call, peer, None, call.values["hops"])


Flag(
    NEIGHBOR,
    PEER + "disable-connected-check",
    "The neighbor is one hop away but not on a connected network",
    field="disable_connected_check",
    effect=Effect.RESET,
    alias=("neighbor <A.B.C.D|X:X::X:X|WORD>$peer enforce-multihop",),
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
    effect=Effect.TIMERS,
)


# Capabilities

_OVERRIDE = "% Can't set override-capability and strict-capability-match at the same time"


def _not_strict(call: Call, peer: PeerConfig) -> None:
    if not call.negated and peer.strict_capability_match:
        raise CommandError(_OVERRIDE)


def _not_override(call: Call, peer: PeerConfig) -> None:
    if not call.negated and peer.override_capability:
        raise CommandError(_OVERRIDE)


Flag(
    NEIGHBOR,
    PEER + "dont-capability-negotiate",
    "Do not announce capabilities",
    field="dont_capability_negotiate",
    effect=Effect.RESET,
)
Flag(
    NEIGHBOR,
    PEER + "override-capability",
    "Go by the own configuration, whatever the neighbor announces",
    field="override_capability",
    effect=Effect.RESET,
    check=_not_strict,
)
Flag(
    NEIGHBOR,
    PEER + "strict-capability-match",
    "End the session if the neighbor lacks a capability",
    field="strict_capability_match",
    effect=Effect.RESET,
    check=_not_override,
)
