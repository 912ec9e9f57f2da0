"""The share of FRR's commands that are known here, by node: it does not fall below these."""

import pytest

from tests.bgp.coverage_report import NodeCommands, lines, measure, read

NODES = {node.name: node for node in read()}
FLOORS = {
    "view": 93.6,
    "enable": 82.5,
    "config": 98.0,
    "interface": 91.6,
    "route-map": 98.7,
    "line vty": 94.4,
    "router bgp": 99.6,
    "router bgp / address-family ipv4 unicast": 99.1,
    "router bgp / address-family ipv4 multicast": 98.8,
    "router bgp / address-family ipv4 labeled-unicast": 98.8,
    "router bgp / address-family ipv4 vpn": 98.6,
    "router bgp / address-family ipv4 flowspec": 96.2,
    "router bgp / address-family ipv6 unicast": 99.1,
    "router bgp / address-family ipv6 multicast": 98.8,
    "router bgp / address-family ipv6 labeled-unicast": 98.8,
    "router bgp / address-family ipv6 vpn": 98.6,
    "router bgp / address-family ipv6 flowspec": 96.2,
    "router bgp / address-family l2vpn evpn": 98.3,
    "router bgp / l2vpn evpn / vni": 94.7,
    "router bgp / segment-routing srv6": 90.9,
    "router bgp / vnc defaults": 94.1,
    "router bgp / vnc nve-group": 96.1,
    "router bgp / vnc l2-group": 92.8,
}
"""Known commands of a hundred. Most nodes lack a lone `show` only, view and enable those of VNC."""
TOPICS = {"show [ip] bgp": 100.0, "show bgp": 100.0, "clear [ip] bgp": 100.0, "debug bgp": 100.0}
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
