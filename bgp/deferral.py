"""The own graceful restart: routes wait until the neighbours have told all (RFC 4724 sec. 4.1).

Shortly after its start a restarting speaker tells its neighbours so (R bit). In each family it
waits for the End-of-RIB of all neighbours that keep its routes meanwhile, at most
`select-defer-time`. As in FRR only prefixes with a path of such a neighbour wait; others are chosen
and announced at once.
What this router forwarded before is in zebra, and stays there until it hears that all is complete.
"""

from typing import TYPE_CHECKING, Final

from bgp import effective
from bgp.choices import choices
from bgp.config import UNICAST, Family
from bgp.rib.path import Entry, Path, paths_of
from bgp.wire.capability import GracefulMode
from grammar.base.scheduler import Handle
from zebra.zapi.messages import ClientCapability

if TYPE_CHECKING:
    from collections.abc import Generator

    from bgp.instance import Instance
    from bgp.peer import Peer
    from bgp.peerfamily import PeerFamily
    from bgp.rib.table import Table

TELL: Final = 0.05
"""Seconds between two looks whether all that was chosen has been sent."""


class Waiting:
    """One family of an instance that waits; `peers` have not sent their End-of-RIB."""

    def __init__(self, table: "Table", due: float) -> None:
        self.table = table
        self.due = due
        self.peers: set[Peer] = set()

    def takes(self, key: int, entry: Entry | None, before: Path | None) -> bool:
        """True if the choice for a prefix has to wait; `before` was chosen last."""
        if not any(path.source in self.peers for path in paths_of(entry)):
            return False
        self.table.deferred.setdefault(key, before)
        return True


class Deferral:
    """All families of an instance; each waits once in the life of bgpd."""

    def __init__(self, instance: "Instance") -> None:
        self._instance = instance
        self._waiting: dict[Family, Waiting] = {}
        self._timers: dict[Family, Handle] = {}
        self._over: set[Family] = set()

    def of(self, family: Family) -> Waiting | None:
        """The family while it waits."""
        return self._waiting.get(family)

    @property
    def seconds(self) -> int:
        """How long to wait at most, 0 for not at all."""
        return effective.defer_time(self._instance.config)

    def left(self, family: Family) -> float | None:
        """Seconds until the choice is made whoever is missing."""
        waiting = self._waiting.get(family)
        if waiting is None:
            return None
        return max(0.0, waiting.due - self._instance.bgpd.clock.now())

    def session_up(self, peer: "Peer", family: Family) -> None:
        """A session came up with a family."""
        if family not in UNICAST or family in self._over or not self.seconds:
            return
        if not self._restarts(peer):
            return
        waiting = self._waiting.get(family)
        if waiting is None:
            waiting = self._begin(family)
        waiting.peers.add(peer)

    def _restarts(self, peer: "Peer") -> bool:
        """True for a neighbour that keeps this router's routes while it starts.

        As in FRR only with `bgp graceful-restart`: the neighbour's own line is not enough.
        """
        if not self._instance.config.graceful_restart:
            return False
        terms, said = peer.negotiated, peer.main.session.config
        if terms is None or terms.graceful is None or terms.graceful.restarted:
            return False
        return said.restarted and said.graceful is GracefulMode.RESTARTER

    def _begin(self, family: Family) -> Waiting:
        instance = self._instance
        due = instance.bgpd.clock.now() + self.seconds
        waiting = self._waiting[family] = Waiting(instance.tables[family], due)
        self._timers[family] = instance.bgpd.call_later(self.seconds, lambda: self._end(family))
        instance.tell_updates(family, ClientCapability.UPDATES_PENDING)
        return waiting

    def end_of_rib(self, peer: "Peer", family: Family) -> None:
        """A neighbour told all of a family, or its session ended."""
        waiting = self._waiting.get(family)
        if waiting is None or peer not in waiting.peers:
            return
        waiting.peers.remove(peer)
        if not waiting.peers:
            self._end(family)

    def _end(self, family: Family) -> None:
        self._over.add(family)
        self._timers.pop(family).cancel()
        waiting = self._waiting.pop(family)
        work = self._instance.bgpd.work
        work.add("best paths that waited", self._choose(family, waiting.table))

    def _choose(self, family: Family, table: "Table") -> "Generator[None, None, None]":
        table.changed.update(table.deferred)
        table.deferred.clear()
        if table.changed and not table.held:
            yield from choices(self._instance, table)
        self._instance.tell_updates(family, ClientCapability.UPDATES_COMPLETE)
        for peer in list(self._instance.peers.values()):
            state = peer.families.get(family)
            if state is not None and state.active:
                self._tell(state)

    def _tell(self, state: "PeerFamily") -> None:
        group = state.group
        if group is not None and (group.pending or group.version != group.table.version):
            self._instance.bgpd.call_later(TELL, lambda: self._tell(state))
        else:
            state.end_of_rib()
