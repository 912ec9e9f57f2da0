"""Neighbours and the tables of bridges of the kernel in memory."""

import errno
from collections.abc import Callable, Iterator

from grammar.base.values import Address
from zebra.kernel.neighbors import (
    FdbAdded,
    FdbEntry,
    FdbGone,
    HostEvent,
    Neighbor,
    NeighborAdded,
    NeighborGone,
    SetFdb,
    SetNeighbor,
)

_FLOOD = bytes(6)


class MemoryHosts:
    """What is known of hosts; `tell` is called for what others do while somebody follows."""

    def __init__(self, tell: Callable[[HostEvent], None]) -> None:
        self._tell = tell
        self._following = False
        self.neighbors: dict[tuple[int, Address], Neighbor] = {}
        self.fdb: dict[tuple[int, bytes, Address | None], FdbEntry] = {}

    def follow(self, on: bool) -> Iterator[HostEvent]:
        """As `Kernel.follow_hosts`."""
        self._following = on
        if on:
            yield from [FdbAdded(entry) for entry in self.fdb.values()]
            yield from [NeighborAdded(neighbor) for neighbor in self.neighbors.values()]

    def happen(self, event: HostEvent) -> None:
        """Do what a host or another program would have done."""
        match event:
            case FdbAdded(entry):
                self.fdb[entry.ifindex, entry.mac, entry.vtep] = entry
            case FdbGone(entry):
                self.fdb.pop((entry.ifindex, entry.mac, entry.vtep), None)
            case NeighborAdded(neighbor):
                self.neighbors[neighbor.ifindex, neighbor.address] = neighbor
            case NeighborGone(ifindex, address):
                self.neighbors.pop((ifindex, address), None)
        if self._following:
            self._tell(event)

    def change(self, change: SetNeighbor | SetFdb) -> int:
        """Carry a change out; 0 or the errno of what cannot be."""
        return self._neighbor(change) if isinstance(change, SetNeighbor) else self._entry(change)

    def _neighbor(self, change: SetNeighbor) -> int:
        key = change.ifindex, change.address
        if change.link_address is None:
            return 0 if self.neighbors.pop(key, None) is not None else errno.ENOENT
        self.neighbors[key] = Neighbor(*key, change.link_address, change.router, change.learned)
        return 0

    def _entry(self, change: SetFdb) -> int:
        mac = change.mac or _FLOOD
        key = change.ifindex, mac, change.vtep
        if not change.present:
            return 0 if self.fdb.pop(key, None) is not None else errno.ENOENT
        flood, sticky = change.mac is None, change.sticky
        self.fdb[key] = FdbEntry(*key, permanent=flood, learned=not flood, sticky=sticky)
        return 0

    def drop(self, ifindex: int) -> None:
        """A link is gone with all that was known over it."""
        self.neighbors = {key: one for key, one in self.neighbors.items() if key[0] != ifindex}
        self.fdb = {key: one for key, one in self.fdb.items() if key[0] != ifindex}
