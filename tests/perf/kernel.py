"""bgpd and zebra under one load: the tables of two feeders go through them into the kernel.

The router is in a namespace with FRR's or our daemons as processes, the feeders are addresses of
another one. The first feeder announces the table, the second one the same (every route then has
two next hops), then each withdraws it.
"""

import ctypes
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from grammar.base.values import Address
from tests.perf.load import Watch, cpu, memory, settle
from tests.perf.speaker import Speaker
from tests.perf.stream import FEEDER_AS, announcements, withdrawals
from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab, Namespace
from tests.support.ours import EmbeddedRouter, OurRouter
from tests.support.router import Router

ROUTERS: dict[str, type[Router]] = {
    "ours": OurRouter,
    "frr": FrrRouter,
    "embedded": EmbeddedRouter,
}
ROUTER, FEEDERS = "10.99.0.1", ("10.99.0.2", "10.99.0.3")
ROUTER_AS = 64600
DAEMONS = ("zebra", "bgpd")
WINDOW = 0.3
"""Seconds in which the daemons do less than a tenth of what they can: a phase is over."""
PHASES = ("load", "second feeder", "second withdraws", "withdraw")
NEWNET = 0x40000000
FILES = {
    "zebra.conf": "",
    "bgpd.conf": (
        f"router bgp {ROUTER_AS}\n bgp router-id {ROUTER}\n no bgp ebgp-requires-policy\n"
        + "".join(
            f" neighbor {address} remote-as {FEEDER_AS}\n neighbor {address} passive\n"
            for address in FEEDERS
        )
        + " address-family ipv4 unicast\n  maximum-paths 2\n"
        + "".join(f"  neighbor {address} prefix-list NONE out\n" for address in FEEDERS)
        + " exit-address-family\nexit\nip prefix-list NONE seq 5 deny any\n"
    ),
}
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Phase:
    """What one step cost.

    CPU seconds of each daemon, seconds until the kernel's table was as it should be, memory of
    both daemons afterwards in MiB, the longest answers of their vtys in ms, and how long somebody
    idle had to wait for a processor meanwhile.
    """

    used: dict[str, float]
    seconds: float
    memory: float
    wait: dict[str, float]
    late: float

    @property
    def cpu(self) -> float:
        """CPU seconds of both."""
        return sum(self.used.values())


@dataclass(frozen=True)
class Figures:
    """The phases by name in their order, and the most memory both daemons ever had, in MiB."""

    phases: dict[str, Phase]
    peak: float

    def wait(self, daemon: str) -> float:
        """The longest answer of a daemon in ms."""
        return max(phase.wait[daemon] for phase in self.phases.values())

    @property
    def late(self) -> float:
        """How long somebody idle waited for a processor, in ms."""
        return max(phase.late for phase in self.phases.values())


def measure(kind: str, size: int) -> Figures:
    """Take `size` routes through the phases."""
    with Lab() as lab, _running(lab, kind) as (router, feeders):
        run = _Run(router, feeders, size)
        steps = (
            (lambda: run.announce(0), size, 1),
            (lambda: run.announce(1), size, 2),
            (lambda: run.withdraw(1), size, 1),
            (lambda: run.withdraw(0), 0, 0),
        )
        phases = {name: run.phase(*step) for name, step in zip(PHASES, steps, strict=True)}
        peak = sum(memory(pid, "VmHWM") for pid in run.pids.values())
        for feeder in feeders:
            feeder.close()
        return Figures(phases, peak)


@contextmanager
def _running(lab: Lab, kind: str) -> Iterator[tuple[Router, list[Speaker]]]:
    node, far = lab.namespace("router"), lab.namespace("feeders")
    lab.link(node, "eth0", far, "eth0")
    node.ip("address", "add", f"{ROUTER}/24", "dev", "eth0")
    for address in FEEDERS:
        far.ip("address", "add", f"{address}/24", "dev", "eth0")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    router = ROUTERS[kind](node, FILES)
    router.start(*DAEMONS)
    yield router, [within(far, lambda a=address: connect(a)) for address in FEEDERS]  # type: ignore[misc]
    router.stop()


def within(node: Namespace, action: Callable[[], Speaker]) -> Speaker:
    """What `action` gives in a thread that has entered the namespace."""
    made: list[Speaker] = []

    def run() -> None:
        with node.handle.open("rb") as entered:
            if _libc.setns(entered.fileno(), NEWNET):
                raise OSError(ctypes.get_errno(), "setns")
        made.append(action())

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return made[0]


def connect(source: str) -> Speaker:
    """A feeder's session from one of its addresses."""
    # Right after its start a daemon refuses connections or hangs up for a moment.
    for _ in range(200):
        try:
            return Speaker(source, (ROUTER, 179), FEEDER_AS)
        except (ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise TimeoutError(f"no session from {source}")


class _Run:
    """One router under its load."""

    def __init__(self, router: Router, feeders: list[Speaker], size: int) -> None:
        self._router = router
        self._feeders = feeders
        # Of daemons in one process one name is enough.
        processes = {router.processes[name].pid: name for name in reversed(DAEMONS)}
        self.pids = {name: pid for pid, name in processes.items()}
        self._before = self._routes()
        self._patience = max(120, size / 2000)
        self._announced = [announcements(size, Address.parse(address)) for address in FEEDERS]
        self._withdrawn = withdrawals(size)
        for pid in self.pids.values():
            settle(pid)

    def announce(self, number: int) -> None:
        """A feeder says the whole table."""
        self._feeders[number].say(self._announced[number])

    def withdraw(self, number: int) -> None:
        """It takes it back."""
        self._feeders[number].say(self._withdrawn)

    def phase(self, action: Callable[[], None], routes: int, ways: int) -> Phase:
        """Do it, wait until so many routes with so many next hops are there, and all is quiet."""
        before = {name: cpu(pid) for name, pid in self.pids.items()}
        watches = {name: Watch(self._router.run / f"{name}.vty", 0.05) for name in DAEMONS}
        begin = time.perf_counter()
        action()
        try:
            seconds = self._await(routes, begin)
        finally:
            waits = {name: watch.stop() for name, watch in watches.items()}
        used = {name: cpu(pid) - before[name] for name, pid in self.pids.items()}
        found = sum(line.count("nexthop via") or 1 for line in self._listed())
        assert found == routes * ways, (found, routes, ways)
        held = sum(memory(pid) for pid in self.pids.values())
        late = max(watch.late for watch in watches.values())
        return Phase(used, seconds, held, waits, late)

    def _await(self, routes: int, begin: float) -> float:
        """When both daemons were done: there was a window without work then."""
        while True:
            used, now = sum(map(cpu, self.pids.values())), time.perf_counter()
            there = self._routes() - self._before == routes
            time.sleep(WINDOW)
            if there and sum(map(cpu, self.pids.values())) - used <= WINDOW / 10:
                return now - begin
            assert now - begin < self._patience, f"{routes} routes are not there"

    def _routes(self) -> int:
        """How many routes the kernel has in its first table, which the others share."""
        text = Path(f"/proc/{self.pids['zebra']}/net/fib_triestat").read_text()
        found = re.search(r"Prefixes: +(\d+)", text)
        return int(found[1]) if found is not None else 0

    def _listed(self) -> list[str]:
        text = self._router.namespace.ip("-oneline", "route", "show", "proto", "bgp")
        return text.splitlines()
