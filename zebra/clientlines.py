"""What the log says of clients that come and go, in FRR's words; some of it always."""

from typing import TYPE_CHECKING

from grammar.base.log import Level, Log

if TYPE_CHECKING:
    from zebra.clients import Client

_GONE = 4043309121
"""FRR's category of clients that are gone."""


class ClientLines:
    """Writes them; `switches` are those of debugging that are on."""

    def __init__(self, switches: dict[str, str], log: Log) -> None:
        self._switches = switches
        self._log = log

    def greeted(self, client: "Client") -> None:
        """A client has said who it is."""
        text = f"client {client.number} says hello and bids fair to announce only {client.name}"
        self._log.write(Level.NOTIFICATIONS, f"{text} routes vrf=0", "V98V0-MTWPF")

    def closing(self, client: "Client") -> None:
        """A client's connection has ended, nothing was done about it yet."""
        self._event(f"connection closed socket [{client.number}]", "VFCDB-S5FKG")
        text = f"Client '{client.name}' encountered an error and is shutting down."
        self._log.write(Level.WARNINGS, text, "VXKFG-8SJRV", _GONE)
        self._event(f"Closing client '{client.name}'", "MQA3Z-XJPYF")

    def awaited(self, client: "Client") -> None:
        """A client is gone that has asked to keep its routes until it is back."""
        text = f"zserv_client_free: client {client.name} restart enabled"
        self._event(text, "XMBAP-A4J13")

    def gone(self, client: "Client", routes: int, groups: int) -> None:
        """A client is gone, and so many routes and next-hop groups with it."""
        start, end = f"client {client.number} disconnected", "removed from the rib"
        text = f"{start} {routes} {client.name} routes {end}"
        self._log.write(Level.NOTIFICATIONS, text, "JPSA8-5KYEA")
        text = f"{start} {groups} {client.name} nhgs {end}"
        self._log.write(Level.NOTIFICATIONS, text, "S929C-NZR3N")
        self._event(f"zserv_client_free: Deleting client {client.name}", "WMJRH-3VBWX")

    def _event(self, text: str, ident: str) -> None:
        if "events" in self._switches:
            self._log.write(Level.DEBUGGING, text, ident)
