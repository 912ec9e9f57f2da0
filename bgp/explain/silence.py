"""Why no connection comes about: what the socket said, and what the kernel dropped unseen."""

import errno
from collections.abc import Iterator
from os import strerror
from typing import TYPE_CHECKING, Final

from bgp.drops import FAR, MISSIGNED, SIGNED, UNSIGNED
from bgp.explain.cause import Cause, lines_of, router
from bgp.fsm import State
from bgp.reasons import DownReason
from grammar.output.outline import plural
from zebra.zapi.messages import RouteType

if TYPE_CHECKING:
    from bgp.peer import Peer

_SILENT: Final = (errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENETUNREACH)
_KNOWS: Final = "does it have a neighbor line for this router's address, and is that not shut down?"


def of_socket(peer: "Peer") -> Cause | None:
    """What the last connection or attempt failed with."""
    failure, name = peer.main.failure, str(peer.name)
    config = peer.config
    if failure is None:
        return None
    number = failure.errno or 0
    words = strerror(number) if number else str(failure)
    if number in _SILENT:
        return no_answer(peer, f"no answer from {name} ({words})")
    if number == errno.ECONNREFUSED:
        remedy = f"on {name}: is its BGP running, and does it listen on this address?"
        text = f"{name} refuses connections to port {config.port or 179}"
        return Cause("refused", text, (), remedy)
    if number in (errno.EADDRNOTAVAIL, errno.EINVAL):
        source = config.update_source
        text = f"cannot connect from {source or 'the own address'}: {words}"
        return Cause("update-source", text, lines_of(peer, "update_source", "no {} update-source"))
    if number in (errno.ECONNRESET, errno.EPIPE):
        text = f"{name} ended the connection ({words})"
        return Cause("closed", text, (), f"on {name}: {_KNOWS}")
    return Cause("socket", f"the connection failed: {words}")


def no_answer(peer: "Peer", text: str) -> Cause:
    """Nothing comes from there at all."""
    config, name = peer.config, str(peer.name)
    if config.password is not None:
        lines = lines_of(peer, "password", "{} password WORD")
        text = f"{text}; with a wrong MD5 password it looks so"
        return Cause("md5", text, lines, f"the same on both ends; or is {name} not there?")
    if config.ttl_security_hops is not None:
        hops = config.ttl_security_hops
        text = f"{text}; with `ttl-security hops {hops}` it looks so if the way is longer"
        lines = lines_of(peer, "ttl_security_hops", "{} ttl-security hops MORE")
        return Cause("ttl", text, lines, "the same on both ends")
    far = _is_far(peer)
    ttl = "; it is not on a connected network, and is tried with TTL 1" if far else ""
    lines = lines_of(peer, "ebgp_multihop", "{} ebgp-multihop") if far else ()
    remedy = f"is `ping {name}` answered, and are packets filtered on the way?"
    return Cause("no-connection", f"{text}{ttl}", lines, remedy)


def dropped(peer: "Peer") -> Iterator[Cause]:
    """What the kernel dropped, in so far as it fits this neighbour's lines."""
    drops, config, name = peer.transport.dropped(), peer.config, str(peer.name)
    since = "since this bgpd began, by whomever"
    if config.password is not None and drops.get(MISSIGNED):
        count = plural(drops[MISSIGNED], "segment")
        text = f"MD5: {count} came with the signature of another password ({since})"
        lines = lines_of(peer, "password", "{} password WORD")
        yield Cause("md5", text, lines, f"the same on both ends, here and on {name}")
    if config.password is not None and drops.get(UNSIGNED):
        count = plural(drops[UNSIGNED], "segment")
        text = f"MD5: {count} came without the signature that `password` asks for ({since})"
        lines = lines_of(peer, "password", "no {} password")
        yield Cause("md5", text, lines, f"or on {name}: `neighbor ... password` with the same one")
    if config.password is None and drops.get(SIGNED):
        count = plural(drops[SIGNED], "segment")
        text = f"MD5: {count} came with a signature, and there is no password here ({since})"
        yield Cause("md5", text, router(peer, "neighbor N password WORD"), f"that of {name}")
    if config.ttl_security_hops is not None and drops.get(FAR):
        count, hops = plural(drops[FAR], "segment"), config.ttl_security_hops
        least = 256 - hops
        text = f"GTSM: {count} came with a TTL below {least}, which `ttl-security` asks for"
        lines = lines_of(peer, "ttl_security_hops", "{} ttl-security hops MORE")
        remedy = f"or on {name}, which has to send with TTL 255: `neighbor ... ttl-security hops`"
        yield Cause("ttl", f"{text} ({since})", lines, remedy)


def _is_far(peer: "Peer") -> bool:
    """Whether a neighbour is more than a hop away, and packets to it go no further than one."""
    nexthop = peer.reach.nexthop
    update = None if nexthop is None else nexthop.resolved
    away = update is not None and update.type != RouteType.CONNECTED
    return away and peer.reach.hop_limits[0] == 1


def closed_early(peer: "Peer") -> Cause | None:
    """A neighbour that closes without a word, for example because it does not know us."""
    state = peer.state
    if peer.main.state not in (State.ACTIVE, State.IDLE, State.CONNECT):
        return None
    if state.last_notification is not None or peer.main.failure is not None:
        return None
    unheard = state.counters.opens_sent and not state.counters.opens_received
    if not unheard and state.reset_reason is not DownReason.PEER_CLOSED:
        return None
    text = f"{peer.name} closes each connection without a word"
    if not unheard:
        text = f"{peer.name} closed the connection without a word"
    return Cause("closed", text, (), f"on {peer.name}: {_KNOWS}")
