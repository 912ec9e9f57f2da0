"""Lines of a neighbor on its TCP connection, its round trip time, and its role."""

from dataclasses import replace
from typing import Any

from bgp.commands.nodes import NO, PEER, group_of, is_group, kind_of
from bgp.config import PeerConfig
from bgp.effects import Effect
from grammar.base.errors import CommandError, Status
from grammar.command import Answer, Call, Reply, Setting, action
from grammar.scope import Scope

_MSS_WARNING = " Warning: Reset BGP session for tcp-mss value to take effect\n"


def _rtt_lines(peer: PeerConfig, names: Any) -> list[str]:
    if peer.shutdown_rtt is None:
        return []
    count = peer.shutdown_rtt_count or 0
    return [f"neighbor {peer.name} shutdown rtt {peer.shutdown_rtt} count {count}"]


def _rtt(call: Call) -> None:
    peer: PeerConfig = call.target()
    peer.shutdown_rtt = peer.shutdown_rtt_count = None
    if not call.negated:
        # Of a group FRR forgets to fill in the one round trip that is meant.
        once = 0 if is_group(call.node_object, peer) else 1
        peer.shutdown_rtt = call.values["rtt"]
        peer.shutdown_rtt_count = call.values.get("count", once)
    call.changed(Effect.TIMERS, peer)


def shutdown_rtt(scope: Scope) -> None:
    """`shutdown rtt`: the session ends when the neighbor takes too long to answer."""
    action(
        scope,
        PEER + "shutdown rtt ![(1-65535)$rtt [count (1-255)$count]]",
        "Keep the session down",
        "When its round trip time is higher",
        "Milliseconds",
        "Only after so many keepalives",
        "Their number",
        negatable=True,
        printer=_rtt_lines,
    )(_rtt)


def _mss_lines(peer: PeerConfig, names: Any) -> list[str]:
    return [] if peer.tcp_mss is None else [f"neighbor {peer.name} tcp-mss {peer.tcp_mss}"]


def _mss(call: Call) -> Reply:
    try:
        peer: PeerConfig = call.target()
    except CommandError as error:
        return Reply([_MSS_WARNING, f"{error}\n"], Status.CONFIG_FAILED)
    peer.tcp_mss = None if call.negated else call.values["mss"]
    call.changed(Effect.TIMERS, peer)
    return Reply([_MSS_WARNING])


def tcp_mss(scope: Scope) -> None:
    """`tcp-mss`, taken by the next connection."""
    action(
        scope,
        PEER + "tcp-mss ![(1-65535)$mss]",
        "Size of TCP segments",
        "Bytes",
        negatable=True,
        printer=_mss_lines,
    )(_mss)


def _role_lines(peer: PeerConfig, names: Any) -> list[str]:
    if peer.local_role is None or peer.group is not None:
        return []
    tail = " strict-mode" if peer.local_role_strict else ""
    return [f"neighbor {peer.name} local-role {peer.local_role}{tail}"]


def _role(call: Call) -> None:
    bgp = call.node_object
    peer: PeerConfig = call.target()
    if call.negated:
        wanted: tuple[str | None, bool | None] = (None, None)
    else:
        group = is_group(bgp, peer)
        kind = kind_of(bgp, peer)
        if kind == "internal" or (kind is None and not group and group_of(bgp, peer) is None):
            raise CommandError("% External roles can be set only on eBGP session")
        # A group without members is told nothing of the strict mode (FRR).
        strict = "strict" in call.values and (
            not group or next(bgp.members(str(peer.name)), None) is not None
        )
        wanted = (call.values["role"], True if strict else None)
    if (peer.local_role, peer.local_role_strict) != wanted:
        peer.local_role, peer.local_role_strict = wanted
        call.changed(Effect.RESET, peer)


def role(scope: Scope) -> None:
    """`local-role` (RFC 9234)."""
    action(
        scope,
        PEER + "local-role <provider|rs-server|rs-client|customer|peer>$role [strict-mode$strict]",
        "What this router is to the neighbor",
        "Its provider",
        "A route server",
        "A client of it, a route server",
        "Its customer",
        "Its peer",
        "The neighbor must have a role too",
        negatable=True,
        printer=_role_lines,
    )(_role)


class _Positive(Setting):
    """A setting with a `no` of its own."""

    negatable = False


_DELAY_OPEN = (
    "How long things may take",
    "Until the own OPEN is sent, if the neighbor's does not come",
    "Seconds",
)


def delay_open(scope: Scope) -> None:
    """`timers delayopen` (RFC 4271 sec. 8.1.1), whose `no` takes any number of seconds."""
    words = PEER + "timers delayopen"
    setting = _Positive(
        scope,
        words + "(1-240)$seconds",
        *_DELAY_OPEN,
        fields={"seconds": "delay_open"},
        effect=Effect.TIMERS,
    )

    @action(scope, NO + words + "[(0-65535)]", *_DELAY_OPEN)
    def no_delay_open(call: Call) -> Answer:
        return setting.run(replace(call, negated=True))
