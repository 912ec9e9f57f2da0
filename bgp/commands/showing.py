"""What the declarations of show commands share: pieces of notation, what the words that say which
instance and family are meant stand for, and how the commands answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bgp.commands.nodes import SHOW
from bgp.config import Family
from bgp.show import build
from grammar.base.errors import Status
from grammar.command import Action, Answer, Call, Fragment, View, fragment

if TYPE_CHECKING:
    from bgp.instance import Instance

SAFIS = "unicast|multicast|vpn|labeled-unicast|flowspec"

IP = fragment("show [ip$ip] bgp", "Show", "IP", "BGP")
BARE = fragment("show bgp", "Show", "BGP")
OF = fragment(
    "[<view|vrf>$kind VIEWVRFNAME$name]",
    "An instance without a VRF",
    "An instance of a VRF",
    "Its name",
)
AFI = fragment("[<ipv4|ipv6>$afi]", "IPv4 routes", "IPv6 routes")
FAMILY = fragment(
    f"[<ipv4|ipv6>$afi [<{SAFIS}>$safi]]",
    *AFI.help,
    "Unicast",
    "Multicast",
    "VPN",
    "Labeled unicast",
    "Flow specification",
)
OLD_FAMILY = fragment("[<ipv4|ipv6>$afi [<unicast|multicast|vpn>$safi]]", *FAMILY.help[:5])
"""Lines that know of no labels and flow specifications."""
ALL = fragment("[all$all]", "All families")
PEER = fragment(
    "<A.B.C.D|X:X::X:X|WORD>$peer",
    "IPv4 address of the neighbor",
    "IPv6 address",
    "Interface or name",
)
NEIGHBOR = fragment("neighbors", "Neighbors") + PEER
JSON = fragment("[json$json]", "As JSON")
WIDE = fragment("[<json$json|wide$wide>]", "As JSON", "With more room")

INSTANCE = IP + OF
HEAD = INSTANCE + FAMILY
"""`show [ip] bgp`, the instance, the family."""


@dataclass(frozen=True, slots=True)
class Where:
    """What a show command speaks of, as it was typed: words are None that were not there."""

    bgpd: Any
    ip: str | None = None
    kind: str | None = None
    name: str | None = None
    afi: str | None = None
    safi: str | None = None

    def instance(self, *, json: bool = True) -> "Instance":
        """The instance, or FRR's refusal: without `json` in words even where JSON was asked for."""
        return build.find.instance(self.bgpd, self.kind, self.name, json=json)

    @property
    def family(self) -> Family:
        """The family: with `ip` IPv4, without it IPv6, unless one was named."""
        return build.find.family(self.ip, self.afi, self.safi)


_WORDS = ("ip", "kind", "name", "afi", "safi")


def _status(view: object, as_json: bool) -> Status:
    return Status.WARNING if build.find.is_failure(view, as_json) else Status.SUCCESS


def shows(
    notation: Fragment, *, hidden: bool = False
) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Declare a show command: the function gets a `Where` and the other values of the line.

    What it refuses with a remark answers with a warning's status. It is returned as it is, so that
    further notations can be declared for it.
    """

    def declare(function: Callable[..., object]) -> Callable[..., object]:
        def run(call: Call) -> Answer:
            values = dict(call.values)
            as_json = values.pop("json", None) is not None
            where = Where(call.daemon, **{w: values.pop(w) for w in _WORDS if w in values})
            try:
                view = function(where, **values)
            except build.find.Refused as refused:
                view = refused.remark
            return View(view, as_json, _status(view, as_json))

        Action(SHOW, notation.notation, *notation.help, run=run, hidden=hidden)
        return function

    return declare
