"""Show commands of sessions: summaries, neighbors, groups of neighbors. Their notation is FRR's, so
that abbreviations mean the same."""

from typing import Any

from bgp.commands.showing import (
    AFI,
    ALL,
    BARE,
    HEAD,
    INSTANCE,
    IP,
    JSON,
    PEER,
    Where,
    shows,
)
from bgp.config import FAMILIES, Family
from bgp.show import build
from grammar.base.values import Afi
from grammar.command import fragment

SUMMARY = (
    fragment(
        "summary [<established|failed>$only]",
        "Sessions at a glance",
        "Those that are up",
        "Those that are not",
    )
    + fragment(
        f"[<neighbor {PEER.notation}|remote-as <(1-4294967295)|internal|external>$remote_as>]",
        "One of them",
        *PEER.help,
        "Of one autonomous system",
        "Its number",
        "The own one",
        "All others",
    )
    + fragment("[terse$terse] [wide$wide]", "With a short head", "With more columns")
    + JSON
)
"""`summary` with its options, of any family."""


def _families(where: Where) -> tuple[tuple[Family, ...] | None, bool]:
    """The families to show, and whether one was named in full."""
    word = "ipv4" if where.afi is None and where.ip is not None else where.afi
    if word is None:
        return None, False
    if where.safi is None:
        afi = Afi.IPV4 if word == "ipv4" else Afi.IPV6
        return tuple(family for family in FAMILIES if family[0] is afi), False
    return (where.family,), True


@shows(HEAD + ALL + SUMMARY)
def _show_summary(where: Where, all: str | None = None, **words: Any) -> object:
    families, single = _families(where)
    options = build.summary.Words(**words)
    return build.summary.summary(
        where.bgpd, where.kind, where.name, families, options, single=single
    )


@shows(
    INSTANCE
    + AFI
    + fragment(f"neighbors [{PEER.notation}]", "Neighbors in full", *PEER.help)
    + JSON
)
def _show_neighbors(where: Where, peer: Any = None) -> object:
    return build.neighbor.neighbors(where.bgpd, where.kind, where.name, where.afi, peer)


@shows(
    BARE
    + AFI
    + fragment(
        f"neighbors [{PEER.notation}] graceful-restart",
        "Neighbors",
        *PEER.help,
        "Routes that outlive a session",
    )
    + JSON
)
def _show_graceful(where: Where, peer: Any = None) -> object:
    return build.neighbor.graceful(where.bgpd, where.afi, peer)


@shows(
    INSTANCE + fragment("peer-group [PGNAME$group]", "Groups of neighbors", "One of them") + JSON
)
def _show_peer_groups(where: Where, group: str | None = None) -> object:
    return build.group.peer_groups(where.bgpd, where.name, group)


@shows(IP + fragment("vrfs", "Instances") + JSON)
def _show_vrfs(where: Where) -> object:
    return build.misc.vrfs(where.bgpd)


@shows(IP + fragment("views", "Instances without a VRF"))
def _show_views(where: Where) -> object:
    return build.misc.views(where.bgpd)


@shows(BARE + fragment("listeners", "Listening sockets"))
def _show_listeners(where: Where) -> object:
    return build.misc.listeners(where.bgpd)


@shows(BARE + fragment("peerhash", "Neighbors by address"))
def _show_peer_hash(where: Where) -> object:
    return build.misc.peer_hash(where.bgpd)
