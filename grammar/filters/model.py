"""Prefix-lists and access-lists, and what they say of a prefix."""

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Generic, TypeVar

from grammar.base.values import IP, Address, Afi, Prefix
from grammar.filters.prefixindex import PrefixIndex
from grammar.filters.routemap import RouteMap

STEP = 5
"""Between the numbers of entries that are typed without one."""


class FilterEffect(Enum):
    """Something of `Filters` changed; the target of the change is its name."""

    PREFIX_LIST = auto()
    ACCESS_LIST = auto()
    ROUTE_MAP = auto()
    OTHER_LIST = auto()
    """A list of a daemon's own: AS paths, communities."""


@dataclass(slots=True, unsafe_hash=True)
class PrefixRule:
    """One line of a prefix-list; `prefix` None is `any`. Hits do not tell rules apart.

    Only the hits change.
    """

    permit: bool
    prefix: Prefix | None = None
    ge: int | None = None
    le: int | None = None
    hits: int = field(default=0, compare=False)

    def covers(self, prefix: Prefix) -> bool:
        """True if the rule speaks of this prefix: in its own, of a length between its bounds."""
        own = self.prefix
        if own is None:
            return True
        return own.covers(prefix) and self.low <= prefix.length <= self.high(prefix.afi)

    @property
    def low(self) -> int:
        """The shortest length it speaks of."""
        if self.ge is not None:
            return self.ge
        return 0 if self.prefix is None else self.prefix.length

    def high(self, afi: Afi) -> int:
        """The longest."""
        if self.le is not None:
            return self.le
        return afi.bits if self.ge is not None or self.prefix is None else self.low


R = TypeVar("R", bound=Hashable)


@dataclass(slots=True)
class Numbered(Generic[R]):
    """Rules by their numbers, in this order; changed by `put` and `take` only."""

    rules: dict[int, R] = field(default_factory=dict)
    _numbers: dict[R, int] | None = field(default=None, init=False, repr=False, compare=False)

    def put(self, number: int | None, rule: R) -> None:
        """Enter a rule, behind the last one when no number is given."""
        number = self.next_number() if number is None else number
        last = next(reversed(self.rules), 0)
        known = self._numbers
        if number in self.rules:
            self._numbers = None
        elif known is not None and number < known.get(rule, number + 1):
            known[rule] = number
        self.rules[number] = rule
        if number < last:
            self.rules = dict(sorted(self.rules.items()))

    def take(self, number: int) -> bool:
        """Remove a rule; False if there is none of that number."""
        self._numbers = None
        return self.rules.pop(number, None) is not None

    def next_number(self) -> int:
        """The number of a rule that is typed without one: FRR adds 5 to the last."""
        return next(reversed(self.rules), 0) + STEP

    def find(self, rule: R) -> int | None:
        """The number of a rule that says the same."""
        if self._numbers is None:
            self._numbers = {other: number for number, other in reversed(self.rules.items())}
        return self._numbers.get(rule)


@dataclass(slots=True, eq=False)
class PrefixList(Numbered[PrefixRule]):
    """An `ip prefix-list` or `ipv6 prefix-list`.

    Without rules everything is permitted, with rules what none of them speaks of is denied (FRR).
    """

    name: str = ""
    afi: Afi = Afi.IPV4
    description: str | None = None
    _index: PrefixIndex[PrefixRule] | None = field(default=None, init=False, repr=False)

    @property
    def is_empty(self) -> bool:
        """True when nothing of it prints."""
        return not self.rules and self.description is None

    def put(self, number: int | None, rule: PrefixRule) -> None:
        """Enter a rule, behind the last one when no number is given."""
        self._index = None
        Numbered.put(self, number, rule)

    def take(self, number: int) -> bool:
        """Remove a rule; False if there is none of that number."""
        self._index = None
        return Numbered.take(self, number)

    def match(self, key: int) -> PrefixRule | None:
        """The first rule that speaks of the prefix of this key (`Prefix.key`)."""
        return self.index.first(key)

    @property
    def index(self) -> PrefixIndex[PrefixRule]:
        """The rules as they are now, ready to be asked."""
        if self._index is None:
            self._index = PrefixIndex(self.rules.values(), self.afi)
        return self._index

    def permits(self, prefix: Prefix) -> bool:
        """What the list says of a prefix of its family; counts a hit."""
        return self.permits_key(prefix.key)

    def permits_key(self, key: int) -> bool:
        """The same, of a table key."""
        if not self.rules:
            return True
        rule = self.match(key)
        if rule is None:
            return False
        rule.hits += 1
        return rule.permit


@dataclass(slots=True, frozen=True)
class Wildcard:
    """`A.B.C.D A.B.C.D`: an address and the bits that do not count (None: one address alone).

    `everything` is true for the word `any`.
    """

    address: Address
    mask: int | None = None
    everything: bool = False

    def covers(self, value: int) -> bool:
        """True for an address whose bits that count are these."""
        return (value ^ self.address.value) & ~self.bits & 0xFFFFFFFF == 0

    @property
    def bits(self) -> int:
        """The bits that do not count."""
        return self.mask or 0


@dataclass(slots=True, frozen=True)
class AccessRule:
    """One line of an access-list.

    Of an address with a wildcard (`source`, and `destination` for the mask of the prefix), of a
    `prefix`, of a `mac` address, or without any of them of everything.
    """

    permit: bool
    source: Wildcard | None = None
    destination: Wildcard | None = None
    prefix: Prefix | None = None
    exact: bool = False
    mac: str | None = None

    def covers(self, prefix: Prefix) -> bool:
        """True if the rule speaks of this prefix."""
        if self.source is not None:
            if prefix.afi is not Afi.IPV4 or not self.source.covers(prefix.value):
                return False
            netmask = 0xFFFFFFFF << (32 - prefix.length) & 0xFFFFFFFF
            return self.destination is None or self.destination.covers(netmask)
        if self.prefix is None:
            return self.mac is None
        if self.exact and prefix.length != self.prefix.length:
            return False
        return self.prefix.covers(prefix)


@dataclass(slots=True, eq=False)
class AccessList(Numbered[AccessRule]):
    """An `access-list` of one kind (`ip`, `ipv6`, `mac`): what no rule speaks of is denied."""

    name: str = ""
    kind: str = "ip"
    remark: str | None = None

    @property
    def is_empty(self) -> bool:
        """True when nothing of it prints."""
        return not self.rules and self.remark is None

    def permits(self, prefix: Prefix) -> bool:
        """What the list says."""
        for rule in self.rules.values():
            if rule.covers(prefix):
                return rule.permit
        return False


@dataclass(slots=True, eq=False)
class Filters:
    """The filters of a daemon. Lists print in the order in which they were made."""

    prefix_lists: dict[Afi, dict[str, PrefixList]] = field(
        default_factory=lambda: {afi: {} for afi in IP}
    )
    access_lists: dict[str, dict[str, AccessList]] = field(
        default_factory=lambda: {"ip": {}, "ipv6": {}, "mac": {}}
    )
    route_maps: dict[str, RouteMap] = field(default_factory=dict)
    map_places: dict[str, None] = field(default_factory=dict)
    """Route-maps in the order in which they print. One whose last entry was taken back by its
    number keeps its place for when it comes again, one taken back as a whole does not, as in FRR.
    """
    last_prefix_list: dict[Afi, str] = field(default_factory=dict)
    """The prefix-list that was changed last, which some shows tell."""
    debug_route_map: bool | None = None
    """`debug route-map`, which FRR prints from both nodes it is typed in."""
    clauses: frozenset[str] = frozenset()
    """The keys of the route-map lines that the daemon acts on."""
    in_use: Callable[[], Collection[str]] = frozenset
    """The route-maps that other lines refer to."""

    def prefix_list(self, name: str, afi: Afi) -> PrefixList | None:
        """A prefix-list by name."""
        return self.prefix_lists[afi].get(name)

    def access_list(self, name: str, afi: Afi) -> AccessList | None:
        """An access-list over prefixes of a family, by name."""
        return self.access_lists["ip" if afi is Afi.IPV4 else "ipv6"].get(name)

    def prefix_permits(self, name: str, prefix: Prefix) -> bool:
        """What the prefix-list of the prefix's family says; one that does not exist denies."""
        found = self.prefix_lists[prefix.afi].get(name)
        return found is not None and found.permits(prefix)

    def access_permits(self, name: str, prefix: Prefix) -> bool:
        """What the access-list of the prefix's family says; one that does not exist denies."""
        found = self.access_list(name, prefix.afi)
        return found is not None and found.permits(prefix)

    def concerned(self, changed: Collection[tuple[FilterEffect, str]]) -> set[str]:
        """The route-maps that changes of these lists and maps concern.

        Those that changed, those that name a list that did, and those that call one of these.
        """
        found = {name for effect, name in changed if effect is FilterEffect.ROUTE_MAP}
        lists = {
            (effect.name, name) for effect, name in changed if effect is not FilterEffect.ROUTE_MAP
        }
        callers: dict[str, list[str]] = {}
        for route_map in self.route_maps.values():
            if route_map.refers_to(lists):
                found.add(route_map.name)
            for called in route_map.calls():
                callers.setdefault(called, []).append(route_map.name)
        waiting = list(found)
        while waiting:
            for caller in callers.get(waiting.pop(), ()):
                if caller not in found:
                    found.add(caller)
                    waiting.append(caller)
        return found
