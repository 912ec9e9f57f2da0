"""Lines of peer-groups, members, listen ranges and interface neighbors as the real bgpd took them.

The records are those of bgpd 8.4.4 for lines that are declared here: the line, its answer, what the
configuration printed after it and did not before, and the same for each of its `no` forms.
"""

import json
from collections import Counter
from typing import Any

import pytest

from grammar.node import CONFIG
from tests.bgp.commandline import Terminal
from tests.bgp.test_commands_printed import FOLDER

FILES = ("bgpd-router-bgp-groups", "bgpd-af-ipv4-unicast-groups")


def shown(lines: list[str]) -> Counter[str]:
    """Printed lines without the marks between blocks."""
    return Counter(text for line in lines if (text := line.strip()) not in ("!", "exit"))


def terminal(head: dict[str, Any], *lines: str) -> Terminal:
    """The configuration of the records, and the lines of one of them."""
    made = Terminal(CONFIG)
    made.type(*head["context"])
    for line in ("", *lines):
        made.session.go(CONFIG)
        made.type(*head["enter"], line)
    made.session.go(CONFIG)
    made.type(*head["enter"])
    return made


def check(made: Terminal, record: dict[str, Any]) -> None:
    before = shown(made.printed())
    assert made.type(record["typed"]) == (record["status"], record["reply"]), record["typed"]
    after = shown(made.printed())
    added, removed = (
        shown([line["line"] for line in record[name]]) for name in ("added", "removed")
    )
    # A line that only moved is recorded as removed and added.
    assert after - before == added - removed, record["typed"]
    assert before - after == removed - added, record["typed"]


@pytest.mark.parametrize("name", FILES)
def test_lines_are_taken_answered_and_printed_as_by_frr(name: str) -> None:
    head, *records = map(json.loads, (FOLDER / f"{name}.jsonl").read_text().splitlines())
    assert records
    for record in records:
        check(terminal(head, *record["context"]), record)
        for opposite in record["no"]:
            check(terminal(head, *record["context"], record["typed"]), opposite)
