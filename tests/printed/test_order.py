"""Whole configurations of a node, typed in some order: they print as FRR's daemons printed them.

`tests/golden/printed/DAEMON-8.4.4/order.xz` has an object a line: the node, what was typed with
its status, and what was printed. Lines of access lists and prefix lists print in the order of
their making across all kinds in FRR, and of one kind after the other here; vtysh parts them anyway.
"""

import json
import lzma
from typing import Any

import pytest

from grammar.base.values import Afi
from tests.printed.replay import FOLDER, VERSION, read

LISTS = ("access-list", "ip prefix-list", "ipv6 prefix-list", "ipv6 access-list", "mac access-list")
SALTED = ("password 8 ", "enable password 8 ")
FAULTS = ("ipv6 router-id ",)
"""FRR prints the IPv4 router id there."""


def _stories() -> list[Any]:
    found = []
    for daemon in ("zebra", "staticd"):
        with lzma.open(FOLDER / f"{daemon}-{VERSION}" / "order.xz", "rt") as file:
            for line in file:
                story = json.loads(line)
                name = f"{daemon}-{story['node']}-{story['number']}"
                found.append(pytest.param(daemon, story, id=name))
    return found


def _parts(lines: list[str]) -> tuple[list[str], list[str]]:
    """What is compared in order, and the lines of lists."""
    told = [line for line in lines if line.strip() not in ("", "!")]
    kept = [line for line in told if not line.strip().startswith((*SALTED, *FAULTS))]
    lists = [line for line in kept if line.startswith(LISTS)]
    return [line for line in kept if line not in lists], sorted(lists)


@pytest.mark.parametrize(("daemon", "story"), _stories())
def test_lines_print_in_frrs_order(daemon: str, story: dict[str, Any]) -> None:
    terminal = read(daemon, story["node"]).begin()
    if daemon == "zebra":
        terminal.daemon.config.forwarding[Afi.IPV4] = False
    for status, line in story["typed"]:
        assert terminal.type(line)[0] == status, line
    assert _parts(list(terminal.session.config_lines())) == _parts(story["printed"])
