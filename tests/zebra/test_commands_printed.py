"""Every declared configuration line against what the real daemons of 8.4.4 answered and printed.

The records are those of the reference's `printed/`, cut to the syntaxes that are declared here
(tests/golden/printed); the first line of a file tells how the node is entered.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from grammar.node import CONFIG
from grammar.session import Session
from tests.zebra.stack import Stack, ethernet

GOLDEN = Path(__file__).parent.parent / "golden" / "printed"
FILES = (
    "zebra-config",
    "zebra-config-lists-in-use",
    "zebra-enable-debug",
    "zebra-interface",
    "zebra-link-params",
    "zebra-pseudowire",
    "zebra-segment-routing",
    "zebra-srv6",
    "zebra-srv6-locator",
    "zebra-srv6-locators",
    "zebra-vrf",
    "staticd-config",
    "staticd-config-with-routes",
    "staticd-enable-debug",
    "staticd-vrf",
)

NOT_OURS = {
    # FRR prints the bytes of the IPv4 router id there, whatever the IPv6 one is.
    "ipv6 router-id 2001:db8::1",
    "ipv6 router-id 2001:db8::1 vrf default",
    # FRR's own spelling of IPv4-mapped addresses, `::ffff:a00:1`.
    "ipv6 route ::ffff:10.0.0.1/128 2001:db8::1",
    # Hidden there, and ambiguous with one of two numbers; incomplete here.
    "no zebra kernel netlink batch-tx-buf 1000",
}
"""Lines that are answered or printed otherwise here, on purpose or not yet."""


def _records() -> list[Any]:
    found = []
    for name in FILES:
        head, *records = map(json.loads, (GOLDEN / f"{name}.jsonl").read_text().splitlines())
        for number, record in enumerate(records):
            if record["typed"] in NOT_OURS:
                continue
            found.append(pytest.param(head, record, id=f"{name}:{number}:{record['typed'][:60]}"))
    return found


class Driver:
    """One fresh daemon and a session in the record's node."""

    def __init__(self, head: dict[str, Any], record: dict[str, Any]) -> None:
        stack = Stack([ethernet(2, "prt0"), ethernet(3, "prt1")], static=False)
        self.daemon: Any = stack.zebra if head["daemon"] == "zebra" else stack.staticd
        self.session = Session(self.daemon, CONFIG)
        self.enter = head["enter"]
        self.settle = stack.settle
        for line in [*head["context"], *head["enter"], *record["context"], *head["enter"]]:
            self.run(line)

    def run(self, line: str) -> tuple[int, str]:
        reply = self.session.execute(line)
        text = "".join(reply.output)
        self.settle()
        return int(reply.status), text

    def printed(self) -> list[tuple[tuple[str, ...], str]]:
        lines: list[tuple[tuple[str, ...], str]] = []
        around: list[tuple[int, str]] = []
        for line in self.session.config_lines():
            if line == "!":
                continue
            indent = len(line) - len(line.lstrip())
            while around and around[-1][0] >= indent:
                around.pop()
            lines.append((tuple(opening for _, opening in around), line))
            around.append((indent, line.strip()))
        return lines

    def typed(self, line: str) -> tuple[int, str, list[Any], list[Any]]:
        """Type a line; the answer, and which lines are printed now and were not, and back."""
        before = self.printed()
        status, text = self.run(line)
        after = self.printed()
        added = list((Counter(after) - Counter(before)).elements())
        removed = list((Counter(before) - Counter(after)).elements())
        return status, text, added, removed


def _entries(record: list[dict[str, Any]]) -> list[tuple[tuple[str, ...], str]]:
    return [(tuple(entry["in"]), entry["line"]) for entry in record]


@pytest.mark.parametrize(("head", "record"), _records())
def test_line(head: dict[str, Any], record: dict[str, Any]) -> None:
    driver = Driver(head, record)
    status, text, added, removed = driver.typed(record["typed"])
    assert (status, text) == (record["status"], record["reply"])
    assert sorted(added) == sorted(_entries(record["added"]))
    assert sorted(removed) == sorted(_entries(record["removed"]))
    for variant in record["no"]:
        if variant["typed"] in NOT_OURS:
            continue
        driver = Driver(head, record)
        driver.run(record["typed"])
        status, text, added, removed = driver.typed(variant["typed"])
        assert (status, text) == (variant["status"], variant["reply"]), variant["typed"]
        assert sorted(added) == sorted(_entries(variant["added"])), variant["typed"]
        assert sorted(removed) == sorted(_entries(variant["removed"])), variant["typed"]
    for typed, refused in record.get("no_refused") or ():
        driver = Driver(head, record)
        driver.run(record["typed"])
        assert typed in NOT_OURS or driver.run(typed)[0] == refused, typed
