"""asyncio's transports, and what they leave behind."""


def let_go(transport: object) -> None:
    """Have a transport whose connection is lost be freed at once, with its socket.

    One of asyncio's keeps bound methods of its own, that it calls when its socket is ready: cycles,
    which only a collection would free, and a daemon with a large table makes none. To be called by
    the protocol's `connection_lost`, after which nobody reads or writes.
    """
    inside = getattr(transport, "__dict__", {})
    for name in [name for name, value in inside.items() if _is_own(value, transport)]:
        del inside[name]


def _is_own(value: object, transport: object) -> bool:
    return getattr(value, "__self__", None) is transport
