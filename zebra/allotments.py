"""What zebra allots to its clients: ranges of labels and tables, and SRv6 locators."""

from zebra.clients import Client, Clients
from zebra.config import ZebraConfig
from zebra.fecs import Fecs
from zebra.labels import LabelChunks
from zebra.locators import Locators
from zebra.tableids import TableChunks
from zebra.vrf import Vrf
from zebra.zapi.allotted import (
    Allotted,
    FecRegister,
    FecUnregister,
    LabelChunkRelease,
    LabelChunkRequest,
    LabelManagerConnect,
    LocatorChunkRelease,
    LocatorChunkRequest,
    TableChunkRelease,
    TableChunkRequest,
    TableManagerConnect,
)


class Allotments:
    """All of them, and who has them."""

    def __init__(self, config: ZebraConfig, clients: Clients) -> None:
        self.labels = LabelChunks()
        self.tables = TableChunks()
        self.locators = Locators(config, clients)
        self.fecs = Fecs(config)

    def answer(self, client: Client, message: Allotted, vrf: Vrf) -> None:
        """Lend, or take back, what a client's message names."""
        if isinstance(message, LocatorChunkRequest | LocatorChunkRelease):
            self.locators.answer(client, message)
        elif isinstance(message, FecRegister | FecUnregister):
            self.fecs.answer(client, message, vrf)
        elif isinstance(message, LabelManagerConnect | LabelChunkRequest | LabelChunkRelease):
            self.labels.answer(client, message)
        elif isinstance(message, TableManagerConnect | TableChunkRequest | TableChunkRelease):
            home = vrf.namespace.home
            self.tables.answer(client, message, home.id, home.config)

    def close(self, client: Client) -> None:
        """A client is gone."""
        self.labels.close(client)
        self.tables.close(client)
        self.locators.close(client)
        self.fecs.close(client)
