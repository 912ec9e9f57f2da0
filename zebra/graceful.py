"""Routes of clients that went and may come back: graceful restart as clients ask zebra for it.

A client that said GRACEFUL_RESTART keeps its routes for its stale time when its connection is gone.
When it is back (same protocol, instance and session), each UPDATES_COMPLETE takes away what it has
not sent again in that family, and the end of the stale time takes away the rest.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

from grammar.base.clock import Clock
from grammar.base.scheduler import Handle, Scheduler
from grammar.base.values import Afi
from zebra.clients import Client, Clients
from zebra.rib import Rib, RouteEntry
from zebra.zapi.constants import ClientCapability, RouteType
from zebra.zapi.messages import ClientCapabilities

Key = tuple[RouteType, int, int]
"""Protocol, instance and session."""


@dataclass(slots=True)
class Restart:
    """What a client asked for; `stale_time` in seconds, moments monotonic, None for never.

    `delete_at` is set while routes of an earlier connection may be left, `pending` are the
    families that the client has announced and not completed.
    """

    stale_time: int
    left: float | None = None
    delete_at: float | None = None
    pending: set[int] = field(default_factory=set)
    timer: Handle | None = None

    def settle(self) -> None:
        """Nothing of an earlier connection is left."""
        if self.timer is not None:
            self.timer.cancel()
        self.timer = self.delete_at = None


class GracefulRestart:
    """All clients that asked for it, there or not."""

    def __init__(self, scheduler: Scheduler, clock: Clock, rib: Rib, clients: Clients) -> None:
        self._clients = clients
        self._scheduler = scheduler
        self._clock = clock
        self._rib = rib
        self._restarts: dict[Key, Restart] = {}

    def of(self, client: Client) -> Restart | None:
        """What a client asked for, None if nothing."""
        return self._restarts.get(_key(client))

    def told(self, client: Client, message: ClientCapabilities) -> None:
        """A client's CLIENT_CAPABILITIES."""
        key, restart = _key(client), self.of(client)
        match message.capability:
            case ClientCapability.GRACEFUL_RESTART if restart is None:
                self._restarts[key] = Restart(message.stale_time)
            case ClientCapability.GRACEFUL_RESTART | ClientCapability.STALE_TIME:
                if restart is not None:
                    restart.stale_time = message.stale_time
            case ClientCapability.NO_GRACEFUL_RESTART:
                if restart is not None:
                    self._sweep(key, restart)
                    del self._restarts[key]
            case ClientCapability.UPDATES_PENDING:
                if restart is not None:
                    restart.pending.add(message.afi)
            case ClientCapability.UPDATES_COMPLETE:
                if restart is not None:
                    self._complete(key, restart, message.afi)

    def left(self, client: Client, groups: int) -> None:
        """A client is gone, and with it its routes, unless it asked for time to come back.

        The log hears of it, and of how many of its next-hop groups went.
        """
        if not client.greeted:
            return
        if self._clients.owner(client.protocol, client.instance) is not None:
            self._rib.journal.clients.gone(client, 0, groups)  # the routes are that one's, too
            return
        restart = self.of(client)
        if restart is None:
            self._rib.work.add("client gone", self._take_all(client, groups))
            return
        self._rib.journal.clients.awaited(client)
        restart.settle()
        restart.left = self._clock.now()
        restart.delete_at = restart.left + restart.stale_time
        key = _key(client)
        restart.timer = self._scheduler.call_at(
            restart.delete_at, lambda: self._expired(key, restart)
        )

    def _take_all(self, client: Client, groups: int) -> Iterator[None]:
        routes = yield from withdraw(self._rib, client.protocol, client.instance)
        self._rib.journal.clients.gone(client, routes, groups)

    def _expired(self, key: Key, restart: Restart) -> None:
        self._sweep(key, restart)
        if not any(_key(client) == key for client in self._clients.all):
            self._restarts.pop(key, None)

    def _complete(self, key: Key, restart: Restart, afi: int) -> None:
        restart.pending.discard(afi)
        if not restart.pending:
            self._sweep(key, restart)
        elif restart.delete_at is not None:
            self._remove(key, restart, afi)

    def _sweep(self, key: Key, restart: Restart) -> None:
        if restart.delete_at is not None:
            restart.settle()
            self._remove(key, restart, None)

    def _remove(self, key: Key, restart: Restart, afi: int | None) -> None:
        steps = withdraw(self._rib, key[0], key[1], before=restart.left, afi=afi)
        self._rib.work.add("stale routes", steps)


def withdraw(
    rib: Rib, kind: RouteType, instance: int, *, before: float | None = None, afi: int | None = None
) -> Generator[None, None, int]:
    """Work: take away an owner's routes (of one family, none newer than `before`, if given).

    Returns how many there were, apart from those of multicast.
    """
    taken = 0

    def matches(entry: RouteEntry) -> bool:
        return (
            entry.type is kind
            and entry.instance == instance
            and (before is None or entry.since <= before)
        )

    for table in rib.tables():
        if afi is not None and table.afi is not Afi(afi):
            continue
        for count, dest in enumerate(list(table.routes.values())):
            if any(matches(entry) for entry in dest.entries):
                prefix = table.prefix(dest)
                while rib.delete(table, prefix, matches):
                    taken += not table.multicast
            if count % 500 == 499:
                yield
    return taken


def _key(client: Client) -> Key:
    return client.protocol, client.instance, client.session
