"""Telling a service manager how we are: systemd's sd_notify protocol, without its library.

`NOTIFY_SOCKET` names a datagram socket (`@` first: an abstract one), `WATCHDOG_USEC` how long we
may be silent, `WATCHDOG_PID` whom that concerns. Without them nothing is sent.
"""

import contextlib
import os
import socket
from collections.abc import Mapping


class Notify:
    """Messages to whoever started us."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        env = os.environ if environment is None else environment
        self._address = _address(env.get("NOTIFY_SOCKET", ""))
        self.watchdog = _watchdog(env) if self._address else 0.0
        """Seconds between two signs of life, 0 when none are wanted."""

    def send(self, *assignments: str) -> None:
        """Send lines such as `READY=1`; a manager that does not listen is no error."""
        if not self._address:
            return
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.setblocking(False)
            out.sendto("\n".join(assignments).encode(), self._address)

    def ready(self, status: str) -> None:
        """We are usable."""
        self.send("READY=1", f"MAINPID={os.getpid()}", f"STATUS={status}")

    def status(self, status: str) -> None:
        """One line for the manager's own display."""
        self.send(f"STATUS={status}")

    def alive(self) -> None:
        """The sign of life."""
        self.send("WATCHDOG=1")

    def stopping(self) -> None:
        """We are about to end."""
        self.send("STOPPING=1", "STATUS=Ending")


def _address(given: str) -> str:
    """The socket's address; an abstract one begins with a NUL."""
    if given.startswith("@"):
        return f"\0{given[1:]}"
    return given if given.startswith("/") else ""


def _watchdog(env: Mapping[str, str]) -> float:
    """Half of the time that we may be silent, as systemd advises."""
    silent = env.get("WATCHDOG_USEC", "")
    concerned = env.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    if not (concerned and silent.isascii() and silent.isdigit()):
        return 0.0
    return int(silent) / 2e6
