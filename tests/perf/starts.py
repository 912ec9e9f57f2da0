"""What whole processes cost: a one-shot vtysh, and daemons until `-d` returns; ours and FRR's."""

import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.ours import BIN, OurRouter
from tests.support.router import DAEMONS, Router
from tests.support.wait import until

ROUTERS: dict[str, type[Router]] = {"ours": OurRouter, "frr": FrrRouter}
VTYSH = {"ours": BIN / "vtysh", "frr": Path("/usr/bin/vtysh")}
FILES = {
    "zebra.conf": "",
    "staticd.conf": "ip route 198.51.100.0/24 blackhole\n",
    "bgpd.conf": (
        "router bgp 65001\n bgp router-id 10.0.0.1\n no bgp ebgp-requires-policy\n"
        " neighbor 10.0.0.2 remote-as 65002\n neighbor 10.0.0.2 description somebody\n"
    ),
    "vtysh.conf": "service integrated-vtysh-config\n",
}
BARE = (sys.executable, "-c", "pass")
"""The interpreter's own start, below which no program of ours can be."""

ASYNCIO = (sys.executable, "-c", "import asyncio")


@dataclass(frozen=True)
class Cost:
    """Seconds until the end of a process, and CPU seconds that it used."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Started:
    """A daemon in the background: what its start cost, both processes, and its memory in MiB."""

    cost: Cost
    pid: int
    memory: float


def environment() -> dict[str, str]:
    """The process's own, but programs may keep their compiled modules, as installed ones do."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def run(argv: Sequence[str | Path], log: str | Path = os.devnull) -> Cost:
    """Run to the end; what it says goes to the file `log`. AssertionError when it fails."""
    words = [os.fspath(word) for word in argv]
    begin = time.perf_counter()
    pid = os.posix_spawnp(
        words[0],
        words,
        environment(),
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
    )
    _, status, used = os.wait4(pid, 0)
    wall = time.perf_counter() - begin
    assert os.waitstatus_to_exitcode(status) == 0, (words, Path(log).read_text())
    return Cost(wall, used.ru_utime + used.ru_stime)


def one_shots(router: Router, lines: Sequence[str], runs: int) -> dict[str, list[Cost]]:
    """`vtysh -c LINE ...` of ours and of FRR by turns against the same daemons, and bare Python."""
    places = ["--vty_socket", router.run, "--config_dir", router.config]
    places += ["-H", router.run / "history"]
    words = [word for line in lines for word in ("-c", line)]
    costs: dict[str, list[Cost]] = {kind: [] for kind in (*VTYSH, "python")}
    for _ in range(runs):
        for kind, program in VTYSH.items():
            costs[kind].append(run([program, *places, *words]))
        costs["python"].append(run(BARE))
    return costs


@contextmanager
def background(router: Router) -> Iterator[dict[str, Started]]:
    """The daemons of a router, each started with `-d`; ended when left."""
    started: dict[str, Started] = {}
    try:
        for daemon in DAEMONS:
            started[daemon] = _start(router, daemon)
        yield started
    finally:
        for one in reversed(started.values()):
            os.kill(one.pid, signal.SIGTERM)
        for daemon, one in started.items():
            until(lambda pid=one.pid: not _runs(pid), 20, f"the end of {router.kind} {daemon}")


def _start(router: Router, daemon: str) -> Started:
    own = ["-p", "0"] if daemon == "bgpd" else []
    cost = run(router.namespace.argv([*router.daemon_argv(daemon), *own, "-d"]), router.run / "log")
    pid = int((router.run / f"{daemon}.pid").read_text())
    return Started(Cost(cost.wall, cost.cpu + _used(pid)), pid, _memory(pid))


def _used(pid: int) -> float:
    """CPU seconds of a process, to the nanosecond."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def _memory(pid: int) -> float:
    """Memory of a process in MiB; pages that it shares count in part."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise AssertionError(f"no Pss of {pid}")


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"  # whoever adopted it may take its time


def farm(kind: str, count: int) -> list[dict[str, Started]]:
    """What the daemons of `count` routers cost, started one after the other and then all idle."""
    with Lab() as lab, ExitStack() as running:
        nodes = [lab.namespace(f"{kind}{number}") for number in range(count)]
        routers = [ROUTERS[kind](node, FILES) for node in nodes]
        return [running.enter_context(background(router)) for router in routers]
