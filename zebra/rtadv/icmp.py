"""The raw ICMPv6 socket for router advertisements (Linux, RFC 3542)."""

import socket
from collections.abc import Callable
from contextlib import suppress
from struct import pack, unpack_from
from typing import Final, Protocol

from grammar.base.values import Address
from zebra.rtadv.packet import ADVERTISEMENT, SOLICITATION

_ALL_ROUTERS: Final = Address.parse("ff02::2").pack()
_ICMP6_FILTER: Final = 1
_PACKETS: Final = 64
"""Packets read in one turn of the loop."""

Received = Callable[[int, Address, int, bytes], None]
"""Called with the interface's number, the source, the hop limit and the message."""


class Loop(Protocol):
    """What is used of asyncio's event loop."""

    def add_reader(self, fd: int, callback: Callable[[], object]) -> None:
        """Call back when there is something to read."""
        ...

    def remove_reader(self, fd: int) -> bool:
        """No more."""
        ...


class IcmpSocket:
    """The `Wire` of an `Advertiser`; OSError (EPERM) without the right to open it."""

    def __init__(self, loop: Loop, on_packet: Received) -> None:
        self._loop = loop
        self._on_packet = on_packet
        kind = socket.SOCK_RAW | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC
        self._socket = socket.socket(socket.AF_INET6, kind, socket.IPPROTO_ICMPV6)
        try:
            self._prepare()
        except OSError:
            self._socket.close()
            raise
        loop.add_reader(self._socket.fileno(), self._read)

    def _prepare(self) -> None:
        passed = [0xFFFFFFFF] * 8
        for kind in (SOLICITATION, ADVERTISEMENT):
            passed[kind >> 5] &= ~(1 << (kind & 31))
        sock, ipv6 = self._socket, socket.IPPROTO_IPV6
        sock.setsockopt(socket.IPPROTO_ICMPV6, _ICMP6_FILTER, pack("=8I", *passed))
        for option, value in (
            (socket.IPV6_RECVPKTINFO, 1),
            (socket.IPV6_RECVHOPLIMIT, 1),
            (socket.IPV6_MULTICAST_LOOP, 0),
            (socket.IPV6_MULTICAST_HOPS, 255),
            (socket.IPV6_UNICAST_HOPS, 255),
        ):
            sock.setsockopt(ipv6, option, value)

    def close(self) -> None:
        """No more packets."""
        self._loop.remove_reader(self._socket.fileno())
        self._socket.close()

    def join(self, ifindex: int) -> None:
        """Hear what is sent to all routers on an interface; one that went is passed over."""
        self._group(socket.IPV6_JOIN_GROUP, ifindex)

    def leave(self, ifindex: int) -> None:
        """No more."""
        self._group(socket.IPV6_LEAVE_GROUP, ifindex)

    def _group(self, option: int, ifindex: int) -> None:
        with suppress(OSError):
            request = _ALL_ROUTERS + pack("=I", ifindex)
            self._socket.setsockopt(socket.IPPROTO_IPV6, option, request)

    def send(self, ifindex: int, to: Address, data: bytes) -> None:
        """Send; the kernel chooses the link-local address and adds the checksum. OSError."""
        info = (socket.IPPROTO_IPV6, socket.IPV6_PKTINFO, bytes(16) + pack("=I", ifindex))
        self._socket.sendmsg([data], [info], 0, (str(to), 0, 0, ifindex))

    def _read(self) -> None:
        for _ in range(_PACKETS):
            try:
                data, extra, _flags, source = self._socket.recvmsg(2048, 128)
            except OSError:  # nothing more, or an error that belongs to a former packet
                return
            ifindex = hop_limit = 0
            for level, kind, value in extra:
                if (level, kind) == (socket.IPPROTO_IPV6, socket.IPV6_PKTINFO):
                    ifindex = unpack_from("=I", value, 16)[0]
                elif (level, kind) == (socket.IPPROTO_IPV6, socket.IPV6_HOPLIMIT):
                    hop_limit = unpack_from("=i", value)[0]
            address = Address.parse(source[0].partition("%")[0])
            self._on_packet(ifindex, address, hop_limit, data)
