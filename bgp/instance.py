"""One `router bgp`: its neighbours, tables, update-groups and next hops."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bgp.config import FAMILIES, BgpConfig, Family, PeerName
from bgp.peer import Peer
from bgp.rib.adjout import UpdateGroup
from bgp.rib.nexthop import NexthopCache
from bgp.rib.table import Table
from grammar.base.values import Address, Afi

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd


class Instance:
    """What runs for one `BgpConfig`. `vrf_id` is 0 in the default VRF."""

    def __init__(self, bgpd: "Bgpd", config: BgpConfig) -> None:
        self.bgpd = bgpd
        self.config = config
        self.asn = config.asn
        self.vrf: str | None = config.vrf
        self.vrf_id = 0
        self.router_id = Address(Afi.IPV4, 0)
        """The one in use: configured, else zebra's."""
        self.peers: dict[PeerName, Peer] = {}
        self.tables: dict[Family, Table] = {family: Table(family) for family in FAMILIES}
        self.groups: dict[Family, list[UpdateGroup]] = {family: [] for family in FAMILIES}
        self.nexthops = NexthopCache()

    def sorted_peers(self) -> Iterator[Peer]:
        """Neighbours as FRR lists them."""
        for config in self.config.sorted_peers():
            peer = self.peers.get(config.name)
            if peer is not None:
                yield peer
