"""How much of what the real bgpd was recorded to do is done here, by node.

    python -m tests.bgp.printed_report [--update] [FOLDER] [NODE ...]

Replays the records (`tests.bgp.printed`), or those of another FOLDER with a `bgpd-NODE.jsonl` each.
A record is identical when its line and all of its `no` forms are answered and printed as recorded.
What differs is told by syntax, first the lines that are unknown here. `--update` writes
`printed_exceptions.txt`: what differs no more goes out, what is new comes under `UNEXPLAINED`,
where a reason has to be written for it.
"""

import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.bgp.printed import Difference, Replay, names, read

EXCEPTIONS = Path(__file__).with_name("printed_exceptions.txt")
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


def exceptions() -> dict[str, str]:
    """The reasons by what differs, from the file: `# REASON`, and below it what it is for."""
    found: dict[str, str] = {}
    reason = ""
    for line in EXCEPTIONS.read_text().splitlines() if EXCEPTIONS.exists() else ():
        if line.startswith("# "):
            reason = line.removeprefix("# ")
        elif line:
            assert line not in found, f"twice: {line}"
            found[line] = reason
    return found


def update(found: dict[str, list[Difference]]) -> None:
    """Write the file anew for the nodes replayed."""
    before = exceptions()
    kept = {key: reason for key, reason in before.items() if key.split(" | ")[0] not in found}
    for each in (each for told in found.values() for each in told):
        kept[each.key] = before.get(each.key, UNEXPLAINED)
    reasons = sorted(set(kept.values()), key=lambda reason: (reason == UNEXPLAINED, reason))
    parts = []
    for reason in reasons:
        keys = sorted(key for key in kept if kept[key] == reason)
        parts.append("\n".join([f"# {reason}", *keys, ""]))
    EXCEPTIONS.write_text("\n".join(parts))


def main(*words: str) -> None:
    """Print the report."""
    asked = [word for word in words if word != "--update"]
    folder = Path(asked.pop(0)) if asked and Path(asked[0]).is_dir() else None
    found = {}
    for node in asked or names():
        if folder is None:
            replay = read(node)
        else:
            replay = Replay(node, iter((folder / f"bgpd-{node}.jsonl").read_text().splitlines()))
        share = measure(replay)
        found[node] = share.differing
        tell(node, share)
    if "--update" in words:
        update(found)


if __name__ == "__main__":
    main(*sys.argv[1:])
