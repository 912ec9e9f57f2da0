"""The table manager: ranges of kernel tables for clients, as FRR's zebra hands them out.

Each VRF that is a network namespace has numbers of its own, the others share those of the first.
"""

from dataclasses import dataclass

from zebra.clients import Client
from zebra.config import RESERVED_TABLES, VrfConfig
from zebra.zapi.allotted import (
    TableChunk,
    TableChunkRelease,
    TableChunkRequest,
    TableManagerConnect,
)
from zebra.zapi.constants import RouteType

LAST = 0xFFFFFFFF

Owner = tuple[RouteType, int, int]
"""Protocol, instance and session of a client."""


@dataclass(slots=True, eq=False)
class _Chunk:
    first: int
    last: int
    owner: Owner | None


class TableChunks:
    """The ranges that were handed out, by VRF and in their order; those given back have no owner.

    Numbers only go up: what was given back is lent again when just as many are asked for.
    """

    def __init__(self) -> None:
        self._chunks: dict[int, list[_Chunk]] = {}

    def answer(
        self,
        client: Client,
        asked: TableManagerConnect | TableChunkRequest | TableChunkRelease,
        vrf: int,
        config: VrfConfig,
    ) -> None:
        """Do what a client asks for in a VRF, and tell it."""
        owner = client.protocol, client.instance, client.session
        chunks = self._chunks.setdefault(vrf, [])
        match asked:
            case TableManagerConnect(protocol, instance):
                if not RouteType.STATIC < protocol <= RouteType.ALL:  # as of labels, in FRR
                    client.send(TableManagerConnect(protocol, instance, 1), vrf)
                    return
                self.close(client)
                client.send(TableManagerConnect(protocol, instance, 0), vrf)
            case TableChunkRequest(size):
                chunk = _assign(chunks, owner, size, config.table_range)
                client.send(TableChunk(None if chunk is None else (chunk.first, chunk.last)), vrf)
            case TableChunkRelease(first, last):
                for chunk in chunks:
                    if (chunk.first, chunk.last, chunk.owner) == (first, last, owner):
                        chunk.owner = None

    def close(self, client: Client) -> None:
        """A client is gone, or begins anew: what it has is free."""
        owner = client.protocol, client.instance, client.session
        for chunks in self._chunks.values():
            for chunk in chunks:
                if chunk.owner == owner:
                    chunk.owner = None

    def forget(self, vrf: int) -> None:
        """A VRF is gone, and its tables with it."""
        self._chunks.pop(vrf, None)


def _assign(
    chunks: list[_Chunk], owner: Owner, size: int, bounds: tuple[int, int] | None
) -> _Chunk | None:
    if not size:
        return None
    for chunk in chunks:
        if chunk.owner is None and chunk.last - chunk.first + 1 == size:
            chunk.owner = owner
            return chunk
    lowest, highest = bounds or (1, LAST)
    first = chunks[-1].last + 1 if chunks else lowest
    if bounds is None and first <= RESERVED_TABLES[-1] and first + size > RESERVED_TABLES[0]:
        first = RESERVED_TABLES[-1] + 1
    if first + size - 1 > highest:
        return None
    chunks.append(_Chunk(first, first + size - 1, owner))
    return chunks[-1]
