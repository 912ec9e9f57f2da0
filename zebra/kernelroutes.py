"""Where the kernel's own routes lead, in zebra's terms."""

from zebra.kernel.api import KernelNexthop, KernelRoute, RouteKind
from zebra.nexthop import Hop
from zebra.zapi.constants import BlackholeType, NexthopType

BLACKHOLES = {
    RouteKind.BLACKHOLE: BlackholeType.NULL,
    RouteKind.UNREACHABLE: BlackholeType.REJECT,
    RouteKind.PROHIBIT: BlackholeType.ADMIN_PROHIBITED,
}


def hops_of(route: KernelRoute) -> tuple[Hop, ...]:
    """The next hops of a route; empty when it cannot be told where it leads."""
    if route.type is not RouteKind.UNICAST:
        return (Hop(NexthopType.BLACKHOLE, blackhole=BLACKHOLES[route.type]),)
    hops = tuple(_hop(route, way) for way in route.nexthops)
    known = all(hop.gate is not None or hop.ifindex for hop in hops)
    return hops if known else ()


def _hop(route: KernelRoute, way: KernelNexthop) -> Hop:
    weight = way.weight if len(route.nexthops) > 1 else 0
    gate = way.gate
    kind = NexthopType.IFINDEX
    if gate is not None:
        ipv4 = gate.afi.bits == 32
        kind = NexthopType.IPV4_IFINDEX if ipv4 else NexthopType.IPV6_IFINDEX
    return Hop(kind, gate, way.ifindex, onlink=way.onlink, weight=weight, source=route.prefsrc)
