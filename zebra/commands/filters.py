"""zebra's lists and route-maps: the shared ones, and the clauses that only zebra takes."""

from collections.abc import Iterator

from grammar.base.errors import CommandError
from grammar.base.values import Address, Prefix
from grammar.command import Call, action
from grammar.filters.accesslist import ACCESS_LISTS
from grammar.filters.clauses import COMMON, INVALID, Clause
from grammar.filters.mapcommands import DEBUG_ROUTE_MAP as DEBUG_ROUTE_MAP
from grammar.filters.mapcommands import route_maps
from grammar.filters.prefixlist import PREFIX_LISTS
from grammar.filters.showcommands import SHOW_LISTS as SHOW_LISTS
from grammar.node import CONFIG, ROUTE_MAP
from grammar.scope import Scope, Values
from zebra.config import ZebraConfig

CLAUSES = Scope((ROUTE_MAP,))
_ONLY = "Only routes with"

for _word, _what, _bits in (
    ("ip", "address", 32),
    ("ipv6", "address", 128),
    ("ip", "next-hop", 32),
):
    Clause(
        CLAUSES,
        f"match {_word} {_what} prefix-len ![(0-{_bits})$length]",
        _ONLY,
        _word.upper(),
        "Prefix of the route" if _what == "address" else "Its next hop",
        "Of a length",
        "In bits",
        key=f"{_word} {_what} prefix-len",
    )
Clause(
    CLAUSES,
    "match source-protocol"
    " ![<kernel|connected|static|rip|ripng|ospf|ospf6|isis|bgp|eigrp|nhrp|table|vnc|babel"
    "|openfabric>$protocol]",
    "Only routes of",
    "A protocol",
    key="source-protocol",
)
Clause(
    CLAUSES,
    "match source-instance ![(0-255)$number]",
    "Only routes of",
    "An instance of their protocol",
    "Its number",
    key="source-instance",
)


_UNFIT = [
    Prefix.parse(text) for text in ("127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "::1/128")
]
"""Addresses that are no source of a route."""


def _source(values: Values) -> Address:
    address: Address = values["address"]
    if any(net.covers(address.host_prefix()) for net in _UNFIT) or address.is_link_local:
        raise CommandError(INVALID)
    return address


Clause(
    CLAUSES,
    "set src ![<A.B.C.D$address|X:X::X:X$address>]",
    "Change the",
    "Source of packets sent over the route",
    "The address",
    "The address",
    key="set src",
    argument=_source,
)

DELAY = Scope((CONFIG,), lambda zebra, values: zebra.config, lambda zebra: [({}, zebra.config)])


def _delay_lines(config: ZebraConfig, names: Values) -> Iterator[str]:
    if config.route_map_delay is not None:
        yield f"zebra route-map delay-timer {config.route_map_delay}"


@action(
    DELAY,
    "zebra route-map delay-timer ![(0-600)$seconds]",
    "zebra",
    "Route-maps",
    "How long to wait before a change has effect",
    "Seconds",
    negatable=True,
    printer=_delay_lines,
)
def _delay(call: Call) -> None:
    seconds = None if call.negated else call.values["seconds"]
    call.target().route_map_delay = None if seconds == 5 else seconds


OPENING, ROUTE_MAPS = route_maps(COMMON, CLAUSES)

LISTS: tuple[Scope, ...] = (ACCESS_LISTS, PREFIX_LISTS, OPENING, ROUTE_MAPS)
"""The scopes of the config node in printed order."""
