"""How much of what FRR's daemons were recorded to do is done here, by node.

    python -m tests.printed.report [--update] [DAEMON] [NODE ...]

Replays the records (`tests.printed.replay`) of a daemon, of all of them without one.
A record is identical when its line and all of its `no` forms are answered and printed as recorded.
What differs is told by syntax, first the lines that are unknown here. `--update` writes
`exceptions/DAEMON.txt`: what differs no more goes out, what is new comes under `UNEXPLAINED`,
where a reason has to be written for it.
"""

import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.printed.replay import Difference, Replay, names, read
from tests.printed.terminals import DAEMONS

EXCEPTIONS = Path(__file__).parent / "exceptions"
UNEXPLAINED = "not explained yet"


@dataclass(slots=True)
class Share:
    """The outcome for one node; `missing` and `wrong` count records by syntax."""

    records: int = 0
    identical: int = 0
    missing: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    differing: list[Difference] = field(default_factory=list)

    @property
    def percent(self) -> float:
        """Identical records of a hundred."""
        return 100 * self.identical / max(self.records, 1)


def measure(replay: Replay) -> Share:
    """Replay all records of a node."""
    share = Share()
    for record in replay.records:
        share.records += 1
        found = list(replay.differences(record))
        share.differing += found
        if not found:
            share.identical += 1
        elif "Unknown command" in found[0].text:
            share.missing[record["syntax"]] += 1
        else:
            share.wrong.setdefault(record["syntax"], []).append(found[0].text)
    return share


def tell(node: str, share: Share) -> None:
    """Print the outcome of a node."""
    print(f"{node}: {share.identical} of {share.records} identical, {share.percent:.1f} %")
    for syntax, count in share.missing.most_common():
        print(f"  missing {count:4} {syntax}")
    for syntax, told in share.wrong.items():
        print(f"  differs {len(told):4} {syntax}")
        for text in told[:3]:
            print(f"       {text}")


def exceptions(daemon: str) -> dict[str, str]:
    """The reasons by what differs, from the file: `# REASON`, and below it what it is for."""
    path = EXCEPTIONS / f"{daemon}.txt"
    found: dict[str, str] = {}
    reason = ""
    for line in path.read_text().splitlines() if path.exists() else ():
        if line.startswith("# "):
            reason = line.removeprefix("# ")
        elif line:
            assert line not in found, f"twice: {line}"
            found[line] = reason
    return found


def update(daemon: str, found: dict[str, list[Difference]]) -> None:
    """Write the file anew for the nodes replayed."""
    before = exceptions(daemon)
    kept = {key: reason for key, reason in before.items() if key.split(" | ")[0] not in found}
    for each in (each for told in found.values() for each in told):
        kept[each.key] = before.get(each.key, UNEXPLAINED)
    reasons = sorted(set(kept.values()), key=lambda reason: (reason == UNEXPLAINED, reason))
    parts = []
    for reason in reasons:
        keys = sorted(key for key in kept if kept[key] == reason)
        parts.append("\n".join([f"# {reason}", *keys, ""]))
    (EXCEPTIONS / f"{daemon}.txt").write_text("\n".join(parts))


def main(*words: str) -> None:
    """Print the report."""
    asked = [word for word in words if word != "--update"]
    daemons = (asked.pop(0),) if asked and asked[0] in DAEMONS else DAEMONS
    for daemon in daemons:
        found = {}
        for node in asked or names(daemon):
            share = measure(read(daemon, node))
            found[node] = share.differing
            tell(f"{daemon} {node}", share)
        if "--update" in words:
            update(daemon, found)


if __name__ == "__main__":
    main(*sys.argv[1:])
