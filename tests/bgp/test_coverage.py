"""The share of FRR's commands that are known here, by node: it does not fall below these."""

import pytest

from tests.bgp.coverage_report import NodeCommands, lines, measure, read

NODES = {node.name: node for node in read()}
FLOORS = {
    "view": 66.0,
    "enable": 63.0,
    "config": 98.0,
    "interface": 91.0,
    "route-map": 98.7,
    "line vty": 94.0,
    "router bgp": 85.0,
    "router bgp / address-family ipv4 unicast": 98.3,
    "router bgp / address-family ipv4 multicast": 97.7,
    "router bgp / address-family ipv4 labeled-unicast": 97.6,
    "router bgp / address-family ipv4 vpn": 91.8,
    "router bgp / address-family ipv4 flowspec": 96.2,
    "router bgp / address-family ipv6 unicast": 98.2,
    "router bgp / address-family ipv6 multicast": 97.6,
    "router bgp / address-family ipv6 labeled-unicast": 97.6,
    "router bgp / address-family ipv6 vpn": 93.1,
    "router bgp / address-family ipv6 flowspec": 96.2,
    "router bgp / address-family l2vpn evpn": 47.0,
}
"""Known commands of a hundred."""
TOPICS = {"show [ip] bgp": 75.0, "show bgp": 46.0, "clear [ip] bgp": 25.0, "debug bgp": 100.0}
"""The same for the commands of the enable node that begin so."""


@pytest.mark.parametrize("name", FLOORS)
def test_nodes_know_frrs_commands(name: str) -> None:
    found = measure(NODES[name])
    assert found.percent >= FLOORS[name], found.missing


@pytest.mark.parametrize("topic", TOPICS)
def test_enable_knows_frrs_commands(topic: str) -> None:
    enable = NODES["enable"]
    notations = [each for each in enable.notations if each.removeprefix("[no] ").startswith(topic)]
    found = measure(NodeCommands(topic, enable.entered_by, notations))
    assert found.percent >= TOPICS[topic], found.missing


def test_lines_have_every_alternative_and_every_optional_part() -> None:
    assert lines("[no] a <b|c WORD> [d (3-5)] {e|f}") == [
        "a b e",
        "no a b e",
        "a c Word1 e",
        "a b d 3 e",
        "a b f",
        "a b e f",
        "a b f e",
        "no a c Word1 d 3 f e",
    ]
