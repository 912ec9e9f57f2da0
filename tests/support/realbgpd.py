"""One of FRR's daemons alone, to type lines into beside ours."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.router import Router


class RealDaemon:
    """A daemon of FRR's, spoken to over its vty socket."""

    def __init__(self, router: Router, daemon: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(10)
        self._socket.connect(str(router.run / f"{daemon}.vty"))
        self.type("enable")

    def type(self, line: str) -> tuple[int, str]:
        """Status and text of a line."""
        self._socket.sendall(line.encode() + b"\0")
        data = b""
        while data[-4:-1] != b"\0\0\0":
            more = self._socket.recv(65536)
            if not more:
                raise EOFError(f"the daemon ended at {line!r}")
            data += more
        return data[-1], data[:-4].decode()

    def close(self) -> None:
        self._socket.close()


RealBgpd = RealDaemon


@contextmanager
def real_bgpd(name: str) -> Iterator[RealDaemon]:
    """bgpd without a configuration, with its zebra, in a namespace of that name."""
    with real_daemon(name, "bgpd") as bgpd:
        yield bgpd


@contextmanager
def real_daemon(name: str, daemon: str, *devices: str) -> Iterator[RealDaemon]:
    """A daemon without a configuration, zebra with it, and the two ends of a veth as devices."""
    with Lab() as lab:
        namespace = lab.namespace(name)
        if devices:
            one, other = devices
            namespace.ip("link", "add", one, "type", "veth", "peer", "name", other)
            for device in devices:
                namespace.ip("link", "set", device, "up")
        router = FrrRouter(namespace, {f"{daemon}.conf": ""})
        router.start(*dict.fromkeys(("zebra", daemon)))
        found = RealDaemon(router, daemon)
        try:
            yield found
        finally:
            found.close()
