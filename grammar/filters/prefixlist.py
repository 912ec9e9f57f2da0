"""`ip prefix-list` and `ipv6 prefix-list`: the lines that make and remove them."""

from collections.abc import Iterator
from typing import Any

from grammar.base.errors import CommandError, Status
from grammar.base.values import Afi, Prefix
from grammar.command import Call, action
from grammar.filters.model import FilterEffect, Filters, PrefixList, PrefixRule
from grammar.node import CONFIG
from grammar.scope import Scope, Values

FAILED = "% Configuration failed.\n\nError type: validation\nError description: "
"""What FRR puts ahead of the reason when a value cannot be."""


def filters_of(daemon: Any) -> Filters:
    """The filters in a daemon's configuration."""
    filters: Filters = daemon.config.filters
    return filters


PREFIX_LISTS = Scope((CONFIG,))
_HELP = (
    "A list of prefixes",
    "Its name",
    "Where the line stands",
    "Its number",
    "Refuse what matches",
    "Take what matches",
    "Every prefix",
    "A prefix",
    "No shorter than",
    "Length in bits",
    "No longer than",
    "Length in bits",
)


def rule_text(rule: PrefixRule) -> str:
    """What a rule says, from its `permit` or `deny` on."""
    word = "permit" if rule.permit else "deny"
    if rule.prefix is None:
        return f"{word} any"
    ge = "" if rule.ge is None else f" ge {rule.ge}"
    le = "" if rule.le is None else f" le {rule.le}"
    return f"{word} {rule.prefix}{ge}{le}"


def rule_line(word: str, name: str, number: int, rule: PrefixRule) -> str:
    """The line of a rule; `word` is `ip` or `ipv6`."""
    return f"{word} prefix-list {name} seq {number} {rule_text(rule)}"


def _typed(call: Call) -> tuple[PrefixRule, bool]:
    """The rule of a line, and whether its prefix was typed with host bits."""
    values = call.values
    permit = values["kind"] == "permit"
    typed: Prefix | None = values.get("prefix")
    if typed is None:
        return PrefixRule(permit), False
    prefix = typed.network
    return PrefixRule(permit, prefix, values.get("ge"), values.get("le")), typed != prefix


def _check(rule: PrefixRule) -> None:
    prefix = rule.prefix
    if prefix is None:
        return
    if not prefix.length <= rule.low <= rule.high(prefix.afi):
        reason = "Make sure that mask length <= ge <= le"
        raise CommandError(f"{FAILED}Invalid prefix range for {prefix}: {reason}")


def _lists(call: Call, afi: Afi) -> dict[str, PrefixList]:
    return filters_of(call.daemon).prefix_lists[afi]


def _changed(call: Call, afi: Afi, name: str) -> None:
    filters = filters_of(call.daemon)
    filters.last_prefix_list[afi] = name
    found = filters.prefix_lists[afi].get(name)
    if found is not None and found.is_empty:
        del filters.prefix_lists[afi][name]
    call.changed(FilterEffect.PREFIX_LIST, name)


def _add(call: Call, afi: Afi) -> None:
    lists, name = _lists(call, afi), call.values["name"]
    rule, host_bits = _typed(call)
    number: int | None = call.values.get("seq")
    found = lists.get(name)
    same = None if found is None else found.find(rule)
    # FRR asks whether the rule is there by the text as typed: with host bits it is another one,
    # which is refused once it is entered; without them nothing happens, whatever the number.
    if same is not None and not host_bits:
        return
    _check(rule)
    if same is not None and same != number:
        raise CommandError(f"{FAILED}duplicated prefix list value: {rule.prefix}")
    if found is None:
        found = lists[name] = PrefixList(name=name, afi=afi)
    found.put(number, rule)
    _changed(call, afi, name)


def _remove(call: Call, afi: Afi) -> None:
    lists, name = _lists(call, afi), call.values["name"]
    found = lists.get(name)
    number: int | None = call.values.get("seq")
    if "kind" in call.values and number is None:
        rule, _ = _typed(call)
        number = None if found is None else found.find(rule)
        if number is None:
            raise CommandError("", Status.CONFIG_FAILED)
    if found is not None and found.take(number or 0):
        _changed(call, afi, name)


def _drop(call: Call, afi: Afi) -> None:
    if _lists(call, afi).pop(call.values["name"], None) is not None:
        _changed(call, afi, call.values["name"])


def _describe(call: Call, afi: Afi) -> None:
    lists, name = _lists(call, afi), call.values["name"]
    text = None if call.negated else " ".join(call.values["text"].split())
    if text is None and name not in lists:
        return
    found = lists.setdefault(name, PrefixList(name=name, afi=afi))
    found.description = text
    if found.is_empty:
        del lists[name]


def _lines(word: str, afi: Afi) -> Any:
    def printed(daemon: Any, names: Values) -> Iterator[str]:
        for found in filters_of(daemon).prefix_lists[afi].values():
            if found.description is not None:
                yield f"{word} prefix-list {found.name} description {found.description}"
            for number, rule in found.rules.items():
                yield rule_line(word, found.name, number, rule)

    return printed


def _declare(word: str, afi: Afi, prefix: str, bits: int) -> None:
    name = f"{word} prefix-list WORD$name"
    lengths = f"[{{ge (0-{bits})$ge|le (0-{bits})$le}}]"
    rule = f"<deny|permit>$kind <any$any|{prefix}$prefix {lengths}>"
    family = "IP" if afi is Afi.IPV4 else "IPv6"
    both = (family, *_HELP)

    @action(
        PREFIX_LISTS,
        f"{name} [seq (1-4294967295)$seq] {rule}",
        *both,
        printer=_lines(word, afi),
    )
    def add(call: Call) -> None:
        _add(call, afi)

    @action(PREFIX_LISTS, f"no {name} [seq (1-4294967295)$seq] {rule}", "Take back", *both)
    def remove(call: Call) -> None:
        _remove(call, afi)

    @action(PREFIX_LISTS, f"no {name} seq (1-4294967295)$seq", "Take back", *both[:5])
    def remove_number(call: Call) -> None:
        _remove(call, afi)

    @action(PREFIX_LISTS, f"no {name}", "Take back", *both[:3])
    def drop(call: Call) -> None:
        _drop(call, afi)

    @action(
        PREFIX_LISTS,
        f"{name} description ![LINE...$text]",
        *both[:3],
        "What it is for",
        "In words",
        negatable=True,
    )
    def describe(call: Call) -> None:
        _describe(call, afi)


_declare("ip", Afi.IPV4, "A.B.C.D/M", 32)
_declare("ipv6", Afi.IPV6, "X:X::X:X/M", 128)
