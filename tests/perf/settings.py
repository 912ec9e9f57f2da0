"""Tables of what a large configuration, idle neighbours and a start cost, ours and FRR's."""

import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from rich.table import Table

from tests.perf import bigfile, idle
from tests.perf.load import TARGET, TARGET_AS, daemon

SCALES = (0.1, 0.25)
"""FRR takes a minute and a half for 1."""

KINDS = ("ours", "frr")
STARTS = 9


def tables(peers: int = 1000, keepalive: int = 10) -> Iterator[Table]:
    """All of them, each when it is measured; with so many neighbours."""
    yield _files()
    yield _idle(peers, keepalive)
    yield _connections()


def _row(table: Table, name: str, row: list[float], places: int = 2) -> None:
    table.add_row(name, *(f"{value:.{places}f}" for value in row), f"{row[0] / row[1]:.2f}")


def _files() -> Table:
    table = Table("", *KINDS, "ratio", title="large configurations of bgpd, CPU s")
    for scale in SCALES:
        lines = bigfile.configuration(scale).count("\n")
        found = [bigfile.measure(kind, scale) for kind in KINDS]
        _row(table, f"{lines:,} lines, bgpd -f", [each.read for each in found])
        _row(table, "  vtysh -b", [bigfile.boot(kind, scale) for kind in KINDS])
        _row(table, "  show running-config", [each.shown for each in found], 3)
    lines = bigfile.configuration(1).count("\n")
    whole = bigfile.measure("ours", 1)
    table.add_row(f"{lines:,} lines, bgpd -f", f"{whole.read:.2f}", "-", "-")
    table.add_row("  vtysh -b", f"{bigfile.boot('ours', 1):.2f}", "-", "-")
    table.add_row("  show running-config", f"{whole.shown:.3f}", "-", "-")
    return table


def _idle(peers: int, keepalive: int) -> Table:
    title = f"{peers:,} idle neighbours, keepalives each {keepalive} s"
    table = Table("", *KINDS, "ratio", title=title)
    found = [idle.measure(kind, peers, keepalive, 20) for kind in KINDS]
    _row(table, "of one core, %", [100 * each.share for each in found])
    _row(table, "memory for each, KiB", [each.memory for each in found])
    return table


def _connections() -> Table:
    table = Table("", *KINDS, "ratio", title=f"a start of bgpd, median of {STARTS}")
    found = [[first_connection(kind) for kind in KINDS] for _ in range(STARTS)]
    for number, name in enumerate(("seconds to the first connection", "CPU s to then")):
        row = [median(run[place][number] for run in found) for place in range(len(KINDS))]
        _row(table, name, row, 3)
    return table


def first_connection(kind: str) -> tuple[float, float]:
    """Seconds from the start of a bgpd until it has taken a connection, and its CPU by then."""
    config = f"router bgp {TARGET_AS}\n neighbor 127.0.0.9 remote-as 64601\n"
    with tempfile.TemporaryDirectory(prefix="pv-perf-") as name:
        begun = time.monotonic()
        with daemon(kind, Path(name), config) as (pid, port):
            while True:
                try:
                    connection = socket.create_connection((TARGET, port), 5)
                except ConnectionRefusedError:
                    time.sleep(0.0005)
                else:
                    break
            with connection:
                connection.recv(1)  # a stranger is turned away: somebody is there
            return time.monotonic() - begun, idle.used(pid)
