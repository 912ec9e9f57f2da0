"""Routes that are announced depending on others: `advertise-map`, `default-originate route-map`."""

from bgp.bgpd import Bgpd
from bgp.config import IPV4_UNICAST, AdvertiseMap
from bgp.originate import DELAY
from grammar.base.values import Address, Afi, Prefix
from grammar.filters.model import PrefixList, PrefixRule
from grammar.filters.routemap import Line, MapEntry, RouteMap
from tests.bgp.network import Network
from tests.bgp.routers import P1, P2, line_of, originate, routes, start, withdraw

CONDITION, DEFAULT = "10.9.0.0/16", "0.0.0.0/0"


def _map(router: Bgpd, name: str, prefix: str, med: int | None = None) -> None:
    found = router.config.filters.prefix_lists[Afi.IPV4][name] = PrefixList(name=name)
    found.put(None, PrefixRule(True, Prefix.parse(prefix)))
    key = "ip address prefix-list"
    entry = MapEntry(name, 10, True)
    entry.lines[key] = Line(key, f"match {key} {name}", name, (("PREFIX_LIST", name),))
    if med is not None:
        entry.lines["set metric"] = Line("set metric", f"set metric {med}", ("", med))
    router.config.filters.route_maps[name] = RouteMap(name, {10: entry})


def _routers(absent: bool) -> tuple[Network, Bgpd, Bgpd, Bgpd]:
    network, (a, b, c) = line_of(65001, 65002, 65003)
    _map(b, "WHAT", P1, 7)
    _map(b, "IF", CONDITION)
    config = b.config.instances[None]
    config.conditional_advertisement_timer = 10
    lines = config.peers[Address.parse("10.0.0.3")].family(IPV4_UNICAST)
    lines.advertise_map = AdvertiseMap("WHAT", "IF", absent)
    originate(a, P1, P2)
    start(network, [a, b, c])
    return network, a, b, c


def test_routes_are_announced_while_there_is_another() -> None:
    network, a, b, c = _routers(absent=False)
    assert set(routes(c)) == {P1, P2}  # nobody has looked yet
    network.advance(10)
    assert set(routes(c)) == {P2}
    originate(a, CONDITION)
    network.advance(5)
    assert set(routes(c)) == {P2, CONDITION}
    network.advance(10)
    assert {p: path.attrs.med for p, path in routes(c).items()}[P1] == 7
    # One of the maps is missing: all stays as it is.
    condition = b.config.filters.route_maps.pop("IF")
    withdraw(a, CONDITION)
    network.advance(30)
    assert set(routes(c)) == {P1, P2}
    b.config.filters.route_maps["IF"] = condition
    network.advance(10)
    assert set(routes(c)) == {P2}


def test_routes_are_announced_while_there_is_no_other() -> None:
    network, a, _, c = _routers(absent=True)
    network.advance(10)
    assert set(routes(c)) == {P1, P2}
    originate(a, CONDITION)
    network.advance(15)
    assert set(routes(c)) == {P2, CONDITION}


def test_a_default_route_follows_the_route_that_its_map_permits() -> None:
    network, (a, b, c) = line_of(65001, 65002, 65003)
    _map(b, "IF", CONDITION, 55)
    lines = b.config.instances[None].peers[Address.parse("10.0.0.3")].family(IPV4_UNICAST)
    lines.default_originate, lines.default_originate_map = True, "IF"
    originate(a, P1)
    start(network, [a, b, c])
    network.advance(DELAY)  # the search that the first routes asked for
    assert set(routes(c)) == {P1}
    originate(a, CONDITION)
    network.advance(DELAY - 1)
    assert set(routes(c)) == {P1, CONDITION}
    network.advance(2)
    default = routes(c)[DEFAULT]
    assert (default.attrs.med, default.attrs.as_path.text) == (55, "65002")
    withdraw(a, CONDITION)
    network.advance(DELAY + 1)
    assert set(routes(c)) == {P1}
