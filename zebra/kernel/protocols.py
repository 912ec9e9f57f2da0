"""Under which numbers the kernel has the routes and next-hop groups of each owner."""

from zebra.kernel.api import RouteProtocol
from zebra.zapi.constants import RouteType

PROTOCOLS: dict[RouteType, RouteProtocol] = {
    RouteType.BGP: RouteProtocol.BGP,
    RouteType.STATIC: RouteProtocol.ZSTATIC,
    RouteType.OSPF: RouteProtocol.OSPF,
    RouteType.OSPF6: RouteProtocol.OSPF,
    RouteType.ISIS: RouteProtocol.ISIS,
    RouteType.RIP: RouteProtocol.RIP,
    RouteType.RIPNG: RouteProtocol.RIPNG,
    RouteType.NHRP: RouteProtocol.NHRP,
    RouteType.EIGRP: RouteProtocol.EIGRP,
    RouteType.LDP: RouteProtocol.LDP,
    RouteType.BABEL: RouteProtocol.BABEL,
    RouteType.SHARP: RouteProtocol.SHARP,
    RouteType.PBR: RouteProtocol.PBR,
    RouteType.OPENFABRIC: RouteProtocol.OPENFABRIC,
    RouteType.SRTE: RouteProtocol.SRTE,
}
"""The kernel's protocol number for each owner; others get zebra's own."""
