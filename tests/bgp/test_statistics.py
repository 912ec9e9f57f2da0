"""`show bgp statistics` of IPv6 counts what lies within what as it does for IPv4."""

import json

from pyvtysh.testing.topology import Topology

NESTED = {
    "ipv4": ("10.0.0.0/8", "10.1.0.0/16", "10.1.1.0/24", "11.0.0.0/8", "192.168.0.0/24"),
    "ipv6": ("2a00::/16", "2a01::/24", "2a00:1::/32", "2a00:1:1::/48", "fd00:1:1::/48"),
}


def test_what_is_in_another_prefix_is_aggregable(topology: Topology) -> None:
    router = topology.router("one")
    with router.configure() as config:
        config("router bgp 65001", "no bgp network import-check")
        for family, prefixes in NESTED.items():
            config(f"address-family {family} unicast", *(f"network {each}" for each in prefixes))
            config("exit-address-family")
    topology.advance(5)
    for family in NESTED:
        found = json.loads(router.show(f"bgp {family} unicast statistics json"))
        one = found[f"{family}Unicast"][0]
        assert (one["totalPrefixes"], one["maximumAggregateablePrefixes"]) == (5, 2)
