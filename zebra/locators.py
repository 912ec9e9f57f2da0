"""The SRv6 manager: locators of the configuration, told to clients and lent to one of them each."""

from dataclasses import dataclass

from grammar.base.values import Prefix
from zebra.clients import Client, Clients
from zebra.config import LocatorConfig, ZebraConfig
from zebra.zapi.allotted import (
    LocatorAdd,
    LocatorChunk,
    LocatorChunkRelease,
    LocatorChunkRequest,
    LocatorDelete,
)
from zebra.zapi.constants import RouteType

NODE_BITS = 24
"""Bits of a locator's prefix that name the node; what is before them is the block (FRR)."""

Owner = tuple[RouteType, int, int]
"""Protocol, instance and session of a client."""


@dataclass(slots=True, eq=False)
class Loan:
    """What clients have of a locator: its prefix when it came first; None is nobody."""

    prefix: Prefix
    owner: Owner | None = None


def block_bits(prefix: Prefix) -> int:
    """Bits of the block that a locator is from, in one byte as in FRR."""
    return prefix.length - NODE_BITS & 0xFF


def _owner(client: Client) -> Owner:
    # Who is no routing protocol has no name here.
    known = client.protocol > RouteType.CONNECTED
    return (client.protocol if known else RouteType.SYSTEM, client.instance, client.session)


class Locators:
    """Who uses which locator."""

    def __init__(self, config: ZebraConfig, clients: Clients) -> None:
        self._config = config
        self._clients = clients
        self.loans: dict[str, Loan] = {}

    def configured(self, locator: LocatorConfig) -> None:
        """A prefix was typed for a locator, or it was taken out."""
        if self._config.locators.get(locator.name) is locator:
            self._changed(locator)
        else:
            self._removed(locator)

    def _changed(self, locator: LocatorConfig) -> None:
        prefix = locator.prefix
        if prefix is None:
            return
        self.loans.setdefault(locator.name, Loan(prefix))
        for client in self._clients.all:
            client.send(LocatorAdd(locator.name, prefix))

    def _removed(self, locator: LocatorConfig) -> None:
        loan = self.loans.pop(locator.name, None)
        if loan is None or loan.owner is None or locator.prefix is None:
            return
        for client in self._clients.all:
            if _owner(client) == loan.owner:
                client.send(LocatorDelete(locator.name, locator.prefix))

    def answer(self, client: Client, asked: LocatorChunkRequest | LocatorChunkRelease) -> None:
        """Lend a locator that nobody else uses, or take it back; otherwise nothing is said."""
        loan, locator = self.loans.get(asked.name), self._config.locators.get(asked.name)
        if loan is None or locator is None or locator.prefix is None:
            return
        owner = _owner(client)
        if isinstance(asked, LocatorChunkRelease):
            if loan.owner == owner:
                loan.owner = None
        elif loan.owner in (None, owner):
            loan.owner = owner if owner[0] is not RouteType.SYSTEM else None
            prefix, bits = locator.prefix, locator.function_bits or 0
            client.send(LocatorChunk(asked.name, prefix, block_bits(prefix), NODE_BITS, bits))

    def close(self, client: Client) -> None:
        """A client is gone, and uses nothing any more."""
        for loan in self.loans.values():
            if loan.owner == _owner(client):
                loan.owner = None
