"""What zebra allots to its clients: label ranges and SRv6 locators."""

from zebra.clients import Client, Clients
from zebra.config import ZebraConfig
from zebra.labels import LabelChunks
from zebra.locators import Locators
from zebra.zapi.allotted import (
    Allotted,
    LabelChunkRelease,
    LabelChunkRequest,
    LabelManagerConnect,
    LocatorChunkRelease,
    LocatorChunkRequest,
)


class Allotments:
    """Both, and who has them."""

    def __init__(self, config: ZebraConfig, clients: Clients) -> None:
        self.labels = LabelChunks()
        self.locators = Locators(config, clients)

    def answer(self, client: Client, message: Allotted) -> None:
        """Lend, or take back, what a client's message names."""
        if isinstance(message, LocatorChunkRequest | LocatorChunkRelease):
            self.locators.answer(client, message)
        elif isinstance(message, LabelManagerConnect | LabelChunkRequest | LabelChunkRelease):
            self.labels.answer(client, message)

    def close(self, client: Client) -> None:
        """A client is gone."""
        self.labels.close(client)
        self.locators.close(client)
