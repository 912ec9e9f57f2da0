"""Many established neighbours with nothing to say: what a daemon spends on their keepalives."""

import selectors
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bgp.wire.capability import FourOctetAs, Multiprotocol
from bgp.wire.message import KEEPALIVE, MessageType, pack
from bgp.wire.open import Open
from grammar.base.values import Address
from tests.perf.load import TARGET, TARGET_AS, daemon, memory

ASN = 64601
_HEADER = 18


@dataclass(frozen=True)
class Idle:
    """What `peers` idle sessions cost: the share of one core, KiB of memory for each."""

    share: float
    memory: float
    kept: int
    """Sessions that were still there at the end."""


def sources(peers: int) -> list[str]:
    """An address of loopback for each neighbour."""
    return [f"127.4.{index // 250}.{index % 250 + 1}" for index in range(peers)]


def configuration(peers: int, keepalive: int) -> str:
    """So many passive neighbours, whose hold time is three times the keepalive interval."""
    lines = [f"router bgp {TARGET_AS}", f" bgp router-id {TARGET}", " neighbor IDLE peer-group"]
    lines += [f" neighbor IDLE remote-as {ASN}", " neighbor IDLE ebgp-multihop 5"]
    lines += [" neighbor IDLE passive", f" neighbor IDLE timers {keepalive} {3 * keepalive}"]
    lines += [f" neighbor {source} peer-group IDLE" for source in sources(peers)]
    return "\n".join([*lines, "exit", ""])


class _Session:
    """One neighbour: reads what comes and drops it, after the OPEN says a KEEPALIVE."""

    def __init__(self, source: str, port: int, hold: int) -> None:
        self.source = source
        self.established = False
        self._heard = bytearray()
        self.socket = socket.create_connection((TARGET, port), 30, source_address=(source, 0))
        self.socket.setblocking(False)
        opening = (Multiprotocol(1, 1), FourOctetAs(ASN))
        message = Open(ASN, hold, Address.parse(source).value, opening).encode()
        self.socket.sendall(pack(MessageType.OPEN, message))

    def hear(self) -> bool:
        """Take what came; False when the session is over."""
        try:
            data = self.socket.recv(65536)
        except OSError:
            return False
        if not self.established:
            self._heard += data
            if len(self._heard) > _HEADER and self._heard[_HEADER] == MessageType.OPEN:
                self.established = True
                self.say()
        return bool(data)

    def say(self) -> None:
        """Send a KEEPALIVE."""
        self.socket.sendall(KEEPALIVE)


class Crowd:
    """All the neighbours, in a thread; their keepalives are spread over the interval."""

    def __init__(self, port: int, peers: int, keepalive: int) -> None:
        self._selector = selectors.DefaultSelector()
        self._sessions: list[_Session] = []
        for source in sources(peers):
            session = _Session(source, port, 3 * keepalive)
            self._sessions.append(session)
            self._selector.register(session.socket, selectors.EVENT_READ, session)
        self.kept = peers
        self._interval = keepalive
        self._going = True
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    @property
    def established(self) -> bool:
        """True when all sessions are."""
        return all(session.established for session in self._sessions)

    def _run(self) -> None:
        step = self._interval / len(self._sessions)
        turn, due = 0, time.monotonic() + step
        while self._going:
            for key, _ in self._selector.select(max(0.0, min(due - time.monotonic(), 0.2))):
                if not key.data.hear():
                    self._selector.unregister(key.fileobj)
                    self.kept -= 1
            while time.monotonic() >= due:
                session = self._sessions[turn % len(self._sessions)]
                if session.established:
                    session.say()
                turn, due = turn + 1, due + step

    def stop(self) -> None:
        """End all sessions."""
        self._going = False
        self._thread.join()
        for session in self._sessions:
            session.socket.close()
        self._selector.close()


@contextmanager
def crowd(kind: str, peers: int, keepalive: int) -> Iterator[tuple[int, Crowd]]:
    """A daemon with so many established neighbours; gives its pid and them."""
    with (
        tempfile.TemporaryDirectory(prefix="pv-perf-") as name,
        daemon(kind, Path(name), configuration(peers, keepalive)) as (pid, port),
    ):
        _await_port(port)
        found = Crowd(port, peers, keepalive)
        try:
            deadline = time.monotonic() + 60
            while not found.established:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{kind}: not all of {peers} sessions are up")
                time.sleep(0.05)
            yield pid, found
        finally:
            found.stop()


def _await_port(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection((TARGET, port), 5).close()
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def measure(kind: str, peers: int, keepalive: int, seconds: float, settling: float = 3.0) -> Idle:
    """Watch idle sessions for so many seconds."""
    with crowd(kind, 1, keepalive) as (pid, _):
        alone = memory(pid)
    with crowd(kind, peers, keepalive) as (pid, found):
        time.sleep(settling)  # what follows from the sessions coming up is not idleness
        before, begun = used(pid), time.monotonic()
        time.sleep(seconds)
        share = (used(pid) - before) / (time.monotonic() - begun)
        return Idle(share, (memory(pid) - alone) * 1024 / (peers - 1), found.kept)


def used(pid: int) -> float:
    """CPU seconds of all threads of a process, to the nanosecond."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
