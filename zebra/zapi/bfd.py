"""Messages about BFD: zebra carries them between bfdd and the daemons that watch neighbours.

zebra does not look into them: what a daemon asks goes to bfdd, what bfdd tells goes to all daemons.
"""

from dataclasses import dataclass

from zebra.zapi.constants import RouteType

UPDATE = 25
"""INTERFACE_BFD_DEST_UPDATE: bfdd tells how a session is."""
REGISTER, DEREGISTER, REPLAY = 26, 27, 29
"""BFD_DEST_...: a daemon wants a session, or no more; bfdd asks all to say it again."""
CLIENT_REGISTER, CLIENT_DEREGISTER = 37, 38
"""BFD_CLIENT_...: a daemon takes part, by its process id; zebra says that it is gone."""

WATCHERS = frozenset(
    (
        RouteType.OSPF,
        RouteType.OSPF6,
        RouteType.ISIS,
        RouteType.BGP,
        RouteType.PIM,
        RouteType.OPENFABRIC,
    )
)
"""Whose daemons FRR's zebra tells what bfdd says."""


@dataclass(frozen=True, slots=True)
class BfdDestination:
    """Client: a session to a destination, or (`add` False) no more; `body` is for bfdd."""

    add: bool
    body: bytes


@dataclass(frozen=True, slots=True)
class BfdRelay:
    """A message to bfdd or from it, for all that take part; `command` is one of those above."""

    command: int
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class BfdNews:
    """zebra: what bfdd says, `command` is UPDATE or REPLAY."""

    command: int
    body: bytes = b""


Bfd = BfdDestination | BfdRelay | BfdNews
