"""A service manager's end of sd_notify."""

import socket
import time
from pathlib import Path
from types import TracebackType
from typing import Self


class Notified:
    """Hears what a program tells at `NOTIFY_SOCKET`, a path or, after `@`, an abstract name."""

    def __init__(self, address: str | Path) -> None:
        self.address = str(address)
        self.heard: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(f"\0{self.address[1:]}" if self.address.startswith("@") else self.address)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def wait_for(self, line: str, seconds: float = 20) -> None:
        """Hear messages until one has this line; fails when it does not come."""
        deadline = time.monotonic() + seconds
        while line not in self.heard:
            left = deadline - time.monotonic()
            assert left > 0, f"{line} was not heard, but {self.heard}"
            self._socket.settimeout(left)
            try:
                self.heard += self._socket.recv(4096).decode().splitlines()
            except TimeoutError:
                continue

    def forget(self) -> None:
        """Start to listen anew."""
        self._socket.setblocking(False)
        try:
            while True:
                self._socket.recv(4096)
        except BlockingIOError:
            self.heard.clear()
