"""One daemon under one load: a feeder's table goes through it to a monitor."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from grammar.base.values import Address
from tests.perf.speaker import Speaker
from tests.perf.stream import FEEDER_AS, announcements, withdrawals

TARGET, FEEDER, MONITOR = "127.0.0.1", "127.0.0.2", "127.0.0.3"
TARGET_AS, MONITOR_AS = 64600, 64602
NEXTHOP = "192.0.2.1"  # an address of loopback would be refused as martian
COMMANDS = {
    "ours": [str(Path(sys.executable).parent / "bgpd")],
    "frr": ["/usr/lib/frr/bgpd"],
}
CONFIG = f"""\
router bgp {TARGET_AS}
 bgp router-id {TARGET}
 no bgp ebgp-requires-policy
 neighbor {FEEDER} remote-as {FEEDER_AS}
 neighbor {FEEDER} ebgp-multihop 255
 neighbor {FEEDER} passive
 neighbor {MONITOR} remote-as {MONITOR_AS}
 neighbor {MONITOR} ebgp-multihop 255
 neighbor {MONITOR} passive
!
"""


@dataclass(frozen=True)
class Figures:
    """CPU seconds of the daemon per phase, its memory in MiB, and the longest vty answer in ms."""

    load: float
    withdraw: float
    memory: float
    wait: float


@contextmanager
def daemon(kind: str, folder: Path, config: str) -> Iterator[tuple[int, int]]:
    """A bgpd on a free port without zebra, with a configuration; gives (pid, port)."""
    with socket.socket() as probe:
        probe.bind((TARGET, 0))
        port = probe.getsockname()[1]
    folder.chmod(0o755)
    file = folder / "bgpd.conf"
    file.write_text(config)
    argv = [*COMMANDS[kind], "-f", str(file), "-i", str(folder / "bgpd.pid"), "-p", str(port)]
    argv += ["-l", TARGET, "-Z", "-S", "-P", "0", "--vty_socket", str(folder)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        yield process.pid, port
    finally:
        process.terminate()
        process.wait(20)


def measure(kind: str, size: int, lines: str = "") -> Figures:
    """Feed `size` prefixes through a daemon to a monitor, then withdraw them.

    `lines` are more of its configuration, which refuses no route.
    """
    announced = announcements(size, Address.parse(NEXTHOP))
    with (
        tempfile.TemporaryDirectory(prefix="pv-perf-") as name,
        daemon(kind, Path(name), CONFIG + lines) as run,
    ):
        pid, port = run
        feeder, monitor = (
            connect(source, port, asn)
            for source, asn in ((FEEDER, FEEDER_AS), (MONITOR, MONITOR_AS))
        )
        before, watch = cpu(pid), Watch(Path(name, "bgpd.vty"))
        feeder.say(announced)
        monitor.hear(size)
        wait = watch.stop()
        settle(pid)
        loaded, used = cpu(pid), memory(pid)
        feeder.say(withdrawals(size))
        monitor.hear(0)
        settle(pid)
        figures = Figures(loaded - before, cpu(pid) - loaded, used, wait)
        feeder.close()
        monitor.close()
    return figures


def connect(source: str, port: int, asn: int) -> Speaker:
    """A session, once the daemon takes it."""
    # Right after its start a daemon refuses connections or hangs up for a moment.
    for _ in range(200):
        try:
            return Speaker(source, (TARGET, port), asn)
        except (ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise TimeoutError(f"no session from {source}")


class Watch:
    """Asks the daemon's vty again and again, and notes the longest time an answer took."""

    def __init__(self, path: Path, pause: float = 0.01) -> None:
        import threading

        self._pause = pause

        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._longest = 0.0
        self._late = 0.0
        self._going = True
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while self._going:
            start = time.perf_counter()
            self._socket.sendall(b"enable\0")
            self._socket.recv(4096)
            answered = time.perf_counter()
            self._longest = max(self._longest, answered - start)
            time.sleep(self._pause)
            self._late = max(self._late, time.perf_counter() - answered - self._pause)

    @property
    def late(self) -> float:
        """The longest in milliseconds that a processor was not there for who only slept."""
        return self._late * 1000

    def stop(self) -> float:
        """The longest wait in milliseconds."""
        self._going = False
        self._thread.join()
        self._socket.close()
        return self._longest * 1000


def cpu(pid: int) -> float:
    """CPU seconds that a process has used, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int, which: str = "VmRSS") -> float:
    """Resident memory of a process in MiB, or with `VmHWM` the most that it ever had."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{which}:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no {which} of {pid}")


def settle(pid: int, window: float = 0.5) -> None:
    """Wait until the process has been idle for so many seconds."""
    last = -1.0
    while (now := cpu(pid)) != last:
        last = now
        time.sleep(window)
