"""`explain ip route`, `monitor route`: why zebra uses a route, or not, and what becomes of it.

Words of our own: an `added` scope, so that FRR's abbreviations mean what they do in FRR.
"""

from typing import Any

from grammar.base.errors import CommandError
from grammar.base.values import Afi
from grammar.command import Call, Reply, action
from grammar.node import ENABLE, VIEW
from grammar.scope import Scope
from zebra.commands.show import no_vrf

EXPLAIN = Scope((VIEW, ENABLE), added=True)


def _vrf_of(call: Call) -> Any:
    """The VRF that a line names; CommandError if there is none."""
    name = call.values.get("vrf", "default")
    vrf = call.daemon.rib.named(name)
    if vrf is None:
        raise CommandError(no_vrf(call.daemon, name))
    return vrf


@action(
    EXPLAIN,
    "explain <ip route [vrf NAME$vrf] <A.B.C.D$address|A.B.C.D/M$prefix>"
    "|ipv6 route [vrf NAME$vrf] <X:X::X:X$address|X:X::X:X/M$prefix>> [json$json]",
    *("Tell why", "IPv4", "A route of zebra", "In a VRF", "Its name", "To an address"),
    *("To a prefix", "IPv6", "A route of zebra", "In a VRF", "Its name", "To an address"),
    *("To a prefix", "As JSON"),
)
def _explain_route(call: Call) -> Reply:
    from zebra.explain.route import explain  # few ask

    zebra: Any = call.daemon
    values = call.values
    vrf = _vrf_of(call)
    asked = values["address"] if "address" in values else values["prefix"]
    return Reply(explain(zebra, vrf, asked, as_json="json" in values))


MONITOR = Scope((VIEW, ENABLE), added=True)

_PROTOCOLS = "bgp|connected|kernel|static"


@action(
    MONITOR,
    "monitor route [vrf NAME$vrf] [<ipv4|ipv6>$afi]"
    f" [<{_PROTOCOLS}>$protocol] [prefix <A.B.C.D/M|X:X::X:X/M>$prefix [longer$longer]]"
    " [json$json]",
    *("Show what happens, until it is stopped", "Routes in use", "Of a VRF", "Its name"),
    *("IPv4", "IPv6", "BGP's", "Connected ones", "Of the kernel", "Static ones"),
    *("To one prefix", "This", "This", "And to those within it", "As JSON, an object a line"),
)
def _monitor_route(call: Call) -> Reply:
    from zebra.monitor.routes import RouteMonitor, Wanted, lines  # few look on

    zebra: Any = call.daemon
    values = call.values
    afi = values.get("afi")
    prefix = values.get("prefix")
    wanted = Wanted(
        _vrf_of(call),
        None if afi is None else Afi.IPV4 if afi == "ipv4" else Afi.IPV6,
        values.get("protocol"),
        None if prefix is None else prefix.network,
        longer="longer" in values,
    )
    return Reply(lines(RouteMonitor(zebra, wanted), as_json="json" in values))
