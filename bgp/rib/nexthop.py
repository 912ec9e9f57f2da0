"""Next-hop tracking: one object per address, kept up to date by zebra.

`NexthopCache` asks through `watch`/`unwatch` (zebra's register messages) and tells its user by
`on_change(nexthop, was_valid)` when an answer alters what paths may use.
"""

from collections.abc import Callable

from grammar.base.values import Address, Afi
from zebra.zapi.messages import Nexthop as Hop
from zebra.zapi.messages import NexthopUpdate, NexthopWatch, RouteType


class Nexthop:
    """How an address that BGP uses resolves.

    `hops` are zebra's next hops (`gate`, `ifindex`); `metric` is the IGP metric; `changed` the
    moment of the last change, of the steady clock. `paths` counts the prefixes' paths that use
    it. `peers` are the neighbours whose session waits for it. `connected` asks for a connected
    route (single hop). `ifindex` is set for link-local addresses and is part of the identity.
    `answered` is False until zebra spoke.
    """

    __slots__ = (
        "address",
        "answered",
        "changed",
        "connected",
        "hops",
        "ifindex",
        "metric",
        "paths",
        "peers",
        "resolved",
        "valid",
    )

    def __init__(self, address: Address, ifindex: int = 0, connected: bool = False) -> None:
        self.address = address
        self.ifindex = ifindex
        self.connected = connected
        self.answered = False
        self.valid = False
        self.metric = 0
        self.hops: tuple[Hop, ...] = ()
        self.resolved: NexthopUpdate | None = None
        self.changed = 0.0
        self.paths = 0
        self.peers: list[object] = []

    @property
    def watch(self) -> NexthopWatch:
        """What zebra is asked to watch."""
        return NexthopWatch(self.address.host_prefix(), self.connected)


NexthopKey = tuple[Address, int]


class NexthopCache:
    """All next hops of an instance, by address and interface index (0 but for link-local).

    `always` makes every next hop valid at once: bgpd without zebra.
    """

    def __init__(
        self,
        watch: Callable[[NexthopWatch], None],
        unwatch: Callable[[NexthopWatch], None],
        on_change: Callable[[Nexthop, bool], None],
        always: bool = False,
    ) -> None:
        self.entries: dict[NexthopKey, Nexthop] = {}
        self.links: dict[NexthopKey, Nexthop] = {}
        """Link-local neighbours, who are there while their interface is up: zebra is not asked."""
        self.always = always
        self.changes = 0
        """Goes up with each change of a next hop, and when a session ends: what was shown of
        paths may be otherwise now."""
        self._watch = watch
        self._unwatch = unwatch
        self._follower = on_change

    def find(self, address: Address, ifindex: int = 0, connected: bool = False) -> Nexthop:
        """The object of an address, watched from now on."""
        key = (address, ifindex)
        nexthop = self.entries.get(key)
        if nexthop is None:
            nexthop = self.entries[key] = Nexthop(address, ifindex, connected)
            nexthop.valid = nexthop.answered = self.always
            self._watch(nexthop.watch)
        elif nexthop.connected and not connected:
            # Some user is content with any route: the weaker question includes the stronger.
            self._unwatch(nexthop.watch)
            nexthop.connected = False
            self._watch(nexthop.watch)
        return nexthop

    def on_link(self, address: Address, ifindex: int, up: bool, steady: float) -> Nexthop:
        """The object of a neighbour's link-local address on an interface."""
        key = (address, ifindex)
        nexthop = self.links.get(key)
        if nexthop is None:
            nexthop = self.links[key] = Nexthop(address, ifindex, True)
            nexthop.valid, nexthop.answered, nexthop.changed = up or self.always, True, steady
        return nexthop

    def link_changed(self, ifindex: int, up: bool, steady: float) -> None:
        """An interface came up or went down: so did who is on it."""
        for nexthop in [one for one in self.links.values() if one.ifindex == ifindex]:
            was_valid, nexthop.valid = nexthop.valid, up or self.always
            if nexthop.valid is not was_valid:
                nexthop.changed = steady
                self._on_change(nexthop, was_valid)

    def _on_change(self, nexthop: Nexthop, was_valid: bool) -> None:
        self.changes += 1
        self._follower(nexthop, was_valid)

    def release(self) -> None:
        """Forget the next hops that neither a path nor a neighbour uses."""
        unused = [key for key, hop in self.entries.items() if not hop.paths and not hop.peers]
        for key in unused:
            self._unwatch(self.entries.pop(key).watch)
        for key in [key for key, hop in self.links.items() if not hop.peers]:
            del self.links[key]

    def lost(self) -> None:
        """Nobody answers any more, nothing resolves: the VRF is gone."""
        for nexthop in self.entries.values():
            was_valid, nexthop.valid, nexthop.answered = nexthop.valid, self.always, self.always
            nexthop.hops = ()
            if was_valid and not self.always:
                self._on_change(nexthop, was_valid)

    def rewatch(self) -> None:
        """Ask for all of them again: a new connection to zebra."""
        for nexthop in self.entries.values():
            self._watch(nexthop.watch)

    def asked(self, update: NexthopUpdate) -> Nexthop | None:
        """The next hop that an answer is about."""
        if update.asked.length != update.asked.afi.bits:
            return None
        address = update.asked.address
        return next((hop for hop in self.entries.values() if hop.address == address), None)

    def take(self, update: NexthopUpdate, steady: float) -> bool:
        """zebra's answer; False if no next hop asked for it (it may be an import check)."""
        if update.asked.length != update.asked.afi.bits:
            return False
        address = update.asked.address
        found = [hop for hop in self.entries.values() if hop.address == address]
        for nexthop in found:
            self._update(nexthop, update, steady)
        return bool(found)

    def _update(self, nexthop: Nexthop, update: NexthopUpdate, steady: float) -> None:
        was_valid = nexthop.valid
        before = (nexthop.valid, nexthop.metric, nexthop.hops)
        nexthop.answered = True
        nexthop.resolved = update
        nexthop.hops = update.nexthops
        nexthop.metric = update.metric
        nexthop.valid = bool(update.nexthops) and (
            not nexthop.connected or update.type == RouteType.CONNECTED
        )
        if (nexthop.valid, nexthop.metric, nexthop.hops) != before:
            nexthop.changed = steady
            self._on_change(nexthop, was_valid)
        elif not nexthop.changed:
            nexthop.changed = steady

    def sorted(self, afi: Afi | None = None) -> list[Nexthop]:
        """By family and number, as FRR lists them."""
        found = [hop for key, hop in sorted(self.entries.items())]
        found += sorted(self.links.values(), key=lambda hop: (hop.ifindex, hop.address))
        if afi is not None:
            return [hop for hop in found if hop.address.afi is afi]
        return sorted(found, key=lambda hop: hop.address.afi)
