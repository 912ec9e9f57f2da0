"""Every line of zebra's lists and route-maps against the real one: the answer, and what is printed.

The records are those of zebra 8.4.4: a line, its answer, the printed lines that came and
went, and the same for each form of its `no`, which is typed into the state the line left.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from grammar.declared import Language
from grammar.node import CONFIG
from grammar.session import Session
from tests.bgp.commandline import Lines, Terminal
from zebra.commands import LANGUAGE
from zebra.config import ZebraConfig

FOLDER = Path(__file__).parent.parent / "golden" / "printed"
FILES = ("zebra-route-map", "zebra-config-with-lists")
OTHERWISE = {
    # FRR aborts on this.
    "match metric 0",
    # FRR has lost its own rule behind these and says so; the line goes.
    "no set community",
    "no set community none",
    "no set large-community",
    "no set large-community none",
    "no set as-path prepend",
    "no set as-path prepend 65001",
    # Ours takes nothing back that it does not have.
    "no set evpn gateway-ip ipv6 fe80::1",
    "no ip prefix-list P2 permit 0.0.0.0/0",
    "no ipv6 access-list A3 permit 2001:DB8::1/32",
}
"""Lines, or how they begin, that differ on purpose or in corners that nobody types."""


class ZebraLines(Lines):
    """zebra as far as lines are concerned."""

    name = "zebra"

    def __init__(self) -> None:
        super().__init__()
        self.config = ZebraConfig()  # type: ignore[assignment]

    @property
    def language(self) -> Language:
        return LANGUAGE


def _records(name: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    head, *records = map(json.loads, (FOLDER / f"{name}.jsonl").read_text().splitlines())
    return head, records


def _terminal(head: dict[str, Any], typed: list[str]) -> Terminal:
    terminal = Terminal(CONFIG)
    terminal.daemon = ZebraLines()
    terminal.session = Session(terminal.daemon, CONFIG)
    for lines in (head["context"], *([line] for line in typed), []):
        terminal.session.go(CONFIG)
        if lines is not head["context"]:
            terminal.type(*head["enter"])
        terminal.type(*lines)
    return terminal


def _shown(lines: list[str]) -> Counter[str]:
    return Counter(text for line in lines if (text := line.strip()) not in ("!", "exit"))


def _expected(lines: list[dict[str, Any]]) -> Counter[str]:
    return _shown([line["line"] for line in lines])


def _check(terminal: Terminal, typed: dict[str, Any]) -> None:
    before = _shown(terminal.printed())
    status, text = terminal.type(typed["typed"])
    after = _shown(terminal.printed())
    assert (status, text) == (typed["status"], typed["reply"] or ""), typed["typed"]
    assert after - before == _expected(typed["added"]), typed["typed"]
    assert before - after == _expected(typed["removed"]), typed["typed"]


@pytest.mark.parametrize("name", FILES)
def test_lines_are_taken_answered_and_printed_as_by_frr(name: str) -> None:
    head, records = _records(name)
    checked = 0
    for record in records:
        if record["status"] is None or record["typed"] in OTHERWISE:
            continue
        _check(_terminal(head, record["context"]), record)
        for opposite in record["no"]:
            if opposite["typed"] not in OTHERWISE:
                _check(_terminal(head, [*record["context"], record["typed"]]), opposite)
                checked += 1
        checked += 1
    assert checked > 400
