"""A synthetic table as UPDATE messages: the same for the same size, every run."""

import random
from collections.abc import Sequence
from typing import Any

from bgp.attrs import AttrPool, AttrSet, encode
from bgp.wire.attributes.aggregator import Aggregator
from bgp.wire.attributes.aspath import AsPath, SegmentType
from bgp.wire.update import encode_update, encode_withdraw
from grammar.base.values import Address, Afi

FEEDER_AS = 64601
HOPS = (65_600, 400_000)
"""AS numbers that no speaker of the load has: a loop would be refused."""
MEAN_PREFIXES = 5.5
"""Prefixes that share an UPDATE, as in the tables of the Internet."""


def keys(size: int) -> list[int]:
    """`size` distinct /24s below 16.0.0.0/4, as keys of a table."""
    chooser = random.Random(1)
    return [(16 << 24 | number << 8) << 6 | 24 for number in chooser.sample(range(1 << 20), size)]


def announcements(size: int, nexthop: Address) -> list[bytes]:
    """UPDATEs that announce the table, each with attributes of its own."""
    chooser, pool = random.Random(2), AttrPool()
    table, messages = keys(size), []
    while table:
        count = min(len(table), 1 + int(chooser.expovariate(1 / (MEAN_PREFIXES - 0.5))))
        hops = [chooser.randrange(*HOPS) for _ in range(chooser.randint(2, 6))]
        attrs = pool.make(
            origin=0,
            as_path=AsPath.sequence(FEEDER_AS, *hops),
            med=chooser.choice((None, 0, chooser.randrange(1000))),
            communities=tuple(sorted(chooser.sample(range(1 << 31), chooser.randint(0, 6)))),
        )
        messages += encode_update(encode(attrs, nexthop=nexthop), table[:count], Afi.IPV4)
        del table[:count]
    return messages


def withdrawals(size: int) -> list[bytes]:
    """UPDATEs that withdraw the table."""
    return list(encode_withdraw(keys(size), Afi.IPV4))


LENGTHS = {8: 1, 12: 2, 14: 5, 16: 25, 17: 15, 18: 25, 19: 35, 20: 50, 21: 50, 22: 100, 23: 100}
LENGTHS[24] = 600
"""Of a thousand prefixes of the Internet's table some so many have that length."""


def mixed_keys(size: int, seed: int, afi: Afi = Afi.IPV4) -> list[int]:
    """`size` distinct prefixes of many lengths, as keys of a table, in no order."""
    chooser = random.Random(seed)
    found: dict[int, None] = {}
    while len(found) < size:
        (length,) = chooser.choices(tuple(LENGTHS), tuple(LENGTHS.values()))
        if afi is Afi.IPV4:
            address = chooser.randrange(16 << 24, 96 << 24) >> 32 - length << 32 - length
            found[address << 6 | length] = None
        else:
            address = 0x2A << 120 | chooser.getrandbits(2 * length - 8) << 128 - 2 * length
            found[address << 8 | 2 * length] = None
    return list(found)


def mixed(
    keys: Sequence[int], asn: int, seed: int, nexthop: Address, *, mean: float = MEAN_PREFIXES
) -> list[bytes]:
    """UPDATEs of a neighbour in AS `asn` that announce `keys`, with the variety of a full table.

    Prepended paths and sets, MEDs, aggregators, communities of two kinds, an attribute that nobody
    knows. So many prefixes on average share an UPDATE. An IPv6 `nexthop` stands for IPv6 keys.
    """
    chooser, pool = random.Random(seed), AttrPool()
    messages: list[bytes] = []
    left = list(keys)
    while left:
        count = 1 + int(chooser.expovariate(1 / (mean - 0.5)))
        messages += _said(left[:count], pool.make(**_drawn(chooser, asn)), nexthop)
        del left[:count]
    return messages


def said(keys: Sequence[int], asn: int, nexthop: Address, **values: Any) -> list[bytes]:
    """UPDATEs that announce `keys` with given attributes, and the shortest AS path if none is."""
    values = {"origin": 0, "as_path": AsPath.sequence(asn), **values}
    return _said(keys, AttrPool().make(**values), nexthop)


def _said(keys: Sequence[int], attrs: AttrSet, nexthop: Address) -> list[bytes]:
    if nexthop.afi is Afi.IPV4:
        return list(encode_update(encode(attrs, nexthop=nexthop), keys, nexthop.afi))
    return list(encode_update(encode(attrs, nexthop=None), keys, nexthop.afi, nexthop.pack()))


def _drawn(chooser: random.Random, asn: int) -> dict[str, Any]:
    edge = chooser.randrange(*HOPS)
    hops = [chooser.randrange(*HOPS) for _ in range(chooser.randint(0, 4))]
    prepended = [edge] * (1 + (chooser.randint(1, 4) if chooser.random() < 0.12 else 0))
    path = AsPath.sequence(asn, *hops, *prepended)
    if chooser.random() < 0.01:
        members = tuple(sorted(chooser.sample(range(*HOPS), 3)))
        path = AsPath((*path.segments, (SegmentType.SET, members)))
    drawn: dict[str, Any] = {
        "origin": chooser.choices((0, 1, 2), (90, 1, 9))[0],
        "as_path": path,
        "med": chooser.choice((0, 100, 9999)) if chooser.random() < 0.15 else None,
    }
    if chooser.random() < 0.6:
        some = {
            chooser.randrange(3000, 3020) << 16 | chooser.randrange(50)
            for _ in range(chooser.randint(1, 10))
        }
        drawn["communities"] = tuple(sorted(some))
    if chooser.random() < 0.07:
        values = {(edge, chooser.randrange(9), chooser.randrange(9999))}
        drawn["large_communities"] = tuple(sorted(values))
    if chooser.random() < 0.03:
        drawn["atomic"] = chooser.random() < 0.6
        drawn["aggregator"] = Aggregator(edge, 0xC0000209)
    if chooser.random() < 0.01:
        drawn["unknown"] = ((0xE0, 99, bytes([chooser.randrange(256)])),)
    return drawn
