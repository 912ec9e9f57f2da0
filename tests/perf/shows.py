"""Shows of a whole table: what an answer costs the daemon, and who waits for it."""

import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from grammar.base.values import Address
from tests.perf.load import (
    CONFIG,
    FEEDER,
    MONITOR,
    MONITOR_AS,
    NEXTHOP,
    Watch,
    connect,
    cpu,
    daemon,
    memory,
    settle,
)
from tests.perf.stream import FEEDER_AS, mixed, mixed_keys

TEXT, JSON = "show ip bgp", "show ip bgp json"
TOLD = f"show ip bgp neighbors {MONITOR} advertised-routes"
SUMMARY = "show ip bgp summary"
ONE = "show ip bgp 24.19.224.0/20"
"""The first prefix of every table."""
LINES = (TEXT, JSON, TOLD, f"{TOLD} json", SUMMARY, ONE)
KINDS = ("ours", "frr")


@dataclass(frozen=True)
class Shown:
    """What some answers to one line cost, each time the same.

    `cpu` and `seconds` of all of them, `first` byte after so many milliseconds (the latest),
    `memory` in MiB that the daemon has grown by at most, `wait` of another client of its vty in
    milliseconds. `digest` is of the text.
    """

    cpu: float
    seconds: float
    first: float
    memory: float
    wait: float
    digest: bytes


@dataclass(frozen=True)
class Loaded:
    """A daemon with a table."""

    pid: int
    folder: Path

    def ask(self, line: str, times: int) -> Shown:
        """What it costs to be asked."""
        self._answer(line)  # modules are imported at the first question
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")
        grown, used = memory(self.pid), cpu(self.pid)
        watch = Watch(self.folder / "bgpd.vty", 0.002)
        answers = [self._answer(line) for _ in range(times)]
        wait = watch.stop()
        return Shown(
            cpu(self.pid) - used,
            sum(answer[0] for answer in answers),
            1000 * max(answer[1] for answer in answers),
            memory(self.pid, "VmHWM") - grown,
            wait,
            answers[0][2],
        )

    def _answer(self, line: str) -> tuple[float, float, bytes]:
        """Seconds until all is read and until the first byte; the digest of the text."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(120)
            client.connect(str(self.folder / "bgpd.vty"))
            client.sendall(b"enable\0")
            client.recv(64)
            digest, tail = sha256(), b""
            first = 0.0
            begin = time.perf_counter()
            client.sendall(line.encode() + b"\0")
            while tail[:3] != b"\0\0\0" or len(tail) < 4:
                data = client.recv(1 << 17)
                assert data, f"{line}: the daemon closed the connection"
                first = first or time.perf_counter() - begin
                digest.update(data)
                tail = (tail + data)[-4:]
            return time.perf_counter() - begin, first, digest.digest()


@cache
def _table(size: int) -> list[bytes]:
    return mixed(mixed_keys(size, 1), FEEDER_AS, 1, Address.parse(NEXTHOP))


@contextmanager
def loaded(kind: str, size: int) -> Iterator[Loaded]:
    """A daemon that has a table of `size` prefixes, and has told a monitor of them."""
    messages = _table(size)
    with tempfile.TemporaryDirectory(prefix="pv-perf-") as name, ExitStack() as ends:
        pid, port = ends.enter_context(daemon(kind, Path(name), CONFIG))
        feeder = connect(FEEDER, port, FEEDER_AS)
        ends.callback(feeder.close)
        monitor = connect(MONITOR, port, MONITOR_AS)
        ends.callback(monitor.close)
        feeder.say(messages)
        monitor.hear(size)
        settle(pid)
        yield Loaded(pid, Path(name))


def measure(size: int, times: int, lines: tuple[str, ...] = LINES) -> dict[str, dict[str, Shown]]:
    """Ask both daemons by turns; figures by line and daemon."""
    with ExitStack() as ends:
        daemons = {kind: ends.enter_context(loaded(kind, size)) for kind in KINDS}
        return {
            line: {kind: each.ask(line, times) for kind, each in daemons.items()} for line in lines
        }
