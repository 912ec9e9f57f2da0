"""Changes of lists and route-maps while routes are there: what has effect, and when."""

import pytest

from bgp.bgpd import Bgpd
from bgp.config import IPV4_UNICAST
from bgp.policy.evaluate import Policy
from bgp.policy.route import Route
from bgp.renewal import DELAY
from grammar.base.values import Address, Afi, Prefix
from grammar.command import Change
from grammar.filters import FilterEffect
from grammar.filters.model import PrefixList, PrefixRule
from grammar.filters.routemap import Line, MapEntry, RouteMap
from tests.bgp.routers import P1, P2, line_of, originate, routes, start


def _permit(router: Bgpd, name: str) -> None:
    lists = router.config.filters.prefix_lists[Afi.IPV4]
    found = lists[name] = PrefixList(name=name)
    found.put(None, PrefixRule(True, Prefix.parse(P1)))


def test_a_prefix_list_outward_has_effect_at_once() -> None:
    network, (a, b) = line_of(65001, 65002)
    lines = a.config.instances[None].peers[Address.parse("10.0.0.2")]
    lines.family(IPV4_UNICAST).prefix_list_out = "ONE"
    originate(a, P1, P2)
    start(network, [a, b])
    assert routes(b) == {}
    _permit(a, "ONE")
    a.react([Change(FilterEffect.PREFIX_LIST, "ONE")])
    network.advance(0)
    assert set(routes(b)) == {P1}


def test_a_route_map_has_effect_after_the_delay_and_so_has_a_list_it_names() -> None:
    network, (a, b) = line_of(65001, 65002)
    lines = b.config.instances[None].peers[Address.parse("10.0.0.1")]
    lines.family(IPV4_UNICAST).route_map_in = "IN"
    originate(a, P1, P2)
    start(network, [a, b])
    assert routes(b) == {}
    key = "ip address prefix-list"
    entry = MapEntry("IN", 10, True)
    entry.lines[key] = Line(key, f"match {key} ONE", "ONE", (("PREFIX_LIST", "ONE"),))
    entry.lines["set metric"] = Line("set metric", "set metric 7", ("", 7))
    b.config.filters.route_maps["IN"] = RouteMap("IN", {10: entry})
    b.react([Change(FilterEffect.ROUTE_MAP, "IN")])
    _permit(b, "ONE")
    b.react([Change(FilterEffect.PREFIX_LIST, "ONE")])
    assert b.config.filters.route_maps["IN"].changed
    network.advance(DELAY - 1)
    assert routes(b) == {}
    network.advance(2)
    assert {prefix: path.attrs.med for prefix, path in routes(b).items()} == {P1: 7}
    assert not b.config.filters.route_maps["IN"].changed
    assert b.config.filters.route_maps["IN"].invoked == 2
    assert entry.invoked == 1


def test_a_map_that_looks_at_attributes_only_is_evaluated_once_for_each_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network, (a, b) = line_of(65001, 65002)
    b.config.instances[None].peers[Address.parse("10.0.0.1")].family(
        IPV4_UNICAST
    ).route_map_in = "IN"
    entry = MapEntry("IN", 10, True)
    entry.lines["origin"] = Line("origin", "match origin igp", "igp")
    entry.lines["set metric"] = Line("set metric", "set metric 7", ("", 7))
    b.config.filters.route_maps["IN"] = RouteMap("IN", {10: entry})
    asked: list[Route] = []
    permits = Policy.permits

    def counted(policy: Policy, name: str, route: Route, onto: Route | None = None) -> bool:
        asked.append(route)
        return permits(policy, name, route, onto)

    monkeypatch.setattr(Policy, "permits", counted)
    originate(a, *(f"10.{n // 256}.{n % 256}.0/24" for n in range(1000)))
    start(network, [a, b])
    assert {path.attrs.med for path in routes(b).values()} == {7}
    assert len(routes(b)) == 1000 == entry.invoked
    assert len(asked) == 1


def test_without_its_tree_a_map_counts_each_entry_that_is_tried() -> None:
    network, (a, b) = line_of(65001, 65002)
    lines = b.config.instances[None].peers[Address.parse("10.0.0.1")]
    lines.family(IPV4_UNICAST).route_map_in = "IN"
    tried, denied, last = (MapEntry("IN", n, n != 20) for n in (10, 20, 30))
    tried.lines["metric"] = Line("metric", "match metric 5", 5)
    denied.lines["origin"] = Line("origin", "match origin egp", "egp")
    entries = {entry.sequence: entry for entry in (tried, denied, last)}
    route_map = b.config.filters.route_maps["IN"] = RouteMap("IN", entries, optimization=False)
    originate(a, P1, P2)
    start(network, [a, b])
    assert set(routes(b)) == {P1, P2}
    counts = [one.invoked for one in (route_map, tried, denied, last)]
    assert counts == [2, 2, 2, 2]
