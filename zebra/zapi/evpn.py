"""Messages about EVPN (RFC 7432, 8365): VNIs, hosts, and where those of other routers are.

A MAC address is six octets; the address of a host that goes with it may be missing. Of routers
(VTEPs) FRR knows IPv4 addresses only.
"""

from dataclasses import dataclass
from enum import IntFlag

from grammar.base.values import Address

NO_SEGMENT = bytes(10)
"""The Ethernet segment of what is behind one router only."""


class MacFlag(IntFlag):
    """What kind of MAC address it is."""

    NONE = 0
    STICKY = 0x01
    GATEWAY = 0x02
    ROUTER = 0x04
    SVI = 0x10


# --- of bgpd -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AdvertiseAllVni:
    """Tell all VNIs, or none any more; `flood` 0 copies to all routers, 1 not at all."""

    on: bool
    flood: int = 0


@dataclass(frozen=True, slots=True)
class AdvertiseGateway:
    """Tell the own addresses of a VNI's SVI as those of a gateway; VNI 0 stands for all."""

    on: bool
    vni: int = 0


@dataclass(frozen=True, slots=True)
class AdvertiseSvi:
    """Tell the own addresses of a VNI's SVI; VNI 0 stands for all."""

    on: bool
    vni: int = 0


@dataclass(frozen=True, slots=True)
class AdvertiseSubnet:
    """Tell the networks of a VNI's SVI."""

    on: bool
    vni: int


@dataclass(frozen=True, slots=True)
class RemoteVtep:
    """A router has hosts of the VNI, or has none any more."""

    add: bool
    vni: int
    vtep: Address
    flood: int = 0


@dataclass(frozen=True, slots=True)
class RemoteMacAdd:
    """A host behind another router, and how often it moved (RFC 7432 section 7.7)."""

    vni: int
    mac: bytes
    address: Address | None
    vtep: Address
    flags: MacFlag = MacFlag.NONE
    sequence: int = 0
    segment: bytes = NO_SEGMENT


@dataclass(frozen=True, slots=True)
class RemoteMacDelete:
    """A host is not behind another router any more."""

    vni: int
    mac: bytes
    address: Address | None
    vtep: Address


EvpnRequest = (
    AdvertiseAllVni
    | AdvertiseGateway
    | AdvertiseSvi
    | AdvertiseSubnet
    | RemoteVtep
    | RemoteMacAdd
    | RemoteMacDelete
)


# --- of zebra ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VniAdd:
    """A VNI is up: its own VTEP, the VRF of its hosts, and its SVI's ifindex or 0."""

    vni: int
    vtep: Address
    vrf: int
    group: Address
    svi: int


@dataclass(frozen=True, slots=True)
class VniDelete:
    """A VNI is down."""

    vni: int


@dataclass(frozen=True, slots=True)
class LocalMacAdd:
    """A host here."""

    vni: int
    mac: bytes
    address: Address | None
    flags: MacFlag = MacFlag.NONE
    sequence: int = 0
    segment: bytes = NO_SEGMENT


@dataclass(frozen=True, slots=True)
class LocalMacDelete:
    """A host here is gone; `active` unless it was not told."""

    vni: int
    mac: bytes
    address: Address | None
    active: bool = True
