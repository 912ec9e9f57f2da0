"""What the declarations of show commands share: pieces of notation, and how they answer."""

from collections.abc import Callable
from typing import Any

from bgp.commands.nodes import SHOW
from bgp.show import build
from grammar.base.errors import Status
from grammar.command import Action, Answer, Call, View

IP = "show [ip$ip] bgp"
OF = "[<view|vrf>$kind VIEWVRFNAME$name]"
SAFI = "unicast|multicast|vpn|labeled-unicast|flowspec"
FAMILY = f"[<ipv4|ipv6>$afi [<{SAFI}>$safi]]"
PEER = "<A.B.C.D|X:X::X:X|WORD>$peer"
JSON = "[json$json]"

BGP_HELP = ("Show", "IP", "BGP")
OF_HELP = ("An instance without a VRF", "An instance of a VRF", "Its name")
FAMILY_HELP = (
    "IPv4 routes",
    "IPv6 routes",
    "Unicast",
    "Multicast",
    "VPN",
    "Labeled unicast",
    "Flow specification",
)
PEER_HELP = ("IPv4 address of the neighbor", "IPv6 address", "Interface or name")
JSON_HELP = "As JSON"
HEAD_HELP = (*BGP_HELP, *OF_HELP, *FAMILY_HELP)


def _status(view: object, as_json: bool) -> Status:
    return Status.WARNING if build.find.is_failure(view, as_json) else Status.SUCCESS


def shows(
    notation: str, *help: str, hidden: bool = False
) -> Callable[[Callable[..., Any]], Action]:
    """Declare a show command; what it refuses with a remark answers with a warning's status."""

    def declare(function: Callable[..., Any]) -> Action:
        def run(call: Call) -> Answer:
            values = dict(call.values)
            as_json = values.pop("json", None) is not None
            try:
                view = function(call.daemon, **values)
            except build.find.Refused as refused:
                view = refused.remark
            return View(view, as_json, _status(view, as_json))

        return Action(SHOW, notation, *help, run=run, hidden=hidden)

    return declare
