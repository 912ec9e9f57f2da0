"""Sessions with each of our daemons, without processes and without the machine's kernel."""

from collections.abc import Iterable
from typing import Any, Protocol

from bgp.zebra import Interface
from grammar.base.values import Afi
from grammar.node import CONFIG, Node
from grammar.session import Session
from tests.bgp.commandline import Terminal as BgpdTerminal
from tests.zebra.stack import Stack, ethernet

DAEMONS = ("bgpd", "zebra", "staticd")


class Terminal(Protocol):
    """A session with a daemon."""

    @property
    def daemon(self) -> Any:
        """The daemon."""
        ...

    @property
    def session(self) -> Session:
        """The session."""
        ...

    def type(self, *lines: str) -> tuple[int, str]:
        """Type lines; status and text of the last one."""
        ...


class StackTerminal:
    """A session with zebra or staticd, over a kernel in memory."""

    def __init__(
        self,
        name: str,
        node: Node,
        interfaces: Iterable[str] = (),
        namespaces: Iterable[str] | None = None,
    ) -> None:
        links = [ethernet(index, each) for index, each in enumerate(interfaces, 2)]
        stack = Stack(links, static=False, namespaces=namespaces)
        stack.zebra.config.forwarding[Afi.IPV6] = False
        self.daemon: Any = stack.zebra if name == "zebra" else stack.staticd
        self.session = Session(self.daemon, node)
        self._settle = stack.settle

    def type(self, *lines: str) -> tuple[int, str]:
        """Type lines; status and text of the last one."""
        status, text = 0, ""
        for line in lines:
            reply = self.session.execute(line)
            status, text = int(reply.status), "".join(reply.output)
            self._settle()
        return status, text


def terminal(
    daemon: str,
    interfaces: Iterable[str] = (),
    node: Node = CONFIG,
    namespaces: Iterable[str] | None = None,
) -> Terminal:
    """A session with a fresh daemon of that name, which has these interfaces from 2 on.

    With `namespaces` zebra was started with `-n`, and these are there.
    """
    if daemon != "bgpd":
        return StackTerminal(daemon, node, interfaces, namespaces)
    made = BgpdTerminal(node)
    for index, name in enumerate(interfaces, 2):
        made.daemon.zebra.interfaces[0, index] = Interface(name, index)
    return made
