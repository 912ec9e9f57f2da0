"""`access-list`, `ipv6 access-list` and `mac access-list`: the lines that make and remove them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from grammar.base.errors import CommandError, Status
from grammar.base.values import Address, Afi
from grammar.command import Call, action
from grammar.filters.model import AccessList, AccessRule, FilterEffect, Wildcard
from grammar.filters.prefixlist import FAILED, filters_of
from grammar.node import CONFIG
from grammar.scope import Scope, Values

ACCESS_LISTS = Scope((CONFIG,))
_HELP = (
    "A list that filters",
    "Its name",
    "Where the line stands",
    "Its number",
    "Refuse what matches",
    "Take what matches",
)
_WORDS = {"ip": "access-list", "ipv6": "ipv6 access-list", "mac": "mac access-list"}
"""The words in front of the lines, by the kind of list."""


def wildcard_text(wildcard: Wildcard, host: str = "") -> str:
    """`any`, the address alone (with `host` ahead) or with its wildcard bits."""
    if wildcard.everything:
        return "any"
    if wildcard.mask is None:
        return f"{host}{wildcard.address}"
    return f"{wildcard.address} {Address(wildcard.address.afi, wildcard.mask)}"


def rule_text(rule: AccessRule) -> str:
    """What a rule says, behind its `permit` or `deny`."""
    if rule.source is not None:
        if rule.destination is None:
            return wildcard_text(rule.source)
        ends = (rule.source, rule.destination)
        return "ip " + " ".join(wildcard_text(end, "host ") for end in ends)
    if rule.prefix is not None:
        return f"{rule.prefix}{' exact-match' if rule.exact else ''}"
    return "any" if rule.mac is None else rule.mac.lower()


def rule_line(kind: str, name: str, number: int, rule: AccessRule) -> str:
    """The line of a rule of a list of some kind (`ip`, `ipv6`, `mac`)."""
    permit = "permit" if rule.permit else "deny"
    return f"{_WORDS[kind]} {name} seq {number} {permit} {rule_text(rule)}"


def _wildcard(values: Values, end: str) -> Wildcard | None:
    address: Address | None = values.get(end)
    if address is None:
        return None
    mask: Address | None = values.get(f"{end}_mask")
    return Wildcard(address, None if mask is None else mask.value)


_ANY = Wildcard(Address(Afi.IPV4, 0), 0xFFFFFFFF, everything=True)


def _standard(values: Values) -> AccessRule:
    return AccessRule(values["kind"] == "permit", source=_wildcard(values, "source"))


def _extended(values: Values) -> AccessRule:
    ends = [_wildcard(values, end) or _ANY for end in ("source", "destination")]
    return AccessRule(values["kind"] == "permit", source=ends[0], destination=ends[1])


def _zebra(values: Values) -> AccessRule:
    prefix = values.get("prefix")
    return AccessRule(
        values["kind"] == "permit",
        prefix=None if prefix is None else prefix.network,
        exact=values.get("exact") is not None,
        mac=values.get("mac"),
    )


def _run(call: Call, kind: str, rule: AccessRule) -> None:
    lists = filters_of(call.daemon).access_lists[kind]
    name, number = call.values["name"], call.values.get("seq")
    found = lists.get(name)
    typed = call.values.get("prefix")
    as_stored = typed is None or typed == typed.network
    same = None if found is None or not as_stored else found.find(rule)
    if call.negated:
        if same is None and found is not None and not rule.exact:
            same = found.find(replace(rule, exact=True))
        _take_back(call, kind, number or same)
        return
    if same is not None:
        return
    twin = None if found is None else found.find(rule)
    if twin is not None and twin != number:
        raise CommandError(f"{FAILED}duplicated access list value: {rule_text(rule)}")
    if found is None:
        found = lists[name] = AccessList(name=name, kind=kind)
    found.put(number, rule)
    call.changed(FilterEffect.ACCESS_LIST, name)


def _take_back(call: Call, kind: str, number: int | None) -> None:
    lists, name = filters_of(call.daemon).access_lists[kind], call.values["name"]
    found = lists.get(name)
    if number is None:
        raise CommandError("", Status.CONFIG_FAILED)
    if found is not None and found.take(number):
        if found.is_empty:
            del lists[name]
        call.changed(FilterEffect.ACCESS_LIST, name)


def _drop(call: Call, kind: str) -> None:
    name = call.values["name"]
    if filters_of(call.daemon).access_lists[kind].pop(name, None) is not None:
        call.changed(FilterEffect.ACCESS_LIST, name)


def _remark(call: Call, kind: str) -> None:
    lists, name = filters_of(call.daemon).access_lists[kind], call.values["name"]
    text = None if call.negated else " ".join(call.values["text"].split())
    if text is None and name not in lists:
        return
    found = lists.setdefault(name, AccessList(name=name, kind=kind))
    found.remark = text
    if found.is_empty:
        del lists[name]


def _lines(kind: str) -> Any:
    word = _WORDS[kind]

    def printed(daemon: Any, names: Values) -> Iterator[str]:
        for found in filters_of(daemon).access_lists[kind].values():
            if found.remark is not None:
                yield f"{word} {found.name} remark {found.remark}"
            for number, rule in found.rules.items():
                yield rule_line(kind, found.name, number, rule)

    return printed


def _common(kind: str, variable: str, rule: str, family: tuple[str, ...], *help: str) -> None:
    name = f"{_WORDS[kind]} {variable}$name"
    both = (*family, *_HELP)

    @action(
        ACCESS_LISTS,
        f"{name} [seq (1-4294967295)$seq] <deny|permit>$kind {rule}",
        *both,
        *help,
        negatable=True,
        printer=_lines(kind),
    )
    def zebra(call: Call) -> None:
        _run(call, kind, _zebra(call.values))

    action(ACCESS_LISTS, f"no {name}", "Take back", *both[: 2 + len(family)])(
        lambda call: _drop(call, kind)
    )
    action(
        ACCESS_LISTS,
        f"{name} remark ![LINE...$text]",
        *both[: 2 + len(family)],
        "What it is for",
        "In words",
        negatable=True,
    )(lambda call: _remark(call, kind))


_HEAD = "access-list WORD$name [seq (1-4294967295)$seq] <deny|permit>$kind"
_ENDS = " ".join(
    f"<A.B.C.D${end} A.B.C.D${end}_mask|host A.B.C.D${end}|any>"
    for end in ("source", "destination")
)
_END_HELP = ("An address", "Its bits that do not count", "One address", "The address", "Every one")

action(
    ACCESS_LISTS,
    f"{_HEAD} <[host] A.B.C.D$source|A.B.C.D$source A.B.C.D$source_mask>",
    *_HELP,
    "One address",
    "The address",
    "An address",
    "Its bits that do not count",
    negatable=True,
)(lambda call: _run(call, "ip", _standard(call.values)))
action(
    ACCESS_LISTS,
    f"{_HEAD} ip {_ENDS}",
    *_HELP,
    "Any protocol",
    *_END_HELP,
    *_END_HELP,
    negatable=True,
)(lambda call: _run(call, "ip", _extended(call.values)))
_common(
    "ip",
    "WORD",
    "<A.B.C.D/M$prefix [exact-match$exact]|any>",
    (),
    "A prefix",
    "Of this length only",
    "Every prefix",
)
_common(
    "ipv6",
    "WORD",
    "<X:X::X:X/M$prefix [exact-match$exact]|any>",
    ("IPv6",),
    "A prefix",
    "Of this length only",
    "Every prefix",
)
_common(
    "mac",
    "ACCESSLIST_MAC_NAME",
    "<X:X:X:X:X:X$mac|any>",
    ("MAC addresses",),
    "A MAC address",
    "Every address",
)
