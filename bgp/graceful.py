"""Stale routes: graceful restart as a helper (RFC 4724, 8538, 9494), refresh (RFC 7313)."""

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Final

from bgp import effective
from bgp.config import FAMILIES, Family
from bgp.events import DownReason, RefreshReceived, Reset
from bgp.longlived import LongLived
from bgp.negotiated import Negotiated
from bgp.part import Part
from bgp.rib.dampening import is_history
from bgp.rib.path import Path
from bgp.wire.capability import GracefulMode
from bgp.wire.refresh import RefreshKind
from grammar.base.scheduler import Handle
from grammar.base.values import Afi, Safi

if TYPE_CHECKING:
    from bgp.peer import Peer
    from bgp.peerfamily import PeerFamily


RESTART: Final = "restart"
STALE: Final = "stale"
"""The timers of a neighbour that is gone: its restart time, and that of its stale routes."""


class Graceful(Part):
    """Decides what becomes of the routes of a peer whose session ended.

    The owner has added one to the peer's `epoch`, so all its routes are stale. Those of families
    that the peer promised to keep stay until its restart time is over (and, where both sides want
    that, the long-lived time), it is back without having kept its state, its End-of-RIB came, or
    the stale path time is over; all others go at once.
    """

    def __init__(self, peer: "Peer") -> None:
        super().__init__(peer)
        self._timers: dict[str, tuple[Handle, float]] = {}
        self.long_lived = LongLived(peer)
        self.restarting: set[Family] = set()
        """Families with stale routes."""
        self.restart_time = 0
        """Seconds the peer asked for in its last OPEN (`Received Restart Time`)."""

    def lost(self, negotiated: Negotiated | None, reason: DownReason) -> None:
        """An established session ended."""
        peer = self._peer
        kept = self.keeps(negotiated, reason) & set(peer.families)
        for family, state in list(peer.families.items()):
            if family not in kept:
                self._clear(state)
        self.restarting |= kept
        if kept:
            self._arm(RESTART, self.restart_time, self._restart_over)
            seconds = effective.stalepath_time(peer.instance.config)
            self._arm(STALE, seconds, self._stale_over)

    def left(self, timer: str) -> int | None:
        """Whole seconds until RESTART or STALE is over, None if it does not run."""
        found = self._timers.get(timer)
        return None if found is None else max(0, int(found[1] - self._peer.clock.now()))

    def _restart_over(self) -> None:
        self._disarm(RESTART)
        for family in list(self.restarting):
            state = self._peer.families.get(family)
            if state is not None and self.long_lived.seconds(family):
                self.long_lived.begin(state)
            else:
                self._give_up_family(family)
        self._settle()

    def long_lived_over(self, family: Family) -> None:
        """The long-lived stale time of a family is over."""
        self._give_up_family(family)
        self._settle()

    def _stale_over(self) -> None:
        self._disarm(STALE)
        for family in list(self.restarting):
            if family not in self.long_lived:
                self._give_up_family(family)
        self._settle()

    def _settle(self, *timers: str) -> None:
        if not self.restarting:
            self._disarm(*(timers or (RESTART, STALE)))
            if self._peer.own.dynamic is not None:
                self._peer.instance.ranges.ended(self._peer)

    def keeps(self, negotiated: Negotiated | None, reason: DownReason) -> set[Family]:
        """The families whose routes outlive a session that ends so."""
        config = self._peer.instance.config
        if negotiated is None or negotiated.graceful is None or not self._peer.running:
            return set()
        if effective.graceful_mode(config, self._peer.config) is GracefulMode.DISABLED:
            return set()
        if reason.notification is not None:
            # RFC 8538 sec. 4: with the N bit a NOTIFICATION is survived, but for a hard one.
            if reason.notification.hard or not negotiated.graceful.notification:
                return set()
        elif reason.reset not in (Reset.PEER_CLOSED, Reset.NSF_PEER_CLOSED):
            return set()
        offered = {(afi, safi) for afi, safi, _ in negotiated.graceful.families}
        return {family for family in self._peer.families if family in offered}

    def up(self, negotiated: Negotiated) -> None:
        """The session is back: what the peer did not keep goes, the rest waits for End-of-RIB."""
        graceful = negotiated.graceful
        self.restart_time = 0 if graceful is None else graceful.restart_time
        self.long_lived.promised = {
            family: seconds
            for family, seconds in ((_known(one), time) for one, time in negotiated.long_lived)
            if family is not None
        }
        self._disarm(RESTART)
        if not self.restarting:
            return
        kept = {
            (afi, safi) for afi, safi, state in (graceful.families if graceful else ()) if state
        }
        for family in list(self.restarting):
            if family not in kept or family not in negotiated.families:
                self._give_up_family(family)
            self.long_lived.end(family)
        if self.restarting and STALE not in self._timers:
            # FRR would wait for End-of-RIB for ever where the stale time was over before.
            seconds = effective.stalepath_time(self._peer.instance.config)
            self._arm(STALE, seconds, self._stale_over)

    def end_of_rib(self, state: "PeerFamily") -> None:
        """The peer announced all it has in a family."""
        if state.family in self.restarting:
            self._give_up_family(state.family)
            # As in FRR the stale path time runs on, for nothing.
            self._settle(RESTART)

    def forget(self) -> None:
        """The peer is no longer configured, or is cleared for good."""
        self._give_up()

    # --- route refresh ---------------------------------------------------------------------------

    def repeat(self, event: RefreshReceived) -> None:
        """The neighbour asks for all routes of a family again."""
        state = self._refreshed(event)
        if state is not None and state.orf.refreshed(event.filters):
            state.repeat()

    def marked(self, event: RefreshReceived) -> None:
        """BoRR: routes that are not repeated until EoRR are gone (RFC 7313).

        What came before the mark has been worked off.
        """
        state = self._refreshed(event)
        if state is None or not self._peer.enhanced_refresh:
            return
        if event.kind == RefreshKind.BEGIN:
            state.round += 1
            state.refreshing = True
        elif event.kind == RefreshKind.END and state.refreshing:
            state.refreshing = False
            current = state.round  # the next refresh may begin before the sweep is done
            self._sweep(state, lambda path: path.round < current)

    def _refreshed(self, event: RefreshReceived) -> "PeerFamily | None":
        if (event.afi, event.safi) not in FAMILIES:
            return None
        state = self._peer.families.get((Afi(event.afi), Safi(event.safi)))
        return state if state is not None and state.active else None

    def drop(self, state: "PeerFamily") -> None:
        """A family is exchanged no longer, within the session: all its routes go."""
        self._sweep(state, lambda path: True)

    # --- taking routes out -----------------------------------------------------------------------

    def _clear(self, state: "PeerFamily") -> None:
        peer, epoch = self._peer, self._peer.epoch
        peer.clearing += 1

        def finished() -> None:
            peer.clearing -= 1
            if not peer.clearing:
                peer.retry()

        self._sweep(state, lambda path: path.epoch < epoch, finished)

    def _give_up(self) -> None:
        for family in list(self.restarting):
            self._give_up_family(family)
        self._settle()

    def _give_up_family(self, family: Family) -> None:
        self.restarting.discard(family)
        self.long_lived.end(family)
        state = self._peer.families.get(family)
        if state is not None:
            epoch = self._peer.epoch
            self._sweep(state, lambda path: path.epoch < epoch)

    def _sweep(
        self,
        state: "PeerFamily",
        doomed: Callable[[Path], bool],
        finished: Callable[[], None] | None = None,
    ) -> None:
        peer = self._peer
        table = peer.instance.tables[state.family]

        def steps() -> Generator[None, None, None]:
            def gone(count: int) -> None:
                state.accepted -= count

            # What was withdrawn and is remembered for its penalty outlives the session.
            yield from table.sweep(peer, lambda path: doomed(path) and not is_history(path), gone)
            if finished is not None:
                finished()

        peer.instance.bgpd.work.add(f"stale routes of {peer}", steps())

    def _arm(self, timer: str, seconds: float, action: Callable[[], None]) -> None:
        self._disarm(timer)
        due = self._peer.clock.now() + seconds
        self._timers[timer] = self._peer.scheduler.call_at(due, action), due

    def _disarm(self, *timers: str) -> None:
        for timer in timers:
            found = self._timers.pop(timer, None)
            if found is not None:
                found[0].cancel()


def _known(family: tuple[int, int]) -> Family | None:
    return next((one for one in FAMILIES if one == family), None)
