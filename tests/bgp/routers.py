"""Routers of tests by their addresses: configuration, tables and what neighbors are told."""

from itertools import pairwise

from bgp.bgpd import Bgpd
from bgp.config import IPV4_UNICAST
from bgp.config import Network as NetworkLine
from bgp.effects import Effect
from bgp.instance import Instance
from bgp.peer import Peer
from bgp.rib.path import Path, best_of
from grammar.base.values import Address, Prefix
from tests.bgp.network import Network, neighbor, react

P1, P2 = "172.19.0.0/32", "172.19.0.100/32"


def instance(bgpd: Bgpd) -> Instance:
    return bgpd.instances[None]


def peer(bgpd: Bgpd, address: str) -> Peer:
    return instance(bgpd).peers[Address.parse(address)]


def originate(bgpd: Bgpd, *prefixes: str, family: object = IPV4_UNICAST) -> None:
    lines = bgpd.config.instances[None].family(family)  # type: ignore[arg-type]
    for text in prefixes:
        lines.networks[Prefix.parse(text)] = NetworkLine()
    if bgpd.instances:
        react(bgpd, Effect.ORIGINATE, lines)


def withdraw(bgpd: Bgpd, prefix: str) -> None:
    lines = bgpd.config.instances[None].family(IPV4_UNICAST)
    del lines.networks[Prefix.parse(prefix)]
    react(bgpd, Effect.ORIGINATE, lines)


def routes(bgpd: Bgpd, family: object = IPV4_UNICAST) -> dict[str, Path]:
    """Best paths by prefix."""
    table = instance(bgpd).tables[family]  # type: ignore[index]
    found = {}
    for key, entry in filter(None, table.walk()):
        best = best_of(entry)
        if best is not None:
            found[str(Prefix.from_key(table.afi, key))] = best
    return found


def told(bgpd: Bgpd, address: str) -> set[str]:
    """What a neighbor is told."""
    group = peer(bgpd, address).families[IPV4_UNICAST].group
    assert group is not None
    table = instance(bgpd).tables[IPV4_UNICAST]
    return {str(Prefix.from_key(table.afi, key)) for key, _ in filter(None, group.walk())}


def session(one: Bgpd, two: Bgpd, **lines: object) -> None:
    a, b = (r.config.instances[None] for r in (one, two))
    neighbor(one, str(b.router_id), b.asn, **lines)
    neighbor(two, str(a.router_id), a.asn)


def line_of(*asns: int) -> tuple[Network, list[Bgpd]]:
    """Routers 10.0.0.1, 10.0.0.2, ... each with a session to the next."""
    network = Network()
    routers = [network.router(f"10.0.0.{n}", asn) for n, asn in enumerate(asns, 1)]
    for one, two in pairwise(routers):
        session(one, two)
    return network, routers


def start(network: Network, routers: list[Bgpd], seconds: float = 5) -> None:
    for router in routers:
        router.start()
    network.advance(seconds)
