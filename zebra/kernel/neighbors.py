"""Neighbours on links and hosts behind the ports of bridges: who has which link-layer address."""

from dataclasses import dataclass

from grammar.base.values import Address


@dataclass(frozen=True, slots=True)
class Neighbor:
    """A neighbour whose link-layer address is known (`ip neigh`).

    `router` says that it sent router advertisements, `learned` that a routing daemon entered it.
    """

    ifindex: int
    address: Address
    link_address: bytes
    router: bool = False
    learned: bool = False


@dataclass(frozen=True, slots=True)
class FdbEntry:
    """A host behind a port of a bridge, or behind another router (`bridge fdb`).

    `vtep` is the router that a VXLAN interface sends its frames to, None in the table of a bridge;
    `permanent` are the addresses of the ports themselves; `learned` as in `Neighbor`.
    """

    ifindex: int
    mac: bytes
    vtep: Address | None = None
    vlan: int = 0
    permanent: bool = False
    learned: bool = False
    sticky: bool = False


@dataclass(frozen=True, slots=True)
class NeighborAdded:
    """A neighbour is there, or is known under another address of the link layer."""

    neighbor: Neighbor


@dataclass(frozen=True, slots=True)
class NeighborGone:
    """A neighbour is there no more, or does not answer."""

    ifindex: int
    address: Address


@dataclass(frozen=True, slots=True)
class FdbAdded:
    """A host is there, or behind another port."""

    entry: FdbEntry


@dataclass(frozen=True, slots=True)
class FdbGone:
    """A host is forgotten."""

    entry: FdbEntry


HostEvent = NeighborAdded | NeighborGone | FdbAdded | FdbGone
"""Told only while somebody follows hosts; own changes of bridges come back as events."""


# --- changes -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SetNeighbor:
    """Enter the link-layer address of a neighbour for good (`ip neigh`), or with None remove it.

    `learned` marks it as one that a routing protocol told of, `router` as a router.
    """

    ifindex: int
    address: Address
    link_address: bytes | None
    learned: bool = False
    router: bool = False


@dataclass(frozen=True, slots=True)
class SetFdb:
    """Enter a host behind another router at a VXLAN interface and its bridge, or remove it.

    Without `mac` the router is one of those that get a copy of what has no known destination.
    """

    ifindex: int
    mac: bytes | None
    vtep: Address
    present: bool = True
    sticky: bool = False
