"""Show commands about what lies behind the tables: next hops, groups, memory, sockets."""

from collections.abc import Iterator
from typing import Any

from bgp.commands.nodes import SHOW
from bgp.commands.showing import (
    BGP_HELP,
    FAMILY,
    FAMILY_HELP,
    HEAD_HELP,
    IP,
    JSON,
    JSON_HELP,
    OF,
    OF_HELP,
    PEER,
    PEER_HELP,
    shows,
)
from bgp.show import build
from grammar.base.errors import Status
from grammar.command import Call, Reply, action


@shows(
    f"{IP} <view|vrf>$kind all {FAMILY} [<json$json|wide$wide>]",
    *BGP_HELP,
    *OF_HELP[:2],
    "Every instance",
    *FAMILY_HELP,
    JSON_HELP,
    "With more room",
)
def _show_instances(
    bgpd: Any,
    kind: str,
    ip: str | None = None,
    afi: str | None = None,
    safi: str | None = None,
    wide: str | None = None,
) -> object:
    family = build.find.family(ip, afi, safi)
    return build.table.instances(bgpd, family, wide=wide is not None)


@shows(
    f"{IP} {OF} {FAMILY} statistics {JSON}",
    *HEAD_HELP,
    "Counts over the table",
    JSON_HELP,
)
def _show_statistics(
    bgpd: Any,
    ip: str | None = None,
    kind: str | None = None,
    name: str | None = None,
    afi: str | None = None,
    safi: str | None = None,
) -> object:
    instance = build.find.instance(bgpd, kind, name, json=False)
    return build.statistics.statistics(instance, (build.find.family(ip, afi, safi),))


@shows(
    f"{IP} {OF} statistics-all {JSON}",
    *BGP_HELP,
    *OF_HELP,
    "Counts over all tables",
    JSON_HELP,
)
def _show_all_statistics(
    bgpd: Any, ip: str | None = None, kind: str | None = None, name: str | None = None
) -> object:
    return build.statistics.all_statistics(build.find.instance(bgpd, kind, name, json=False))


@shows(
    f"{IP} {OF} peer-group [PGNAME$group] {JSON}",
    *BGP_HELP,
    *OF_HELP,
    "Groups of neighbors",
    "One of them",
    JSON_HELP,
)
def _show_peer_groups(
    bgpd: Any,
    ip: str | None = None,
    kind: str | None = None,
    name: str | None = None,
    group: str | None = None,
) -> object:
    return build.group.peer_groups(bgpd, name, group)


@shows(
    f"{IP} {OF} {FAMILY} update-groups [SUBGROUP-ID$group]",
    *HEAD_HELP,
    "Neighbors that are told the same",
    "One group",
)
def _show_groups(
    bgpd: Any,
    ip: str | None = None,
    kind: str | None = None,
    name: str | None = None,
    afi: str | None = None,
    safi: str | None = None,
    group: str | None = None,
) -> object:
    instance = bgpd.instances.get(build.find.instance_name(kind, name))
    return build.misc.groups(instance, build.find.family(ip, afi, safi), group)


@shows(
    f"{IP} {OF} nexthop [<A.B.C.D|X:X::X:X>$address] [detail$detail]",
    *BGP_HELP,
    *OF_HELP,
    "Next hops",
    "One of them",
    "One of them",
    "In full",
)
def _show_nexthop(
    bgpd: Any,
    ip: str | None = None,
    kind: str | None = None,
    name: str | None = None,
    address: Any = None,
    detail: str | None = None,
) -> object:
    return build.nexthops.nexthops(bgpd, name, address, detail=detail is not None)


@shows(
    f"{IP} {OF} import-check-table [detail$detail]",
    *BGP_HELP,
    *OF_HELP,
    "Networks that wait for a route",
    "In full",
)
def _show_import_checks(
    bgpd: Any,
    ip: str | None = None,
    kind: str | None = None,
    name: str | None = None,
    detail: str | None = None,
) -> object:
    return build.nexthops.import_checks(bgpd, name)


@shows(
    f"{IP} [<unicast|multicast|vpn>$safi] paths", *BGP_HELP, *FAMILY_HELP[2:5], "AS paths in use"
)
def _show_paths(bgpd: Any, ip: str | None = None, safi: str | None = None) -> object:
    return build.misc.as_paths(bgpd)


@shows(f"{IP} attribute-info", *BGP_HELP, "Sets of attributes in use")
def _show_attributes(bgpd: Any, ip: str | None = None) -> object:
    return build.misc.attributes(bgpd)


@shows(f"{IP} community-info", *BGP_HELP, "Sets of communities in use")
def _show_communities(bgpd: Any, ip: str | None = None) -> object:
    return build.misc.communities(bgpd)


@shows(f"{IP} memory", *BGP_HELP, "Objects in use")
def _show_memory(bgpd: Any, ip: str | None = None) -> object:
    return build.misc.memory(bgpd)


@shows(f"{IP} vrfs {JSON}", *BGP_HELP, "Instances", JSON_HELP)
def _show_vrfs(bgpd: Any, ip: str | None = None) -> object:
    return build.misc.vrfs(bgpd)


@shows(
    f"show bgp [<ipv4|ipv6>$afi] neighbors [{PEER}] graceful-restart {JSON}",
    "Show",
    "BGP",
    *FAMILY_HELP[:2],
    "Neighbors",
    *PEER_HELP,
    "Routes that outlive a session",
    JSON_HELP,
)
def _show_graceful(bgpd: Any, afi: str | None = None, peer: Any = None) -> object:
    return build.neighbor.graceful(bgpd, None, peer)


@shows(
    f"{IP} {OF} {FAMILY} neighbors {PEER} bestpath-routes [<json$json|wide$wide>]",
    *HEAD_HELP,
    "Neighbors",
    *PEER_HELP,
    "Its routes that are the best ones",
    JSON_HELP,
    "With more room",
)
def _show_best(
    bgpd: Any,
    peer: Any,
    ip: str | None = None,
    kind: str | None = None,
    name: str | None = None,
    afi: str | None = None,
    safi: str | None = None,
    wide: str | None = None,
) -> object:
    instance = build.find.instance(bgpd, kind, name)
    found = build.find.peer(instance, peer)
    family = build.find.family(ip, afi, safi)
    return build.table.best_of_peer(instance, found, family, wide=wide is not None)


@shows(
    f"{IP} {OF} {FAMILY} large-community [AA:BB:CC$value [exact-match$exact]] {JSON}",
    *HEAD_HELP,
    "Those with large communities",
    "A large community",
    "Those with no other ones",
    JSON_HELP,
)
def _show_large(
    bgpd: Any,
    ip: str | None = None,
    kind: str | None = None,
    name: str | None = None,
    afi: str | None = None,
    safi: str | None = None,
    value: str | None = None,
    exact: str | None = None,
) -> object:
    instance = build.find.instance(bgpd, kind, name)
    family = build.find.family(ip, afi, safi)
    chosen = build.conditions.with_large_community(value, exact is not None)
    return build.tables(family).table(instance, family, chosen=chosen)


@shows("show bgp listeners", "Show", "BGP", "Listening sockets")
def _show_listeners(bgpd: Any) -> object:
    return build.misc.listeners(bgpd)


@shows("show bgp peerhash", "Show", "BGP", "Neighbors by address")
def _show_peer_hash(bgpd: Any) -> object:
    return build.misc.peer_hash(bgpd)


@action(
    SHOW,
    f"show bgp {OF} martian next-hop",
    *BGP_HELP[::2],
    *OF_HELP,
    "What cannot be used",
    "Next hops",
)
def _show_martians(call: Call) -> Reply:
    values = call.values
    try:
        instance = build.find.instance(call.daemon, values.get("kind"), values.get("name"))
    except build.find.Refused:
        return Reply(["% No BGP process is configured\n"], Status.WARNING)
    return Reply(martians(instance))


def martians(instance: Any) -> Iterator[str]:
    """The addresses of this router, with the interfaces that have them."""
    yield "self nexthop database:\n"
    found: dict[str, list[str]] = {}
    for interface in instance.zebra.interfaces.values():
        for prefix in interface.addresses:
            if prefix.address.is_link_local:
                continue
            found.setdefault(str(prefix.address), []).append(interface.name)
    for address, names in found.items():
        shown = "".join(f" {name}," for name in names)
        yield f"addr: {address}, count: {len(names)} : {shown}\n"
    yield "Tunnel-ip database:\n"
