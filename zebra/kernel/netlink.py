"""The kernel of this machine, or of the network namespace that the process runs in.

pyroute2's classes read links and addresses; routes go past them (`encode`, `decode`), since a full
table would take minutes there.
"""

import asyncio
import errno
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from socket import AF_INET, AF_INET6, AF_UNSPEC
from typing import Any

from grammar.base.values import Address, Afi, Prefix
from zebra.kernel.api import (
    IFF_RUNNING,
    AddressAdded,
    AddressGone,
    AddressState,
    Change,
    Done,
    Event,
    Link,
    LinkAddress,
    LinkChanged,
    LinkGone,
    NexthopAdded,
    NexthopGone,
    Refused,
    RouteAdded,
    RouteGone,
    Scope,
)
from zebra.kernel.bare import bare_package
from zebra.kernel.decode import (
    NetlinkMessage,
    decode_host,
    decode_neighbor,
    decode_nexthop,
    decode_route,
)
from zebra.kernel.encode import (
    AF_BRIDGE,
    HEADER,
    IFADDRMSG,
    IFINFOMSG,
    NDMSG,
    NHMSG,
    NLM_F_REPLACE,
    RTM_DELADDR,
    RTM_DELLINK,
    RTM_DELNEIGH,
    RTM_DELNEXTHOP,
    RTM_DELROUTE,
    RTM_GETADDR,
    RTM_GETLINK,
    RTM_GETNEIGH,
    RTM_GETNEXTHOP,
    RTM_GETROUTE,
    RTM_NEWADDR,
    RTM_NEWLINK,
    RTM_NEWNEIGH,
    RTM_NEWNEXTHOP,
    RTM_NEWROUTE,
    RTMSG,
    attribute,
)
from zebra.kernel.kinds import Vxlan
from zebra.kernel.neighbors import HostEvent, Neighbor
from zebra.kernel.sockets import CommandSocket, LinkSpeeds, MonitorSocket, dump, dump_whole
from zebra.kernel.switches import write_label_switch

with bare_package("pyroute2"):
    from pyroute2.netlink.rtnl.ifaddrmsg import ifaddrmsg
    from pyroute2.netlink.rtnl.ifinfmsg import ifinfmsg

_CHUNK = 256
"""Changes in one `send`: some 2 ms of the kernel's work."""
_TURN = 0.005
"""Seconds for news in one turn of the loop."""

_FORWARDING = {
    Afi.IPV4: Path("/proc/sys/net/ipv4/ip_forward"),
    Afi.IPV6: Path("/proc/sys/net/ipv6/conf/all/forwarding"),
}

_SKIP_STATS = attribute(29, (8).to_bytes(4, sys.byteorder))
"""IFLA_EXT_MASK with RTEXT_FILTER_SKIP_STATS: counters would be most of the answer."""


@dataclass(slots=True)
class _Batch:
    changes: Sequence[Change]
    done: Done
    answers: list[int] = field(default_factory=list)


class NetlinkKernel:
    """The `Kernel` interface over rtnetlink; made inside a running event loop.

    OSError from the constructor when there is no netlink. Without CAP_NET_ADMIN everything can be
    read, and changes are answered with EPERM. `buffer` octets of news may wait, 0 for many.
    """

    def __init__(self, buffer: int = 0) -> None:
        self._loop = asyncio.get_running_loop()
        self._commands = CommandSocket()
        self._refused: list[Refused] = []
        self._commands.on_refused = self._refused.append
        self.on_refused: Callable[[Refused], None] = lambda refused: None
        self._monitor = MonitorSocket(self._commands.port, buffer)
        self._on_event: Callable[[Event], None] | None = None
        self._on_overrun: Callable[[], None] | None = None
        self._batches: deque[_Batch] = deque()
        self._speeds = LinkSpeeds()
        self._away: asyncio.Task[None] | None = None
        """A thread waits for the kernel."""
        self._closed = False

    # --- the interface ---------------------------------------------------------------------------

    def subscribe(self, on_event: Callable[[Event], None], on_overrun: Callable[[], None]) -> None:
        """Start giving what happened since this object was made."""
        self._on_event = on_event
        self._on_overrun = on_overrun
        self._loop.add_reader(self._monitor.fileno(), self._read)

    def dump(self) -> Iterator[Event]:
        """Everything there is, from the kernel's own lists; see `Kernel.dump`."""
        yield from self._events(dump_whole(RTM_GETLINK, AF_UNSPEC, IFINFOMSG, _SKIP_STATS))
        yield from self._events(dump_whole(RTM_GETADDR, AF_UNSPEC, IFADDRMSG))
        try:
            yield from self._events(dump_whole(RTM_GETNEXTHOP, AF_UNSPEC, NHMSG))
        except OSError as error:  # before Linux 5.3 there are no next-hop objects
            if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL):
                raise
        for family in (AF_INET, AF_INET6):
            yield from self._events(dump(RTM_GETROUTE, family, RTMSG))

    def program(self, changes: Sequence[Change], done: Done) -> None:
        """Queue a batch; see `Kernel.program`."""
        self._batches.append(_Batch(changes, done))
        if len(self._batches) == 1:
            self._loop.call_soon(self._pump)

    def neighbors(self) -> list[Neighbor]:
        """From the kernel's own lists."""
        listed = (
            decode_neighbor(message.body)
            for family in (AF_INET, AF_INET6)
            for message in dump_whole(RTM_GETNEIGH, family, NDMSG)
        )
        return [neighbor for neighbor in listed if neighbor is not None]

    def follow_hosts(self, on: bool) -> Iterator[HostEvent]:
        """See `Kernel.follow_hosts`."""
        self._monitor.follow_hosts(on)
        for family in (AF_BRIDGE, AF_INET, AF_INET6) if on else ():
            for message in dump_whole(RTM_GETNEIGH, family, NDMSG):
                event = decode_host(message.body, True)
                if event is not None:
                    yield event

    def forwarding(self, afi: Afi) -> bool:
        """The sysctl; False if there is none (a kernel without IPv6)."""
        try:
            return _FORWARDING[afi].read_text().strip() != "0"
        except FileNotFoundError:
            return False

    def set_forwarding(self, afi: Afi, on: bool) -> None:
        """Write the sysctl."""
        _FORWARDING[afi].write_text("1\n" if on else "0\n")

    def take_labels(self, interface: str, on: bool) -> None:
        """Write the sysctl, which is there where Linux has MPLS."""
        write_label_switch(interface, on)

    def close(self) -> None:
        """Stop; batches that are not finished are never answered."""
        if not self._closed:
            self._closed = True
            self._loop.remove_reader(self._monitor.fileno())
            self._monitor.close()
            if not self._away:
                self._commands.close()
            self._batches.clear()

    # --- changes ---------------------------------------------------------------------------------

    def _pump(self) -> None:
        if not self._closed and self._batches and not self._away:
            self._away = self._loop.create_task(self._carry_out(self._batches[0]))

    async def _carry_out(self, batch: _Batch) -> None:
        """Let a thread wait for the kernel.

        It changes all routes that name an object with it, which takes 100 ms for 100,000 of them,
        and does one thing at a time for all namespaces.
        """
        try:
            await self._loop.run_in_executor(None, self._send, batch)
        finally:  # the loop may have ended meanwhile
            self._away = None
            if self._closed:
                self._commands.close()
        if not self._closed:
            self._answered(batch)

    def _send(self, batch: _Batch) -> None:
        for at in range(0, len(batch.changes), _CHUNK):
            if self._closed:
                return
            batch.answers += self._commands.program(batch.changes[at : at + _CHUNK])

    def _answered(self, batch: _Batch) -> None:
        while self._refused:
            self.on_refused(self._refused.pop(0))
        self._batches.popleft()
        self._pump()
        batch.done(batch.answers)

    # --- news ------------------------------------------------------------------------------------

    def _events(self, listed: Iterable[NetlinkMessage]) -> Iterator[Event]:
        for message in listed:
            event = _event(message, self._speeds)
            if event is not None:
                yield event

    def _read(self) -> None:
        try:
            for event in self._events(self._monitor.read(_TURN)):
                if self._closed or self._on_event is None:
                    return
                self._on_event(event)
        except OSError as error:
            if error.errno != errno.ENOBUFS:
                raise
            self._monitor.discard()  # what is told now is newer
            if self._on_overrun is not None:
                self._on_overrun()


def _event(message: NetlinkMessage, speeds: LinkSpeeds) -> Event | None:
    match message.type:
        case kind if kind in (RTM_NEWROUTE, RTM_DELROUTE):
            route = decode_route(message.body)
            if route is None:
                return None
            if kind == RTM_DELROUTE:
                return RouteGone(route)
            return RouteAdded(route, bool(message.flags & NLM_F_REPLACE))
        case kind if kind in (RTM_NEWLINK, RTM_DELLINK):
            return _link_event(message, speeds)
        case kind if kind in (RTM_NEWADDR, RTM_DELADDR):
            address = _address(message)
            if address is None:
                return None
            return AddressAdded(address) if kind == RTM_NEWADDR else AddressGone(address)
        case kind if kind in (RTM_NEWNEXTHOP, RTM_DELNEXTHOP):
            nexthop = decode_nexthop(message.body)
            if nexthop is None:
                return None
            return NexthopAdded(nexthop) if kind == RTM_NEWNEXTHOP else NexthopGone(nexthop.id)
        case kind if kind in (RTM_NEWNEIGH, RTM_DELNEIGH):
            return decode_host(message.body, kind == RTM_NEWNEIGH)
    return None


# --- by pyroute2 ---------------------------------------------------------------------------------


def _whole(message: NetlinkMessage) -> bytes:
    size = HEADER.size + len(message.body)
    head = HEADER.pack(size, message.type, message.flags, message.sequence, message.port)
    return head + message.body


def _link_event(message: NetlinkMessage, speeds: LinkSpeeds) -> Event | None:
    # A bridge tells of its ports in messages of its own family; they are no links that come or go.
    if message.body[:1] != bytes((AF_UNSPEC,)):
        return None
    read = ifinfmsg(_whole(message))
    read.decode()
    name = str(read.get_attr("IFLA_IFNAME") or "")
    ifindex = int(read["index"])
    if message.type == RTM_DELLINK:
        speeds.forget(ifindex)
        return LinkGone(ifindex, name)
    flags = int(read["flags"])
    link = Link(
        ifindex,
        name,
        flags,
        mtu=int(read.get_attr("IFLA_MTU") or 0),
        hw_address=bytes.fromhex(str(read.get_attr("IFLA_ADDRESS") or "").replace(":", "")),
        link_ifindex=int(read.get_attr("IFLA_LINK") or 0),
        speed=speeds.of(ifindex, name, bool(flags & IFF_RUNNING)),
        master=int(read.get_attr("IFLA_MASTER") or 0),
        arp_type=int(read["ifi_type"]),
    )
    info = read.get_attr("IFLA_LINKINFO")
    return LinkChanged(link if info is None else _with_kind(link, info))


def _with_kind(link: Link, info: Any) -> Link:
    kind = str(info.get_attr("IFLA_INFO_KIND") or "")
    link = replace(link, kind=kind, slave=str(info.get_attr("IFLA_INFO_SLAVE_KIND") or ""))
    data = info.get_attr("IFLA_INFO_DATA")
    if data is None:
        return link
    match kind:
        case "vrf":
            return replace(link, table=int(data.get_attr("IFLA_VRF_TABLE") or 0))
        case "vlan":
            return replace(link, vlan=int(data.get_attr("IFLA_VLAN_ID") or 0))
        case "bridge":
            return replace(link, vlan_aware=bool(data.get_attr("IFLA_BR_VLAN_FILTERING")))
        case "vxlan":
            below = int(data.get_attr("IFLA_VXLAN_LINK") or 0)
            return replace(link, vxlan=_vxlan(data), link_ifindex=below)
    return link


def _vxlan(data: Any) -> Vxlan:
    def address(name: str) -> Address | None:
        text = data.get_attr(name)
        return Address.parse(str(text)) if text else None

    number = int(data.get_attr("IFLA_VXLAN_ID") or 0)
    return Vxlan(number, address("IFLA_VXLAN_LOCAL"), address("IFLA_VXLAN_GROUP"))


def _address(message: NetlinkMessage) -> LinkAddress | None:
    read = ifaddrmsg(_whole(message))
    read.decode()
    if read["family"] not in (AF_INET, AF_INET6):
        return None
    local, far = read.get_attr("IFA_LOCAL"), read.get_attr("IFA_ADDRESS")
    own = Address.parse(str(local or far))
    broadcast = read.get_attr("IFA_BROADCAST")
    flags = read.get_attr("IFA_FLAGS")
    return LinkAddress(
        int(read["index"]),
        Prefix(own.afi, own.value, int(read["prefixlen"])),
        peer=Address.parse(str(far)) if local and far and far != local else None,
        broadcast=Address.parse(str(broadcast)) if broadcast else None,
        label=str(read.get_attr("IFA_LABEL") or ""),
        flags=AddressState(int(read["flags"] if flags is None else flags)),
        scope=_scope(int(read["scope"])),
    )


def _scope(number: int) -> Scope:
    try:
        return Scope(number)
    except ValueError:
        return Scope.UNIVERSE
