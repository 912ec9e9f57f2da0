"""Next-hop tracking: one object per address, kept up to date by zebra."""

from grammar.base.values import Address, Afi
from zebra.zapi.messages import Nexthop as Hop
from zebra.zapi.messages import NexthopUpdate


class Nexthop:
    """How an address that BGP uses resolves.

    `hops` are zebra's next hops (`gate`, `ifindex`); `metric` is the IGP metric; `changed` the wall
    time of the last change. `paths` counts the prefixes' paths that use it. `peers` counts the
    neighbours whose session waits for it, `connected` asks for a connected route (single hop).
    `ifindex` is set for link-local addresses and is part of the identity.
    """

    __slots__ = (
        "address",
        "changed",
        "connected",
        "hops",
        "ifindex",
        "metric",
        "paths",
        "peers",
        "registered",
        "resolved",
        "valid",
    )

    def __init__(self, address: Address, ifindex: int = 0, connected: bool = False) -> None:
        self.address = address
        self.ifindex = ifindex
        self.connected = connected
        self.valid = False
        self.metric = 0
        self.hops: tuple[Hop, ...] = ()
        self.resolved: NexthopUpdate | None = None
        self.changed = 0.0
        self.paths = 0
        self.peers: list[object] = []
        self.registered = False


NexthopKey = tuple[Address, int]


class NexthopCache:
    """All next hops of an instance, by address and interface index (0 but for link-local)."""

    def __init__(self) -> None:
        self.entries: dict[NexthopKey, Nexthop] = {}

    def sorted(self, afi: Afi | None = None) -> list[Nexthop]:
        """By family and number, as FRR lists them."""
        keys = sorted(key for key in self.entries if afi is None or key[0].afi == afi)
        return [self.entries[key] for key in keys]
