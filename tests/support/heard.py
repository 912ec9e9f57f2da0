"""What a session was told and not told to forget, decoded from UPDATEs by no code of ours."""

from collections.abc import Iterator
from functools import cache

from grammar.base.values import Afi, key_text, spread

Attributes = tuple[tuple[int, int, bytes], ...]
"""(flags, code, value) by code; how long the length was is nothing to compare."""

Told = tuple[Attributes, bytes]
"""The attributes and the next hop of MP_REACH_NLRI."""


class Heard:
    """The routes of one session; `ids` tells that prefixes come with path ids (RFC 7911).

    `routes` are by AFI and key, of each the paths by their ids; `count` is how many were
    announced, however often.
    """

    def __init__(self, ids: bool = False) -> None:
        self.routes: dict[tuple[int, int], dict[int, Told]] = {}
        self.count = 0
        self._ids = ids

    def by_prefix(self) -> dict[str, list[Told]]:
        """By prefix all paths, in no order of theirs."""
        return {
            key_text(Afi(afi), key): sorted(paths.values())
            for (afi, key), paths in self.routes.items()
        }

    def take(self, body: bytes) -> None:
        """Read the body of an UPDATE."""
        middle = 2 + int.from_bytes(body[:2], "big")
        end = middle + 2 + int.from_bytes(body[middle : middle + 2], "big")
        raw = body[middle + 2 : end]
        attributes, reach, unreach = cut(raw)
        self._forget(1, body[2:middle])
        if unreach:
            self._forget(unreach[1], unreach[3:])
        self._keep(1, body[end:], attributes, b"")
        if reach:
            hops = reach[4 : 4 + reach[3]]
            self._keep(reach[1], reach[5 + reach[3] :], attributes, hops)

    def _keep(self, afi: int, nlri: bytes, attributes: Attributes, hops: bytes) -> None:
        told = (attributes, hops)
        for path_id, key in self._keys(afi, nlri):
            self.routes.setdefault((afi, key), {})[path_id] = told
            self.count += 1

    def _forget(self, afi: int, nlri: bytes) -> None:
        for path_id, key in self._keys(afi, nlri):
            paths = self.routes.get((afi, key), {})
            paths.pop(path_id, None)
            if not paths:
                self.routes.pop((afi, key), None)

    def _keys(self, afi: int, nlri: bytes) -> Iterator[tuple[int, int]]:
        at, bits, path_id = 0, 32 if afi == 1 else 128, 0
        while at < len(nlri):
            if self._ids:
                path_id = int.from_bytes(nlri[at : at + 4], "big")
                at += 4
            stop = at + 1 + (nlri[at] + 7) // 8
            value = int.from_bytes(nlri[at + 1 : stop].ljust(bits // 8, b"\0"), "big")
            yield path_id, spread(value) << (6 if afi == 1 else 8) | nlri[at]
            at = stop


@cache
def cut(raw: bytes) -> tuple[Attributes, bytes, bytes]:
    """The attributes, and the values of MP_REACH_NLRI and MP_UNREACH_NLRI."""
    found: dict[int, tuple[int, int, bytes]] = {}
    at = 0
    while at < len(raw):
        flags, code = raw[at], raw[at + 1]
        wide = 2 if flags & 0x10 else 1
        start = at + 2 + wide
        at = start + int.from_bytes(raw[at + 2 : start], "big")
        assert code not in found, raw.hex()
        found[code] = (flags & 0xE0, code, raw[start:at])
    reach, unreach = (found.pop(code, (0, 0, b""))[2] for code in (14, 15))
    return tuple(found[code] for code in sorted(found)), reach, unreach
