"""Show commands about what lies behind the tables: next hops, attributes, memory, addresses."""

from typing import Any

from bgp.commands.showing import BARE, INSTANCE, IP, OF, Where, shows
from bgp.show import build
from grammar.command import Call, Reply, action, fragment
from grammar.node import ENABLE, VIEW
from grammar.scope import Scope

HEALTH = Scope((VIEW, ENABLE), added=True)
"""How BGP is doing, in one view: FRR has nothing like it."""


@action(HEALTH, "show bgp health [json$json]", "Show", "BGP", "How it is doing", "As JSON")
def _show_health(call: Call) -> Reply:
    from bgp.health import told  # few ask

    return Reply(told.shown(call.daemon, in_json="json" in call.values))


@shows(
    INSTANCE
    + fragment(
        "nexthop [<A.B.C.D|X:X::X:X>$address] [detail$detail]",
        "Next hops",
        "One of them",
        "One of them",
        "In full",
    )
)
def _show_nexthop(where: Where, address: Any = None, detail: str | None = None) -> object:
    return build.nexthops.nexthops(where.bgpd, where.name, address, detail=detail is not None)


@shows(
    INSTANCE
    + fragment("import-check-table [detail$detail]", "Networks that wait for a route", "In full")
)
def _show_import_checks(where: Where, detail: str | None = None) -> object:
    return build.nexthops.import_checks(where.bgpd, where.name)


@shows(
    IP
    + fragment(
        "[<unicast|multicast|vpn>$safi] paths", "Unicast", "Multicast", "VPN", "AS paths in use"
    )
)
def _show_paths(where: Where) -> object:
    return build.inuse.as_paths(where.bgpd)


@shows(IP + fragment("attribute-info", "Sets of attributes in use"))
def _show_attributes(where: Where) -> object:
    return build.inuse.attributes(where.bgpd)


@shows(IP + fragment("community-info", "Sets of communities in use"))
def _show_communities(where: Where) -> object:
    return build.inuse.communities(where.bgpd)


@shows(
    fragment(
        "show ip bgp large-community-info", "Show", "IP", "BGP", "Sets of large communities in use"
    )
)
def _show_large_communities(where: Where) -> object:
    return build.inuse.large_communities(where.bgpd)


@shows(IP + fragment("memory", "Objects in use"))
def _show_memory(where: Where) -> object:
    return build.inuse.memory(where.bgpd)


@shows(BARE + OF + fragment("martian next-hop", "What cannot be used", "Next hops"))
def _show_martians(where: Where) -> object:
    return build.addresses.martians(where.bgpd, where.kind, where.name)


@shows(BARE + fragment("mac hash", "Hardware addresses of this router", "With their interfaces"))
def _show_macs(where: Where) -> object:
    return build.addresses.macs(where.bgpd)
