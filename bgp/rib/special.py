"""What becomes of a route on its way to a group because of lines of the neighbor and the instance,
apart from filters: AS paths without private numbers, attributes that stay, graceful shutdown."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bgp import roles
from bgp.attrs import AttrPool, AttrSet
from bgp.config import Family
from bgp.rib.path import GRACEFUL_SHUTDOWN, Path
from bgp.wire.attributes.aspath import EMPTY, AsPath


@dataclass(frozen=True, slots=True)
class Special:
    """The part of an update-group's key that most groups do without; a default changes nothing.

    `peer_as` is set where it matters: for `override`, `private_as` and `avoid`, which leaves out
    routes whose path begins with that number (FRR looks no further). `site` is an extended
    community whose routes stay away (`soo`). `limit` is the most prefixes to announce.
    """

    pool: AttrPool = field(compare=False, repr=False)
    family: Family
    own_as: int
    peer_as: int = 0
    as_path_unchanged: bool = False
    next_hop_unchanged: bool = False
    med_unchanged: bool = False
    route_server: bool = False
    private_as: str | None = None
    override: bool = False
    avoid: bool = False
    shutting_down: bool = False
    site: int | None = None
    max_med: int | None = None
    confederation: int = 0
    clients_apart: bool = False
    """`no bgp client-to-client reflection`."""
    limit: int | None = None
    local_as: tuple[bool, bool] = (False, False)
    """`local-as` with `no-prepend`, and with `replace-as`, which part groups in FRR."""
    role: str | None = None
    """The own role towards the members (RFC 9234)."""

    def refuses(self, path: Path) -> bool:
        """True if the members are not told of a path."""
        attrs = path.attrs
        if self.avoid and attrs.as_path.first_as == self.peer_as:
            return True
        if self.confederation and attrs.as_path.contains(self.confederation):
            return True
        if roles.kept_back(self.role, attrs):
            return True
        return self.site is not None and self.site in attrs.ext_communities

    def before_filters(self, attrs: AttrSet, external: bool) -> AttrSet:
        """The attributes as the outgoing filters see them."""
        if not external or (self.private_as is None and not self.override):
            return attrs
        path = attrs.as_path
        if self.private_as is not None:
            path = without_private(path, self.private_as, self.own_as, self.peer_as)
        if self.override:
            path = _mapped(path, lambda asn: self.own_as if asn == self.peer_as else asn)
        return attrs if path == attrs.as_path else attrs.replace(self.pool, as_path=path)

    def after_filters(self, attrs: AttrSet, external: bool) -> AttrSet:
        """The attributes as they go out; in graceful shutdown marked for external neighbors."""
        mark = roles.mark_out(self.role, self.own_as, attrs)
        if mark is not None:
            attrs = attrs.replace(self.pool, otc=mark)
        if not (self.shutting_down and external) or GRACEFUL_SHUTDOWN in attrs.communities:
            return attrs
        marked = tuple(sorted({*attrs.communities, GRACEFUL_SHUTDOWN}))
        return attrs.replace(self.pool, communities=marked)

    def keeps_med(self, path: Path) -> bool:
        """True if an external neighbor is sent the MED of others."""
        return self.med_unchanged or self.transparent(path)

    def keeps_next_hop(self, path: Path) -> bool:
        """True if the next hop stays as it came."""
        return self.next_hop_unchanged or self.transparent(path)

    def transparent(self, path: Path) -> bool:
        """True between clients of a route server."""
        return self.route_server and path.source.is_served(self.family)

    def prepends(self, path: AsPath) -> bool:
        """Whether the own AS number is put in front."""
        return not self.route_server and (not self.as_path_unchanged or not path.segments)


def is_private(asn: int) -> bool:
    """True for the numbers of RFC 6996."""
    return 64512 <= asn <= 65534 or 4200000000 <= asn <= 4294967294


def without_private(path: AsPath, form: str, own: int, peer: int) -> AsPath:
    """The path after `remove-private-AS`: without `all` only if all its numbers are private."""
    numbers = [asn for _, asns in path.segments for asn in asns]
    if "all" not in form and not (numbers and all(map(is_private, numbers))):
        return path
    if "replace-AS" in form:
        return _mapped(path, lambda asn: own if is_private(asn) and asn != peer else asn)
    if not form:
        return EMPTY
    kept = (
        (kind, tuple(asn for asn in asns if not is_private(asn) or asn == peer))
        for kind, asns in path.segments
    )
    return AsPath((kind, asns) for kind, asns in kept if asns)


def _mapped(path: AsPath, change: Callable[[int], int]) -> AsPath:
    return AsPath((kind, tuple(map(change, asns))) for kind, asns in path.segments)
