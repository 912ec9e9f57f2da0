"""Why a session ended or did not come up: the last NOTIFICATION, or what the socket said."""

import errno
from collections.abc import Callable
from os import strerror
from typing import TYPE_CHECKING, Final

from bgp.explain.cause import Cause, router
from bgp.fsm import State
from bgp.wire.errors import Cease, Code, OpenError
from bgp.wire.notification import Notification
from zebra.zapi.messages import RouteType

if TYPE_CHECKING:
    from bgp.peer import Peer
    from bgp.peerstate import LastNotification

_SILENT: Final = (errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENETUNREACH)


def of_socket(peer: "Peer") -> Cause | None:
    """What the last connection or attempt failed with."""
    failure, name = peer.main.failure, str(peer.name)
    config = peer.config
    port = config.port or 179
    if failure is None:
        return None
    number = failure.errno or 0
    words = strerror(number) if number else str(failure)
    if number == errno.ECONNREFUSED:
        remedy = f"on {name}: is its BGP running, and does it listen on this address?"
        return Cause("refused", f"{name} refuses connections to port {port}", (), remedy)
    if number in _SILENT and config.password is not None:
        text = f"no answer from {name} ({words}); with a wrong MD5 password it looks so"
        return Cause("md5", text, router(peer, "neighbor N password WORD"), "the same on both ends")
    if number in _SILENT:
        far = _is_far(peer)
        ttl = "; it is not on a connected network, and is tried with TTL 1" if far else ""
        lines = router(peer, "neighbor N ebgp-multihop") if far else ()
        remedy = f"is `ping {name}` answered, and are packets filtered on the way?"
        return Cause("no-connection", f"no answer from {name} ({words}){ttl}", lines, remedy)
    if number in (errno.EADDRNOTAVAIL, errno.EINVAL):
        source = config.update_source
        text = f"cannot connect from {source or 'the own address'}: {words}"
        return Cause("update-source", text, router(peer, "no neighbor N update-source"))
    if number in (errno.ECONNRESET, errno.EPIPE):
        text = f"{name} ended the connection ({words})"
        remedy = f"on {name}: does it have a neighbor line for this router's address?"
        return Cause("closed", text, (), remedy)
    return Cause("socket", f"the connection failed: {words}")


def _is_far(peer: "Peer") -> bool:
    """Whether a neighbour is more than a hop away, and packets to it go no further than one."""
    nexthop = peer.reach.nexthop
    update = None if nexthop is None else nexthop.resolved
    away = update is not None and update.type != RouteType.CONNECTED
    return away and peer.reach.hop_limits[0] == 1


def closed_early(peer: "Peer") -> Cause | None:
    """A neighbour that closes without a word, for example because it does not know us."""
    if peer.main.state not in (State.ACTIVE, State.IDLE, State.CONNECT):
        return None
    if peer.state.last_notification is not None or peer.main.failure is not None:
        return None
    if not peer.state.counters.opens_sent or peer.state.counters.opens_received:
        return None
    remedy = f"on {peer.name}: does it have a neighbor line for this router's address?"
    return Cause("closed", f"{peer.name} closes each connection without a word", (), remedy)


def of_notification(peer: "Peer", last: "LastNotification") -> Cause:
    """What the last NOTIFICATION says."""
    notification = Notification(last.code, last.subcode, last.data)
    if last.code == Code.OPEN:
        found = _OF_OPEN.get(last.subcode)
        if found is not None:
            return found(peer, last)
    if last.code == Code.HOLD_TIMER:
        return _hold_timer(peer, last)
    if last.code == Code.CEASE and last.received:
        return _cease(peer, notification)
    who = f"{peer.name} ended the session" if last.received else "this router ended the session"
    return Cause("notification", f"{who}: {notification.text}")


def _peer_as(peer: "Peer", last: "LastNotification") -> Cause:
    if last.received:
        said = int.from_bytes(last.data[:4], "big") if last.data else peer.local_as
        text = f"{peer.name} expects another AS than {said}, which this router says it is"
        remedy = f"on {peer.name}: `neighbor ... remote-as {peer.local_as}`"
        mend = router(peer, "neighbor N local-as ASN no-prepend replace-as")
        return Cause("as-mismatch", text, mend, f"{remedy}, or the AS that it expects here")
    theirs = int.from_bytes(last.data, "big")
    wanted = peer.config.remote_as
    text = f"AS mismatch: {peer.name} says it is AS {theirs}, configured is remote-as {wanted}"
    return Cause("as-mismatch", text, router(peer, f"neighbor N remote-as {theirs}"))


def _router_id(peer: "Peer", last: "LastNotification") -> Cause:
    text = f"both routers have the router id {peer.instance.router_id}"
    return Cause("router-id", text, router(peer, "bgp router-id A.B.C.D"))


def _hold_time(peer: "Peer", last: "LastNotification") -> Cause:
    if last.received:
        keepalive, hold = peer.main.session.config.keepalive, peer.main.session.config.hold_time
        text = f"{peer.name} does not take the hold time of {hold} s"
        return Cause("hold-time", text, router(peer, f"neighbor N timers {keepalive} 180"))
    offered = int.from_bytes(last.data, "big")
    least = peer.instance.config.minimum_holdtime if peer.instance.config else None
    text = f"{peer.name} offers a hold time of {offered} s, the least is {least}"
    return Cause("hold-time", text, router(peer, "no bgp minimum-holdtime"))


def _capability(peer: "Peer", last: "LastNotification") -> Cause:
    who = f"{peer.name} finds" if last.received else "there is"
    text = f"{who} no address family that both ends have activated"
    lines = ("address-family AFI SAFI", "neighbor N activate")
    return Cause("no-common-family", text, router(peer, *lines), "the same one on both ends")


def _role(peer: "Peer", last: "LastNotification") -> Cause:
    mine = peer.config.local_role or "none"
    text = f"the roles do not fit (RFC 9234): this router's is {mine}"
    return Cause("role", text, router(peer, "neighbor N local-role ROLE"), "on both ends")


_OF_OPEN: Final[dict[int, Callable[["Peer", "LastNotification"], Cause]]] = {
    OpenError.PEER_AS: _peer_as,
    OpenError.BGP_ID: _router_id,
    OpenError.HOLD_TIME: _hold_time,
    OpenError.CAPABILITY: _capability,
    OpenError.ROLE_MISMATCH: _role,
}


def _hold_timer(peer: "Peer", last: "LastNotification") -> Cause:
    if last.received:
        text = f"{peer.name} heard nothing of this router for its hold time"
    else:
        text = f"nothing was heard of {peer.name} for the hold time of {peer.hold_time:g} s"
    remedy = "packets are lost, or a path with a smaller MTU swallows long ones"
    return Cause("hold-timer", text, (), remedy)


def _cease(peer: "Peer", notification: Notification) -> Cause:
    name, said = str(peer.name), notification.shutdown_message
    with_words = f": {said!r}" if said else ""
    match notification.subcode:
        case Cease.MAXIMUM_PREFIXES:
            text = f"{name} ended the session: it got more prefixes than its maximum-prefix"
            mend = ("neighbor N maximum-prefix-out NUMBER",)
            return Cause("maximum-prefix", text, router(peer, *mend), f"or raise it on {name}")
        case Cease.ADMINISTRATIVE_SHUTDOWN:
            text = f"{name} is shut down by its operator{with_words}"
            return Cause("shutdown", text, (), f"on {name}: `no neighbor ... shutdown`")
        case Cease.PEER_UNCONFIGURED:
            text = f"{name} took this router out of its configuration"
            return Cause("unconfigured", text, (), f"on {name}: a neighbor line for this router")
        case Cease.CONNECTION_REJECTED:
            text = f"{name} rejects the connection"
            return Cause("rejected", text, (), f"on {name}: a neighbor line for this router")
        case Cease.COLLISION:
            return Cause("collision", f"{name} closed one of two connections (collision)")
    return Cause("notification", f"{name} ended the session: {notification.text}{with_words}")
