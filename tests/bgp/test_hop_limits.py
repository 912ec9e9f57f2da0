"""`ttl-security hops`: the kernel drops what comes from further away, before anybody reads it."""

import socket
from pathlib import Path

import pytest

from bgp.sockets import set_hop_limits
from grammar.base.values import Afi
from tests.support.wait import until


def dropped() -> int:
    """Segments that the kernel threw away for their hop limit."""
    lines = Path("/proc/net/netstat").read_text().splitlines()
    names, values = (line.split() for line in lines if line.startswith("TcpExt:"))
    return int(dict(zip(names[1:], values[1:], strict=True))["TCPMinTTLDrop"])


@pytest.mark.parametrize(
    ("afi", "here", "level", "option"),
    [
        (Afi.IPV4, "127.0.0.1", socket.IPPROTO_IP, socket.IP_TTL),
        (Afi.IPV6, "::1", socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS),
    ],
)
def test_what_comes_from_far_is_dropped(afi: Afi, here: str, level: int, option: int) -> None:
    family = socket.AF_INET if afi is Afi.IPV4 else socket.AF_INET6
    with socket.create_server((here, 0), family=family) as server:
        client = socket.create_connection(server.getsockname()[:2])
        accepted, _ = server.accept()
    with client, accepted:
        set_hop_limits(accepted, afi, 255, 254)
        accepted.setblocking(False)
        before = dropped()
        client.setsockopt(level, option, 64)
        client.sendall(b"from far")
        until(lambda: dropped() > before, 10, "a segment is dropped")
        with pytest.raises(BlockingIOError):
            accepted.recv(100)
        client.setsockopt(level, option, 255)  # TCP sends it again
        accepted.settimeout(10)
        assert accepted.recv(100) == b"from far"
