"""What a session offers its neighbor: capabilities and graceful restart, in printed order."""

from typing import Any

from bgp.commands.nodes import CAPABILITY, PEER, find_told_twice, group_of
from bgp.config import PeerConfig
from bgp.effects import Effect
from grammar.base.errors import CommandError
from grammar.command import Call, Flag, Reply, action

_OVERRIDE = "% Can't set override-capability and strict-capability-match at the same time"
_CAPABILITY = "What is offered to the neighbor"


def _has(call: Call, peer: PeerConfig, field: str) -> bool:
    group = group_of(call.node_object, peer)
    return bool(getattr(peer, field) or (group is not None and getattr(group, field)))


def _not_strict(call: Call, peer: PeerConfig) -> None:
    if not call.negated and _has(call, peer, "strict_capability_match"):
        raise CommandError(_OVERRIDE)


def _not_override(call: Call, peer: PeerConfig) -> None:
    if not call.negated and _has(call, peer, "override_capability"):
        raise CommandError(_OVERRIDE)


Flag(
    CAPABILITY,
    PEER + "capability dynamic",
    _CAPABILITY,
    "Changes of capabilities while the session runs",
    field="capability_dynamic",
    effect=Effect.RESET,
)


def _extended_nexthop_lines(peer: PeerConfig, names: Any) -> list[str]:
    on = peer.capability_extended_nexthop
    return [f"neighbor {peer.name} capability extended-nexthop"] if on else []


@action(
    CAPABILITY,
    PEER + "capability extended-nexthop",
    _CAPABILITY,
    "IPv4 routes with IPv6 next hops",
    negatable=True,
    printer=_extended_nexthop_lines,
)
def _extended_nexthop(call: Call) -> None:
    peer = find_told_twice(call)
    if peer.by_interface:  # it always has it there
        if call.negated:
            raise CommandError(
                f"Peer {peer.name} cannot have capability extended-nexthop turned off"
            )
        return
    wanted = None if call.negated else True
    if peer.capability_extended_nexthop != wanted:
        peer.capability_extended_nexthop = wanted
        call.changed(Effect.RESET, peer)


Flag(
    CAPABILITY,
    PEER + "dont-capability-negotiate",
    "Do not announce capabilities",
    field="dont_capability_negotiate",
    effect=Effect.TIMERS,
)
Flag(
    CAPABILITY,
    PEER + "override-capability",
    "Go by the own configuration, whatever the neighbor announces",
    field="override_capability",
    effect=Effect.TIMERS,
    check=_not_strict,
)
Flag(
    CAPABILITY,
    PEER + "strict-capability-match",
    "End the session if the neighbor lacks a capability",
    field="strict_capability_match",
    effect=Effect.TIMERS,
    check=_not_override,
)
Flag(
    CAPABILITY,
    PEER + "sender-as-path-loop-detection",
    "Do not send the neighbor what it would refuse for its own AS number",
    field="sender_as_path_loop_detection",
    effect=Effect.SOFT_OUT,
)

# Graceful restart

_MODES = {
    "graceful-restart": ("graceful_restart", "Keep the neighbor's routes, and restart gracefully"),
    "graceful-restart-helper": ("graceful_restart_helper", "Keep the neighbor's routes only"),
    "graceful-restart-disable": ("graceful_restart_disable", "Neither keep nor restart"),
}
_CHANGED = "Graceful restart configuration changed, reset this peer to take effect\n"
_INVALID = "% The Graceful Restart command used is not valid at this moment.\n"


def _mode(word: str, field: str, help: str) -> None:
    """One of the three lines that exclude each other; the next session goes by it."""

    def lines(peer: PeerConfig, names: Any) -> list[str]:
        return [f"neighbor {peer.name} {word}"] if getattr(peer, field) else []

    @action(CAPABILITY, PEER + word, help, negatable=True, printer=lines)
    def run(call: Call) -> Reply:
        peer: PeerConfig = call.target()
        if (getattr(peer, field) is True) is not call.negated:
            raise CommandError(_CHANGED + _INVALID)
        for other, _ in _MODES.values():
            setattr(peer, other, None)
        setattr(peer, field, None if call.negated else True)
        call.changed(Effect.TIMERS, peer)
        return Reply([_CHANGED])


for _word, (_field, _help) in _MODES.items():
    _mode(_word, _field, _help)
