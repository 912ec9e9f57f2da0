"""What FRR calls the kinds and flags of links."""

from time import localtime, strftime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zebra.kernel.api import Link

_FLAGS = (
    (0x1, "UP"),
    (0x8, "LOOPBACK"),
    (0x2, "BROADCAST"),
    (0x10, "POINTOPOINT"),
    (0x20, "NOTRAILERS"),
    (0x40, "RUNNING"),
    (0x100, "PROMISC"),
    (0x200, "ALLMULTI"),
    (0x80, "NOARP"),
    (0x1000, "MULTICAST"),
)
_TYPES = {
    1: "Ethernet",
    772: "Loopback",
    512: "PPP",
    768: "IPIP Tunnel",
    769: "IPIP6 Tunnel",
    776: "IPv6-in-IPv4 SIT",
    778: "GRE over IP",
    801: "IEEE 802.11",
}
_DRIVERS = {
    "bridge": "Bridge",
    "vlan": "Vlan",
    "vxlan": "Vxlan",
    "vrf": "VRF",
    "veth": "VETH",
    "bond": "bond",
    "bond_slave": "bond_slave",
    "macvlan": "macvlan",
    "gre": "GRE",
}

_SLAVES = {"bridge": "Bridge", "bond": "Bond", "vrf": "Vrf"}


def flag_names(flags: int) -> str:
    """`<UP,BROADCAST,RUNNING,MULTICAST>`: FRR knows the BSD flags only."""
    return f"<{','.join(name for bit, name in _FLAGS if flags & bit)}>"


def type_name(link: "Link") -> str:
    """The link layer: `Ethernet`, `Loopback`."""
    return _TYPES.get(link.arp_type, "Unknown")


def drivers_name(link: "Link") -> str:
    """The kind of driver: `VETH`, `Bridge`, `Other`."""
    return _DRIVERS.get(link.kind, "Other")


def slave_name(link: "Link") -> str:
    """What kind of port it is."""
    return _SLAVES.get(link.slave, "None")


def stamp(moment: float | None) -> str:
    """When a link changed: FRR's date with hundredths of a second, or `(never)`."""
    if moment is None:
        return "(never)"
    hundredths = int(moment * 100) % 100
    return f"{strftime('%Y/%m/%d %H:%M:%S', localtime(moment))}.{hundredths:02d}"
