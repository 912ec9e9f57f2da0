"""Lines that make neighbors and peer-groups, and take them away, in printed order."""

from collections.abc import Iterator
from typing import Any

from bgp.commands.family_sending import bind_paths
from bgp.commands.familynodes import NODE_OF
from bgp.commands.nodes import (
    BGP,
    DYNAMIC,
    IDENTITY,
    PEER,
    default_active,
    family_of,
    group_of,
    is_internal,
    kind_of,
)
from bgp.config import FAMILIES, BgpConfig, PeerConfig, PeerName, member_of
from bgp.effects import Effect
from bgp.familyconfig import EVPN, IPV4_LABELED, IPV6_LABELED
from grammar.base.errors import CommandError
from grammar.base.values import Address
from grammar.command import Call, action
from grammar.scope import Scope

NAMED_FIRST = "% Create the peer-group or interface first"
NO_GROUP = "% Configure the peer-group first"
_NOT_ALIKE = "% Peer-group members must be all internal or all external."
_OVERRIDES = "% Peer-group member cannot override remote-as of peer-group."

AS_HELP = ("The neighbor's autonomous system", "Its number", "The own one", "Any other one")
INTERFACE_HELP = ("A BGP neighbor", "Interface name", "The neighbor on that interface")
GROUP_HELP = ("Member of a peer-group", "Name of the group")
V6ONLY_HELP = "Its IPv6 link-local address only"


def _identity_lines(peer: PeerConfig, names: Any) -> Iterator[str]:
    name, remote = peer.name, peer.remote_as
    word = f"neighbor {name}"
    if peer.by_interface:
        word += " interface" + (" v6only" if peer.v6only else "")
        if peer.group is None:
            yield word if remote is None else f"{word} remote-as {remote}"
            return
        yield f"{word} peer-group {peer.group}"
        if remote is not None:
            yield f"neighbor {name} remote-as {remote}"
        return
    is_member = peer.group is not None
    if isinstance(name, str):
        yield f"{word} peer-group"
    if remote is not None:
        yield f"{word} remote-as {remote}"
    if is_member:
        yield f"{word} peer-group {peer.group}"


@action(
    IDENTITY,
    PEER + "remote-as <(1-4294967295)|internal|external>$remote_as",
    *AS_HELP,
    printer=_identity_lines,
)
def _remote_as(call: Call) -> None:
    bgp: BgpConfig = call.node_object
    name, remote_as = call.values["peer"], call.values["remote_as"]
    peer = bgp.peers.get(name)
    if name in bgp.groups:
        _set_group_as(call, bgp, bgp.groups[name], remote_as)
    elif peer is not None:
        _set_as(call, bgp, peer, remote_as)
    elif not isinstance(name, Address):
        raise CommandError(NAMED_FIRST)
    elif name in bgp.dynamic:
        raise CommandError(DYNAMIC)
    else:
        _check_foreign(call, bgp, name)
        bgp.peers[name] = _new_peer(bgp, name, remote_as)
        call.changed(Effect.PEERS, bgp)


def _set_as(call: Call, bgp: BgpConfig, peer: PeerConfig, remote_as: int | str) -> None:
    group = group_of(bgp, peer)
    if group is not None:
        if group.remote_as is not None:
            raise CommandError(_OVERRIDES)
        wanted = kind_of(bgp, PeerConfig(peer.name, remote_as))
        if kind_of(bgp, group) not in (None, wanted):
            raise CommandError(_NOT_ALIKE)
    if peer.remote_as != remote_as:
        _set_kind(bgp, peer, remote_as)
        call.changed(Effect.RESET, peer)


def _set_group_as(call: Call, bgp: BgpConfig, group: PeerConfig, remote_as: int | str) -> None:
    members = list(bgp.members(str(group.name)))
    # What the first member is says nothing of a group that has no number yet.
    were_internal = [each for each in members if is_internal(bgp, each)]
    if group.remote_as is not None and is_internal(bgp, group):
        were_internal.append(group)
    for member in members:
        member.remote_as = None
    group.remote_as = remote_as
    for each in (group, *members):
        _change_kind(bgp, each, was_internal=each in were_internal)
    call.changed(Effect.RESET, group)


def _set_kind(bgp: BgpConfig, peer: PeerConfig, remote_as: int | str | None) -> None:
    """Set the AS number of a neighbor."""
    was_internal = is_internal(bgp, peer)
    peer.remote_as = remote_as
    _change_kind(bgp, peer, was_internal=was_internal)


def _change_kind(bgp: BgpConfig, peer: PeerConfig, *, was_internal: bool) -> None:
    # What only one kind of neighbor can have goes with the kind.
    kind = kind_of(bgp, peer)
    if was_internal or kind == "internal":
        peer.ebgp_multihop = None
    if kind != "external":
        peer.local_as = peer.local_as_no_prepend = peer.local_as_replace_as = None
    if was_internal and kind != "internal":
        for lines in peer.families.values():
            lines.route_reflector_client = None


def _check_foreign(call: Call, bgp: BgpConfig, address: Address) -> None:
    # Own addresses are known once zebra told them; without zebra none is.
    zebra = call.daemon.zebra
    if zebra.owner(address, zebra.vrf_id(None if bgp.view else bgp.vrf)) is not None:
        raise CommandError("% Can not configure the local system as neighbor")


def _new_peer(bgp: BgpConfig, name: PeerName, remote_as: int | str | None) -> PeerConfig:
    peer = PeerConfig(name, remote_as, shutdown=bgp.default_shutdown)
    for family in FAMILIES:
        peer.family(family).activate = default_active(bgp, family)
    return peer


# Peer-groups and their members; old configurations have these lines in address families

_WITH_MEMBERS = tuple(
    node for family, node in NODE_OF.items() if family not in (IPV4_LABELED, IPV6_LABELED, EVPN)
)
MEMBERSHIP = Scope((BGP,), objects=lambda peer: [], hidden_nodes=_WITH_MEMBERS)
IDENTITY.add(MEMBERSHIP)


@action(
    IDENTITY,
    "neighbor WORD$group peer-group",
    "A BGP neighbor",
    "Name of the group",
    "Make a peer-group",
)
def _make_group(call: Call) -> None:
    bgp: BgpConfig = call.node_object
    name = str(call.values["group"])
    if name in bgp.peers:
        raise CommandError("% Name conflict with interface: ")
    if name not in bgp.groups:
        bgp.groups[name] = _new_peer(bgp, name, None)
        bgp.groups[name].shutdown = None


@action(MEMBERSHIP, PEER + "peer-group PGNAME$group", *GROUP_HELP)
def _join(call: Call) -> None:
    bgp = family_of(call.node_object).bgp
    name = call.values["peer"]
    if name not in bgp.peers and not isinstance(name, Address):
        raise CommandError(f"% Malformed address or name: {name}")
    if name in bgp.dynamic:
        raise CommandError(DYNAMIC)
    bind(call, bgp, name, call.values["group"])


def bind(call: Call, bgp: BgpConfig, name: PeerName, group_name: str) -> None:
    """Make a neighbor, known or not, a member of a peer-group."""
    group, peer = bgp.groups.get(group_name), bgp.peers.get(name)
    if peer is None and isinstance(name, Address):
        _check_foreign(call, bgp, name)
    if group is None:
        raise CommandError(NO_GROUP)
    if peer is None:
        peer = bgp.peers[name] = member_of(group, name)
        peer.shutdown = bgp.default_shutdown
        call.changed(Effect.PEERS, bgp)
        return
    if peer.group == group_name:
        return
    if peer.group is not None:
        raise CommandError("% Cannot change the peer-group. Deconfigure first")
    _check_alike(bgp, group, peer)
    _take_from_group(bgp, group, peer)
    call.changed(Effect.PEERS, bgp)
    call.changed(Effect.RESET, peer)


def _take_from_group(bgp: BgpConfig, group: PeerConfig, peer: PeerConfig) -> None:
    name, is_external = str(group.name), not is_internal(bgp, peer)
    if not is_external and group.remote_as is not None and not is_internal(bgp, group):
        # Its time to live stays that of an internal neighbor.
        peer.ebgp_multihop = 255
    elif is_external and group.ebgp_multihop is not None:
        peer.ebgp_multihop = group.ebgp_multihop
    if peer.ttl_security_hops is not None:
        # Its line goes, but not the time to live that it had set.
        peer.ebgp_multihop = 255
    peer.ttl_security_hops = group.ttl_security_hops
    is_first = next(bgp.members(name), None) is None
    peer.group, peer.solo = name, None
    bgp.peers[peer.name] = bgp.peers.pop(peer.name)  # members stand in the order of joining
    if is_first and group.remote_as is None and not is_external:
        group.local_as = group.local_as_no_prepend = group.local_as_replace_as = None
    if group.remote_as is not None:
        peer.remote_as = None
    for family in FAMILIES:
        peer.family(family).activate = group.family(family).activate
    bind_paths(group, peer)


def _check_alike(bgp: BgpConfig, group: PeerConfig, peer: PeerConfig) -> None:
    kind = kind_of(bgp, peer)
    first = next(bgp.members(str(group.name)), None)
    if isinstance(group.remote_as, int) or kind is None:
        return
    if group.remote_as is None and first is None:
        return
    if kind_of(bgp, group) != kind:
        raise CommandError(_NOT_ALIKE)


# Neighbors on an interface


@action(
    IDENTITY,
    "neighbor WORD$peer interface [v6only$v6only]"
    " [<peer-group PGNAME$group|remote-as <(1-4294967295)|internal|external>$remote_as>]",
    *INTERFACE_HELP,
    V6ONLY_HELP,
    *GROUP_HELP,
    *AS_HELP,
)
def _interface(call: Call) -> None:
    bgp: BgpConfig = call.node_object
    name, group = str(call.values["peer"]), call.values.get("group")
    remote_as = call.values.get("remote_as")
    if name in bgp.groups:
        raise CommandError("% Name conflict with peer-group ")
    peer = bgp.peers.get(name)
    v6only = True if "v6only" in call.values else None
    if peer is None:
        peer = bgp.peers[name] = _new_peer(bgp, name, remote_as)
        peer.by_interface, peer.v6only = True, v6only
        call.changed(Effect.PEERS, bgp)
    else:
        if peer.v6only != v6only:
            peer.v6only = v6only
            call.changed(Effect.RESET, peer)
        if remote_as is not None:
            _set_as(call, bgp, peer, remote_as)
    if group is not None:
        bind(call, bgp, name, group)
