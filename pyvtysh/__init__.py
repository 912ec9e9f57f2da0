"""The shell `vtysh`, and the host that runs the daemons, one per process or all in one.

`cli` takes vtysh's options, and `oneshot` the plain lines of `-c` before it, from tables that
`tabulate` makes of the language; `dispatch` decides which daemon gets a line; `link` reaches it, in
this process or over its vty socket; `running` and `loading` speak of whole configurations;
`shell/` is the terminal; `host/` gives the components a process: sockets, options, files, signals.
`api/` is for programs, `testing/` for their tests.

What is named here is loaded when it is used: `vtysh -c` imports this package and nothing of them.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:  # as `typing` has it, which costs more to import than all of this
    from pyvtysh.api import (
        Answer,
        AsyncConfiguration,
        AsyncRouter,
        Configuration,
        ConnectError,
        JsonError,
        LineError,
        LostError,
        RefusedError,
        Router,
        RouterError,
        connect,
        connect_async,
    )

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
        raise AttributeError(f"module 'pyvtysh' has no attribute {name!r}")
    from pyvtysh import api

    return getattr(api, name)
