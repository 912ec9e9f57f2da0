"""Tables of routes by what was asked for: a filter, one family or all, in rows or in full."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bgp.config import FAMILIES, Family
from bgp.show import build
from bgp.show.build import conditions, find, route
from bgp.show.build.conditions import Choice
from bgp.show.views.table import NamedTable, TablesView
from grammar.base.values import Afi

if TYPE_CHECKING:
    from bgp.instance import Instance
    from bgp.peer import Peer


@dataclass(frozen=True, slots=True)
class Filter:
    """What is shown of a table: the keyword of the filter (none shows all), and its value."""

    what: str = ""
    value: object = None
    exact: bool = False


def table(
    instance: "Instance",
    family: Family,
    asked: Filter,
    *,
    wide: bool = False,
    detail: bool = False,
) -> object:
    """One family. FRR's refusal if there is no such list."""
    conditions.check(instance, family[0], asked.what, str(asked.value))
    return _table(instance, family, asked, wide=wide, detail=detail)


def _table(
    instance: "Instance", family: Family, asked: Filter, *, wide: bool, detail: bool
) -> object:
    if asked.what == "dampening":
        return build.damped.flaps(instance, family, held=asked.value == "dampened-paths")
    choice = conditions.choice(instance, family, asked.what, asked.value, asked.exact)
    if detail:
        return route.detail(instance, family, choice)
    # Only of a whole table FRR says that it is empty.
    return build.tables(family).table(instance, family, choice, wide=wide, told=not asked.what)


def all_tables(
    instance: "Instance",
    of: tuple[str | None, Afi],
    asked: Filter,
    *,
    wide: bool = False,
    detail: bool = False,
) -> TablesView:
    """All families that neighbors are activated in; `of` is the word for those wanted (None: all)
    and the one whose lists are meant: in the others, a list of prefixes chooses nothing."""
    word, own = of
    conditions.check(instance, own, asked.what, str(asked.value))

    def one(family: Family) -> object:
        if asked.what in conditions.LISTS_OF_PREFIXES and family[0] is not own:
            return build.tables(family).table(instance, family, conditions.NOTHING, told=False)
        return _table(instance, family, asked, wide=wide, detail=detail)

    return of_families(instance, word, one)


def of_families(
    instance: "Instance", word: str | None, make: Callable[[Family], object]
) -> TablesView:
    """A view for each family that neighbors are activated in, or the refusal in its place."""

    def made(family: Family) -> object:
        try:
            return make(family)
        except find.Refused as refused:
            return refused.remark

    named = [
        NamedTable(
            f"For address family: {find.family_name(family)}",
            find.family_key(family),
            made(family),
        )
        for family in FAMILIES
        if word in (None, family[0].word)
        and any(find.is_active(peer, family) for peer in instance.sorted_peers())
    ]
    return TablesView(tuple(named))


def of_peer(instance: "Instance", peer: "Peer", family: Family, what: str) -> object:
    """Routes of a neighbor in the table, those that flapped, or those that are held back."""
    if what != "routes":
        return build.damped.flaps(instance, family, peer, held=what == "dampened-routes")
    choice = Choice(chosen=lambda path: path.source is peer)
    return build.tables(family).table(instance, family, choice)
