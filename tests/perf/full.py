"""One bgpd, a table of the Internet's mix, and all that happens to it, phase after phase."""

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bgp.wire.update import encode_withdraw
from grammar.base.values import Address, Afi, Prefix
from tests.perf.ear import Ear, Pulse
from tests.perf.load import TARGET, TARGET_AS, Watch, daemon, memory, settle
from tests.perf.stream import mixed, mixed_keys, said
from tests.support.vty import Vty
from tests.support.wait import until

T = TypeVar("T")
FEEDERS = {f"127.0.1.{number}": 64600 + number for number in range(1, 11)}
MONITORS = {"127.0.2.1": 64701, "127.0.2.2": 64702}
PULSE = ("127.0.3.1", 64800)
PHASES = ("load", "dump", "second feeder", "withdrawal")
ASKED = 0.025
"""Seconds between two questions to the vty."""
LATEST = 120.0
"""Seconds after which a phase has failed."""


@dataclass(frozen=True)
class Phase:
    """What a phase took: CPU seconds, seconds until the monitors had it all; MiB afterwards."""

    cpu: float
    seconds: float
    memory: float


@dataclass(frozen=True)
class Figures:
    """The phases by name, and what is of all of them.

    In ms by how much the latest KEEPALIVE was late, the longest answer of the vty, and the CPU that
    the longest callback of the event loop took; the memory in MiB before any route.
    """

    phases: dict[str, Phase]
    late: float
    wait: float
    piece: float
    empty: float
    size: int

    def bytes_each(self, phase: str, before: float) -> float:
        """Bytes that a phase has added for each prefix."""
        return (self.phases[phase].memory - before) * (1 << 20) / self.size

    @property
    def load_each(self) -> float:
        """CPU seconds of the load for each prefix."""
        return self.phases["load"].cpu / self.size

    @property
    def first(self) -> float:
        """Bytes of each prefix with one path."""
        return self.bytes_each("load", self.empty)

    @property
    def second(self) -> float:
        """Bytes of the second path of each."""
        return self.bytes_each("second feeder", self.phases["dump"].memory)


def configuration(coalesce: int) -> str:
    """All neighbours are passive; feeders hear nothing. So many ms wait for others who join."""
    lines = [f"router bgp {TARGET_AS}", f" bgp router-id {TARGET}", " no bgp ebgp-requires-policy"]
    lines.append(f" coalesce-time {coalesce}")
    for address, asn in (FEEDERS | MONITORS | dict([PULSE])).items():
        lines += [f" neighbor {address} remote-as {asn}", f" neighbor {address} passive"]
        lines.append(f" neighbor {address} ebgp-multihop 255")
    lines.append(" address-family ipv4 unicast")
    lines += [f"  neighbor {address} prefix-list NONE out" for address in (*FEEDERS, PULSE[0])]
    return "\n".join([*lines, " exit-address-family", "exit", "ip prefix-list NONE deny any", ""])


class Run:
    """One daemon and its sessions; a context manager. A `brisk` one waits for nobody."""

    def __init__(self, kind: str, brisk: bool = False) -> None:
        self.window = 0.2 if brisk else 0.5
        self._stack = ExitStack()
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="pv-full-")))
        config = configuration(50 if brisk else 1000)
        self.pid, port = self._stack.enter_context(daemon(kind, folder, config))
        self._target = (TARGET, port)
        self.vty = folder / "bgpd.vty"
        self.wait = 0.0
        """The longest answer of the vty in any phase, in ms."""
        self._ears: list[Ear] = []

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, *_: object) -> None:
        for ear in self._ears:
            ear.end()
        self._stack.close()

    def connect(self, address: str, asn: int) -> Ear:
        """A session; right after its start a daemon refuses some."""
        made = self._again(lambda: Ear((address, asn), self._target))
        self._ears.append(made)
        return made

    def pulse(self) -> Pulse:
        """A session with keepalives alone."""
        return self._again(lambda: Pulse(PULSE[0], self._target, PULSE[1]))

    def _again(self, action: Callable[[], T]) -> T:
        for _ in range(200):
            try:
                return action()
            except (ConnectionError, TimeoutError):
                time.sleep(0.05)
        raise TimeoutError("no session")

    def phase(self, action: Callable[[], None], done: Callable[[], bool], what: str) -> Phase:
        """Do something, and wait until the monitors have it and the daemon is idle."""
        before, watch = used(self.pid), Watch(self.vty, ASKED)
        begin = time.perf_counter()
        try:
            action()
            until(done, LATEST, what, interval=0.01)
        finally:
            seconds = time.perf_counter() - begin
            self.wait = max(self.wait, watch.stop())
        settle(self.pid, self.window)
        return Phase(used(self.pid) - before, seconds, memory(self.pid))


def used(pid: int) -> float:
    """CPU seconds of all threads of a process, finer than the ticks of a clock."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def piece(folder: Path) -> float:
    """ms of CPU of the longest callback since the start, as the daemon tells."""
    with Vty(folder, "bgpd") as vty:
        total = vty.ask("show thread cpu")[0].splitlines()[-1].split()
    assert total[-1] == "TOTAL", total
    return int(total[4]) / 1000


def table(size: int, number: int) -> list[bytes]:
    """What feeder `number` says of the table; the mark of its end comes last."""
    asn = 64600 + number
    nexthop = Address.parse(f"192.0.2.{number}")
    keys = mixed_keys(size, 1)
    end = said([mark(number)], asn, nexthop)
    return mixed(keys[number:] + keys[:number], asn, number, nexthop) + end


def mark(number: int) -> int:
    """The prefix at the end of what a feeder says."""
    return Prefix.parse(f"198.51.100.{number}/32").key


def taken_back(size: int, number: int) -> list[bytes]:
    """UPDATEs that withdraw all of it."""
    return list(encode_withdraw([*mixed_keys(size, 1), mark(number)], Afi.IPV4))


def measure(kind: str, size: int, brisk: bool = False) -> Figures:
    """All phases."""
    tables = [table(size, number) for number in (1, 2)]
    with Run(kind, brisk) as run:
        (one, first), (two, second), *_ = FEEDERS.items()
        feeders = [run.connect(one, first), run.connect(two, second)]
        monitor, pulse = run.connect(*next(iter(MONITORS.items()))), run.pulse()
        settle(run.pid)
        empty = memory(run.pid)

        def holds(ear: Ear, count: int) -> Callable[[], bool]:
            return lambda: len(ear.now().routes) == count

        def withdraw() -> None:
            for number, feeder in enumerate(feeders, 1):
                feeder.say(taken_back(size, number))

        load = run.phase(lambda: feeders[0].say(tables[0]), holds(monitor, size + 1), "the table")
        late: list[Ear] = []
        dump = run.phase(
            lambda: late.append(run.connect(*list(MONITORS.items())[1])),
            lambda: holds(late[0], size + 1)(),
            "the dump",
        )
        more = run.phase(
            lambda: feeders[1].say(tables[1]), holds(monitor, size + 2), "the second table"
        )
        lateness = pulse.late()
        gone = run.phase(withdraw, lambda: holds(monitor, 0)() and holds(late[0], 0)(), "nothing")
        phases = dict(zip(PHASES, (load, dump, more, gone), strict=True))
        return Figures(phases, lateness, run.wait, piece(run.vty.parent), empty, size)


def ten(kind: str, size: int) -> Phase:
    """Ten feeders of the same prefixes, other paths each."""
    with Run(kind) as run:
        feeders = [run.connect(address, asn) for address, asn in FEEDERS.items()]
        monitor = run.connect(*next(iter(MONITORS.items())))
        tables = [table(size, number) for number in range(1, 11)]
        settle(run.pid)

        def say() -> None:
            for feeder, messages in zip(feeders, tables, strict=True):
                feeder.say(messages)

        return run.phase(say, lambda: len(monitor.now().routes) == size + 10, "ten tables")
