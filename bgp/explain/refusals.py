"""Why a session ended or did not come up: the last NOTIFICATION."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from bgp.config import FAMILIES, IPV4_UNICAST
from bgp.explain.cause import Cause, in_family, lines_of, router
from bgp.familyconfig import family_title
from bgp.wire.capability import Role, RoleCapability
from bgp.wire.errors import Cease, Code, Malformed, OpenError
from bgp.wire.message import HEADER_SIZE
from bgp.wire.notification import Notification
from bgp.wire.open import Open

if TYPE_CHECKING:
    from bgp.peer import Peer
    from bgp.peerstate import LastNotification


def telling(peer: "Peer") -> "LastNotification | None":
    """The last NOTIFICATION that says why.

    Two routers connect to each other at once. Which of the two connections is refused for what is
    wrong, and which as one too many, is by chance.
    """
    last, aside = peer.state.last_notification, peer.state.aside
    if aside is None or _is_collision(aside):
        return last
    return aside if last is None or _is_collision(last) else last


def _is_collision(last: "LastNotification") -> bool:
    return (last.code, last.subcode) == (Code.CEASE, Cease.COLLISION)


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
    if _is_collision(last):
        return _collision(peer)
    who = f"{peer.name} ended the session" if last.received else "this router ended the session"
    kind, remedy = _OF_CODE.get(last.code, ("notification", ""))
    if last.received and remedy:
        remedy = f"on {peer.name}: what does its log say of it?"
    return Cause(kind, f"{who}: {notification.text}", (), remedy)


_MESSAGES: Final = "the log has the message; `debug bgp updates` tells of each that comes"
_OF_CODE: Final[dict[int, tuple[str, str]]] = {
    Code.HEADER: ("message", _MESSAGES),
    Code.OPEN: ("open", ""),
    Code.UPDATE: ("message", _MESSAGES),
    Code.FSM: ("message", _MESSAGES),
}


def _collision(peer: "Peer") -> Cause:
    """Normal, unless it goes on: the connection that stays is not told of here."""
    text = "both ends connected at once, and one of two connections was closed (collision)"
    remedy = "if that does not end by itself: one end only is to connect"
    return Cause("collision", text, lines_of(peer, "passive", "{} passive"), remedy)


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
    name = str(peer.name)
    if last.received:
        settings = peer.main.session.config
        text = f"{name} does not take the hold time of {settings.hold_time} s"
        mend = lines_of(peer, "hold", f"{{}} timers {settings.keepalive} 180")
        return Cause("hold-time", text, mend, f"or on {name}: `no bgp minimum-holdtime`")
    offered = int.from_bytes(last.data, "big")
    least = peer.instance.config.minimum_holdtime or 3
    text = f"{name} offers a hold time of {offered} s, the least is {least} s"
    mend = router(peer, "no bgp minimum-holdtime") if least > 3 else ()
    remedy = f"on {name}: `neighbor ... timers {max(least // 3, 1)} {least}`"
    return Cause("hold-time", text, mend, f"or {remedy}" if mend else remedy)


def _capability(peer: "Peer", last: "LastNotification") -> Cause:
    name = str(peer.name)
    if peer.config.strict_capability_match and not last.received and not last.data:
        text = (
            f"{name} has not activated the same address families, as strict-capability-match asks"
        )
        mend = lines_of(peer, "strict_capability_match", "no {} strict-capability-match")
        return Cause("capability", text, mend, f"or activate the same families here and on {name}")
    who = f"{name} finds" if last.received else "there is"
    text = f"{who} no address family that both ends have activated"
    lines = ("address-family AFI SAFI", "neighbor N activate")
    remedy = f"the same one on {name}"
    if last.received:
        remedy += "; if there is one: has it `strict-capability-match`?"
    return Cause("no-common-family", text, router(peer, *lines), remedy)


def _role(peer: "Peer", last: "LastNotification") -> Cause:
    name, mine, theirs = str(peer.name), peer.config.local_role, _their_role(last)
    said = "" if theirs is None else f", that of {name} is {theirs.word}"
    if theirs is None and not last.received:
        said = f", and {name} has none, which `strict-mode` asks for"
    text = f"the roles do not fit (RFC 9234): this router's is {mine or 'none'}{said}"
    if theirs is not None:
        lines = router(peer, f"neighbor N local-role {theirs.partner.word}")
        return Cause("role", text, lines, f"or that of {name} is wrong")
    if mine is None:
        return Cause(
            "role", text, router(peer, "neighbor N local-role ROLE"), f"{name} asks for one"
        )
    partner = next(role.partner for role in Role if role.word == mine).word
    lines = lines_of(peer, "local_role", f"no {{}} local-role {mine}")
    return Cause("role", text, lines, f"or on {name}: `neighbor ... local-role {partner}`")


def _their_role(last: "LastNotification") -> Role | None:
    """As the OPEN says that was refused here."""
    if last.received:
        return None
    try:
        message = Open.decode(last.message[HEADER_SIZE:])
    except Malformed:
        return None
    roles = {one.role for one in message.capabilities if isinstance(one, RoleCapability)}
    return Role(roles.pop()) if len(roles) == 1 and roles <= set(Role) else None


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
    neighbor = f"on {name}: a neighbor line for this router"
    match notification.subcode:
        case Cease.MAXIMUM_PREFIXES:
            return _their_limit(peer, notification.data)
        case Cease.ADMINISTRATIVE_SHUTDOWN:
            text = f"{name} is shut down by its operator{with_words}"
            return Cause("shutdown", text, (), f"on {name}: `no neighbor ... shutdown`")
        case Cease.ADMINISTRATIVE_RESET:
            text = f"the operator of {name} reset the session{with_words}"
            return Cause("reset", text, (), "it comes back by itself")
        case Cease.PEER_UNCONFIGURED:
            text = f"{name} took this router out of its configuration"
            return Cause("unconfigured", text, (), neighbor)
        case Cease.CONNECTION_REJECTED:
            return Cause("rejected", f"{name} rejects the connection", (), neighbor)
        case Cease.CONFIGURATION_CHANGE:
            text = f"{name} ended the session, since its configuration for it changed"
            return Cause("reset", text, (), "it comes back by itself")
        case Cease.COLLISION:
            return _collision(peer)
        case Cease.OUT_OF_RESOURCES:
            text = f"{name} ended the session for want of resources (memory, processor)"
            return Cause("resources", text, (), f"on {name}: what does its log say of it?")
        case Cease.BFD_DOWN:
            text = f"{name} ended the session: BFD there says that the way between is down"
            remedy = f"this router speaks no BFD; on {name}: `no neighbor ... bfd`"
            return Cause("bfd", text, (), remedy)
    return Cause("notification", f"{name} ended the session: {notification.text}{with_words}")


def _their_limit(peer: "Peer", data: bytes) -> Cause:
    """`data` are family and limit (RFC 4486 sec. 4), of speakers that say them."""
    name, family, limit = str(peer.name), IPV4_UNICAST, "NUMBER"
    said = ""
    if len(data) == 7:
        numbers = int.from_bytes(data[:2], "big"), data[2]
        family = next((known for known in FAMILIES if known == numbers), IPV4_UNICAST)
        limit = str(int.from_bytes(data[3:], "big"))
        said = f" {limit} of {family_title(family)}"
    text = f"{name} ended the session: it got more prefixes than its maximum-prefix{said}"
    mend = in_family(peer, family, f"neighbor N maximum-prefix-out {limit}")
    return Cause("maximum-prefix", text, mend, f"or raise it on {name}, and `clear bgp` there")
