"""What a neighbour's life writes to the log, in FRR's words and with FRR's identifiers."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bgp.complaints import Complaints
from bgp.config import Family
from bgp.familyconfig import family_title
from bgp.fsm import State
from bgp.part import Part
from bgp.wire.errors import Code, Malformed
from bgp.wire.notification import Notification
from bgp.wire.open import Open
from grammar.base.log import Level
from grammar.base.values import Address, Afi

if TYPE_CHECKING:
    from bgp.conversation import Conversation
    from bgp.peer import Peer
    from bgp.peerfamily import PeerFamily

_FAULTS = (Code.HEADER, Code.OPEN, Code.UPDATE, Code.FSM, Code.ROUTE_REFRESH)
"""What a peer did wrong is logged whether or not changes of neighbours are."""
_TALKING = (State.OPEN_SENT, State.OPEN_CONFIRM, State.ESTABLISHED)


class NeighborLog(Part):
    """Log lines about one peer."""

    def __init__(self, peer: "Peer") -> None:
        super().__init__(peer)
        self._log = peer.instance.bgpd.log
        self._keepalives = (0, 0)
        self._complaints = Complaints()

    @property
    def _events(self) -> bool:
        return self._peer.debugs("neighbor-events")

    @property
    def _logs_changes(self) -> bool:
        config = self._peer.instance.config
        return config.on(config.log_neighbor_changes)

    def _debug(self, ident: str, text: str) -> None:
        self._log.write(Level.DEBUGGING, f"{self._peer} {text}", ident)

    def adjacency(self, what: str) -> None:
        """The session came up or went down (`bgp log-neighbor-changes`)."""
        if self._logs_changes:
            vrf = self._peer.instance.vrf or "default"
            ident = "N9HHH-F8H1M" if what == "Up" else "PXVXG-TFNNT"
            text = f"%ADJCHANGE: neighbor {self._peer.title} in vrf {vrf} {what}"
            self._log.write(Level.INFORMATIONAL, text, ident)

    def notification(self, notification: Notification, *, sent: bool) -> None:
        """A NOTIFICATION, whichever way it went."""
        wanted = self._logs_changes or self._events
        if not wanted and not (sent and notification.code in _FAULTS):
            return
        hard = "(Hard Reset)" if notification.hard else ""
        name = notification.text.removesuffix("/Hard Reset")
        words = f"{notification.code}/{notification.subcode} ({name})"
        if sent:
            size = len(notification.data)
            data = " ".join(f"{byte:02x}" for byte in notification.data)
            text = f"%NOTIFICATION{hard}: sent to neighbor {self._peer} {words} {size} bytes {data}"
            level = Level.INFORMATIONAL if wanted else Level.ERRORS
            self._log.write(level, text, "HZN6M-XRM1G")
            return
        text = f"%NOTIFICATION{hard}: received from neighbor {self._peer} {words}"
        if notification.shutdown_message is not None:
            text += f' "{notification.shutdown_message}"'
        else:
            data = " ".join(f"{byte:02x}" for byte in notification.data)
            text += f" {len(notification.data)} bytes {data}"
        self._log.write(Level.INFORMATIONAL, text, "H7QV4-WR3ZD")

    def malformed(self, error: Malformed) -> None:
        """An UPDATE that ends the session."""
        self._bad_updates(self._complaints.rest())
        self._bad_updates([str(error)])

    def complain(self, text: str) -> None:
        """What is wrong with an UPDATE that the session survives: few lines, unless debugged."""
        peer = self._peer
        always = peer.debug_updates_in
        self._bad_updates(self._complaints.lines(text, peer.clock.now(), always))

    def _bad_updates(self, texts: Iterable[str]) -> None:
        for text in texts:
            self._log.write(Level.ERRORS, f"{self._peer} rcvd UPDATE with errors: {text}")

    def observe(self, conversation: "Conversation") -> None:
        """The session moved on: OPENs, KEEPALIVEs and steps of the state machine since then."""
        counters, state = self._peer.state.counters, conversation.state
        old_state, conversation.seen = conversation.seen, state
        sent, received = self._keepalives
        self._keepalives = counters.keepalives_sent, counters.keepalives_received
        if self._events and state is not old_state:
            if old_state not in _TALKING and state in _TALKING:
                self._opening(conversation)
            over = self._peer.instance.ranges.is_over(self._peer)
            after = "Deleted" if over else state.value
            self._debug("ZQHFG-DQGX1", f"went from {old_state.value} to {after}")
        if self._peer.debugs("keepalives"):
            for _ in range(counters.keepalives_received - received):
                self._debug("X61A3-E95TJ", "KEEPALIVE rcvd")
            for _ in range(counters.keepalives_sent - sent):
                self._debug("HRDT0-0DPQ7", "sending KEEPALIVE")

    def _opening(self, conversation: "Conversation") -> None:
        connection, config = conversation.connection, conversation.session.config
        # FRR treats the connection of a dynamic neighbour as one of its own.
        dynamic = self._peer.own.dynamic is not None and conversation is self._peer.main
        if not conversation.session.local_is_active and not dynamic:
            self._debug("WECS1-Q4P17", "passive open")
        elif connection is not None:
            local = connection.local.address
            self._debug("RWZTG-AA74G", f"open active, local address {local}")
        router_id = Address(Afi.IPV4, config.router_id)
        text = (
            f"sending OPEN, version 4, my as {config.local_as}, "
            f"holdtime {config.hold_time}, id {router_id}"
        )
        self._debug("JFFAN-DEGED", text)

    def open_received(self, message: Open) -> None:
        """The peer's OPEN."""
        if self._events:
            router_id = Address(Afi.IPV4, message.router_id)
            text = (
                f"rcv OPEN, version {message.version}, remote-as (in open) {message.asn}, "
                f"holdtime {message.hold_time}, id {router_id}"
            )
            self._debug("WNM1E-D314G", text)

    def waiting_for_nexthop(self) -> None:
        """The address of the peer does not resolve yet."""
        if self._events:
            self._debug("T72VK-55DVG", "[FSM] Waiting for NHT")

    def connecting(self) -> None:
        """A connection is being opened."""
        if self._events:
            self._debug("Z195V-FNKRK", f"[Event] Connect start to {self._peer} fd -1")

    def admitted(self, conversation: "Conversation") -> None:
        """A dynamic neighbour came with its connection."""
        conversation.seen = State.ACTIVE
        if self._events:
            self._debug("ZQHFG-DQGX1", "went from Idle to Active")

    def accepted(self, fd: int) -> None:
        """The peer opened a connection."""
        if self._events:
            text = f"[Event] BGP connection from host {self._peer} fd {fd}"
            self._log.write(Level.DEBUGGING, text, "YTARA-Q9ZD1")

    def end_of_rib_received(self, family: Family) -> None:
        """The peer's End-of-RIB."""
        vrf = self._peer.instance.vrf or "default"
        text = (
            f"bgp_update_receive: rcvd End-of-RIB for {family_title(family)} "
            f"from {self._peer} in vrf {vrf}"
        )
        self._log.write(Level.INFORMATIONAL, text, "M59KS-A3ZXZ")

    def end_of_rib_sent(self, family: Family) -> None:
        """Our End-of-RIB."""
        if self._peer.debugs("updates out") or self._peer.debugs("updates"):
            text = f"send End-of-RIB for {family_title(family)} to {self._peer}"
            self._log.write(Level.DEBUGGING, text, "ZP3RE-J4Q8C")

    def limit_passed(self, state: "PeerFamily", count: int, limit: int) -> None:
        """More prefixes than `maximum-prefix` allows."""
        words = self._prefixes(state)
        text = f"%MAXPFXEXCEED: {words} {count} exceed, limit {limit}"
        self._log.write(Level.INFORMATIONAL, text, "QAZ2C-BZRW5")

    def limit_near(self, state: "PeerFamily", count: int, limit: int) -> None:
        """The threshold of `maximum-prefix` is passed."""
        text = f"%MAXPFX: {self._prefixes(state)} reaches {count}, max {limit}"
        self._log.write(Level.INFORMATIONAL, text, "MCWSV-FHNYK")

    def _prefixes(self, state: "PeerFamily") -> str:
        name = family_title(state.family)
        return f"No. of {name} prefix received from {self._peer.title}"
