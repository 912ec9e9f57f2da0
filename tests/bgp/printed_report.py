"""How much of what the real bgpd was recorded to do is done here: share per node, missing syntaxes.

    python -m tests.bgp.printed_report FOLDER [NODE ...]

FOLDER holds the records of bgpd 8.4.4 (`bgpd-NODE.jsonl`: a line, its answer, what the
configuration printed, the same for each `no`). A record counts as identical when the line and all
of its `no` forms are answered and printed as recorded.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bgp.zebra import Interface
from grammar.node import CONFIG
from tests.bgp.commandline import Terminal

NODES = (
    "router-bgp",
    "af-ipv4-unicast",
    "af-ipv6-unicast",
    "af-ipv4-multicast",
    "af-ipv6-multicast",
    "af-ipv4-labeled-unicast",
    "af-ipv6-labeled-unicast",
    "af-ipv4-vpn",
    "af-ipv6-vpn",
    "af-l2vpn-evpn",
    "config",
    "config-with-lists",
    "config-with-router-bgp",
)


@dataclass(slots=True)
class Share:
    """The outcome for one node; `missing` and `wrong` count records by syntax."""

    records: int = 0
    identical: int = 0
    missing: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, list[str]] = field(default_factory=dict)

    @property
    def percent(self) -> float:
        """Identical records of a hundred."""
        return 100 * self.identical / max(self.records, 1)


def shown(lines: list[str]) -> Counter[str]:
    """Printed lines without the marks between blocks."""
    marks = ("!", "exit")
    stripped = (line.strip().replace("<cwd>", os.getcwd()) for line in lines)
    return Counter(text for text in stripped if text not in marks and text[:8] != "! loaded")


def printed(made: Terminal) -> list[str]:
    """The whole configuration, with the lines that every daemon has."""
    return list(made.session.config_lines())


def prepared(head: dict[str, Any], *lines: str) -> Terminal:
    """The configuration of the records, and lines of one of them."""
    made = Terminal(CONFIG)
    made.daemon.common.hostname = "HOST"
    for index, name in enumerate(("prt0", "prt1"), 2):
        made.daemon.zebra.interfaces[index] = Interface(name, index)
    made.type(*head["context"])
    for line in ("", *lines):
        made.session.go(CONFIG)
        made.type(*head["enter"], line)
    made.session.go(CONFIG)
    made.type(*head["enter"])
    return made


def difference(made: Terminal, record: dict[str, Any]) -> str | None:
    """Type the line of a record: what is not as recorded, None if all is."""
    before = shown(printed(made))
    status, text = made.type(record["typed"])
    after = shown(printed(made))
    if (status, text) != (record["status"], record["reply"]):
        return f"{record['typed']!r}: {status} {text!r}, not {record['status']} {record['reply']!r}"
    added, removed = (shown([each["line"] for each in record[key]]) for key in ("added", "removed"))
    # A line that only moved is recorded as removed and added.
    if (after - before, before - after) == (added - removed, removed - added):
        return None
    got = [*(f"+{line}" for line in after - before), *(f"-{line}" for line in before - after)]
    wanted = [*(f"+{line}" for line in added - removed), *(f"-{line}" for line in removed - added)]
    return f"{record['typed']!r}: {got}, not {wanted}"


def differences(head: dict[str, Any], record: dict[str, Any]) -> Iterator[str]:
    """What a record and its `no` forms do otherwise here."""
    told = difference(prepared(head, *record["context"]), record)
    if told is not None:
        yield told
        return
    for opposite in record["no"]:
        made = prepared(head, *record["context"], record["typed"])
        told = difference(made, opposite)
        if told is not None:
            yield told


def measure(path: Path) -> Share:
    """Replay one file of records."""
    head, *records = map(json.loads, path.read_text().splitlines())
    share = Share()
    for record in records:
        if record["status"] is None:
            continue  # the real one crashed
        share.records += 1
        try:
            found = next(differences(head, record), None)
        except (LookupError, ValueError, TypeError, AttributeError) as error:
            found = f"{record['typed']!r}: {type(error).__name__}: {error}"
        if found is None:
            share.identical += 1
        elif "Unknown command" in found:
            share.missing[record["syntax"]] += 1
        else:
            share.wrong.setdefault(record["syntax"], []).append(found)
    return share


def main(folder: str, *nodes: str) -> None:
    """Print the report."""
    for node in nodes or NODES:
        path = Path(folder) / f"bgpd-{node}.jsonl"
        share = measure(path)
        print(f"{node}: {share.identical} of {share.records} identical, {share.percent:.1f} %")
        for syntax, count in share.missing.most_common():
            print(f"  missing {count:4} {syntax}")
        for syntax, told in share.wrong.items():
            print(f"  differs {len(told):4} {syntax}")
            for text in told[:3]:
                print(f"       {text}")


if __name__ == "__main__":
    main(*sys.argv[1:])
