"""`explain ip route`: why zebra uses a route, or not.

Words of our own: an `added` scope, so that FRR's abbreviations mean what they do in FRR.
"""

from typing import Any

from grammar.base.errors import CommandError
from grammar.command import Call, Reply, action
from grammar.node import ENABLE, VIEW
from grammar.scope import Scope
from zebra.commands.show import no_vrf

EXPLAIN = Scope((VIEW, ENABLE), added=True)


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
    name = values.get("vrf", "default")
    vrf = zebra.rib.named(name)
    if vrf is None:
        raise CommandError(no_vrf(zebra, name))
    asked = values["address"] if "address" in values else values["prefix"]
    return Reply(explain(zebra, vrf, asked, as_json="json" in values))
