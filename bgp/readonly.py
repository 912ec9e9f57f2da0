"""`update-delay`: after a start nothing is chosen or announced until the neighbours have told all.

FRR's read-only mode. It begins with the first session and ends when every neighbour that came up
has sent its End-of-RIB (or a KEEPALIVE, which with few routes comes behind them), or has itself
restarted; at the latest when the time is over. With `establish-wait` only the sessions that come up
in that time count, else all that are configured.
"""

from typing import TYPE_CHECKING, Final

from bgp.config import FAMILIES
from grammar.base.log import Level
from grammar.base.scheduler import Handle

if TYPE_CHECKING:
    from bgp.instance import Instance
    from bgp.peer import Peer

_REASON: Final = "update-delay"


class ReadOnly:
    """The read-only mode of an instance; times are wall time, None for not yet."""

    def __init__(self, instance: "Instance") -> None:
        self._instance = instance
        self.active = False
        self.over = False
        self.first: float | None = None
        """When the first session came up."""
        self.resumed: float | None = None
        """When best paths were chosen again, and when their takers heard of them."""
        self.told: float | None = None
        self._up: set[Peer] = set()
        self._ended: set[Peer] = set()
        self._counts = {"restarted": 0, "implicit": 0, "explicit": 0}
        self._limit: Handle | None = None
        self._wait: Handle | None = None

    @property
    def delay(self) -> int:
        """Seconds that it lasts at most, 0 for none: the instance's, else that of all."""
        return self._lines[0] or 0

    @property
    def wait(self) -> int | None:
        """Seconds in which neighbours have to come up to count."""
        delay, wait = self._lines
        return None if wait == delay else wait

    @property
    def _lines(self) -> tuple[int | None, int | None]:
        own, common = self._instance.config, self._instance.bgpd.config
        lines = own if own.update_delay is not None else common
        return lines.update_delay, lines.establish_wait

    def again(self) -> None:
        """All sessions are cleared: as after a start."""
        self.over = False

    def session_up(self, peer: "Peer") -> None:
        """A session came up."""
        if self.over or not self.delay:
            return
        if not self._up:
            self._begin()
        self._up.add(peer)
        terms = peer.negotiated
        if terms is not None and terms.graceful is not None and terms.graceful.restarted:
            self._count(peer, "restarted")

    def session_down(self, peer: "Peer") -> None:
        """A session ended: the neighbour has to tell everything anew."""
        if self.active:
            self._up.discard(peer)
            self._ended.discard(peer)

    def end_of_rib(self, peer: "Peer") -> None:
        """A neighbour ended its first announcements."""
        if self.active and peer not in self._ended:
            self._count(peer, "explicit")

    def keepalive(self, peer: "Peer") -> None:
        """A neighbour that is up says that it is alive: for FRR as good as an End-of-RIB."""
        if self.active and peer not in self._ended:
            self._count(peer, "implicit")

    def _count(self, peer: "Peer", kind: str) -> None:
        self._ended.add(peer)
        self._counts[kind] += 1
        self._check()

    def _begin(self) -> None:
        instance = self._instance
        bgpd = instance.bgpd
        self.active = True
        self.first, self.resumed, self.told = bgpd.clock.wall(), None, None
        self._ended.clear()
        self._counts = dict.fromkeys(self._counts, 0)
        instance.holding.hold(FAMILIES, _REASON)
        self._limit = bgpd.call_later(self.delay, self._expired)
        if self.wait is not None:
            self._wait = bgpd.call_later(self.wait, self._waited)
        text = f"Begin read-only mode - update-delay timer {self.delay} seconds"
        self._log(text, "WXMHD-VEP02")

    def _expired(self) -> None:
        self._limit = None
        self._log("Update delay ended - timer expired.", "GRASE-3AQNT")
        self._end()

    def _waited(self) -> None:
        self._wait = None
        self._log("Establish wait - timer expired.", "MMW0D-ANJ75")
        self._check()

    def _check(self) -> None:
        counts = self._counts
        restarted, implicit, explicit = counts.values()
        if self._instance.bgpd.config.debugs("neighbor-events"):
            text = f"T: {len(self._up)} R: {restarted} I:{implicit} E: {explicit}"
            self._log(f"Checking update delay, {text}", "ZE02P-MT7TH", Level.DEBUGGING)
        if len(self._up) > sum(counts.values()):
            return
        if (self._wait is not None or self.wait is None) and self._pending():
            return
        text = f"restarted: {restarted}, EORs implicit: {implicit}, explicit: {explicit}"
        self._log(f"Update delay ended, {text}", "WP94W-ASBYR")
        self._end()

    def _pending(self) -> bool:
        return any(
            peer.families and not peer.shut_down and peer not in self._ended
            for peer in self._instance.peers.values()
        )

    def stop(self) -> None:
        """The instance ends, and nothing waits any more."""
        for timer in (self._limit, self._wait):
            if timer is not None:
                timer.cancel()
        self._limit = self._wait = None

    def _end(self) -> None:
        self.stop()
        self.active, self.over = False, True
        self._up.clear()
        self._ended.clear()
        self.resumed = self._instance.bgpd.clock.wall()
        self._instance.holding.release(FAMILIES, _REASON, self._chosen)

    def _chosen(self) -> None:
        self.told = self._instance.bgpd.clock.wall()

    def _log(self, text: str, ident: str, level: Level = Level.INFORMATIONAL) -> None:
        self._instance.bgpd.log.write(level, text, ident)
