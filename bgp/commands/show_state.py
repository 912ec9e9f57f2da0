"""Show commands about what lies behind the tables: next hops, groups, memory, sockets."""

from typing import Any

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
    shows,
)
from bgp.show.build import find, misc, statistics
from bgp.show.views.misc import Empty, Remark


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
    instance = find.instance(bgpd, kind, name, json=False)
    return statistics.statistics(instance, (find.family(ip, afi, safi),))


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
    return statistics.all_statistics(find.instance(bgpd, kind, name, json=False))


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
    # There are no groups yet: FRR's answers when none is configured.
    if find.instance_name(kind, name) not in bgpd.instances:
        return Remark("% BGP instance not found", "{\n}")
    if group is not None:
        return Remark("% No such peer-group", "{\n}")
    return Empty()


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
    instance = bgpd.instances.get(find.instance_name(kind, name))
    return misc.groups(instance, find.family(ip, afi, safi), group)


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
    return misc.nexthops(bgpd, kind, name, address)


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
    return misc.import_checks(bgpd, kind, name)


@shows(
    f"{IP} [<unicast|multicast|vpn>$safi] paths", *BGP_HELP, *FAMILY_HELP[2:5], "AS paths in use"
)
def _show_paths(bgpd: Any, ip: str | None = None, safi: str | None = None) -> object:
    return misc.as_paths(bgpd)


@shows(f"{IP} attribute-info", *BGP_HELP, "Sets of attributes in use")
def _show_attributes(bgpd: Any, ip: str | None = None) -> object:
    return misc.attributes(bgpd)


@shows(f"{IP} memory", *BGP_HELP, "Objects in use")
def _show_memory(bgpd: Any, ip: str | None = None) -> object:
    return misc.memory(bgpd)


@shows(f"{IP} vrfs {JSON}", *BGP_HELP, "Instances", JSON_HELP)
def _show_vrfs(bgpd: Any, ip: str | None = None) -> object:
    return misc.vrfs(bgpd)


@shows("show bgp listeners", "Show", "BGP", "Listening sockets")
def _show_listeners(bgpd: Any) -> object:
    return misc.listeners(bgpd)


@shows("show bgp peerhash", "Show", "BGP", "Neighbors by address")
def _show_peer_hash(bgpd: Any) -> object:
    return misc.peer_hash(bgpd)
