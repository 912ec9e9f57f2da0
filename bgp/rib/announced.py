"""What a group of neighbours was told of some prefixes, and the sets of it that are in use."""

from dataclasses import dataclass
from typing import Final
from weakref import ref

from bgp.attrs import AttrSet
from bgp.rib.path import Source
from grammar.base.values import Address


# Not `frozen`: there is one for each set of attributes, and its way to fill fields costs 1.5 us.
@dataclass(slots=True, eq=False, weakref_slot=True)
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


class _Ref(ref[Announced]):
    __slots__ = ("attrs",)
    attrs: AttrSet


class Interned:
    """What a group told, by its attributes: equal ones are the same object while it is in use."""

    __slots__ = ("_by_attrs", "_drop")

    def __init__(self) -> None:
        by_attrs: dict[AttrSet, tuple[_Ref, ...] | _Ref] = {}

        def drop(gone: ref[Announced]) -> None:
            attrs = gone.attrs  # type: ignore[attr-defined]
            left = tuple(one for one in _refs(by_attrs.get(attrs, ())) if one is not gone)
            if not left:
                by_attrs.pop(attrs, None)
            else:
                by_attrs[attrs] = left if len(left) > 1 else left[0]

        self._by_attrs = by_attrs
        self._drop = drop

    def __len__(self) -> int:
        return sum(len(_refs(found)) for found in self._by_attrs.values())

    def keep(self, new: Announced) -> Announced:
        """The one that says the same, or `new` if it is the first."""
        found = self._by_attrs.get(new.attrs, ())
        for one in _refs(found):
            old = one()
            if old is not None and old.content == new.content:
                return old
        own = _Ref(new, self._drop)
        own.attrs = new.attrs
        self._by_attrs[new.attrs] = (*_refs(found), own) if found else own
        return new


def _refs(found: tuple[_Ref, ...] | _Ref) -> tuple[_Ref, ...]:
    return found if isinstance(found, tuple) else (found,)
