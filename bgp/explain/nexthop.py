"""The state of a next hop and why: zebra's answer, and what bgpd makes of it."""

from typing import TYPE_CHECKING

from bgp.explain.words import joined
from bgp.rib.dampening import reachability
from grammar.output.outline import Fields, Point
from zebra.zapi.messages import RouteType

if TYPE_CHECKING:
    from bgp.instance import Instance
    from bgp.rib.nexthop import Nexthop
    from bgp.rib.path import Path


def nexthop_point(instance: "Instance", path: "Path") -> Point:
    """The next hop of a path."""
    nexthop = reachability(path)
    if nexthop is None:
        said = "Next hop: this router" if path.gateway is None else f"Next hop {path.gateway}"
        return Point(f"{said}: nothing to look up", {"tracked": False})
    if path.source.is_local:
        said = "no route to the prefix" if not path.valid else "there is a route to the prefix"
        text = f"Next hop: this router; {said} (bgp network import-check)"
        return Point(text, {"tracked": False, "usable": path.valid})
    usable, text = reach(instance, nexthop)
    fields: Fields = {
        "nextHop": str(nexthop.address),
        "tracked": True,
        "usable": usable,
        "metric": nexthop.metric,
    }
    return Point(f"Next hop {nexthop.address}: {text}", fields)


def reach(instance: "Instance", nexthop: "Nexthop") -> tuple[bool, str]:
    """Whether a next hop can be used, and why."""
    if instance.nexthops.always:
        return True, "usable: zebra is not asked"
    if not nexthop.answered:
        lost = instance.zebra.link is None
        return False, "there is no connection to zebra" if lost else "zebra has not answered yet"
    update = nexthop.resolved
    if update is None:
        state = "up" if nexthop.valid else "down"
        return nexthop.valid, f"on the link of {_name(instance, nexthop.ifindex)}, which is {state}"
    if not nexthop.hops:
        return False, "zebra has no route to it"
    kind = RouteType(update.type).word
    way = f"by the {kind} route {update.resolved}"
    over = joined(
        dict.fromkeys(_name(instance, hop.ifindex) for hop in nexthop.hops if hop.ifindex)
    )
    where = f"{way} over {over}" if over else way
    if nexthop.connected and update.type != RouteType.CONNECTED:
        return False, (
            f"{where}, but a single-hop neighbor has to be on a connected network "
            "(neighbor ... ebgp-multihop, or disable-connected-check)"
        )
    return nexthop.valid, f"usable {where}, metric {nexthop.metric}"


def _name(instance: "Instance", ifindex: int) -> str:
    found = instance.zebra.interfaces.get((instance.vrf_id, ifindex))
    return f"interface {ifindex}" if found is None else found.name
