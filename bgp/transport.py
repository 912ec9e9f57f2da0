"""The asyncio edge: TCP connections for the sans-IO sessions. Nothing else here uses asyncio."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from grammar.base.values import Address


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address and port; `scope` is the interface index of a link-local address."""

    address: Address
    port: int
    scope: int = 0


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

    def listen(self, on_accept: Callable[[Connection], None]) -> None:
        """Open the listening sockets (once); OSError is logged, not raised."""
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

    def set_password(self, address: Address, password: str | None) -> None:
        """MD5 key for connections that come from `address`; OSError if the kernel refuses."""
        ...

    def set_ttl(self, connection: Connection, ttl: int, min_ttl: int) -> None:
        """Hop limits of an accepted connection."""
        ...
