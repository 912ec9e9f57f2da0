"""Lines that take neighbors and peer-groups away, or a neighbor out of its group."""

from bgp.commands.nodes import BGP, DYNAMIC, IDENTITY, NO_PEER, family_of
from bgp.commands.peers import (
    AS_HELP,
    GROUP_HELP,
    INTERFACE_HELP,
    MEMBERSHIP,
    NAMED_FIRST,
    NO_GROUP,
    V6ONLY_HELP,
)
from bgp.config import BgpConfig, PeerName
from bgp.effects import Effect
from grammar.base.errors import CommandError
from grammar.base.values import Address
from grammar.command import Call, action
from grammar.scope import Scope

REMOVE = Scope((BGP,), objects=lambda peer: [])
IDENTITY.add(REMOVE)


def _forget(call: Call, bgp: BgpConfig, name: PeerName) -> None:
    del bgp.peers[name]
    call.changed(Effect.PEERS, bgp)


def _forget_group(call: Call, bgp: BgpConfig, name: str) -> None:
    _forget_members(bgp, name)
    del bgp.groups[name]
    for prefix in [p for p, group in bgp.listen_ranges.items() if group == name]:
        del bgp.listen_ranges[prefix]
    call.changed(Effect.PEERS, bgp)


def _forget_members(bgp: BgpConfig, name: str) -> None:
    for member in list(bgp.members(name)):
        bgp.peers.pop(member.name, None)
        bgp.dynamic.pop(member.name, None)


@action(
    REMOVE,
    "no neighbor <WORD$peer|<A.B.C.D|X:X::X:X>$peer"
    " [remote-as <(1-4294967295)|internal|external>]>",
    "Take a line back",
    "A BGP neighbor",
    "Interface or peer-group name",
    "IPv4 address of the neighbor",
    "IPv6 address of the neighbor",
    *AS_HELP,
)
def _remove_peer(call: Call) -> None:
    bgp: BgpConfig = call.node_object
    name = call.values["peer"]
    if name in bgp.groups:
        _forget_group(call, bgp, name)
    elif name in bgp.peers:
        _forget(call, bgp, name)
    elif name in bgp.dynamic:
        raise CommandError(DYNAMIC)
    elif not isinstance(name, Address):
        raise CommandError("% Create the peer-group first")
    # FRR is content with an unknown address.


@action(
    REMOVE,
    "no neighbor WORD$peer remote-as <(1-4294967295)|internal|external>",
    "Take a line back",
    "A BGP neighbor",
    "Interface or peer-group name",
    *AS_HELP,
)
def _remove_as(call: Call) -> None:
    bgp: BgpConfig = call.node_object
    name = str(call.values["peer"])
    group, peer = bgp.groups.get(name), bgp.peers.get(name)
    if group is not None:
        if group.remote_as is not None:
            group.remote_as = None
            _forget_members(bgp, name)
            call.changed(Effect.PEERS, bgp)
    elif peer is not None:
        peer.remote_as = None
        call.changed(Effect.RESET, peer)
    else:
        raise CommandError(NAMED_FIRST)


@action(
    REMOVE,
    "no neighbor WORD$peer interface [v6only] [peer-group PGNAME]"
    " [remote-as <(1-4294967295)|internal|external>]",
    "Take a line back",
    *INTERFACE_HELP,
    V6ONLY_HELP,
    *GROUP_HELP,
    *AS_HELP,
)
def _remove_interface(call: Call) -> None:
    bgp: BgpConfig = call.node_object
    name = str(call.values["peer"])
    if name not in bgp.peers:
        raise CommandError("% Create the bgp interface first")
    _forget(call, bgp, name)


@action(
    REMOVE,
    "no neighbor WORD$group peer-group",
    "Take a line back",
    "A BGP neighbor",
    "Name of the group",
    "The peer-group and all its members",
)
def _remove_group(call: Call) -> None:
    bgp: BgpConfig = call.node_object
    name = str(call.values["group"])
    if name not in bgp.groups:
        raise CommandError("% Create the peer-group first")
    _forget_group(call, bgp, name)


@action(
    MEMBERSHIP,
    "no neighbor <A.B.C.D|X:X::X:X|WORD>$peer peer-group PGNAME$group",
    "Take a line back",
    "A BGP neighbor",
    "IPv4 address of the neighbor",
    "IPv6 address of the neighbor",
    "Interface name",
    *GROUP_HELP,
)
def _leave(call: Call) -> None:
    bgp = family_of(call.node_object).bgp
    name = call.values["peer"]
    if name in bgp.dynamic:
        raise CommandError(DYNAMIC)
    if name not in bgp.peers and not isinstance(name, Address):
        raise CommandError(f"% Malformed address or name: {name}")
    if name not in bgp.peers:
        raise CommandError(NO_PEER)
    if call.values["group"] not in bgp.groups:
        raise CommandError(NO_GROUP)
    # As in FRR the neighbor goes, it does not become one without a group.
    _forget(call, bgp, name)
