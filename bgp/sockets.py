"""Options and addresses of the sockets BGP runs on (Linux)."""

import socket
from dataclasses import dataclass
from struct import pack, unpack_from
from typing import Final

from grammar.base.values import Address, Afi, Prefix

DSCP_CS6: Final = 48
"""What FRR marks its packets with: network control."""
TCP_MD5SIG: Final = 14
TCP_MD5SIG_EXT: Final = 32
_FLAG_PREFIX: Final = 1
IP_MINTTL: Final = 21
IPV6_MINHOPCOUNT: Final = 73
MD5_LIMIT: Final = 80
MAX_HOPS: Final = 255
_RTT: Final = 68
"""Where struct tcp_info has the round trip time, in microseconds."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address and port; `scope` is the interface index of a link-local address."""

    address: Address
    port: int
    scope: int = 0


def md5_option(peer: Address | Prefix, password: str) -> tuple[int, bytes]:
    """The socket option and its struct tcp_md5sig of Linux; no password takes the key away.

    For a prefix the key is that of all who connect from it.
    """
    key = password.encode()[:MD5_LIMIT]
    address = peer.address if isinstance(peer, Prefix) else peer
    if address.afi is Afi.IPV4:
        name = pack("=HH4s", socket.AF_INET, 0, address.pack())
    else:
        name = pack("=HHI16sI", socket.AF_INET6, 0, 0, address.pack(), 0)
    option, flags, length = TCP_MD5SIG, 0, 0
    if isinstance(peer, Prefix):
        option, flags, length = TCP_MD5SIG_EXT, _FLAG_PREFIX, peer.length
    return option, pack("=128sBBHi80s", name, flags, length, len(key), 0, key)


def new_socket(address: Address, dscp: int = DSCP_CS6) -> socket.socket:
    """A TCP socket of the address's family that does not block; `dscp` is its code point."""
    family = socket.AF_INET if address.afi is Afi.IPV4 else socket.AF_INET6
    sock = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
    if address.afi is Afi.IPV4:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, dscp << 2)
    else:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, dscp << 2)
    return sock


def bind_to_device(sock: socket.socket, device: str) -> None:
    """Only what comes and goes by this device, which may be that of a VRF; OSError."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode() + b"\0")


def set_hop_limits(sock: socket.socket, afi: Afi, ttl: int, min_ttl: int) -> None:
    """TTL to send with, and the least to accept (GTSM, RFC 5082; 0 for any)."""
    if afi is Afi.IPV4:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
        sock.setsockopt(socket.IPPROTO_IP, IP_MINTTL, min_ttl)
    else:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, ttl)
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_MINHOPCOUNT, min_ttl)


@dataclass(frozen=True, slots=True)
class TcpInfo:
    """What the kernel knows of a connection: segment size in bytes, round trip in milliseconds."""

    mss: int
    rtt: int


def set_mss(sock: socket.socket, mss: int) -> None:
    """The most bytes of a segment that the other side may send, and at most what we send."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, mss)


def tcp_info(sock: socket.socket) -> TcpInfo:
    """Ask the kernel; OSError."""
    mss = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG)
    told = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _RTT + 4)
    return TcpInfo(mss, unpack_from("=I", told, _RTT)[0] // 1000)


def sockaddr(endpoint: Endpoint) -> tuple[str, int] | tuple[str, int, int, int]:
    """The form the socket module wants."""
    if endpoint.address.afi is Afi.IPV4:
        return str(endpoint.address), endpoint.port
    return str(endpoint.address), endpoint.port, 0, endpoint.scope


def endpoint_of(name: tuple[str, int] | tuple[str, int, int, int]) -> Endpoint:
    """From what getsockname and getpeername give."""
    scope = name[3] if len(name) == 4 else 0
    return Endpoint(Address.parse(name[0].partition("%")[0]), name[1], scope)
