"""`neighbor X bfd ...`: kept and printed; no BFD daemon is asked yet."""

from collections.abc import Iterator
from typing import Any

from bgp.commands.nodes import BFD, PEER, find_told_twice
from bgp.config import PeerConfig
from bgp.effects import Effect
from grammar.command import Call, action


def _bfd_lines(peer: PeerConfig, names: Any) -> Iterator[str]:
    if not peer.bfd:
        return
    yield f"neighbor {peer.name} bfd"
    if peer.bfd_profile is not None:
        yield f"neighbor {peer.name} bfd profile {peer.bfd_profile}"
    if peer.bfd_check_control_plane:
        yield f"neighbor {peer.name} bfd check-control-plane-failure"


_BFD = "Watch the way to the neighbor by BFD"


@action(BFD, PEER + "bfd", _BFD, negatable=True, printer=_bfd_lines)
def _bfd(call: Call) -> None:
    peer = call.target()
    peer.bfd = None if call.negated else True
    if call.negated:
        peer.bfd_profile = peer.bfd_check_control_plane = None
    call.changed(Effect.SHOWN, peer)


@action(
    BFD,
    PEER + "bfd (2-255) (50-60000) (50-60000)",
    _BFD,
    "Packets that may be lost",
    "Milliseconds between packets received",
    "Milliseconds between packets sent",
    hidden=True,
)
def _bfd_timers(call: Call) -> None:
    # FRR takes the old form and keeps nothing of its numbers.
    peer = call.target()
    peer.bfd = True
    call.changed(Effect.SHOWN, peer)


@action(
    BFD,
    PEER + "bfd profile ![BFDPROF$profile]",
    _BFD,
    "By the settings of a profile",
    "Its name",
    negatable=True,
)
def _bfd_profile(call: Call) -> None:
    peer = call.target()
    peer.bfd, peer.bfd_profile = True, None if call.negated else call.values["profile"]
    call.changed(Effect.SHOWN, peer)


@action(
    BFD,
    PEER + "bfd check-control-plane-failure",
    _BFD,
    "Whether forwarding survives the control plane",
    negatable=True,
)
def _bfd_control_plane(call: Call) -> None:
    peer = find_told_twice(call)
    peer.bfd, peer.bfd_check_control_plane = True, None if call.negated else True
    call.changed(Effect.SHOWN, peer)
