"""More lines of `router bgp` and its unicast families as the real bgpd 8.4.4 took them.

The records hold neighbors of all kinds: alone, groups, members, interfaces. `printed_report` tells
how many of all the lines of bgpd there are.
"""

import json

import pytest

from tests.bgp.printed_report import differences
from tests.bgp.test_commands_printed import FOLDER

FILES = ("bgpd-router-bgp-lines", "bgpd-af-ipv4-unicast-lines", "bgpd-af-ipv6-unicast-lines")


@pytest.mark.parametrize("name", FILES)
def test_lines_are_taken_answered_and_printed_as_by_frr(name: str) -> None:
    head, *records = map(json.loads, (FOLDER / f"{name}.jsonl").read_text().splitlines())
    assert len(records) > 100
    assert [told for record in records for told in differences(head, record)] == []
