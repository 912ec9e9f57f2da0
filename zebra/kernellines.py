"""What `debug zebra kernel` says, in FRR's words and with its marks.

FRR's lines about the bytes of its messages and the threads that they pass are not written.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Self

from zebra.kernel.api import (
    AddressAdded,
    AddressGone,
    Change,
    Event,
    InstallNexthop,
    InstallRoute,
    Kernel,
    KernelRoute,
    Link,
    LinkAddress,
    LinkChanged,
    LinkGone,
    NexthopObject,
    RemoveNexthop,
    RemoveRoute,
    RouteAdded,
    RouteGone,
    RouteKind,
    RouteProtocol,
)
from zebra.kernelroutes import BLACKHOLES, OWN_PROTOCOLS, cost_of

if TYPE_CHECKING:
    from zebra.interface import Interface
    from zebra.namespace import Namespace
    from zebra.vrf import Table

_TYPES = ("", "vxlan", "vrf", "bridge", "vlan", "macvlan", "veth", "bond")
_SLAVES = ("", "vrf", "bridge", "bond")
"""FRR's numbers of kinds of links, and of ports: places in these lists."""


def _number(kind: str, kinds: tuple[str, ...]) -> int:
    return kinds.index(kind) if kind in kinds else 0


class KernelLines:
    """Lines about what the kernel is told and tells; `write` takes text and mark."""

    def __init__(self, switches: dict[str, str], write: Callable[[str, str], None]) -> None:
        self._switches = switches
        self._write = write
        self._spaces: dict[Kernel, Namespace] = {}

    @property
    def on(self) -> bool:
        """Whether there is anything to say."""
        return "kernel" in self._switches

    def follow(self, namespace: "Namespace") -> Self:
        """Know the links of a kernel by the names they have there, from now on."""
        self._spaces[namespace.kernel] = namespace
        return self

    def leave(self, namespace: "Namespace") -> None:
        """A namespace is gone."""
        self._spaces.pop(namespace.kernel, None)

    # --- what the kernel is told ---------------------------------------------------------------

    def programming(self, kernel: Kernel, changes: Iterable[Change]) -> None:
        """Changes go to a kernel."""
        for change in changes if self.on else ():
            match change:
                case InstallRoute(route):
                    self._route("NEW", route)
                    if route.nhid:
                        text = f"netlink_route_multipath_msg_encode: {route.prefix}"
                        self._write(f"{text} nhg_id is {route.nhid}", "J87BH-XW5PP")
                case RemoveRoute(route):
                    self._route("DEL", route)
                case InstallNexthop(nexthop):
                    self._object(kernel, nexthop)
                    self._nexthop("NEW", nexthop.id)
                case RemoveNexthop(number):
                    self._nexthop("DEL", number)
                case _:
                    pass

    def _route(self, verb: str, route: KernelRoute) -> None:
        text = f"netlink_route_multipath_msg_encode: RTM_{verb}ROUTE {route.prefix}"
        self._write(f"{text} vrf 0({route.table})", "YXPF5-B2CE0")

    def _nexthop(self, verb: str, number: int) -> None:
        text = f"netlink_nexthop_msg_encode: RTM_{verb}NEXTHOP, id={number}"
        self._write(text, "R43C6-KYHWT")

    def _object(self, kernel: Kernel, nexthop: NexthopObject) -> None:
        if nexthop.group:
            members = "/".join(str(member) for member, _ in nexthop.group)
            text = f"_netlink_nexthop_build_group: ID ({nexthop.id}): group {members}"
            self._write(text, "VNMVB-91G3G")
        elif not nexthop.blackhole:
            hop, namespace = nexthop.way, self._spaces.get(kernel)
            known = namespace and namespace.interfaces.by_index.get(hop.ifindex)
            way = f"{hop.gate}, via" if hop.gate is not None else "directly connected,"
            name, vrf = (known.name, known.vrf.label) if known else ("", "")
            text = f"netlink_nexthop_msg_encode: ID ({nexthop.id}): {way} {name}({hop.ifindex})"
            labels = f"label {'/'.join(map(str, hop.labels))}" if hop.labels else ""
            onlink = "onlink" if hop.onlink else ""
            self._write(f"{text} vrf {vrf} {onlink} {labels}", "YXCJP-0WZWV")

    # --- what the kernel tells -----------------------------------------------------------------

    def heard(
        self, event: Event, namespace: "Namespace", table: Callable[[KernelRoute], "Table | None"]
    ) -> None:
        """Something happened in a namespace; nothing has been made of it yet."""
        if not self.on:
            return
        by_index = namespace.interfaces.by_index
        match event:
            case LinkChanged(link):
                self._link(link, by_index.get(link.ifindex), namespace)
            case LinkGone(ifindex) if ifindex in by_index:
                self._write(f"RTM_DELLINK for {by_index[ifindex].name}({ifindex})", "TDJW2-B9KJW")
            case AddressAdded(address):
                self._address("ADD", address, by_index.get(address.ifindex))
            case AddressGone(address):
                self._address("DEL", address, by_index.get(address.ifindex))
            case RouteAdded(route) if route.protocol not in OWN_PROTOCOLS:
                self._told("NEW", route, table(route))
            case RouteGone(route):
                self._told("DEL", route, table(route))
            case _:
                pass

    def _link(self, link: Link, known: "Interface | None", namespace: "Namespace") -> None:
        port = f"sl_type {_number(link.slave, _SLAVES)} master {link.master}"
        flags = f"flags {link.flags:#x}"
        where = f"{link.name}({link.ifindex})"
        if known is not None:
            self._write(f"RTM_NEWLINK update for {where} {port} {flags}", "W6BZR-YZPAB")
            return
        vrf = namespace.interfaces.vrf_of(link)
        text = f"RTM_NEWLINK ADD for {where} vrf_id {vrf.id} type {_number(link.kind, _TYPES)}"
        self._write(f"{text} {port} {flags}", "NAV05-EY6FH")
        text = f"interface {link.name} vrf {vrf.label} index {link.ifindex} becomes active."
        self._write(text, "ZAG0W-VSNSD")

    def _address(self, verb: str, address: LinkAddress, known: "Interface | None") -> None:
        if known is not None:
            text = f"zebra_if_addr_update_ctx: INTF_ADDR_{verb}: ifindex {known.name}"
            self._write(f"{text}({known.ifindex}), addr {address.prefix}", "MZPZA-W042K")

    def _told(self, verb: str, route: KernelRoute, table: "Table | None") -> None:
        if table is None or not _entered(route):
            return
        distance, metric = cost_of(route.metric)
        text = f"RTM_{verb}ROUTE {route.prefix} vrf {table.vrf.label} table_id: {route.table}"
        self._write(f"{text} metric: {metric} Admin Distance: {distance}", "K2A4T-TS83H")

    def turned(self, interface: "Interface") -> None:
        """An interface went up or down."""
        if self.on:
            where = f"{interface.name}({interface.ifindex})"
            if interface.operative:
                self._write(f"Intf {where} has come UP", "N7FN2-J93A7")
            else:
                self._write(f"Intf {where} has gone DOWN", "MR3ZF-ATDBY")

    def gone(self, interface: "Interface") -> None:
        """An interface is there no more."""
        if self.on:
            name, where = interface.name, f"index {interface.ifindex} is now inactive."
            self._write(f"interface {name} vrf {interface.vrf.label} {where}", "WEEJX-M4HA0")
            self._write(f"interface {name} is being deleted from the system", "Y6R2N-EF2N4")


def _entered(route: KernelRoute) -> bool:
    kernels = (RouteProtocol.KERNEL, RouteProtocol.REDIRECT)
    return route.protocol not in kernels and route.type in (RouteKind.UNICAST, *BLACKHOLES)
