"""What clients and neighbours cost that say much and read nothing, of our bgpd and of FRR's."""

import socket
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from grammar.base.values import Address
from tests.perf.load import (
    CONFIG,
    FEEDER,
    MONITOR,
    MONITOR_AS,
    NEXTHOP,
    connect,
    daemon,
    memory,
    settle,
)
from tests.perf.stream import FEEDER_AS, announcements, withdrawals
from tests.report import Figure, record

CLIENTS = 10
SIZE = 20_000
ROUNDS = 2
"""How often the table is told and taken back while a neighbour reads nothing."""
TABLES = b"show ip bgp\0" * 20
ENDLESS = b"x" * (4 << 20)
ROOM = 1 << 16
"""Bytes that are offered at once."""


@dataclass(frozen=True)
class Unread:
    """MiB by which a daemon grew for each client of its vty that asks for many tables, for each
    that says one line without an end, and for a neighbour; whether it answers others meanwhile."""

    tables: float
    endless: float
    neighbour: float
    answers: bool


def unread(kind: str) -> Unread:
    """One daemon with a table, and those who read nothing, one kind after the other."""
    with tempfile.TemporaryDirectory(prefix="pv-unread-") as name, ExitStack() as ends:
        folder = Path(name)
        pid, port = ends.enter_context(daemon(kind, folder, CONFIG))
        feeder = connect(FEEDER, port, FEEDER_AS)
        ends.callback(feeder.close)
        table = announcements(SIZE, Address.parse(NEXTHOP))
        feeder.say(table)
        settle(pid)
        _ask(folder, b"show ip bgp")
        grown = [_of_clients(folder, pid, text) for text in (TABLES, ENDLESS)]
        monitor = connect(MONITOR, port, MONITOR_AS)
        ends.callback(monitor.close)

        def flap() -> None:
            for _ in range(ROUNDS):
                feeder.say(withdrawals(SIZE))
                settle(pid)
                feeder.say(table)
                settle(pid)

        neighbour = _growth(pid, flap)
        return Unread(*grown, neighbour, b"FRRouting" in _ask(folder, b"show version"))


def _of_clients(folder: Path, pid: int, text: bytes) -> float:
    with ExitStack() as clients:

        def come() -> None:
            for _ in range(CLIENTS):
                client = clients.enter_context(socket.socket(socket.AF_UNIX))
                client.connect(str(folder / "bgpd.vty"))
                client.settimeout(0.1)
                try:
                    for at in range(0, len(text), ROOM):
                        client.sendall(text[at : at + ROOM])
                except TimeoutError:
                    pass  # it takes no more

        return _growth(pid, come) / CLIENTS


def _growth(pid: int, deed: Callable[[], None]) -> float:
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    before = memory(pid)
    deed()
    settle(pid)
    return memory(pid, "VmHWM") - before


def _ask(folder: Path, line: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(60)
        client.connect(str(folder / "bgpd.vty"))
        client.sendall(b"enable\0" + line + b"\0")
        answer = b""
        while answer.count(b"\0\0\0") < 2:
            answer += client.recv(1 << 16)
        return answer


def measure() -> None:
    """For `make report`."""
    found = [unread(kind) for kind in ("ours", "frr")]
    rows = {
        f"a client of the vty that asks for {SIZE:,} routes 20 times": "tables",
        "a client of the vty that says 4 MiB without an end of line": "endless",
        f"a neighbour while {SIZE:,} routes come and go {ROUNDS} times": "neighbour",
    }
    record(
        "unread",
        [
            Figure(name, *(round(getattr(one, field), 2) for one in found), "MiB")
            for name, field in rows.items()
        ],
    )
