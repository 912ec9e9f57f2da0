"""Interfaces as zebra knows them: the kernel's link, its addresses, and what was configured."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from grammar.base.values import Address, Afi, Prefix
from zebra.config import AddressConfig, InterfaceConfig, ZebraConfig, name_key
from zebra.kernel.api import AddressState, Link, LinkAddress
from zebra.vrf import Vrf


@dataclass(slots=True, eq=False)
class Interface:
    """A link of the kernel; `last_up` and `last_down` are times of day, None for never.

    Of a link that comes while zebra runs FRR asks the driver for its `speed` a while later (until
    then `unasked`, and what was `told` counts), and takes no notice of the other end of a veth
    (`parent`, an ifindex); `link` says what it knows.
    """

    link: Link
    config: InterfaceConfig
    vrf: Vrf
    addresses: list[LinkAddress] = field(default_factory=list)
    ups: int = 0
    downs: int = 0
    last_up: float | None = None
    last_down: float | None = None
    speed: int = 0
    unasked: bool = False
    told: int = 0
    parent: int = 0
    connected: set[Prefix] = field(default_factory=set)
    """The networks that have a connected route now."""

    @property
    def name(self) -> str:
        """The interface's name."""
        return self.link.name

    @property
    def ifindex(self) -> int:
        """The kernel's number of it."""
        return self.link.ifindex

    @property
    def link_detect(self) -> bool:
        """Whether the carrier counts (FRR's default)."""
        return self.config.link_detect is not False

    @property
    def operative(self) -> bool:
        """Up, and with carrier unless link detection is off."""
        return self.link.running or (self.link.up and not self.link_detect)

    def see(self, link: Link) -> None:
        """The link, new or different, as far as FRR takes notice of it."""
        self.speed = link.speed or self.speed  # not asked by a name that is gone already
        if link.kind != "veth":
            self.parent = link.link_ifindex
        speed = self.told if self.unasked else link.speed
        self.link = replace(link, speed=speed, link_ifindex=self.parent)

    def ask_speed(self) -> bool:
        """Take notice of the speed; True if it is another than was told before."""
        before, self.unasked = self.told, False
        self.link = replace(self.link, speed=self.speed)
        return self.speed != before

    def of_afi(self, afi: Afi) -> Iterator[LinkAddress]:
        """The addresses of one family, in the order in which they came."""
        return (address for address in self.addresses if address.prefix.afi is afi)

    def put(self, address: LinkAddress) -> bool:
        """Enter an address or its new flags; True if it is new."""
        for index, known in enumerate(self.addresses):
            if known.prefix == address.prefix and known.peer == address.peer:
                self.addresses[index] = address
                return False
        self.addresses.append(address)
        return True

    def drop(self, address: LinkAddress) -> LinkAddress | None:
        """Forget an address; what was known of it, or None."""
        for index, known in enumerate(self.addresses):
            if known.prefix == address.prefix and known.peer == address.peer:
                return self.addresses.pop(index)
        return None


def usable(address: LinkAddress) -> bool:
    """False while IPv6 still looks for duplicates, or found one: FRR does not see it then."""
    unsure = AddressState.TENTATIVE | AddressState.DADFAILED
    return address.prefix.afi is Afi.IPV4 or not address.flags & unsure


class Interfaces:
    """All interfaces of a network namespace, by number and by name.

    `devices` are the VRFs of VRF devices by their ifindex; what has none of them as its master is
    in the VRF `home`.
    """

    def __init__(self, config: ZebraConfig, home: Vrf) -> None:
        self._config = config
        self._home = home
        self.devices: dict[int, Vrf] = {}
        self.by_index: dict[int, Interface] = {}
        self.by_name: dict[str, Interface] = {}
        self._gone: dict[InterfaceConfig, Interface] = {}

    def __iter__(self) -> Iterator[Interface]:
        """In FRR's order: by name, numbers in names by their value (`eth2` before `eth10`)."""
        return iter(sorted(self.by_name.values(), key=lambda i: name_key(i.name)))

    def absent(self, config: InterfaceConfig) -> Interface:
        """What is only configured, with what was counted while the kernel had it."""
        return self._gone.get(config) or Interface(Link(0, config.name, 0), config, self._home)

    def vrf_of(self, link: Link) -> Vrf:
        """The VRF a link belongs to; a VRF device is in its own."""
        found = self.devices.get(link.ifindex) or self.devices.get(link.master)
        return self._home if found is None else found

    def put(self, link: Link, *, late: bool = False) -> tuple[Interface, Link | None]:
        """Enter a link; with it the link as it was before, None if it is new.

        `late` are those that come while zebra runs.
        """
        interface = self.by_index.get(link.ifindex)
        if interface is None:
            interface = self._come(link, late)
            self.by_index[link.ifindex] = interface
            self.by_name[link.name] = interface
            return interface, None
        before = interface.link
        if before.name != link.name:
            self.by_name.pop(before.name, None)
            self.by_name[link.name] = interface
            interface.config = self._config.interface(link.name, self._home.name)
        interface.see(link)
        return interface, before

    def _come(self, link: Link, late: bool) -> Interface:
        config, vrf = self._config.interface(link.name, self._home.name), self.vrf_of(link)
        parent = 0 if late else link.link_ifindex
        interface = self._gone.pop(config, None) or Interface(link, config, vrf, parent=parent)
        interface.vrf, interface.unasked = vrf, late
        interface.see(link)
        return interface

    def drop(self, ifindex: int) -> Interface | None:
        """Forget a link; what was counted of it stays while lines of its block may be typed."""
        interface = self.by_index.pop(ifindex, None)
        if interface is not None and self.by_name.get(interface.name) is interface:
            del self.by_name[interface.name]
            if interface.config.opened:
                absent = replace(
                    interface, link=Link(0, interface.name, 0), told=interface.link.speed
                )
                absent.addresses, absent.connected = [], set()
                self._gone[interface.config] = absent
        return interface

    def operative(self, ifindex: int) -> bool:
        """Whether an interface is there and carries traffic."""
        interface = self.by_index.get(ifindex)
        return interface is not None and interface.operative

    def up(self, ifindex: int) -> bool:
        """Whether an interface is there and administratively up."""
        interface = self.by_index.get(ifindex)
        return interface is not None and interface.link.up

    def name(self, ifindex: int) -> str:
        """The name to show for a number; FRR says `unknown` for one that is not there."""
        interface = self.by_index.get(ifindex)
        return interface.name if interface is not None else "unknown"


def link_address(ifindex: int, line: AddressConfig) -> LinkAddress:
    """The address that a line of the configuration asks for."""
    prefix = line.prefix
    if line.peer is not None:
        peer = line.peer
        own = Prefix(prefix.afi, prefix.value, peer.length)
        return LinkAddress(ifindex, own, peer.address, label=line.label or "")
    broadcast = None
    if prefix.afi is Afi.IPV4:
        # Of a network of two there is none, and FRR names that of all networks.
        host = (1 << (32 - prefix.length)) - 1 if prefix.length != 31 else 0xFFFFFFFF
        broadcast = Address(Afi.IPV4, prefix.value | host)
    return LinkAddress(ifindex, prefix, broadcast=broadcast, label=line.label or "")
