"""A synthetic table as UPDATE messages: the same for the same size, every run."""

import random

from bgp.attrs import AttrPool, encode
from bgp.wire.attributes.aspath import AsPath
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
