"""Carries messages between bfdd and the daemons that watch neighbours, as FRR's zebra does.

What a daemon wants of BFD goes to bfdd; what bfdd tells of its sessions goes to every daemon that
may want to know.
"""

from typing import TYPE_CHECKING

from zebra.zapi.bfd import (
    CLIENT_DEREGISTER,
    CLIENT_REGISTER,
    DEREGISTER,
    REGISTER,
    WATCHERS,
    Bfd,
    BfdDestination,
    BfdNews,
    BfdRelay,
)
from zebra.zapi.codec.cursor import U32
from zebra.zapi.constants import RouteType
from zebra.zapi.messages import DEFAULT_VRF, BfdClientRegister

if TYPE_CHECKING:
    from zebra.clients import Client


class BfdRelays:
    """`clients` are all of zebra's, in whatever way they change."""

    def __init__(self, clients: "list[Client]") -> None:
        self._clients = clients
        self._pids: dict[Client, int] = {}

    def take(self, client: "Client", message: Bfd | BfdClientRegister, vrf: int) -> None:
        """Carry a client's message on."""
        match message:
            case BfdClientRegister(pid):
                self._pids[client] = pid
                self._to_bfdd(BfdRelay(CLIENT_REGISTER, U32.pack(pid)), vrf)
            case BfdDestination(add, body):
                self._to_bfdd(BfdRelay(REGISTER if add else DEREGISTER, body), vrf)
            case BfdRelay(command, body) if client.protocol is RouteType.BFD:
                for other in self._clients:
                    if other.protocol in WATCHERS:
                        other.send(BfdNews(command, body), vrf)

    def close(self, client: "Client") -> None:
        """A client is gone: bfdd forgets what it wanted."""
        pid = self._pids.pop(client, None)
        if pid is not None and client.protocol in WATCHERS:
            self._to_bfdd(BfdRelay(CLIENT_DEREGISTER, U32.pack(pid)), DEFAULT_VRF)

    def _to_bfdd(self, message: BfdRelay, vrf: int) -> None:
        for client in self._clients:
            if client.protocol is RouteType.BFD:
                client.send(message, vrf)
