"""What a daemon does at a limit, ours and FRR's: descriptors and disks that are used up."""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.perf.idle import used
from tests.perf.load import COMMANDS
from tests.report import Figure, record
from tests.support.vty import Vty
from tests.support.wait import until

DESCRIPTORS = 30
CONFIG = "log file {log}\nrouter bgp 64600\n bgp router-id 10.0.0.1\n"


class Bgpd:
    """A bgpd without zebra, that listens on loopback; `shelf` is where its log and file are."""

    def __init__(self, kind: str, folder: Path, shelf: Path, *prefix: str) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        words = ["-f", f"{shelf}/bgpd.conf", "-i", f"{folder}/pid", "-p", str(self.port)]
        words += ["-l", "127.0.0.1", "-Z", "-S", "-P", "0", "--vty_socket", str(folder)]
        self.out = folder / "out"
        with self.out.open("w") as out:
            self.process = subprocess.Popen(
                [*prefix, *COMMANDS[kind], *words], stdin=subprocess.DEVNULL, stdout=out, stderr=out
            )
        self.pid = self.process.pid
        until(lambda: self.ask("show bgp summary"), 30, f"{kind} answers")

    def ask(self, *lines: str) -> str:
        """The last answer of its vty."""
        with Vty(self.folder, "bgpd") as vty:
            return [vty.ask(line)[0] for line in lines][-1]

    def seen(self, path: Path) -> Path:
        """A file as the process sees it."""
        return Path(f"/proc/{self.pid}/root{path}")


@contextmanager
def bgpd(kind: str, *prefix: str, size: int = 0) -> Iterator[Bgpd]:
    """A daemon in a folder of its own; with `size` its shelf is a disk of so many KiB."""
    with tempfile.TemporaryDirectory(prefix="pv-limit-") as name:
        folder, shelf = Path(name), Path(name, "shelf")
        folder.chmod(0o755)
        shelf.mkdir()
        text = CONFIG.format(log=shelf / "log")
        if size:
            script = f"mount -t tmpfs -o size={size}k none {shelf} && cp {folder}/conf "
            script += f'{shelf}/bgpd.conf && exec "$@"'
            (folder / "conf").write_text(text)
            prefix = (*prefix, "unshare", "-m", "sh", "-c", script, "sh")
        else:
            (shelf / "bgpd.conf").write_text(text)
        made = Bgpd(kind, folder, shelf, *prefix)
        try:
            yield made
        finally:
            made.process.terminate()
            made.process.wait(20)


@dataclass
class Crowded:
    """What came of more clients than descriptors: in so many seconds at the limit."""

    held: int
    """Clients of the vty that were answered."""
    turned_away: bool
    """Whether a further client, of BGP, was told that nobody serves it, and did not just wait."""
    lines: int
    """Of the log."""
    cpu: float
    again: bool
    """Whether all was well once the clients were gone."""
    text: str = ""


def crowded(kind: str, seconds: float) -> Crowded:
    """Take all descriptors of a bgpd away by clients of its vty."""
    limit = f"--nofile={DESCRIPTORS}:{DESCRIPTORS}"
    with bgpd(kind, "prlimit", limit) as daemon:
        clients: list[socket.socket] = []
        with suppress(OSError):
            while len(clients) < 2 * DESCRIPTORS:
                clients.append(socket.socket(socket.AF_UNIX))
                clients[-1].settimeout(1)
                clients[-1].connect(str(daemon.folder / "bgpd.vty"))
                clients[-1].send(b"enable\0")
                if not clients[-1].recv(100):
                    break
        before = used(daemon.pid)
        with socket.socket() as stranger:
            stranger.settimeout(seconds)
            turned_away = True
            try:
                stranger.connect(("127.0.0.1", daemon.port))
                turned_away = stranger.recv(1) == b""
            except TimeoutError:
                turned_away = False
            except OSError:
                pass
        time.sleep(seconds)
        cpu = used(daemon.pid) - before
        for client in clients:
            client.close()
        again = until(lambda: "FRR" in daemon.ask("show version"), 20, "it answers")
        text = (daemon.folder / "shelf/log").read_text()
        return Crowded(len(clients) - 1, turned_away, len(text.splitlines()), cpu, again, text)


@dataclass
class Full:
    """What came of a full disk."""

    refused: str
    """What `write` said."""
    whole: bool
    """Whether the old file was there all the time."""
    kept: str
    """What it said when there was room again."""
    log: str
    said: str
    """On standard error."""


def full(kind: str) -> Full:
    """Fill the disk with the log and the file of a bgpd, write, and make room again."""
    with bgpd(kind, size=64) as daemon:
        shelf = daemon.seen(daemon.folder / "shelf")
        old = (shelf / "bgpd.conf").read_text()
        config = ("configure terminal", "log commands")
        daemon.ask(*config)
        hog = (shelf / "hog").open("wb", buffering=0)
        with hog, suppress(OSError):
            while hog.write(b"x" * 512):
                pass
        peers = [f"neighbor 10.0.0.{n} remote-as {n}" for n in range(1, 60)]
        daemon.ask("configure terminal", "router bgp 64600", *peers)
        refused = daemon.ask("write")
        whole = (shelf / "bgpd.conf").read_text() == old
        os.unlink(shelf / "hog")
        kept = daemon.ask("write")
        log = (shelf / "log").read_text()
        return Full(refused, whole, kept, log, daemon.out.read_text())


def measure() -> None:
    """For `make report`."""
    ours, theirs = (crowded(kind, 5.0) for kind in ("ours", "frr"))
    disks = [full(kind) for kind in ("ours", "frr")]
    words = {True: "kept", False: "lost"}
    record(
        "limits",
        [
            Figure(
                "log lines without descriptors",
                ours.lines,
                theirs.lines,
                note=f"bgpd of {DESCRIPTORS} descriptors, 5 s and a bit with more vty clients",
            ),
            Figure("CPU in those 5 s", ours.cpu, theirs.cpu, "s"),
            Figure(
                "a neighbour that connects meanwhile",
                *("turned away" if one.turned_away else "waits" for one in (ours, theirs)),
            ),
            Figure(
                "file of the configuration after a `write` on a full disk",
                *(words[one.whole] for one in disks),
            ),
        ],
    )
