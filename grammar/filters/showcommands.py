"""`show` and `clear` of lists and route-maps, which every daemon answers for itself."""

from collections.abc import Iterable, Iterator
from functools import partial

from grammar.base.errors import CommandError, Status
from grammar.base.values import Afi, Prefix
from grammar.command import Call, Reply, action
from grammar.filters import show
from grammar.filters.model import AccessList, PrefixList, PrefixRule
from grammar.filters.prefixlist import filters_of
from grammar.filters.routemap import RouteMap
from grammar.node import ENABLE, VIEW
from grammar.output.jsonc import Json, pretty
from grammar.scope import Scope

NO_PREFIX_LIST = "% Can't find specified prefix-list"

SHOW_LISTS = Scope((VIEW, ENABLE))
_ENABLE = Scope((ENABLE,))
SHOW_LISTS.add(_ENABLE)
SHOW_ACCESS_LISTS = Scope((ENABLE,))
"""The part for daemons that keep lists and show access-lists only."""
_ENABLE.add(SHOW_ACCESS_LISTS)


def _json(value: Json) -> Reply:
    return Reply([pretty(value) + "\n"])


def _tag(call: Call) -> str:
    tag: str = call.daemon.language.tag
    return tag


def _find(call: Call, afi: Afi) -> PrefixList | None:
    return filters_of(call.daemon).prefix_list(call.values["prefix_list"], afi)


def _wanted(call: Call, afi: Afi) -> list[PrefixList] | None:
    lists = filters_of(call.daemon).prefix_lists[afi]
    name = call.values.get("prefix_list")
    if name is None:
        return [lists[each] for each in sorted(lists)]
    return [lists[name]] if name in lists else None


def _show_prefix_lists(call: Call, afi: Afi, how: str) -> Reply:
    found = _wanted(call, afi)
    if found is None:
        if call.values.get("json"):
            return Reply((), Status.WARNING)
        raise CommandError(NO_PREFIX_LIST, Status.WARNING)
    tag, number = _tag(call), call.values.get("seq")
    if call.values.get("json"):
        inside = {
            one.name: show.prefix_list_json(one, how)
            if number is None
            else show.prefix_rule_json(one, number)
            for one in found
        }
        return _json({tag: inside})
    if number is not None:
        return Reply([show.prefix_rule(tag, one, number) for one in found])
    return Reply(_prefix_list_text(call, afi, how, found))


def _prefix_list_text(call: Call, afi: Afi, how: str, found: list[PrefixList]) -> Iterator[str]:
    last = filters_of(call.daemon).last_prefix_list.get(afi)
    if how != "normal" and "prefix_list" not in call.values and last is not None:
        yield f"Prefix-list with the last deletion/insertion: {last}\n"
    for one in found:
        yield from show.prefix_list(_tag(call), one, how)


def _show_prefix(call: Call, afi: Afi) -> Reply:
    found = _find(call, afi)
    if found is None:
        raise CommandError(NO_PREFIX_LIST, Status.WARNING)
    return Reply(show.looked_up(found, call.values["prefix"], call.values.get("how")))


def _clear_prefix_list(call: Call, afi: Afi) -> None:
    found = _wanted(call, afi)
    if found is None:
        raise CommandError(NO_PREFIX_LIST, Status.WARNING)
    prefix: Prefix | None = call.values.get("prefix")
    for one in found:
        for rule in one.rules.values():
            if prefix is None or (rule.prefix is not None and prefix.network.covers(rule.prefix)):
                rule.hits = 0


def _debug_match(call: Call) -> Reply:
    prefix: Prefix = call.values["prefix"]
    family = "IPv4" if prefix.afi is Afi.IPV4 else "IPv6"
    found = _find(call, prefix.afi)
    name = call.values["prefix_list"]
    if found is None:
        raise CommandError(f"% no prefix list named {name} for AFI {family}", Status.WARNING)
    rule = found.match(prefix.key)
    if call.values.get("address_mode"):
        # Of an address the bounds of lengths do not count.
        host = prefix.address.host_prefix()
        rules = found.rules.values()
        rule = next((r for r in rules if r.prefix is None or r.prefix.covers(host)), None)
    if rule is not None:
        rule.hits += 1
    permit = not found.rules if rule is None else rule.permit
    text = f"{family} prefix list {name} yields {'PERMIT' if permit else 'DENY'} for {prefix}, "
    if rule is None:
        return Reply([f"{text}no match found\n"])
    number = found.find(rule)
    return Reply([f"{text}matching entry #{number}: {_spelled(rule, prefix.afi)}\n"])


def _spelled(rule: PrefixRule, afi: Afi) -> str:
    if rule.prefix is None:
        return f"{Prefix(afi, 0, 0)} le {afi.bits}"
    ge = "" if rule.ge is None else f" ge {rule.ge}"
    return f"{rule.prefix}{ge}{'' if rule.le is None else f' le {rule.le}'}"


def _prefix_list_commands(word: str, afi: Afi, prefix: str) -> None:
    base = f"show {word} prefix-list"
    texts = ("Show", word.upper(), "Lists of prefixes")

    @action(
        SHOW_LISTS,
        f"{base} [WORD$prefix_list [seq (1-4294967295)$seq]] [json$json]",
        *texts,
        "Its name",
        "One line",
        "Its number",
        "As JSON",
    )
    def normal(call: Call) -> Reply:
        return _show_prefix_lists(call, afi, "normal")

    for how in ("summary", "detail"):
        action(
            SHOW_LISTS,
            f"{base} {how} [WORD$prefix_list] [json$json]",
            *texts,
            how,
            "Its name",
            "As JSON",
        )(partial(_show_prefix_lists, afi=afi, how=how))

    @action(
        SHOW_LISTS,
        f"{base} WORD$prefix_list {prefix}$prefix [<longer|first-match>$how]",
        *texts,
        "Its name",
        "Lines of this prefix",
        "And of those in it",
        "The first only",
    )
    def of_prefix(call: Call) -> Reply:
        return _show_prefix(call, afi)

    @action(
        _ENABLE,
        f"clear {word} prefix-list [WORD$prefix_list [{prefix}$prefix]]",
        "Set back",
        word.upper(),
        "Hits of lists of prefixes",
        "Its name",
        "A prefix",
    )
    def clear(call: Call) -> None:
        _clear_prefix_list(call, afi)


_prefix_list_commands("ip", Afi.IPV4, "A.B.C.D/M")
_prefix_list_commands("ipv6", Afi.IPV6, "X:X::X:X/M")

action(
    SHOW_LISTS,
    "debug prefix-list WORD$prefix_list match <A.B.C.D/M$prefix|X:X::X:X/M$prefix>"
    " [address-mode$address_mode]",
    "Find faults",
    "A list of prefixes",
    "Its name",
    "What it says of",
    "A prefix",
    "A prefix",
    "As of an address",
)(_debug_match)


# --- access-lists ---


def _show_access(call: Call, kind: str) -> Reply:
    lists = filters_of(call.daemon).access_lists[kind]
    name = call.values.get("name")
    found: Iterable[AccessList] = [lists[n] for n in sorted(lists) if name in (None, n)]
    if call.values.get("json"):
        return _json(show.access_lists_json(_tag(call), found))
    return Reply(show.access_lists(_tag(call), found))


for _kind, _variable, _tail in (
    ("ip", "ACCESSLIST4_NAME", " [json$json]"),
    ("ipv6", "ACCESSLIST6_NAME", " [json$json]"),
    ("mac", "ACCESSLIST_MAC_NAME", ""),
):
    _texts = ("Show", _kind.upper(), "Access-lists")
    _line, _answer = f"show {_kind} access-list", partial(_show_access, kind=_kind)
    action(SHOW_ACCESS_LISTS, f"{_line}{_tail}", *_texts)(_answer)
    action(SHOW_ACCESS_LISTS, f"{_line} {_variable}$name{_tail}", *_texts, "Its name")(_answer)


# --- route-maps ---


def _maps(call: Call) -> list[RouteMap]:
    maps = filters_of(call.daemon).route_maps
    name = call.values.get("route_map")
    return [maps[each] for each in sorted(maps) if name in (None, each)]


def _known(call: Call) -> frozenset[str]:
    return filters_of(call.daemon).clauses


@action(
    _ENABLE,
    "show route-map [WORD$route_map] [json$json]",
    "Show",
    "Route-maps",
    "Its name",
    "As JSON",
)
def _show_route_map(call: Call) -> Reply:
    found, tag, known = _maps(call), _tag(call), _known(call)
    if call.values.get("json"):
        return _json({tag: {one.name: show.route_map_json(one, known) for one in found}})
    name = call.values.get("route_map")
    if name is not None and not found:
        return Reply([f"{tag}:\n{tag}: 'route-map {name}' not found\n"])
    texts = [text for one in found for text in show.route_map(one, known)]
    return Reply([f"{tag}:\n", *texts])


@action(_ENABLE, "show route-map-unused", "Show", "Route-maps that nothing refers to")
def _show_unused(call: Call) -> Reply:
    used = set(filters_of(call.daemon).in_use())
    found = [one for one in _maps(call) if one.name not in used]
    texts = [text for one in found for text in show.route_map(one, _known(call))]
    return Reply([f"\n{_tag(call)}:\n", *texts])


@action(
    _ENABLE,
    "clear route-map counters [WORD$route_map]",
    "Set back",
    "Route-maps",
    "How often they were used",
    "Its name",
)
def _clear_route_map(call: Call) -> None:
    for one in _maps(call):
        one.invoked = 0
        for entry in one.entries.values():
            entry.invoked = 0
