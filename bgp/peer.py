"""A configured neighbour: its one or two sessions, collision, and what becomes of its routes.

`main` is the conversation that shows (FRR's peer): the one we open, until one that the neighbour
opened is established and takes its place. `incoming` is such a one before that (FRR's second,
accepted peer). Routes are looked at in slices: bodies of UPDATEs wait in the inbox, reading pauses
when it is full.
"""

from typing import TYPE_CHECKING, Final

from bgp import capabilities, collision, effective, outward
from bgp.config import FAMILIES, Family, PeerConfig, PeerName
from bgp.conversation import Conversation
from bgp.events import (
    CapabilityReceived,
    Counters,
    Down,
    DownReason,
    Event,
    KeepaliveReceived,
    NotificationReceived,
    OpenReceived,
    RefreshReceived,
    Up,
    UpdatesReceived,
)
from bgp.fsm import State
from bgp.graceful import Graceful
from bgp.inbox import Inbox
from bgp.negotiated import Negotiated
from bgp.negotiation import SessionConfig
from bgp.neighbor import Neighbor
from bgp.neighborlog import NeighborLog
from bgp.peerfamily import PeerFamily
from bgp.peerstate import PeerState
from bgp.prefixlimit import PrefixLimit
from bgp.reach import Reach
from bgp.reasons import DownReason as Why
from bgp.receive import Receiver
from bgp.rib.export import Profile
from bgp.roundtrip import RoundTrip
from bgp.session import Session
from bgp.transport import Connection, Dial, Transport
from bgp.updown import down, up
from bgp.wire.errors import Cease, Code
from bgp.wire.notification import Notification
from bgp.wire.refresh import RefreshKind
from bgp.zebra import UNKNOWN_VRF, Interface
from grammar.base.values import Afi

if TYPE_CHECKING:
    from bgp.instance import Instance

START_DELAY: Final = 1.0
"""Seconds between the configuration of a neighbour and the first attempt, as FRR waits."""

_OPENED = (State.OPEN_SENT, State.OPEN_CONFIRM, State.ESTABLISHED)


class Peer(Neighbor):
    """A neighbour of an instance: `own` are its lines, `config` is what is in force for it."""

    def __init__(self, instance: "Instance", config: PeerConfig) -> None:
        bgpd = instance.bgpd
        self.instance = instance
        self.own = config
        self.config = PeerConfig(config.name)
        self.resolve()
        self.name: PeerName = config.name
        self.clock = bgpd.clock
        self.scheduler = bgpd.scheduler
        self.state = PeerState()
        self.state.times.reset = self.clock.now()
        self.families: dict[Family, PeerFamily] = {}
        self.epoch = 0
        self.router_id = 0
        self.log = NeighborLog(self)
        self.reach = Reach(self)
        self.graceful = Graceful(self)
        self.negotiated: Negotiated | None = None
        """The terms of the established session."""
        self.clearing = 0
        """Walks under way that take routes of a former session out."""
        self.debug_updates_in = self.debug_session = False
        self.running = False
        self.deleted = False
        self.receiver: Receiver | None = None
        self.queue = Inbox(self)
        self.limit = PrefixLimit(self)
        self.round_trip = RoundTrip(self)
        self.main = self._conversation()
        self.incoming = None
        self.configure()

    # --- configuration ---

    @property
    def transport(self) -> Transport:
        """Where its connections are made: that of the instance's VRF."""
        return self.instance.transport

    def resolve(self) -> bool:
        """Look up anew what is in force, here or in the group; True if anything changed."""
        return effective.resolve(self.instance.config, self.own, self.config)

    def configure(self) -> None:
        """Take over the configuration; a running session keeps its terms until it starts anew."""
        config, bgp = self.config, self.instance.config
        self.is_ebgp = effective.is_external(bgp, config)
        self.is_confederation = effective.is_member(bgp, config)
        for family in FAMILIES:
            if effective.activated(bgp, config, family):
                if family not in self.families:
                    self.families[family] = PeerFamily(self, family, config.family(family))
            elif family in self.families and not self.families[family].active:
                del self.families[family]
        self.debug_updates_in = self.debugs("updates in") or self.debugs("updates")
        if "updates prefix" in self.instance.bgpd.config.debugging:
            self.debug_updates_in = True
        self.debug_session = self.debugs("neighbor-events") or self.debugs("keepalives")
        for conversation in (self.main, self.incoming):
            if conversation is not None and conversation.state is State.IDLE:
                conversation.session.config = self._session_config(conversation)

    def _session_config(self, conversation: Conversation | None = None) -> SessionConfig:
        bgpd = self.instance.bgpd
        offered = tuple(f for f in FAMILIES if f in self.families)
        return effective.session_config(
            self.instance.config,
            self.config,
            self.instance.router_id.value,
            offered,
            hostname=bgpd.hostname,
            domainname=bgpd.domainname,
            restarted=bgpd.recently_started,
            over_ipv6=self.address is not None and self.address.afi is Afi.IPV6,
        )

    def profile(self, state: PeerFamily) -> Profile:
        """The key of the update-group of a family."""
        return outward.profile(self.instance, self, state)

    # --- start and stop --------------------------------------------------------------------------

    @property
    def can_start(self) -> bool:
        """True if nothing in the configuration keeps the session down."""
        return not (
            self.deleted
            or self.shut_down
            or self.over_limit
            or self.config.remote_as is None
            or self.address is None
            or not self.families
            or self.instance.vrf_id == UNKNOWN_VRF
        )

    def start(self, delay: float = START_DELAY) -> None:
        """Begin after `delay` seconds, unless it runs already or must not."""
        if self.running:
            return
        if not self.can_start:
            if self.instance.vrf_id == UNKNOWN_VRF:
                self.state.reset_reason = Why.WAITING_VRF
            never = self.state.reset_reason is Why.NO_FAMILY
            if never and self.own.by_interface and self.address is None:
                self.state.reset_reason = Why.WAITING_IPV6
            return
        self.running = True
        self.configure()
        self.reach.watch()
        self.main.start(delay)

    def stop(self, notification: Notification | None, why: Why, message: bytes = b"") -> None:
        """End the session and stay down; as in FRR `why` counts only if one was being opened.

        `message` is the neighbour's, if that was what made us stop.
        """
        self.running = False
        if self.main.state not in _OPENED:
            why = self.state.reset_reason
        reason = DownReason(why.reset, notification, notification is not None, message)
        if self.incoming is not None:
            self.incoming.stop(notification, reason)
            self.incoming = None
        self.main.stop(notification, reason)
        self.renew()
        self.state.reset_reason = why

    def reset(self, notification: Notification, why: Why, delay: float = START_DELAY) -> None:
        """End the session; it starts again after `delay` seconds."""
        self.stop(notification, why)
        self.start(delay)

    def settings_changed(self, why: Why = Why.NOTIFICATION_SENT) -> None:
        """Lines that need a new session changed."""
        self.configure()
        self.reach.protect(self.config.password)
        if not self.can_start:
            notification = Notification(Code.CEASE, Cease.CONFIGURATION_CHANGE)
            if self.running:
                self.stop(notification, Why.NO_FAMILY)
        elif not self.running:
            self.start()
        else:
            self.reach.watch()
            self.reset(Notification(Code.CEASE, Cease.CONFIGURATION_CHANGE), why)

    def interface_changed(self, interface: Interface) -> None:
        """What could not be announced for want of an own address is, when that is there."""
        connection = self.main.connection
        if connection is not None and self.reach.look_again(connection, interface):
            for state in self.families.values():
                if state.active and state.group is not None:
                    state.group.repeat(state, lambda: None)

    def interface_down(self) -> None:
        """The interface to the neighbour is down: no need to wait for the hold timer."""
        self._lose(Why.INTERFACE_DOWN)

    def nexthop_lost(self) -> None:
        """The neighbour's address no longer resolves.

        As in FRR a session that runs ends only if the neighbour may be one hop away, or if the
        instance wants it (`bgp fast-convergence`).
        """
        near = self.config.ttl_security_hops == 1 or self.instance.config.fast_convergence
        if near or self.main.state is not State.ESTABLISHED:
            self._lose(Why.WAITING_NHT)

    def _lose(self, why: Why) -> None:
        self.main.reset(None, DownReason(why.reset))

    def delete(self) -> None:
        """The neighbour was taken out of the configuration."""
        self.deleted = True
        notification = Notification(Code.CEASE, Cease.PEER_UNCONFIGURED)
        self.stop(notification, Why.NEIGHBOR_DELETED)
        self.graceful.forget()
        self.instance.penalties.forget(self)
        self.reach.protect(None)
        self.reach.unwatch()
        self.limit.cancel()
        # Who still holds the neighbour (routes on their way out) asks for no family any more, and
        # each of them holds it.
        self.families.clear()

    def retry(self) -> None:
        """What kept the session from connecting is gone: try now."""
        waits = self.main.state in (State.CONNECT, State.ACTIVE) and self.main.attempt is None
        if self.running and waits and not self.config.passive:
            self.main.retry()

    # --- connections -----------------------------------------------------------------------------

    def dial(self) -> Dial | None:
        """Where to connect to; None while the way is not known or old routes are cleared."""
        if self.clearing or not self.running:
            return None
        return self.reach.dial()

    def accept(self, connection: Connection) -> bool:
        """A connection that the neighbour opened; False if it is not wanted now."""
        if not self.running or self.clearing:
            return False
        if self.incoming is not None:
            self.incoming.stop()
        # Only a connection that comes to something counts, as in FRR.
        conversation = self._conversation(Counters())
        conversation.session.config = self._session_config()
        self.incoming = conversation
        self.reach.prepare(connection)
        conversation.accept(connection)
        return True

    def _conversation(self, counters: Counters | None = None) -> Conversation:
        # FRR shows the instance's times until the first connection.
        keepalive, hold = self.instance.config.timers
        session = Session(
            SessionConfig(self.instance.asn, 0, hold_time=hold, keepalive=keepalive),
            counters=counters or self.state.counters,
        )
        conversation = Conversation(self, session)
        session.on_open = collision.judge(self, conversation)
        session.tap = self.instance.bgpd.dump.tap(self, conversation)
        return conversation

    def connection_changed(self, conversation: Conversation) -> None:
        """The addresses and the descriptor that show commands give."""
        if conversation is self.main:
            self.show_connection()
        elif conversation is self.incoming and conversation.connection is None:
            self.incoming = None
        if self.config.dynamic is not None and conversation.connection is None:
            self.instance.ranges.ended(self)

    def show_connection(self) -> None:
        """Note the addresses and the descriptor of the connection in use."""
        connection, state = self.main.connection, self.state
        if connection is None:
            state.fd = -1  # the rest is shown until the next start, as by FRR
        else:
            state.local, state.remote = connection.local, connection.remote
            state.fd = connection.fd
            self.reach.set_nexthop(connection)

    def observed(self, conversation: Conversation) -> None:
        """Something happened in a conversation: what debugging says of it."""
        if conversation is self.main and conversation.is_starting:
            self.state.forget_connection()
        if self.config.shutdown_rtt is not None:
            self.round_trip.look()
        if self.debug_session:
            self.log.observe(conversation)

    # --- events of the sessions ------------------------------------------------------------------

    def session_event(self, conversation: Conversation, event: Event) -> None:
        """What a conversation reports."""
        match event:
            case UpdatesReceived(bodies=bodies):
                self.queue.put(bodies)
            case Up(negotiated=negotiated):
                up(self, conversation, negotiated)
            case Down(reason=reason, established=established):
                down(self, conversation, reason, established)
            case RefreshReceived(kind=RefreshKind.REQUEST):
                self.graceful.repeat(event)
            case RefreshReceived():
                self.queue.put([event])
            case NotificationReceived(notification=notification):
                self.log.notification(notification, sent=False)
            case OpenReceived(open=message):
                self.log.open_received(message)
            case CapabilityReceived():
                capabilities.take(self, event)
            case KeepaliveReceived():
                self.instance.readonly.keepalive(self)
            case _:
                pass

    def renew(self) -> None:
        """After the end of a session that the neighbour opened: our own takes its place."""
        # A session that the neighbour opened ends for good; our own one takes its place again.
        if self.main.session.local_is_active or self.main.state is not State.IDLE:
            return
        said = self.main.session.peer_open
        self.main = self._conversation()
        self.show_connection()
        # What the peer said last is still shown (its restart time).
        self.main.session.peer_open = said
        self.configure()
        session = self.main.session
        session.hold_time, session.keepalive = session.config.hold_time, session.config.keepalive
        if self.running:
            self.main.start(START_DELAY)

    # --- routes in -------------------------------------------------------------------------------

    def unread(self) -> bool:
        """True while UPDATEs wait: the neighbour is alive whatever the hold timer says."""
        return bool(len(self.queue))

    def drained(self, conversation: Conversation) -> None:
        """The socket takes UPDATEs again."""
        if conversation is self.main:
            for of_family in self.families.values():
                if of_family.group is not None:
                    of_family.group.resume()

    def end_of_rib(self, state: PeerFamily) -> None:
        """The neighbour announced all it has: what is still stale goes."""
        self.log.end_of_rib_received(state.family)
        self.graceful.end_of_rib(state)
        self.instance.deferral.end_of_rib(self, state.family)
        self.instance.readonly.end_of_rib(self)
        self.instance.end_of_rib(state.family)
