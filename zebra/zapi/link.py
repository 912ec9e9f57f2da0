"""One end of a ZAPI conversation: message objects in and out, in one process or over a stream.

`PairLink` hands the objects over as they are; `StreamLink` sends bytes on a unix socket. Above this
seam nothing knows which it has (architecture: "One process or several").
"""

from collections.abc import Callable
from typing import Protocol

from zebra.zapi.messages import DEFAULT_VRF, Message

OnMessage = Callable[[Message, int], None]
"""Takes a message and the VRF of its header."""

CallSoon = Callable[[Callable[[], None]], object]


class Link(Protocol):
    """One end of a conversation.

    Its user sets the three callbacks in the same turn of the loop in which it gets the link; they
    come from the loop, never from inside `send`, `close` or `resume`. Messages arrive in order.
    """

    on_message: OnMessage
    on_close: Callable[[], None]
    """Called once when the other end is gone or broke the protocol; not after `close`."""
    on_writable: Callable[[], None]
    """Called when `congested` has become False again."""

    def send(self, message: Message, vrf: int = DEFAULT_VRF) -> None:
        """Queue a message; nothing happens when the link is closed."""
        ...

    def close(self) -> None:
        """End the conversation after what was sent; no callback comes any more."""
        ...

    def pause(self) -> None:
        """Take no messages until `resume`: the other end becomes congested when queues are full."""
        ...

    def resume(self) -> None:
        """Take messages again."""
        ...

    @property
    def congested(self) -> bool:
        """True while so much is queued that bulk senders should wait for `on_writable`."""
        ...

    @property
    def closed(self) -> bool:
        """True after either end closed."""
        ...
