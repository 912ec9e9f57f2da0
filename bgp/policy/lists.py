"""Lists over AS paths and communities, and what they say of a route's values."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from bgp.policy.communities import community_text
from bgp.policy.extended import extended_text
from grammar.expression.automaton import expression, searching
from grammar.filters.model import Numbered

Values = tuple[object, ...]


@dataclass(slots=True, frozen=True)
class ListRule:
    """One line: `text` as it prints; `values` of a standard list, None of an expanded one."""

    permit: bool
    text: str
    values: Values | None = None


@dataclass(slots=True, eq=False)
class ValueList(Numbered[ListRule]):
    """A list of communities of some kind, or of AS paths (`expanded`, over the path's text)."""

    name: str = ""
    expanded: bool = False

    @property
    def is_empty(self) -> bool:
        """True when nothing of it prints."""
        return not self.rules

    def next_number(self) -> int:
        """FRR takes the next multiple of 5 here."""
        return next(reversed(self.rules), 0) // 5 * 5 + 5

    def permits(self, values: Values, text: str, exact: bool = False) -> bool:
        """What the list says of a route's values; `text` is how FRR writes them together."""
        if self.of_texts:
            return self.judge_texts()(text)
        return self.judge(exact)(values, lambda: text)

    @property
    def of_texts(self) -> bool:
        """True if all of its rules look at texts."""
        return all(rule.values is None for rule in self.rules.values())

    def judge_texts(self) -> Callable[[str], bool]:
        """What a list `of_texts` says of a text, ready to be asked of many while it stays so."""
        rules = tuple((searching(rule.text), rule.permit) for rule in self.rules.values())
        if len(rules) == 1 and rules[0][1]:
            only = rules[0][0]
            return lambda text: bool(only(text))

        def permits(text: str) -> bool:
            for found, permit in rules:
                if found(text):
                    return permit
            return False

        return permits

    def judge(self, exact: bool = False) -> "Judge":
        """What any list says of values."""
        rules = tuple((_matcher(rule, exact), rule.permit) for rule in self.rules.values())

        def permits(values: Values, text: Callable[[], str]) -> bool:
            for matches, permit in rules:
                if matches(values, text):
                    return permit
            return False

        return permits

    def deletes(self, value: object, text: str) -> bool:
        """`set comm-list NAME delete`: whether this single value goes."""
        for rule in self.rules.values():
            if rule.values is None:
                found = expression(rule.text).found(text)
            else:
                found = value in rule.values or 0 in rule.values
            if found:
                return rule.permit
        return False


Judge = Callable[[Values, Callable[[], str]], bool]
"""What a list says of values; what gives their text is called when it is needed."""


def _matcher(rule: ListRule, exact: bool) -> Judge:
    wanted = rule.values
    if wanted is None:
        found = expression(rule.text).found
        return lambda values, text: found(text())
    if exact:
        return lambda values, text: wanted == values
    if 0 in wanted:
        return lambda values, text: True  # 0:0, `internet`, is every community
    if len(wanted) == 1:
        (one,) = wanted
        return lambda values, text: one in values
    return lambda values, text: all(value in values for value in wanted)


def communities_text(values: Iterable[int]) -> str:
    """Communities as expanded lists see them."""
    return " ".join(map(community_text, values))


def large_text(values: Iterable[tuple[int, int, int]]) -> str:
    """Large communities as expanded lists see them."""
    return " ".join(f"{a}:{b}:{c}" for a, b, c in values)


def extended_texts(values: Iterable[int]) -> str:
    """Extended communities as expanded lists see them."""
    return " ".join(map(extended_text, values))


KINDS: Final = ("community", "extcommunity", "large-community")
"""The kinds of community lists, in printed order."""


def _kinds() -> dict[str, dict[str, ValueList]]:
    return {kind: {} for kind in (*KINDS, "as-path")}


@dataclass(slots=True, eq=False)
class BgpLists:
    """bgpd's own lists, by kind (`as-path` beside `KINDS`) and name."""

    by_kind: dict[str, dict[str, ValueList]] = field(default_factory=_kinds)

    def find(self, kind: str, name: str) -> ValueList | None:
        """A list by kind and name."""
        return self.by_kind[kind].get(name)

    def sorted(self, kind: str) -> list[ValueList]:
        """Those of a kind in FRR's order: numbers first, then names."""
        return sorted(self.by_kind[kind].values(), key=lambda found: name_order(found.name))


def name_order(name: str) -> tuple[bool, int, str]:
    """The sort key of list names."""
    return (not name.isdigit(), int(name) if name.isdigit() else 0, name)


def rule_line(kind: str, found: ValueList, number: int, rule: ListRule) -> str:
    """The line of a rule of a list of some kind."""
    permit = "permit" if rule.permit else "deny"
    if kind == "as-path":
        return f"bgp as-path access-list {found.name} seq {number} {permit} {rule.text}"
    style = "" if found.name.isdigit() else "expanded " if found.expanded else "standard "
    return f"bgp {kind}-list {style}{found.name} seq {number} {permit} {rule.text}"
