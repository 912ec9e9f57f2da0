"""Every declared line against the real bgpd: what it answers, and what the configuration prints.

The records are those of the real bgpd 8.4.4 for the lines that are declared here, without the
neighbors that are groups, members or interfaces: a line, its answer, the printed lines that came
and went, and the same for its `no`.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from grammar.node import CONFIG, ENABLE
from tests.bgp.commandline import Terminal

FOLDER = Path(__file__).parent.parent / "golden" / "printed"
FILES = (
    "bgpd-router-bgp",
    "bgpd-af-ipv4-unicast",
    "bgpd-af-ipv6-unicast",
    "bgpd-config",
    "bgpd-config-with-router-bgp",
    "bgpd-enable-debug",
)
LEFT_OUT = ("PG", "PGE", "prt0", "prt1", "192.0.2.3")
"""Neighbors of the recordings that the records here do without."""


def _records(name: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    head, *records = map(json.loads, (FOLDER / f"{name}.jsonl").read_text().splitlines())
    return head, records


def _shown(lines: list[str]) -> Counter[str]:
    """Printed lines without the marks between and around blocks, which vtysh makes itself."""
    return Counter(
        text
        for line in lines
        if (text := line.strip()) not in ("!", "exit") and not set(text.split()) & set(LEFT_OUT)
    )


def _expected(lines: list[dict[str, Any]]) -> Counter[str]:
    return _shown([line["line"] for line in lines])


def _prepared(head: dict[str, Any], record: dict[str, Any], *, enable: bool) -> Terminal:
    terminal = Terminal(ENABLE if enable else CONFIG)
    terminal.type(*head["context"])
    _enter(terminal, head, enable=enable)
    terminal.type(*record["context"])
    _enter(terminal, head, enable=enable)
    return terminal


def _enter(terminal: Terminal, head: dict[str, Any], *, enable: bool) -> None:
    if not enable:
        terminal.session.go(CONFIG)
        terminal.type(*head["enter"])


def _check(terminal: Terminal, typed: dict[str, Any]) -> None:
    before = _shown(terminal.printed())
    status, text = terminal.type(typed["typed"])
    after = _shown(terminal.printed())
    assert (status, text) == (typed["status"], typed["reply"]), typed["typed"]
    assert after - before == _expected(typed["added"]), typed["typed"]
    assert before - after == _expected(typed["removed"]), typed["typed"]


@pytest.mark.parametrize("name", FILES)
def test_lines_are_taken_answered_and_printed_as_by_frr(name: str) -> None:
    head, records = _records(name)
    enable = name.endswith("enable-debug")
    assert records
    for record in records:
        terminal = _prepared(head, record, enable=enable)
        _check(terminal, record)
        for opposite in record["no"]:
            _enter(terminal, head, enable=enable)
            _check(terminal, opposite)
