"""What BGP wants of the edge: connections, made and accepted. `bgp.tcp` has the real ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from bgp.sockets import Endpoint, TcpInfo
from grammar.base.values import Address, Prefix

TurnsAway = Callable[[Endpoint], bool]
"""Asked of who connects, before anything is made for a connection: True if it is to be closed."""


def nobody(_remote: Endpoint) -> bool:
    """Turns nobody away."""
    return False


HIGH_WATER: Final = 256 * 1024
LOW_WATER: Final = 64 * 1024
"""Bytes that may wait before the socket: above, senders should pause; below, they go on."""


class Connection(Protocol):
    """One TCP connection. Its user sets the callbacks before it returns to the loop."""

    local: Endpoint
    remote: Endpoint
    fd: int
    on_data: Callable[[bytes], None]
    on_close: Callable[[OSError | None], None]
    """The peer closed (None) or the connection broke; not after `close`."""
    on_drained: Callable[[], None]
    """`buffered` fell below the low mark after it was above the high mark."""

    def write(self, data: bytes) -> None:
        """Send; bytes the socket does not take are buffered."""
        ...

    @property
    def buffered(self) -> int:
        """Bytes that the socket has not taken yet."""
        ...

    def tcp_info(self) -> TcpInfo | None:
        """What the kernel knows of it; None when there is no kernel in between, or it is closed."""
        ...

    def close(self) -> None:
        """Send what is buffered, then close; no callback comes any more."""
        ...

    def pause(self) -> None:
        """Stop reading: TCP holds the peer back."""
        ...

    def resume(self) -> None:
        """Read again."""
        ...


@dataclass(frozen=True, slots=True)
class Dial:
    """How to connect: to `remote`, from `source`, with `ttl` (min_ttl for GTSM) and MD5."""

    remote: Endpoint
    source: Address | None = None
    interface: str | None = None
    ttl: int = 255
    min_ttl: int = 0
    password: str | None = None
    mss: int | None = None


class Attempt(Protocol):
    """A connect under way."""

    def cancel(self) -> None:
        """Give up; no callback comes any more."""
        ...


@dataclass(frozen=True, slots=True)
class Listener:
    """A listening socket, for `show bgp listeners`."""

    endpoint: Endpoint
    fd: int


class Transport(Protocol):
    """Makes connections. `connect` and `listen` call back from the loop, never at once."""

    listeners: list[Listener]
    dscp: int
    """The differentiated services code point of sockets that are opened from now on."""

    def listen(
        self, on_accept: Callable[[Connection], None], turns_away: TurnsAway = nobody
    ) -> None:
        """Open the listening sockets (once); OSError is logged, not raised.

        A transport whose connections cost nothing need not ask `turns_away`.
        """
        ...

    def unlisten(self) -> None:
        """Close them."""
        ...

    def connect(
        self,
        dial: Dial,
        on_connected: Callable[[Connection], None],
        on_failed: Callable[[OSError], None],
    ) -> Attempt:
        """Begin to connect; exactly one of the callbacks is called."""
        ...

    def set_password(self, peer: Address | Prefix, password: str | None) -> None:
        """MD5 key for connections that come from an address, or from anywhere in a prefix."""
        ...

    def set_ttl(self, connection: Connection, ttl: int, min_ttl: int) -> None:
        """Hop limits of an accepted connection."""
        ...

    def set_mss(self, connection: Connection, mss: int) -> None:
        """Segment size of an accepted connection."""
        ...

    def dropped(self) -> Mapping[str, int]:
        """Segments dropped since it began, by the kernel's names for why (`TCPMD5Failure`).

        Whoever sent them, to whatever program; nothing where no kernel counts.
        """
        ...

    def within(self, vrf: str, netns: str) -> "Transport":
        """One of its own for a VRF: on the device of that name, or in a network namespace."""
        ...
