"""Which route-maps a change of lists and maps concerns."""

import pytest

from grammar.filters import FilterEffect
from grammar.filters.model import Filters
from grammar.filters.routemap import Line, MapEntry, RouteMap


def _filters() -> Filters:
    """A names the list L, B calls A, C calls B and A, D calls itself."""
    filters = Filters()
    for name, calls in {"A": None, "B": "A", "C": "B", "D": "D"}.items():
        filters.route_maps[name] = RouteMap(name, {10: MapEntry(name, 10, True, call=calls)})
    filters.route_maps["C"].entries[20] = MapEntry("C", 20, True, call="A")
    key = "ip address prefix-list"
    line = Line(key, f"match {key} L", "L", ((FilterEffect.PREFIX_LIST.name, "L"),))
    filters.route_maps["A"].entries[10].lines[key] = line
    return filters


@pytest.mark.parametrize(
    ("changed", "concerned"),
    [
        ([], ""),
        ([(FilterEffect.PREFIX_LIST, "L")], "ABC"),
        ([(FilterEffect.ACCESS_LIST, "L")], ""),
        ([(FilterEffect.ROUTE_MAP, "B")], "BC"),
        ([(FilterEffect.ROUTE_MAP, "D"), (FilterEffect.PREFIX_LIST, "L")], "ABCD"),
        ([(FilterEffect.ROUTE_MAP, "X")], "X"),
    ],
)
def test_those_that_changed_that_name_it_and_that_call_them(
    changed: list[tuple[FilterEffect, str]], concerned: str
) -> None:
    assert _filters().concerned(changed) == set(concerned)
