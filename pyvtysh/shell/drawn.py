"""`terminal rich`: the answers that are drawn instead of printed; all others are as they are.

`show bgp summary` has a bar of the prefixes that each neighbour sent, and a line of the updates
that came from it between the times at which it was asked, the newest at the right.
"""

import json
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from typing import Any

from rich.bar import Bar
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grammar.base.errors import Status
from grammar.language.match import Match
from pyvtysh.dispatch import Vtysh, collect
from pyvtysh.link import Running
from pyvtysh.merged import Route
from pyvtysh.shell.colours import BAD, DOUBT, GOOD, why_not
from pyvtysh.shell.size import environment

TICKS = "▁▂▃▄▅▆▇█"
MOST_SAMPLES = 60
"""Counts of a neighbour's updates that are kept."""
_NARROW = 64
"""Columns of a terminal below which less is shown."""
_FAMILIES = {
    "ipv4Unicast": "IPv4 Unicast",
    "ipv6Unicast": "IPv6 Unicast",
    "ipv4Multicast": "IPv4 Multicast",
    "ipv6Multicast": "IPv6 Multicast",
}

_OTHERWISE = {"json", "wide", "terse", "only"}
"""Words that ask for other columns or rows."""

Peer = dict[str, Any]
"""A neighbour of `show bgp summary json`."""


class Updates:
    """How many updates came from each neighbour, by the seconds at which it was asked."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], deque[tuple[float, int]]] = {}

    def add(self, vrf: str, peer: str, when: float, count: int) -> None:
        """One more sample; a count that fell is that of a new session."""
        samples = self._counts.setdefault((vrf, peer), deque(maxlen=MOST_SAMPLES))
        samples.append((when, count))

    def line(self, vrf: str, peer: str, width: int) -> str:
        """The rates between the last samples, one character each, the highest of them full."""
        samples = list(self._counts.get((vrf, peer), ()))[-width - 1 :]
        rates = [
            max(0, after[1] - before[1]) / max(after[0] - before[0], 0.001)
            for before, after in pairwise(samples)
        ]
        most = max(rates, default=0)
        return "".join(sparkline(rates, most))


def sparkline(rates: list[float], most: float) -> Iterator[str]:
    """A character for each rate."""
    for rate in rates:
        yield TICKS[round(rate / most * (len(TICKS) - 1))] if most else TICKS[0]


def shown(vtysh: Vtysh, line: str) -> Running:
    """What a terminal shows for a line: a drawing if there is one, else the answer."""
    if vtysh.seen.drawn and is_summary(vtysh, line) and not why_not(drawn=True):
        return summary(vtysh, line)
    return vtysh.execute(line)


def is_summary(vtysh: Vtysh, line: str) -> bool:
    """Whether a line is `show bgp ... summary` in text, in whatever abbreviation."""
    if "|" in line or not line.split():
        return False
    result = vtysh.find(line)[0]
    if not isinstance(result, Match) or not isinstance(result.command, Route):
        return False
    notation = result.command.command.notation
    bgp = notation.startswith("show [ip") and "] bgp [" in notation
    return bgp and " summary " in notation and not _OTHERWISE & set(result.values)


def summary(vtysh: Vtysh, line: str) -> Running:
    """`show bgp summary`, drawn; what the daemon answers if that is no JSON."""
    text, status = collect(vtysh.execute(f"{line} json"))
    with suppress(ValueError):
        found = json.loads(text)
        if status == Status.SUCCESS and found and all(map(_is_family, found.values())):
            console = Console(force_terminal=True, _environ=environment())
            updates = vtysh.seen.updates = vtysh.seen.updates or Updates()
            with console.capture() as capture:
                for name, family in found.items():
                    _ask_updates(vtysh, family, updates)
                    console.print(drawing(name, family, updates, console.width))
            yield capture.get()
            return Status.SUCCESS
    return (yield from vtysh.execute(line))


def _is_family(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("peers"), dict)


def _ask_updates(vtysh: Vtysh, family: dict[str, Any], updates: Updates) -> None:
    vrf = str(family.get("vrfName", "default"))
    named = "" if vrf == "default" else f" vrf {vrf}"
    text, _ = collect(vtysh.execute(f"show bgp{named} neighbors json"))
    try:
        neighbors = json.loads(text)
    except ValueError:
        return
    for name, neighbor in neighbors.items():
        with suppress(TypeError, KeyError):
            count = neighbor["messageStats"]["updatesRecv"]
            updates.add(vrf, name, time.monotonic(), int(count))


def drawing(name: str, family: dict[str, Any], updates: Updates, width: int) -> Table:
    """The neighbours of one family."""
    narrow = width < _NARROW
    vrf = str(family.get("vrfName", "default"))
    title = Text(_FAMILIES.get(name, name), "bold")
    title.append(f"  {family.get('routerId', '')}  AS {family.get('as', '')}", "dim")
    table = Table(box=None, title=title, title_justify="left", pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Neighbor", no_wrap=True)
    for heading in ("AS", "State", "Up"):
        if not narrow or heading == "State":
            table.add_column(
                heading, no_wrap=True, justify="left" if heading == "State" else "right"
            )
    table.add_column("Pfx" if narrow else "Prefixes", justify="right", no_wrap=True)
    table.add_column("", ratio=1, min_width=4)
    table.add_column("Updates", no_wrap=True)
    peers: dict[str, Peer] = family["peers"]
    most = max((int(peer.get("pfxRcd", 0)) for peer in peers.values()), default=0)
    for address, peer in peers.items():
        count = int(peer.get("pfxRcd", 0))
        cells = [] if narrow else [str(peer.get("remoteAs", ""))]
        table.add_row(
            address,
            *cells,
            _state(peer),
            *([] if narrow else [str(peer.get("peerUptime", ""))]),
            str(count) if _is_up(peer) else "",
            Bar(most or 1, 0, count, color="green"),
            updates.line(vrf, address, 8 if narrow else 16),
        )
    return table


def _is_up(peer: Peer) -> bool:
    return peer.get("state") == "Established"


def _state(peer: Peer) -> Text:
    state = str(peer.get("state", ""))
    if _is_up(peer):
        return Text(state, GOOD) if peer.get("peerState") != "Policy" else Text("(Policy)", DOUBT)
    return Text(state, BAD if state.startswith("Idle") else DOUBT)
