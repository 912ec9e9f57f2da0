"""`show bfd ...`, and `clear bfd ...`, which finds its peer and has nothing to clear."""

from typing import Any

from grammar.base.errors import CommandError
from grammar.base.values import Address
from grammar.command import Call, action, show
from grammar.node import ENABLE, VIEW
from grammar.scope import Scope
from zebra.bfdd.commands.nodes import key_of
from zebra.bfdd.config import PeerKey
from zebra.bfdd.show import Peer, Peers, PeerView

SHOW = Scope((VIEW, ENABLE))
CLEAR = Scope((ENABLE,))

_VRF = "[vrf NAME$vrf]"
_ADDRESS = "<A.B.C.D|X:X::X:X>"
_PEER = (
    f"peer <WORD$label|{_ADDRESS}$peer"
    f" [{{multihop$multihop|local-address {_ADDRESS}$local|interface IFNAME$interface}}]>"
)
_JSON = "[json$json]"
_HEAD = ("Show", "Bidirectional forwarding detection", "In a VRF", "Its name")
_PEER_HELP = (
    "A neighbor that is watched",
    "Its label",
    "Its IPv4 address",
    "Its IPv6 address",
    "More than one hop away",
    "The address to send from",
    "An IPv4 address",
    "An IPv6 address",
    "The interface to send from",
    "Its name",
)


def _view(bfdd: Any, key: PeerKey) -> PeerView:
    session = bfdd.config.peers[key]
    return PeerView(key, bfdd.config.in_force(session), int(bfdd.clock.now() - session.since))


def _peers(bfdd: Any, vrf: str | None, kind: str) -> Peers:
    keys = [key for key in bfdd.config.ordered() if vrf in (None, key.vrf)]
    return Peers(tuple(_view(bfdd, key) for key in keys), kind, len(bfdd.config.peers))


@show(SHOW, f"show bfd {_VRF} peers {_JSON}", *_HEAD, "All neighbors", "As JSON")
def _show_peers(bfdd: Any, vrf: str | None = None) -> Peers:
    return _peers(bfdd, vrf, "peers")


@show(SHOW, f"show bfd {_VRF} peers brief {_JSON}", *_HEAD, "All neighbors", "In brief", "As JSON")
def _show_brief(bfdd: Any, vrf: str | None = None) -> Peers:
    return _peers(bfdd, vrf, "brief")


@show(
    SHOW, f"show bfd {_VRF} peers counters {_JSON}", *_HEAD, "All neighbors", "Packets", "As JSON"
)
def _show_counters(bfdd: Any, vrf: str | None = None) -> Peers:
    return _peers(bfdd, vrf, "counters")


def _found(bfdd: Any, values: dict[str, Any]) -> PeerKey:
    label: str | None = values.get("label")
    if label is not None:
        raise CommandError(f"% Unable to find 'peer {label}'")  # 8.4.4 has no line for labels
    assert isinstance(values["peer"], Address)
    wanted = key_of(values)
    found: PeerKey | None = bfdd.config.find(wanted)
    if found is None:
        said = str(wanted).replace(" multihop", "", 1)
        raise CommandError(f"% Unable to find '{said}'")
    return found


@show(SHOW, f"show bfd {_VRF} {_PEER} {_JSON}", *_HEAD, *_PEER_HELP, "As JSON")
def _show_peer(bfdd: Any, **values: Any) -> Peer:
    return Peer(_view(bfdd, _found(bfdd, values)))


@show(SHOW, f"show bfd {_VRF} {_PEER} counters {_JSON}", *_HEAD, *_PEER_HELP, "Packets", "As JSON")
def _show_peer_counters(bfdd: Any, **values: Any) -> Peer:
    return Peer(_view(bfdd, _found(bfdd, values)), counters=True)


@action(CLEAR, f"clear bfd {_VRF} {_PEER} counters", "Clear", *_HEAD[1:], *_PEER_HELP, "Packets")
def _clear(call: Call) -> None:
    _found(call.daemon, dict(call.values))


@show(SHOW, "show bfd distributed", *_HEAD[:2], "A data plane apart")
def _show_distributed(bfdd: Any) -> str:
    return f"{'Data plane':>28}\n{'==========':>28}\n"
