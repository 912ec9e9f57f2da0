"""FRR's bgpd alone, to type lines into beside ours."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab


class RealBgpd:
    """FRR's bgpd, spoken to over its vty socket."""

    def __init__(self, router: FrrRouter) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(10)
        self._socket.connect(str(router.run / "bgpd.vty"))
        self.type("enable")

    def type(self, line: str) -> tuple[int, str]:
        """Status and text of a line."""
        self._socket.sendall(line.encode() + b"\0")
        data = b""
        while data[-4:-1] != b"\0\0\0":
            data += self._socket.recv(65536)
        return data[-1], data[:-4].decode()

    def close(self) -> None:
        self._socket.close()


@contextmanager
def real_bgpd(name: str) -> Iterator[RealBgpd]:
    """One without a configuration, with its zebra, in a namespace of that name."""
    with Lab() as lab:
        router = FrrRouter(lab.namespace(name), {"bgpd.conf": ""})
        router.start("zebra", "bgpd")
        bgpd = RealBgpd(router)
        try:
            yield bgpd
        finally:
            bgpd.close()
