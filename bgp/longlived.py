"""Long-lived graceful restart (RFC 9494): routes of a neighbour that is gone for longer.

As in FRR it begins when the restart time of an ordinary graceful restart is over, for families in
which both sides have a stale time; the shorter one counts. Until it is over the routes stay in the
table with the community LLGR_STALE and lose against all others; those with NO_LLGR go at once.
Everybody is told of the marked routes, neighbours without the capability too.
"""

from collections.abc import Generator
from typing import TYPE_CHECKING

from bgp.config import Family
from bgp.familyconfig import family_title
from bgp.part import Part
from bgp.rib.path import LLGR_STALE, NO_LLGR, Entry, Path, best_of, paths_of
from grammar.base.log import Level
from grammar.base.scheduler import Handle

if TYPE_CHECKING:
    from bgp.peer import Peer
    from bgp.peerfamily import PeerFamily
    from bgp.rib.table import Table


class LongLived(Part):
    """The families of a neighbour that are in their long-lived stale time."""

    def __init__(self, peer: "Peer") -> None:
        super().__init__(peer)
        self._timers: dict[Family, Handle] = {}
        self._due: dict[Family, float] = {}
        self.promised: dict[Family, int] = {}
        """Seconds by family in the neighbour's last OPEN."""

    def __contains__(self, family: Family) -> bool:
        return family in self._due

    def due(self, family: Family) -> float | None:
        """When the time is over, by the monotonic clock."""
        return self._due.get(family)

    def seconds(self, family: Family) -> int:
        """How long routes of a family may stay, 0 for not at all."""
        own = self._peer.instance.config.long_lived_stale_time or 0
        return min(own, self.promised.get(family, 0))

    def begin(self, state: "PeerFamily") -> None:
        """The restart time is over, and `seconds` is not 0."""
        peer, family, seconds = self._peer, state.family, self.seconds(state.family)
        self._due[family] = peer.clock.now() + seconds
        self._timers[family] = peer.scheduler.call_at(
            self._due[family], lambda: self._expired(family)
        )
        self._log(f"timer ({family_title(family)}) started for {seconds} sec", "H917J-25EWN")
        peer.instance.bgpd.work.add(f"long-lived routes of {peer}", self._mark(state))

    def end(self, family: Family) -> None:
        """The neighbour is back, or its routes are gone."""
        self._due.pop(family, None)
        timer = self._timers.pop(family, None)
        if timer is not None:
            timer.cancel()

    def _expired(self, family: Family) -> None:
        self._log(f"timer ({family_title(family)}) expired", "K454K-XHYXP")
        self.end(family)
        self._peer.graceful.long_lived_over(family)

    def _mark(self, state: "PeerFamily") -> Generator[None, None, None]:
        peer = self._peer
        table = peer.instance.tables[state.family]
        memo: dict[Path, Path] = {}
        for shard in table.shards:
            if state.family not in self:
                return  # the neighbour is back: what it does not repeat goes
            stale = self._stale(shard)
            for path, keys in stale.items():
                if NO_LLGR in path.attrs.communities:
                    state.accepted -= table.withdraw(keys, peer, path.path_id)
                elif LLGR_STALE not in path.attrs.communities:
                    if path not in memo:
                        memo[path] = self._marked(path)
                    self._replace(state, keys, path, memo[path])
            if stale:
                yield

    def _stale(self, shard: dict[int, Entry]) -> dict[Path, list[int]]:
        found: dict[Path, list[int]] = {}
        for key, entry in shard.items():
            for path in paths_of(entry):
                if path.source is self._peer and path.stale:
                    found.setdefault(path, []).append(key)
        return found

    def _replace(self, state: "PeerFamily", keys: list[int], old: Path, new: Path) -> None:
        instance = self._peer.instance
        table = instance.tables[state.family]
        table.put(keys, new)
        # To FRR it is the same route: neighbours hear of the mark, the version stays.
        same = [key for key in keys if best_of(table.get(key)) is new and _was(table, key, old)]
        table.changed.update(dict.fromkeys(same, new))
        for group in instance.groups[state.family]:
            group.changed(same, len(same))

    def _marked(self, path: Path) -> Path:
        values = tuple(sorted((*path.attrs.communities, LLGR_STALE)))
        attrs = path.attrs.replace(self._peer.instance.bgpd.pool, communities=values)
        return path.revised(attrs)

    def _log(self, text: str, ident: str) -> None:
        peer = self._peer
        if peer.debugs("neighbor-events"):
            peer.instance.bgpd.log.write(
                Level.DEBUGGING, f"{peer.title} Long-lived stale {text}", ident
            )


def _was(table: "Table", key: int, path: Path) -> bool:
    return table.changed.get(key) is path
