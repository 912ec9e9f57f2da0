"""What is known of VNIs, their MAC addresses, and the hosts that have these."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from grammar.base.values import Address, Afi
from zebra.zapi.evpn import MacFlag

NOWHERE = Address(Afi.IPV4, 0)
COPIED = 0
"""A router gets copies of what has no known destination (head-end replication)."""
NOT_COPIED = 1


class Origin(Enum):
    """Where an address was seen; FRR's words."""

    LOCAL = "local"
    REMOTE = "remote"
    AUTO = "auto"
    """Only named by a host's entry."""


@dataclass(slots=True, eq=False)
class Host:
    """An IP address of a MAC address; `active` when the latter was seen where the former was.

    `since` is monotonic, sequences count moves.
    """

    address: Address
    mac: bytes
    since: float
    origin: Origin = Origin.LOCAL
    active: bool = False
    vtep: Address | None = None
    router: bool = False
    local_sequence: int = 0
    remote_sequence: int = 0


@dataclass(slots=True, eq=False)
class Mac:
    """A MAC address, behind the port `ifindex` here or behind the router `vtep`.

    `moves` of the last while began at `first_move` (a time of day; `window` is the same
    monotonic); `duplicate` is the time of day at which they were too many, or None.
    """

    address: bytes
    since: float
    origin: Origin = Origin.AUTO
    ifindex: int = 0
    vlan: int = 0
    vtep: Address | None = None
    flags: MacFlag = MacFlag.NONE
    local_sequence: int = 0
    remote_sequence: int = 0
    moves: int = 0
    window: float = 0
    first_move: float = 0
    duplicate: float | None = None
    hosts: dict[Address, Host] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Vni:
    """A VXLAN interface: its own address, the interface of the bridge, and what is behind it.

    `svi` is 0 while there is none that is up, `vteps` are the other routers with how they get
    frames for nobody known. `told` when bgpd knows it.
    """

    number: int
    ifindex: int
    bridge: int = 0
    svi: int = 0
    vtep: Address = NOWHERE
    group: Address = NOWHERE
    told: bool = False
    vteps: dict[Address, int] = field(default_factory=dict)
    macs: dict[bytes, Mac] = field(default_factory=dict)
    hosts: dict[Address, Host] = field(default_factory=dict)

    def mac(self, address: bytes, now: float) -> Mac:
        """The entry of a MAC address, made when there is none."""
        known = self.macs.get(address)
        if known is None:
            known = self.macs[address] = Mac(address, now)
        return known

    def attach(self, host: Host, mac: Mac) -> None:
        """A host has this MAC address now."""
        self.detach(host)
        host.mac = mac.address
        mac.hosts[host.address] = host
        self.hosts[host.address] = host

    def detach(self, host: Host) -> None:
        """Forget a host, and its MAC address when nothing else knows of that."""
        self.hosts.pop(host.address, None)
        mac = self.macs.get(host.mac)
        if mac is not None and mac.hosts.pop(host.address, None) is not None:
            self.drop_if_unused(mac)

    def drop_if_unused(self, mac: Mac) -> None:
        """Forget a MAC address that was only named by hosts, when there is none any more."""
        if mac.origin is Origin.AUTO and not mac.hosts:
            self.macs.pop(mac.address, None)

    def known_macs(self) -> Iterator[Mac]:
        """Those that were seen somewhere, in order."""
        return (mac for mac in self.all_macs() if mac.origin is not Origin.AUTO)

    def all_macs(self) -> list[Mac]:
        """All in order."""
        return [mac for _, mac in sorted(self.macs.items())]

    def is_duplicate(self, host: Host) -> bool:
        """Whether the MAC address of a host moves too often."""
        mac = self.macs.get(host.mac)
        return mac is not None and mac.duplicate is not None

    def clear(self) -> None:
        """Forget all that is behind it."""
        self.vteps.clear()
        self.macs.clear()
        self.hosts.clear()
