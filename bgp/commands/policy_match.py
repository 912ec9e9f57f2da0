"""The `match` lines of a route-map that bgpd takes beside those that every daemon does."""

from grammar.base.errors import CommandError
from grammar.command import Call
from grammar.filters.clauses import Clause, lists_clauses
from grammar.filters.model import FilterEffect
from grammar.node import ROUTE_MAP
from grammar.scope import Scope, Values

MATCHES = Scope((ROUTE_MAP,))
_ONLY = "Only routes with"

Clause(
    MATCHES,
    "match peer ![<local$local|A.B.C.D$neighbor|X:X::X:X$neighbor|WORD$neighbor>]",
    "Only routes from",
    "A neighbor",
    "This router itself",
    "Its address",
    "Its address",
    "Its interface or group",
    key="peer",
)
lists_clauses(MATCHES, "ip", "route-source", "Address of the neighbor it is from")
lists_clauses(MATCHES, "ipv6", "next-hop", "Its next hop")
Clause(
    MATCHES,
    "match ip next-hop address ![A.B.C.D$address]",
    _ONLY,
    "IPv4",
    "A next hop",
    "Of this address",
    "The address",
    key="ip next-hop address",
)
Clause(
    MATCHES,
    "match ipv6 next-hop address X:X::X:X$address",
    _ONLY,
    "IPv6",
    "A next hop",
    "Of this address",
    "The address",
    key="ipv6 next-hop address",
    alias=("match ipv6 next-hop X:X::X:X$address",),
)
Clause(
    MATCHES,
    "match mac address ACCESSLIST_MAC_NAME$list",
    _ONLY,
    "A MAC address",
    "The address",
    "That an access-list permits",
    key="mac address",
    refers=FilterEffect.ACCESS_LIST,
)


def _route_type(values: Values) -> str:
    names = {"1": "ead", "2": "macip", "3": "multicast", "4": "es", "5": "prefix"}
    word = str(values["type"])
    return names.get(word, word)


def _evpn() -> None:
    evpn = (_ONLY, "EVPN")
    Clause(MATCHES, "match evpn vni (1-16777215)$vni", *evpn, "A VNI", "Its number", key="evpn vni")
    Clause(
        MATCHES,
        "match evpn route-type <ead|1|macip|2|multicast|3|es|4|prefix|5>$type",
        *evpn,
        "A type of route",
        key="evpn route-type",
        argument=_route_type,
        text=lambda values: f"match evpn route-type {_route_type(values)}",
    )
    Clause(
        MATCHES,
        "match evpn rd ASN:NN_OR_IP-ADDRESS:NN$rd",
        *evpn,
        "A route distinguisher",
        "Its value",
        key="evpn rd",
    )
    Clause(MATCHES, "match evpn default-route", *evpn, "Default routes", key="evpn default-route")


_evpn()
Clause(
    MATCHES, "match source-vrf NAME$vrf", _ONLY, "A VRF they are from", "Its name", key="source-vrf"
)
Clause(
    MATCHES,
    "match as-path ![AS_PATH_FILTER_NAME$list]",
    _ONLY,
    "An AS path",
    "That a list permits",
    key="as-path",
    refers=FilterEffect.OTHER_LIST,
    listed="as-path ",
)
Clause(
    MATCHES,
    "match local-preference ![(0-4294967295)$number]",
    _ONLY,
    "A local preference",
    "The number",
    key="local-preference",
)


class Alias(Clause):
    """`match alias`, which must name an alias that there is."""

    def run(self, call: Call) -> None:
        """Refuse the name of no alias."""
        name = call.values.get("alias")
        if not call.negated and name not in call.daemon.config.aliases.values():
            raise CommandError(f"% BGP alias name '{name}' does not exist")
        super().run(call)


Alias(
    MATCHES,
    "match alias ![ALIAS_NAME$alias]",
    _ONLY,
    "A community of an alias",
    "The alias",
    key="alias",
)


def _with_exact(values: Values) -> tuple[str, bool]:
    return str(values["list"]), bool(values.get("exact"))


for _word, _name in (("community", "COMMUNITY"), ("large-community", "LCOMMUNITY")):
    Clause(
        MATCHES,
        f"match {_word} ![<(1-99)$list|(100-500)$list|{_name}_LIST_NAME$list> [exact-match$exact]]",
        _ONLY,
        "Communities",
        "That a numbered list permits",
        "That an expanded list permits",
        "That a list permits",
        "And no others",
        key=_word,
        argument=_with_exact,
        refers=FilterEffect.OTHER_LIST,
        listed=f"{_word} ",
    )
Clause(
    MATCHES,
    "match extcommunity ![<(1-99)$list|(100-500)$list|EXTCOMMUNITY_LIST_NAME$list>]",
    _ONLY,
    "Extended communities",
    "That a numbered list permits",
    "That an expanded list permits",
    "That a list permits",
    key="extcommunity",
    argument=_with_exact,
    refers=FilterEffect.OTHER_LIST,
    listed="extcommunity ",
)
Clause(
    MATCHES,
    "match origin ![<egp|igp|incomplete>$origin]",
    _ONLY,
    "An origin",
    key="origin",
)
Clause(
    MATCHES,
    "match probability (0-100)$percent",
    _ONLY,
    "By chance",
    "Percent of them",
    key="probability",
    no="no match probability [(1-99)]",
)
Clause(
    MATCHES,
    "match rpki-extcommunity <valid|invalid|notfound>$state",
    _ONLY,
    "What the origin validation of the sender says",
    key="rpki-extcommunity",
    alias=("match rpki <valid|invalid|notfound>$state",),
)
