"""Which rule of a list decides about a route, found without counting a hit."""

from dataclasses import dataclass
from typing import Final

from bgp.policy.lists import ListRule, ValueList, rule_line
from bgp.policy.matches import READERS, Sources
from bgp.policy.route import Route
from grammar.base.values import Address, Afi, Prefix
from grammar.filters import accesslist, prefixlist
from grammar.filters.model import AccessList, PrefixList


@dataclass(frozen=True, slots=True)
class Ruling:
    """`line` is the rule as it prints, None if no rule speaks of the route or there is no list.

    `list_name` is the list with its kind, `missing` says that it does not exist.
    """

    list_name: str
    line: str | None = None
    permit: bool = False
    missing: bool = False

    @property
    def text(self) -> str:
        """What decided."""
        if self.missing:
            return f"there is no {self.list_name}"
        return self.line or f"no line of {self.list_name} speaks of it"


_AFIS: Final = {"ip": Afi.IPV4, "ipv6": Afi.IPV6}


def ruling(sources: Sources, key: str, argument: object, route: Route) -> Ruling | None:
    """What decides for the list of a match line of this key, or of a filter; None without a list.

    `argument` is as in `grammar.filters.routemap.Line`.
    """
    if key in READERS and argument is not None:
        name, exact = argument if isinstance(argument, tuple) else (argument, False)
        return _of_values(sources, key, str(name), bool(exact), route)
    word, _, rest = key.partition(" ")
    what, _, kind = rest.partition(" ")
    if word not in _AFIS or kind not in ("", "prefix-list") or not isinstance(argument, str):
        return None
    afi = _AFIS[word]
    prefix = _asked(what, afi, route)
    if prefix is None:
        return None
    if kind == "prefix-list":
        return of_prefix_list(sources.filters.prefix_list(argument, afi), argument, prefix)
    return _of_access_list(sources.filters.access_list(argument, afi), argument, prefix)


def _asked(what: str, afi: Afi, route: Route) -> Prefix | None:
    """The prefix that a line looks at; None if it has nothing to look at."""
    if what == "address":
        return Prefix.from_key(afi, route.asked.key) if route.afi is afi else None
    address: Address | None = route.gateway if what == "next-hop" else route.peer_address
    if what not in ("next-hop", "route-source") or address is None or address.afi is not afi:
        return None
    return address.host_prefix()


def of_prefix_list(found: PrefixList | None, name: str, prefix: Prefix) -> Ruling:
    """The rule of a prefix-list that speaks of a prefix."""
    word = "ip" if prefix.afi is Afi.IPV4 else "ipv6"
    title = f"{word} prefix-list {name}"
    if found is None:
        return Ruling(title, missing=True)
    rule = found.match(prefix.key)
    if rule is None:
        return Ruling(title)
    number = next(number for number, other in found.rules.items() if other is rule)
    line = prefixlist.rule_line(word, name, number, rule)
    return Ruling(title, line, rule.permit)


def _of_access_list(found: AccessList | None, name: str, prefix: Prefix) -> Ruling:
    kind = "ip" if prefix.afi is Afi.IPV4 else "ipv6"
    title = "access-list " + name if kind == "ip" else f"ipv6 access-list {name}"
    if found is None:
        return Ruling(title, missing=True)
    for number, rule in found.rules.items():
        if rule.covers(prefix):
            return Ruling(title, accesslist.rule_line(kind, name, number, rule), rule.permit)
    return Ruling(title)


def _of_values(sources: Sources, kind: str, name: str, exact: bool, route: Route) -> Ruling:
    title = f"as-path access-list {name}" if kind == "as-path" else f"{kind}-list {name}"
    found = sources.lists.find(kind, name)
    if found is None:
        return Ruling(title, missing=True)
    field, text_of = READERS[kind]
    values = () if field is None else route.get(field)
    for number, rule in found.rules.items():
        if _speaks(found, rule, values, text_of(route), exact):
            return Ruling(title, rule_line(kind, found, number, rule), rule.permit)
    return Ruling(title)


def _speaks(
    found: ValueList, rule: ListRule, values: tuple[object, ...], text: str, exact: bool
) -> bool:
    """Whether a rule speaks of values: by the list's own way to judge, of this rule alone."""
    alone = ValueList(name=found.name, expanded=found.expanded)
    alone.put(1, ListRule(True, rule.text, rule.values))
    return alone.permits(values, text, exact)
