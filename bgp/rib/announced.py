"""What a group of neighbours was told of some prefixes, and the sets of it that are in use."""

from dataclasses import dataclass
from sys import getrefcount
from typing import Final

from bgp.attrs import AttrSet
from bgp.compiled import maker
from bgp.folded import folded, settle
from bgp.rib.path import Source
from bgp.rib.shards import Shard
from grammar.base.values import Address


# Not `frozen`: there is one for each set of attributes, and its way to fill fields costs 1.5 us.
@folded("attrs")
@dataclass(slots=True, eq=False)
class Announced:
    """What a group was told of some prefixes. Equal ones of a group are the same object.

    `attrs` are those of the path; `med` and `local_pref` are what goes out instead of theirs.
    `gateway` None means that every member is given the address of its own session (FRR shows
    0.0.0.0 or ::). `originator` and `clusters` are put in by a route reflector. `weight` is that of
    the path in the table (shown, never sent).
    """

    attrs: AttrSet
    gateway: Final[Address | None] = None
    link_local: Final[Address | None] = None
    med: Final[int | None] = None
    local_pref: Final[int | None] = None
    weight: Final[int] = 0
    originator: Final[int | None] = None
    clusters: Final[tuple[int, ...]] = ()
    local: Final[bool] = False
    """An own route: its IPv6 next hop carries the link-local address too."""
    forced: Final[bool] = False
    """The next hop was set by a route-map: it goes out as it is."""
    chosen: Final[bool] = False
    """A route-map outwards chose it: of IPv6 it goes beside the own link-local one."""
    near: Final[Address | None] = None
    """The link-local next hop that a route-map outwards chose."""
    bare: Final[bool] = False
    """A flow specification that came without a next hop, and goes out without one."""
    label: Final[int | None] = None
    """Of labeled unicast: the neighbour's label to pass on; of an own route its label index."""
    third: Final[Address | None] = None
    """The next hop of a third router: none of the members of that time could use it, a member that
    comes later may (RFC 4271 sec. 5.1.3)."""
    third_from: Final[Source | None] = None
    """Who told of a next hop that is not its own address, which is no news to it."""

    def goes_like(self, other: "Announced") -> bool:
        """True if its next hop is surely that of another one, for each member: told at a glance."""
        return (
            self.third is other.third
            and self.third_from is other.third_from
            and self.gateway is other.gateway
            and self.link_local is other.link_local
            and self.near is other.near
            and self.forced is other.forced
            and self.bare is other.bare
            and self.chosen is other.chosen
            and self.local is other.local
        )

    @property
    def content(self) -> tuple[object, ...]:
        """All fields: what makes two of them equal."""
        return (
            self.attrs,
            self.gateway,
            self.link_local,
            self.med,
            self.local_pref,
            self.weight,
            self.originator,
            self.clusters,
            self.local,
            self.forced,
            self.chosen,
            self.near,
            self.bare,
            self.label,
            self.third,
            self.third_from,
        )


told: Final = maker(
    Announced,
    (
        *("attrs", "gateway", "link_local", "med", "local_pref", "weight", "originator"),
        *("clusters", "local", "forced", "chosen", "near", "bare", "label", "third", "third_from"),
    ),
    (),
)
"""What `Announced` makes of all its arguments in their order."""

_Kept = Announced | tuple[Announced, ...]

_FEW: Final = 1024


def _count_alone() -> int:
    kept = {0: object()}
    found = kept.get(0)
    return getrefcount(found)


def _count_in_tuple(held: tuple[object, ...]) -> int:
    return max(getrefcount(one) for one in held)


_IDLE: Final = _count_alone()
_IDLE_BESIDE: Final = _count_in_tuple((object(),))
"""References to one that nobody uses, counted as below: interpreters differ in it."""


class Interned:
    """What a group told, by its attributes: equal ones are the same object while it is in use.

    Weak references would take 80 bytes for each and a call at its end. Here what is no longer in
    use is looked for bit by bit, while prefixes lose what was told of them (`sweep`).
    """

    __slots__ = ("_by_attrs", "_enough", "_hand")

    def __init__(self) -> None:
        self._by_attrs: Shard[_Kept] = Shard()
        """By the address of their attributes, which they hold."""
        self._hand: list[int] = []
        """Those still to be looked at in this round."""
        self._enough = _FEW
        """How many may be there before another round begins."""

    def __len__(self) -> int:
        return sum(len(one) if isinstance(one, tuple) else 1 for one in self._by_attrs.values())

    def keep(self, new: Announced) -> Announced:
        """The one that says the same, or `new` if it is the first."""
        attrs = id(settle(new).attrs)
        found = self._by_attrs.get(attrs)
        if found is None:
            self._by_attrs[attrs] = new
            return new
        known = found if isinstance(found, tuple) else (found,)
        for old in known:
            if old.content == new.content:
                return old
        self._by_attrs[attrs] = (*known, new)
        return new

    def sweep(self, count: int) -> None:
        """Look at `count` sets of attributes whether what was told of them is still in use."""
        by_attrs, hand = self._by_attrs, self._hand
        for _ in range(count):
            if not hand:
                if len(by_attrs) <= self._enough:
                    return
                hand += by_attrs
                self._enough = 0
            attrs = hand.pop()
            found = by_attrs.get(attrs)
            if type(found) is Announced:
                if getrefcount(found) == _IDLE:
                    del by_attrs[attrs]
            elif isinstance(found, tuple):
                self._sweep_several(attrs, found)

            if not hand:
                self._enough = max(2 * len(by_attrs), _FEW)

    def _sweep_several(self, attrs: int, found: tuple[Announced, ...]) -> None:
        used = tuple(one for one in found if getrefcount(one) > _IDLE_BESIDE)
        if not used:
            del self._by_attrs[attrs]
        else:
            self._by_attrs[attrs] = used if len(used) > 1 else used[0]
