"""Figures of the checks of `docs/reliability.md`, and where they are kept between runs.

A check that takes long (`make soak`, `make crash`, `make fuzz`) calls `record` at its end; what it
found is kept in `figures/TOPIC.json` and committed. `make report` measures what is quick (the
modules in `MEASURED`), and writes all into the page (`page.py`).
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

KEPT = Path(__file__).parent / "figures"

TOPICS: dict[str, str] = {
    "fuzz": "Bytes that nobody meant",
    "malformed": "Malformed BGP, one row per rule",
    "fsm": "States and events",
    "strangers": "Strangers and floods",
    "random-configuration": "Random configurations",
    "limits": "Limits and what happens at them",
    "unread": "Memory of those who read nothing",
    "crashes": "Killed in the middle",
    "commits": "Killed over a commit",
    "graceful": "Forwarding through restarts",
    "soak": "The soak",
    "doors": "Doors",
    "metrics": "Seen from outside",
}
"""Title of each topic, in the order of the page. A new topic gets a row here."""

MEASURED: tuple[str, ...] = (
    "tests.reliability.limits",
    "tests.reliability.unread",
    "tests.interop.malformed_figures",
    "tests.reliability.outside",
    "tests.interop.stranger_flood",
    "tests.bgp.fire_figures",
)
"""Modules with `measure()`, which takes seconds, not minutes, and calls `record` itself."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a check.

    `ours` and `frr` (None where it cannot be taken, the note says why) are in `unit`, "" for
    counts and words; `note` is one line: what was done, on what.
    """

    name: str
    ours: float | str
    frr: float | str | None = None
    unit: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """The figures of a topic, and the day (UTC) they were taken."""

    topic: str
    taken: str
    figures: tuple[Figure, ...]


def record(topic: str, figures: Sequence[Figure]) -> Record:
    """Keep the figures of a topic in the place of what it had; KeyError for an unknown topic."""
    made = Record(topic, f"{datetime.now(UTC):%Y-%m-%d}", tuple(figures))
    document = {"title": TOPICS[topic], "taken": made.taken}
    rows = [asdict(figure) for figure in made.figures]
    KEPT.mkdir(exist_ok=True)
    path = KEPT / f"{topic}.json"
    path.write_text(json.dumps({**document, "figures": rows}, indent=2) + "\n")
    return made


def kept() -> tuple[Record, ...]:
    """What was recorded, in the order of `TOPICS`; topics without a record are left out."""
    found = []
    for topic in TOPICS:
        path = KEPT / f"{topic}.json"
        if path.exists():
            document = json.loads(path.read_text())
            rows = tuple(Figure(**row) for row in document["figures"])
            found.append(Record(topic, document["taken"], rows))
    return tuple(found)
