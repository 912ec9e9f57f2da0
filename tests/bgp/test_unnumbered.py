"""Neighbours on interfaces: who is on the other end, and what zebra is asked for."""

import pytest

from bgp.rib.nexthop import Nexthop, NexthopCache
from bgp.unnumbered import far_end, neighbor_on
from bgp.zebra import Interface
from grammar.base.values import Address, Prefix
from zebra.zapi.messages import NexthopWatch

LINK_LOCAL = Address.parse("fe80::ff:fe00:2")


def _own(text: str) -> Prefix:
    return Prefix.parse(text, with_host=True)


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("192.0.2.1/30", "192.0.2.2"),
        ("192.0.2.2/30", "192.0.2.1"),
        ("192.0.2.6/30", "192.0.2.5"),
        ("192.0.2.4/31", "192.0.2.5"),
        ("192.0.2.5/31", "192.0.2.4"),
        ("192.0.2.0/30", None),
        ("192.0.2.3/30", None),
        ("192.0.2.1/29", None),
        ("192.0.2.1/32", None),
        ("2001:db8::1/127", None),
    ],
)
def test_the_far_end_of_a_network_of_two(own: str, other: str | None) -> None:
    found = far_end(_own(own))
    assert found == (None if other is None else Address.parse(other))


def _interface(*addresses: str, up: bool = True, neighbor: Address | None = None) -> Interface:
    own = [_own(text) for text in addresses]
    return Interface("eth0", 2, up=up, addresses=own, neighbor=neighbor)


def test_ipv4_comes_before_what_advertises_itself() -> None:
    interface = _interface("10.0.0.1/24", "192.0.2.1/30", neighbor=LINK_LOCAL)
    assert neighbor_on(interface, v6only=False) == Address.parse("192.0.2.2")
    assert neighbor_on(interface, v6only=True) == LINK_LOCAL


def test_nobody_is_on_a_larger_network_or_on_a_link_that_is_down() -> None:
    assert neighbor_on(_interface("10.0.0.1/24"), v6only=False) is None
    down = _interface("192.0.2.1/30", up=False, neighbor=LINK_LOCAL)
    assert neighbor_on(down, v6only=False) is None


class Watched:
    """A cache, what zebra was asked, and the changes told."""

    def __init__(self) -> None:
        self.asked: list[NexthopWatch] = []
        self.changes: list[tuple[Nexthop, bool]] = []
        self.cache = NexthopCache(
            self.asked.append,
            self.asked.remove,
            lambda nexthop, was: self.changes.append((nexthop, was)),
        )


def test_a_neighbor_on_a_link_is_there_while_the_link_is_up() -> None:
    watched = Watched()
    near = watched.cache.on_link(LINK_LOCAL, 2, True, 1.0)
    assert near.valid
    assert near is watched.cache.on_link(LINK_LOCAL, 2, True, 2.0)
    assert near is not watched.cache.on_link(LINK_LOCAL, 3, True, 2.0)
    watched.cache.link_changed(2, False, 3.0)
    watched.cache.link_changed(2, False, 4.0)
    assert watched.changes == [(near, True)]
    assert (near.valid, near.changed) == (False, 3.0)
    assert watched.asked == []


def test_neighbors_on_links_stand_behind_next_hops_of_paths() -> None:
    watched = Watched()
    near = watched.cache.on_link(LINK_LOCAL, 2, True, 1.0)
    near.peers.append(object())
    path = watched.cache.find(LINK_LOCAL, 2)
    path.paths = 1
    later = watched.cache.find(Address.parse("fe80::ff:fe00:3"), 3)
    assert watched.cache.sorted() == [path, later, near]
    watched.cache.release()
    assert watched.cache.sorted() == [path, near]
    near.peers.clear()
    watched.cache.release()
    assert watched.cache.sorted() == [path]
