"""The route that a policy looks at: attributes with the changes made so far."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from bgp.extras import NONE, Extras
from bgp.policy.decision import Asked
from bgp.policy.lists import communities_text
from grammar.base.values import Address, Afi, Prefix

if TYPE_CHECKING:
    from bgp.attrs import AttrPool, AttrSet
    from bgp.rib.path import Path
    from bgp.wire.attributes.aspath import AsPath
    from grammar.filters.routemap import MapEntry, RouteMap


class Route:
    """One route on its way through a policy; `set` lines write here, the path is not touched.

    `peer_address` is that of the neighbour that sent it. On the way out there is none: FRR's groups
    of neighbours are nobody there, and `match peer` is never true. `peer_names` are all names that
    `match peer` may give it, empty for own routes (`local`).
    `local_as` is the number towards this neighbour. What a policy wants to know
    of the prefix it asks through `asked`; all else is the same for prefixes of the same path.
    """

    # In the class, since there is one for each set of attributes and few differ in these.
    gateway_kind: str | None = None
    """What was set: `address`, `peer-address` or `unchanged`."""
    link_local: Address | None = None
    outward = False
    local = False
    peer_address: Address | None = None
    peer_names: frozenset[object] = frozenset()
    rtt = 0
    whole_rates = False
    """Link bandwidths are written as integers (`disable-link-bw-encoding-ieee`)."""
    ways = 0
    total = 0
    """How many paths are used, and their link bandwidths together, in bytes per second; none of a
    path that is not in the table yet."""
    prefer_global = False
    _ifindex = 0
    _path_text: str | None = None
    _community_text: str | None = None

    def __init__(
        self,
        prefix: Prefix,
        attrs: "AttrSet",
        gateway: Address | None,
        *,
        link_local: Address | None = None,
        weight: int = 0,
        outward: bool = False,
        local: bool = False,
        local_as: int = 0,
        peer_address: Address | None = None,
        peer_names: frozenset[object] = frozenset(),
        ifindex: int = 0,
        asked: Asked | None = None,
    ) -> None:
        self.afi = prefix.afi
        self.asked = asked or Asked(prefix.key)
        self.attrs = attrs
        self.changes: dict[str, Any] = {}
        self.gateway = gateway
        self.link_local = link_local
        self.weight = weight
        self.outward = outward
        self.local = local
        self.local_as = local_as
        self.peer_address = peer_address
        self.peer_names = peer_names
        self._ifindex = ifindex
        self.ways = int(outward)
        self.touched: list[RouteMap | MapEntry] = []
        """What the walk went through, for the counters."""

    @classmethod
    def of_path(
        cls,
        prefix: Prefix,
        path: "Path",
        local_as: int,
        *,
        peer_address: Address | None = None,
        peer_names: frozenset[object] = frozenset(),
        asked: Asked | None = None,
    ) -> Self:
        """What a path says of a prefix; without the names of its neighbour none is matched."""
        return cls(
            prefix,
            path.attrs,
            path.gateway,
            link_local=path.link_local,
            weight=path.weight,
            local=path.source.is_local,
            local_as=local_as,
            peer_address=peer_address,
            peer_names=peer_names,
            ifindex=0 if path.nexthop is None else path.nexthop.ifindex,
            asked=asked,
        )

    @classmethod
    def received(
        cls,
        afi: Afi,
        path: "Path",
        asked: Asked,
        local_as: int,
        peer_address: Address | None,
        peer_names: frozenset[object],
    ) -> Self:
        """The same of what a neighbour sent, in a third of the time."""
        route = cls.__new__(cls)
        route.afi, route.asked, route.attrs = afi, asked, path.attrs
        route.changes, route.touched = {}, []
        route.gateway, route.weight, route.local_as = path.gateway, path.weight, local_as
        route.peer_address, route.peer_names = peer_address, peer_names
        if path.link_local is not None:
            route.link_local = path.link_local
        if path.nexthop is not None and path.nexthop.ifindex:
            route._ifindex = path.nexthop.ifindex
        return route

    def path_text(self) -> str:
        """The AS path as lists see it."""
        text = self._path_text
        if text is None:
            path: AsPath = self.get("as_path")
            text = self._path_text = path.text
        return text

    def community_text(self) -> str:
        """The communities as expanded lists see them."""
        text = self._community_text
        if text is None:
            text = self._community_text = communities_text(self.get("communities"))
        return text

    @property
    def tag(self) -> int:
        """The tag as it is by now; 0 is none."""
        extras: Extras | None = self.get("extras")
        return 0 if extras is None else extras.tag

    @property
    def ifindex(self) -> int:
        """The interface of a link-local next hop, or of a redistributed route; 0 is unknown."""
        extras: Extras | None = self.get("extras")
        return self._ifindex or (0 if extras is None else extras.ifindex)

    def note(self, **changes: int) -> None:
        """Change what is told to this router only (`Extras`)."""
        now = replace(self.get("extras") or NONE, **changes)
        self.put("extras", None if now == NONE else now)

    def get(self, name: str) -> Any:
        """An attribute as it is by now."""
        return self.changes[name] if name in self.changes else getattr(self.attrs, name)

    def count(self, times: int = 1) -> None:
        """Let the maps that were asked count so many routes."""
        for one in self.touched:
            one.invoked += times

    def put(self, name: str, value: object) -> None:
        """Change an attribute."""
        self.changes[name] = value
        self._path_text = self._community_text = None

    def result(self, pool: "AttrPool", *without: str) -> "AttrSet":
        """The attributes with the changes, but for those named."""
        attrs = self.attrs
        if not self.changes:
            return attrs
        changes = {
            name: value
            for name, value in self.changes.items()
            if name not in without and getattr(attrs, name) != value
        }
        return attrs.replace(pool, **changes) if changes else attrs
