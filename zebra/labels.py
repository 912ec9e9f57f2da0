"""The label manager: ranges of MPLS labels for clients, as FRR's zebra hands them out."""

from collections.abc import Iterator
from dataclasses import dataclass

from zebra.clients import Client
from zebra.zapi.allotted import (
    LabelChunk,
    LabelChunkRelease,
    LabelChunkRequest,
    LabelManagerConnect,
)
from zebra.zapi.constants import RouteType

FIRST, LAST = 16, 1048575
"""The labels without a meaning of their own (RFC 3032 section 2.1)."""

Owner = tuple[RouteType, int, int]
"""Protocol, instance and session of a client."""


@dataclass(slots=True, eq=False)
class Chunk:
    """Labels from first to last; one given back keeps its bounds and has no owner."""

    first: int
    last: int
    owner: Owner | None
    keep: bool = False


class LabelChunks:
    """All ranges, by their labels."""

    def __init__(self) -> None:
        self.chunks: list[Chunk] = []

    def answer(
        self, client: Client, asked: LabelManagerConnect | LabelChunkRequest | LabelChunkRelease
    ) -> None:
        """Do what a client asks for, and tell it."""
        owner = (asked.protocol, asked.instance, client.session)
        match asked:
            case LabelManagerConnect(protocol, instance):
                # FRR's serves routing protocols, and starts anew with each of them.
                if protocol <= RouteType.STATIC:
                    client.send(LabelManagerConnect(client.protocol, client.instance, 1))
                    return
                self.release_all(owner)
                client.send(LabelManagerConnect(protocol, instance, 0))
            case LabelChunkRequest(protocol, instance, keep, size, base):
                chunk = self._assign(owner, size, base)
                if chunk is None:
                    client.send(LabelChunk(protocol, instance))
                    return
                chunk.keep = keep
                client.send(LabelChunk(protocol, instance, (chunk.first, chunk.last), keep))
            case LabelChunkRelease():
                self._release(owner, asked.first, asked.last)

    def close(self, client: Client) -> None:
        """A client is gone: what it did not mean to keep is free."""
        self.release_all((client.protocol, client.instance, client.session))

    def release_all(self, owner: Owner) -> None:
        """Take back what an owner has, but for what it keeps."""
        for chunk in self.chunks:
            if chunk.owner == owner and not chunk.keep:
                chunk.owner = None

    def _release(self, owner: Owner, first: int, last: int) -> None:
        for chunk in self.chunks:
            if (chunk.first, chunk.last, chunk.owner) == (first, last, owner):
                chunk.owner, chunk.keep = None, False

    def _assign(self, owner: Owner, size: int, base: int) -> Chunk | None:
        if not 0 < size <= LAST:
            return None
        if base:
            return self._assign_at(owner, base, base + size - 1)
        for chunk in self.chunks:
            if chunk.owner is None and chunk.last - chunk.first + 1 == size:
                chunk.owner = owner
                return chunk
        for place, (first, last) in enumerate(self._gaps()):
            if last - first + 1 >= size:
                chunk = Chunk(first, first + size - 1, owner)
                self.chunks.insert(place, chunk)
                return chunk
        return None

    def _gaps(self) -> Iterator[tuple[int, int]]:
        """What lies before each range and behind the last one; it may be nothing."""
        first = FIRST
        for chunk in self.chunks:
            yield first, chunk.first - 1
            first = chunk.last + 1
        yield first, LAST

    def _assign_at(self, owner: Owner, first: int, last: int) -> Chunk | None:
        if first < FIRST or last > LAST:
            return None
        met = [chunk for chunk in self.chunks if chunk.first <= last and chunk.last >= first]
        if any(chunk.owner is not None for chunk in met):
            return None
        chunk = Chunk(first, last, owner)
        self.chunks = [other for other in self.chunks if other not in met]
        self.chunks.append(chunk)
        self.chunks.sort(key=lambda each: each.first)
        return chunk
