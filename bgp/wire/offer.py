"""What an OPEN of FRR offers."""

from collections.abc import Iterable
from typing import Final

from bgp.wire.capability import (
    IPV4_UNICAST,
    AddPath,
    AddPathMode,
    Capability,
    Dynamic,
    EnhancedRefresh,
    ExtendedMessage,
    ExtendedNexthop,
    Family,
    FourOctetAs,
    Fqdn,
    GracefulMode,
    GracefulRestart,
    LongLivedGracefulRestart,
    Multiprotocol,
    OldDynamic,
    OldRouteRefresh,
    Role,
    RoleCapability,
    RouteRefresh,
)
from bgp.wire.outboundfilter import OrfMode, filtering

_SAFI_ORDER: Final = (1, 2, 128, 70, 4, 133)
"""FRR's order: unicast, multicast, VPN, EVPN, labeled unicast, flow specifications."""


def frr_capabilities(
    asn: int,
    families: Iterable[Family],
    *,
    hostname: str = "",
    domainname: str = "",
    graceful: GracefulMode = GracefulMode.HELPER,
    restart_time: int = 120,
    restarted: bool = False,
    long_lived_time: int = 0,
    notification: bool = True,
    kept: bool = False,
    extended_nexthop: bool = False,
    role: Role | None = None,
    addpath: dict[Family, AddPathMode] | None = None,
    orf: tuple[tuple[Family, OrfMode], ...] = (),
    dynamic: bool = False,
) -> tuple[Capability, ...]:
    """What bgpd 8.4.4 offers, in its order (captured); FRR gives each its own parameter.

    `kept` is the forwarding-state bit of every family, `restarted` the R bit, `notification` the N
    bit (RFC 8538). `addpath` overrides RECEIVE, FRR's default, for the families it names.
    `extended_nexthop` is for sessions over IPv6; FRR lists it behind IPv4 unicast.
    """
    offered: list[Capability] = []
    families = sorted(families, key=lambda family: (family[0], _SAFI_ORDER.index(family[1])))
    for family in families:
        offered.append(Multiprotocol(*family))
        if extended_nexthop and family == IPV4_UNICAST:
            offered.append(ExtendedNexthop(((*family, 2),)))
    offered += [OldRouteRefresh(), RouteRefresh(), EnhancedRefresh(), FourOctetAs(asn)]
    offered.append(ExtendedMessage())
    if role is not None:
        offered.append(RoleCapability(role))
    modes = addpath or {}
    offered.append(AddPath(tuple((*f, modes.get(f, AddPathMode.RECEIVE)) for f in families)))
    offered += filtering(orf)
    if dynamic:
        offered += [OldDynamic(), Dynamic()]
    if hostname:
        offered.append(Fqdn(hostname, domainname))
    if graceful is not GracefulMode.DISABLED:
        restarting = families if graceful is GracefulMode.RESTARTER else ()
        states = tuple((*family, kept) for family in restarting)
        offered.append(GracefulRestart(restart_time, states, restarted, notification))
        stale = long_lived_time & 0xFFFFFF
        offered.append(LongLivedGracefulRestart(tuple((*f, True, stale) for f in families)))
    return tuple(offered)
