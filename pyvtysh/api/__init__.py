"""A router from Python: `pyvtysh.connect()`, and `pyvtysh.connect_async()` for asyncio.

What the shell does for a person this does for a program: lines go to the daemons that take them,
over their vty sockets, FRR's daemons included; what is refused is an exception that names line and
daemon. `errors` are these, `sync` is the router, `aio` the same for asyncio, which is imported with
that only.
"""

from pyvtysh.api.errors import (
    Answer,
    ConnectError,
    JsonError,
    LineError,
    LostError,
    RefusedError,
    RouterError,
)
from pyvtysh.api.sync import Configuration, Router, connect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvtysh.api.aio import AsyncConfiguration, AsyncRouter, connect_async

__all__ = [
    "Answer",
    "AsyncConfiguration",
    "AsyncRouter",
    "Configuration",
    "ConnectError",
    "JsonError",
    "LineError",
    "LostError",
    "RefusedError",
    "Router",
    "RouterError",
    "connect",
    "connect_async",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'pyvtysh.api' has no attribute {name!r}")
    from pyvtysh.api import aio  # imports asyncio

    return getattr(aio, name)
