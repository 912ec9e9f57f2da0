"""The `set` lines of a route-map that bgpd takes beside those that every daemon does."""

from typing import Any

from bgp.policy.communities import community_values, extended_values, large_values, list_text
from grammar.base.errors import CommandError
from grammar.base.values import Address
from grammar.filters.clauses import INVALID, Clause, MalformedError
from grammar.filters.model import FilterEffect
from grammar.node import ROUTE_MAP
from grammar.scope import Scope, Values

SETS = Scope((ROUTE_MAP,))
_SET = "Change the"


# --- next hops ---


def _next_hops() -> None:
    for word, help in (
        ("peer-address", "The neighbor's own"),
        ("unchanged", "As it came, towards external neighbors too"),
    ):
        Clause(
            SETS,
            f"set ip next-hop {word}",
            _SET,
            "IPv4",
            "Next hop",
            help,
            key="set ip next-hop kind",
            argument=lambda values, word=word: word,  # type: ignore[misc]
        )
    for word, help in (
        ("prefer-global", "Use the global one of two"),
        ("peer-address", "The neighbor's own"),
    ):
        Clause(
            SETS,
            f"set ipv6 next-hop {word}",
            _SET,
            "IPv6",
            "Next hop",
            help,
            key=f"set ipv6 next-hop {word}",
        )
    Clause(
        SETS,
        "set ipv6 next-hop global X:X::X:X$address",
        _SET,
        "IPv6",
        "Next hop",
        "Its global address",
        "The address",
        key="set ipv6 next-hop global",
        argument=_global,
    )


def _global(values: Values) -> Address:
    address: Address = values["address"]
    if address.is_link_local:
        raise CommandError(INVALID)
    return address


def _vpn(values: Values) -> Address:
    address: Address = values["address"]
    if values["afi"] != address.afi.word:
        family = "IPv4" if values["afi"] == "ipv4" else "IPv6"
        raise CommandError(f"% {family} next-hop expected")
    return address


def _gateway(values: Values) -> Address:
    address: Address = values["address"]
    if address.is_link_local or address.value >> 120 == 0xFF:
        raise CommandError("% Gateway IP cannot be a linklocal or multicast address")
    return address


def _of_other_families() -> None:
    for word in ("ipv4", "ipv6"):
        Clause(
            SETS,
            f"set <{word}>$afi vpn next-hop ![<A.B.C.D$address|X:X::X:X$address>]",
            _SET,
            word,
            "VPN",
            "Next hop",
            "The address",
            "The address",
            key=f"set {word} vpn next-hop",
            argument=_vpn,
        )
    for word, kind in (("ipv4", "A.B.C.D"), ("ipv6", "X:X::X:X")):
        Clause(
            SETS,
            f"set evpn gateway-ip {word} {kind}$address",
            _SET,
            "EVPN",
            "Gateway address",
            word,
            "The address",
            key=f"set evpn gateway-ip {word}",
            argument=_gateway,
        )
    Clause(
        SETS,
        "set l3vpn next-hop encapsulation gre",
        _SET,
        "VPN",
        "Next hop",
        "Encapsulation",
        "GRE",
        key="set l3vpn next-hop encapsulation",
    )


# --- numbers ---


def preference(values: Values) -> tuple[str, int | None]:
    """(sign, number) of `set local-preference`; the number None is the round trip time."""
    word = str(values["value"])
    sign, digits = (word[0], word[1:]) if word[0] in "+-" else ("", word)
    if digits == "rtt":
        return sign, None
    if not digits.isdigit() or int(digits) > 0xFFFFFFFF:
        raise MalformedError
    return sign, int(digits)


def _numbers() -> None:
    Clause(
        SETS,
        "set local-preference ![WORD$value]",
        _SET,
        "Local preference",
        "The number, or what to add or take",
        key="set local-preference",
        argument=preference,
    )
    for word, bounds, help in (
        ("distance", "(0-255)", "Administrative distance"),
        ("weight", "(0-4294967295)", "Weight"),
        ("label-index", "(0-1048560)", "Index of the label"),
    ):
        Clause(
            SETS,
            f"set {word} ![{bounds}$number]",
            _SET,
            help,
            "The number",
            key=f"set {word}",
        )


def _origins() -> None:
    Clause(
        SETS,
        "set table (1-4294967295)$number",
        _SET,
        "Table for the kernel",
        "Its number",
        key="set table",
        no="no set table",
    )
    Clause(SETS, "set origin ![<egp|igp|incomplete>$origin]", _SET, "Origin", key="set origin")
    Clause(SETS, "set atomic-aggregate", _SET, "Mark of aggregates", key="set atomic-aggregate")
    Clause(
        SETS,
        "set aggregator as ![(1-4294967295)$asn A.B.C.D$address]",
        _SET,
        "Aggregator",
        "Its AS",
        "The number",
        "Its address",
        key="set aggregator as",
        argument=lambda values: (values["asn"], values["address"].value),
    )
    Clause(
        SETS,
        "set originator-id ![A.B.C.D$address]",
        _SET,
        "Originator",
        "Its router id",
        key="set originator-id",
    )


# --- AS paths ---


def _as_paths() -> None:
    path = (_SET, "AS path")
    Clause(
        SETS,
        "set as-path prepend (1-4294967295)...$asns",
        *path,
        "Put in front",
        "AS numbers",
        key="set as-path prepend",
        no="no set as-path prepend [(1-4294967295)]",
    )
    Clause(
        SETS,
        "set as-path prepend last-as ![(1-10)$times]",
        *path,
        "Put in front",
        "The first number again",
        "So many times",
        key="set as-path prepend",
    )
    Clause(
        SETS,
        "set as-path exclude ![(1-4294967295)...$asns]",
        *path,
        "Take out",
        "AS numbers",
        key="set as-path exclude",
    )
    Clause(
        SETS,
        "set as-path replace ![<any$any|(1-4294967295)$asn>]",
        *path,
        "Put the own number in place of",
        "Every number",
        "This number",
        key="set as-path replace",
    )


# --- communities ---


def _communities(values: Values) -> tuple[tuple[int, ...], bool]:
    if values.get("none"):
        return (), False
    words = values["words"].split()
    text = " ".join(word for word in words if word != "additive")
    found = community_values(text)
    if found is None:
        raise CommandError(f"% Malformed communities attribute '{text}'")
    return found, "additive" in words


def _communities_text(values: Values) -> str:
    if values.get("none"):
        return "set community none"
    communities, additive = _communities(values)
    words = [*map(list_text, communities), *(["additive"] if additive else [])]
    return "set community " + " ".join(words)


def _large(values: Values) -> tuple[Any, bool]:
    if values.get("none"):
        return (), False
    words = values["words"].split()
    # FRR looks at nothing behind the word.
    additive = "additive" in words[1:]
    found = large_values(" ".join(words[: words.index("additive")] if additive else words))
    if found is None:
        raise MalformedError
    return found, additive


def _extended(kind: str) -> Any:
    def read(values: Values) -> tuple[int, ...]:
        found = extended_values(values["words"], kind)
        if found is None:
            raise MalformedError
        return found

    return read


def _bandwidth(values: Values) -> tuple[int | str, bool]:
    amount = values.get("megabits", values.get("kind", 0))
    return amount, bool(values.get("non_transitive"))


def _community_sets() -> None:
    Clause(
        SETS,
        "set community ![<none$none|AA:NN...$words>]",
        _SET,
        "Communities",
        "Take them away",
        "Communities, `additive` for more",
        key="set community",
        argument=_communities,
        text=_communities_text,
    )
    Clause(
        SETS,
        "set large-community ![<none$none|AA:BB:CC...$words>]",
        _SET,
        "Large communities",
        "Take them away",
        "Communities, `additive` for more",
        key="set large-community",
        argument=_large,
    )


def _community_lists() -> None:
    for word, name in (("comm-list", "COMMUNITY"), ("large-comm-list", "LCOMMUNITY")):
        delete = "![delete]" if word == "large-comm-list" else "delete"
        Clause(
            SETS,
            f"set {word} ![<(1-99)$list|(100-500)$list|{name}_LIST_NAME$list> {delete}]",
            _SET,
            "Communities of a list",
            "A numbered list",
            "An expanded list",
            "A list",
            "Take them away",
            key=f"set {word}",
            argument=lambda values: str(values["list"]),
            refers=FilterEffect.OTHER_LIST,
            listed="community " if word == "comm-list" else "large-community ",
        )


def _extended_communities() -> None:
    for word in ("rt", "soo"):
        Clause(
            SETS,
            f"set extcommunity {word} ![ASN:NN_OR_IP-ADDRESS:NN...$words]",
            _SET,
            "Extended communities",
            "Route target" if word == "rt" else "Site of origin",
            "Their values",
            key=f"set extcommunity {word}",
            argument=_extended(word),
        )
    Clause(
        SETS,
        "set extcommunity bandwidth"
        " ![<(1-25600)$megabits|cumulative$kind|num-multipaths$kind>"
        " [non-transitive$non_transitive]]",
        _SET,
        "Extended communities",
        "Bandwidth of the link",
        "In Mbit/s",
        "That of all paths",
        "That of the number of paths",
        "Not for other ASs",
        key="set extcommunity bandwidth",
        argument=_bandwidth,
    )
    Clause(
        SETS,
        "set extcommunity none",
        _SET,
        "Extended communities",
        "Take them away",
        key="set extcommunity none",
    )


_next_hops()
_numbers()
_origins()
_as_paths()
_community_sets()
_community_lists()
_extended_communities()
_of_other_families()
