"""`bgp suppress-fib-pending`: neighbours are told of routes when the kernel has them."""

from collections.abc import Callable

from bgp.rib.path import Path
from zebra.zapi.messages import NotifyNote

_GONE = (NotifyNote.FAIL_INSTALL, NotifyNote.BETTER_ADMIN_WON)


class Installed:
    """What zebra said of the prefixes of one table; a prefix without news is not installed.

    `keys` are installed, `asked` are those of which zebra has not said yet what became of its last
    ROUTE_ADD. They are kept while the feature is off, as FRR keeps its flags, but nobody asks then.
    A change of an installed route is announced without waiting.
    """

    def __init__(self, tell: Callable[[tuple[int, ...]], None]) -> None:
        self.on = False
        self.keys: set[int] = set()
        self.asked: set[int] = set()
        self._tell = tell

    def waits(self, key: int, path: Path) -> bool:
        """True for a route that neighbours must not be told of, or no longer."""
        return self.on and key not in self.keys and not path.source.is_local

    def added(self, key: int) -> None:
        """Zebra was given a route."""
        if self.on:
            self.asked.add(key)

    def deleted(self, key: int) -> None:
        """A route was taken back from zebra."""
        self.keys.discard(key)
        self.asked.discard(key)

    def notified(self, key: int, note: NotifyNote) -> None:
        """What zebra says of a route; neighbours hear of it."""
        if note is NotifyNote.INSTALLED:
            self.asked.discard(key)
            if key not in self.keys:
                self.keys.add(key)
                self._tell((key,))
        elif note in _GONE:
            self.deleted(key)
            self._tell((key,))
        elif note is NotifyNote.REMOVED:
            self.keys.discard(key)
