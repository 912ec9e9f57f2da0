"""`show ip zebra route dump`: FRR's text of all that is kept of each route."""

from collections.abc import Iterator
from typing import Any

from grammar.base.values import Afi
from grammar.output.time import route_uptime
from zebra.show import views
from zebra.show.json import hop_flags
from zebra.zapi.constants import BlackholeType, NexthopType, RouteType

_BLACKHOLES = {
    BlackholeType.NULL: "NULL0",
    BlackholeType.REJECT: "reject",
    BlackholeType.ADMIN_PROHIBITED: "admin-prohibited",
    BlackholeType.UNSPECIFIED: "unspecified",
}


def route_dump(view: views.RouteDump) -> Iterator[str]:
    """Every route with its next hops, a line for each fact."""
    yield "\nIPv4/IPv6 Routing table dump\n----------------------------\n"
    for item in view.destinations:
        if item is None:
            yield ""
            continue
        for row in item[1]:
            yield from _route(row)


def _route(row: views.RouteRow) -> Iterator[str]:
    yield f"Route: {row.prefix}\n"
    yield f"   protocol: {row.type.word}\n"
    yield f"   instance: {row.instance}\n"
    yield f"   VRF ID: {row.vrf_id}\n"
    yield f"   VRF name: {row.vrf}\n"
    yield f"   flags: {row.flags}\n"
    if row.type is not RouteType.CONNECTED:
        yield f"   distance: {row.distance}\n   metric: {row.metric}\n"
    yield f"   tag: {row.tag}\n"
    yield f"   status: {row.status}\n"
    yield f"   nexthop_num: {len(row.hops)}\n"
    yield f"   nexthop_active_num: {sum(hop.hop.active for hop in row.hops)}\n"
    yield f"   table: {row.table}\n"
    yield f"   uptime: {route_uptime(row.age)}\n"
    for number, hop in enumerate(row.hops, 1):
        yield f"   Nexthop {number}:\n"
        yield from (f"      {line}\n" for line in _hop(hop))
    yield "\n"


def _hop(row: views.HopRow) -> Iterator[str]:
    hop = row.hop
    yield f"type: {int(hop.type)}"
    yield f"flags: {hop_flags(row)}"
    if hop.type is NexthopType.BLACKHOLE:
        yield "Nexthop type is blackhole."
        yield f"Blackhole type: {_BLACKHOLES[hop.blackhole]}"
        return
    if hop.gate is None:
        yield "Nexthop is an interface (directly connected)."
    else:
        yield f"{'ip address' if hop.gate.afi is Afi.IPV4 else 'ip'}: {hop.gate}"
        yield f"afi: {hop.gate.afi.word}"
    if hop.ifindex:
        yield f"interface index: {hop.ifindex}"
        yield f"interface name: {row.ifname}"
    if hop.gate is not None and hop.source is not None:
        yield f"source: {hop.source}"


def register(render: Any) -> None:
    """Add this renderer to the dispatcher."""
    render.register(views.RouteDump, route_dump)
