"""`explain neighbor`: why a session is not up, or is up with no routes, and what mends it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bgp.explain.cause import Cause, in_family, lines_of, router
from bgp.explain.exchange import exchanges
from bgp.explain.nexthop import reach
from bgp.explain.refusals import of_notification, telling
from bgp.explain.silence import closed_early, dropped, no_answer, of_socket
from bgp.fsm import State
from bgp.reasons import DownReason
from bgp.zebra import UNKNOWN_VRF
from grammar.base.values import Address, Afi
from grammar.output.outline import Fields, Point, plural, rendered
from grammar.output.time import peer_uptime

if TYPE_CHECKING:
    from bgp.peer import Peer
    from bgp.peerfamily import PeerFamily

_TOLD = (DownReason.NOTIFICATION_RECEIVED, DownReason.NOTIFICATION_SENT)


def explain(peer: "Peer", *, as_json: bool) -> Iterator[str]:
    """The answer; tables are walked in steps."""
    up = peer.status is State.ESTABLISHED
    parts: dict[str, list[Point]] = {}
    if up:
        families = yield from exchanges(peer)
        parts["families"] = families
    else:
        parts["causes"] = [cause.point for cause in causes(peer)]
    yield from rendered(Point(_title(peer), _fields(peer, up), parts), as_json=as_json)


def _fields(peer: "Peer", up: bool) -> Fields:
    return {
        "neighbor": str(peer.name),
        "remoteAs": peer.remote_as,
        "state": peer.status.value,
        "up": up,
        "established": peer.state.established,
        "dropped": peer.state.dropped,
    }


def _title(peer: "Peer") -> str:
    name = f"{peer.name} (AS {peer.remote_as or 'not known'})"
    changed = peer.state.times.changed
    if peer.status is State.ESTABLISHED:
        age = "" if changed is None else f" for {peer_uptime(peer.clock.now() - changed)}"
        return f"{name} is up{age}"
    ups = peer.state.established
    before = f", was up {plural(ups, 'time')}" if ups else ", was never up"
    return f"{name} is not up: {peer.status.value}{before}"


def causes(peer: "Peer") -> list[Cause]:
    """Why a session is not up: what keeps it from being tried, else what came of trying."""
    found = [*_configured(peer), *_reachable(peer)]
    if not found:
        found = _tried(peer)
    return found or [_waiting(peer)]


# --- what keeps it from being tried ---


def _configured(peer: "Peer") -> Iterator[Cause]:
    config, instance, name = peer.config, peer.instance, str(peer.name)
    if config.remote_as is None:
        text = f"{name} has no remote-as"
        yield Cause("no-remote-as", text, router(peer, "neighbor N remote-as ASN"))
    if instance.config.shutdown:
        yield Cause("shutdown", "all of BGP is shut down", router(peer, "no bgp shutdown"))
    if config.shutdown:
        text = f"{name} is shut down here"
        if config.shutdown_message:
            text += f": {config.shutdown_message!r}"
        yield Cause("shutdown", text, lines_of(peer, "shutdown", "no {} shutdown"))
    for state in peer.families.values():
        if state.over_limit:
            yield _over_limit(peer, state)
    if instance.vrf_id == UNKNOWN_VRF:
        text = f"VRF {instance.vrf} is not there"
        yield Cause("vrf", text, (), f"make it: `ip link add {instance.vrf} type vrf table N`")
    if not peer.families:
        lines = ("address-family ipv4 unicast", "neighbor N activate")
        text = f"{name} is activated in no address family"
        yield Cause("no-family", text, router(peer, *lines))


def _over_limit(peer: "Peer", state: "PeerFamily") -> Cause:
    left, limit = peer.limit.left, state.config.maximum_prefix
    again = "" if left is None else f"; it is tried again in {left} s"
    text = f"{peer.name} announced more than maximum-prefix {limit} allows{again}"
    remedy = f"then `clear bgp {peer.name}`"
    mend = in_family(peer, state.family, "neighbor N maximum-prefix MORE")
    return Cause("maximum-prefix", text, mend, remedy)


def _reachable(peer: "Peer") -> Iterator[Cause]:
    instance, name = peer.instance, str(peer.name)
    address = peer.address
    if address is None:
        yield _no_address(peer)
        return
    if instance.is_own_address(address):
        yield Cause("own-address", f"{name} is an address of this router")
    nexthop = peer.reach.nexthop
    if nexthop is not None and not nexthop.valid and not instance.nexthops.always:
        _, text = reach(instance, nexthop)
        mend: tuple[str, ...] = ()
        if nexthop.hops and nexthop.connected:
            mend = router(peer, "neighbor N ebgp-multihop")
        elif nexthop.answered:
            word = "ip" if address.afi is Afi.IPV4 else "ipv6"
            mend = (f"{word} route {address.host_prefix()} GATEWAY",)
        yield Cause("unreachable", f"{name} cannot be reached: {text}", mend)
    yield from _source(peer, address)
    if peer.clearing:
        yield Cause("clearing", "routes of its last session are still being taken out")


def _source(peer: "Peer", address: Address) -> Iterator[Cause]:
    """An address to connect from that is not there."""
    source, instance = peer.config.update_source, peer.instance
    if isinstance(source, Address):
        if not instance.is_view and not instance.is_own_address(source):
            text = f"update-source {source} is no address of this router"
            lines = lines_of(peer, "update_source", "no {} update-source")
            word = "ip" if source.afi is Afi.IPV4 else "ipv6"
            remedy = f"or give it to an interface: `{word} address {source.host_prefix()}`"
            yield Cause("update-source", text, lines, remedy)
    elif source is not None:
        interface = instance.zebra.named(source)
        if interface is None:
            text = f"there is no interface {source} (update-source)"
            lines = lines_of(peer, "update_source", "no {} update-source")
            yield Cause("update-source", text, lines)
        elif interface.address(address.afi, link_local=address.is_link_local) is None:
            text = f"update-source {source} has no {address.afi.word} address"
            line = "ip address A.B.C.D/M" if address.afi is Afi.IPV4 else "ipv6 address X:X::X:X/M"
            yield Cause("update-source", text, (f"interface {source}", line))


def _no_address(peer: "Peer") -> Cause:
    name = str(peer.name)
    interface = peer.instance.zebra.named(name, peer.instance.vrf_id)
    if interface is None:
        return Cause("interface", f"there is no interface {name}")
    if not interface.up:
        return Cause("interface", f"interface {name} is down")
    text = f"no router advertisement came on {name}, so the neighbor's address is not known"
    return Cause(
        "interface", text, (), "the other end has to send them, or have one address of /30"
    )


# --- what came of trying ---


def _tried(peer: "Peer") -> list[Cause]:
    state = peer.state
    unseen = list(dropped(peer))
    if unseen:
        return unseen
    if peer.incoming is not None and peer.incoming.state in (State.OPEN_SENT, State.OPEN_CONFIRM):
        return [Cause("opening", f"a connection that {peer.name} opened is being negotiated")]
    if peer.main.state in (State.OPEN_SENT, State.OPEN_CONFIRM):
        waits = "its OPEN" if peer.main.state is State.OPEN_SENT else "its first KEEPALIVE"
        return [Cause("opening", f"the connection is there, {peer.name} has still to send {waits}")]
    found = [of_socket(peer)]
    last = telling(peer)
    if last is not None and (state.reset_reason in _TOLD or found == [None]):
        found.append(of_notification(peer, last))
    found.append(closed_early(peer))
    causes = [cause for cause in found if cause is not None]
    if not causes and state.reset_reason not in (DownReason.NO_FAMILY, DownReason.WAITING_OPEN):
        text = state.reset_reason.text
        causes += [Cause("reset", f"it was last reset: {text}")] if text else []
    return causes


def _waiting(peer: "Peer") -> Cause:
    if peer.config.passive:
        text = f"this end waits for {peer.name} to connect (passive)"
        return Cause("passive", text, lines_of(peer, "passive", "no {} passive"))
    if peer.main.attempt is not None:
        return no_answer(peer, f"a connection is being opened, {peer.name} has not answered yet")
    due = peer.main.session.deadline
    when = "" if due is None else f" in {max(0, round(due - peer.clock.now()))} s"
    return Cause("waiting", f"it is tried again{when}")
