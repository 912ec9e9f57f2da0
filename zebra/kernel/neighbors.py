"""Neighbours on links: who has which link-layer address."""

from dataclasses import dataclass

from grammar.base.values import Address


@dataclass(frozen=True, slots=True)
class Neighbor:
    """A neighbour whose link-layer address is known (`ip neigh`)."""

    ifindex: int
    address: Address
    link_address: bytes
