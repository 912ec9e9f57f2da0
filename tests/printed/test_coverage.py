"""The share of FRR's commands that are known here, by node: it does not fall below these."""

import pytest

from tests.printed.coverage import NodeCommands, lines, measure, read
from tests.printed.terminals import DAEMONS

NODES = {(daemon, node.name): node for daemon in DAEMONS for node in read(daemon)}
TOPICS = ("show [ip] bgp", "show bgp", "clear [ip] bgp", "debug bgp")
"""How commands of the enable node begin that are all known."""


@pytest.mark.parametrize(("daemon", "name"), NODES)
def test_nodes_know_frrs_commands(daemon: str, name: str) -> None:
    found = measure(NODES[daemon, name])
    assert not found.missing


@pytest.mark.parametrize("topic", TOPICS)
def test_enable_knows_frrs_commands(topic: str) -> None:
    enable = NODES["bgpd", "enable"]
    notations = [each for each in enable.notations if each.removeprefix("[no] ").startswith(topic)]
    found = measure(NodeCommands("bgpd", topic, enable.entered_by, notations))
    assert not found.missing


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
